//! What a deployed system is made of, as it tells itself.

use std::collections::BTreeMap;

use aws_config::SdkConfig;
use aws_sdk_ssm::error::ProvideErrorMetadata as _;
use serde::Deserialize;

use super::call;
use crate::refuse;

/// Where a stack tells what it is made of. Its name is fixed, so that a second stack of one
/// account and region fails while it is made: two systems would ask the same buyers.
const PARAMETER: &str = "/renown/stack";
/// The form of the parameter that this version reads.
const VERSION: u32 = 1;

/// The parts of a stack; `infra/template.yaml` writes them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Stack {
    /// The name it was deployed under.
    pub stack: String,
    /// The table's name.
    pub table: String,
    /// ARN of the key that encrypts secrets.
    pub key: String,
    /// The address in Amazon's place; empty: Amazon itself.
    #[serde(default)]
    pub amazon: String,
    /// The address in place of all chats; empty: their own hosts.
    #[serde(default)]
    pub chats: String,
    /// Where the public pages and hooks are: `https://…`; empty: a stack from before there were
    /// shops.
    #[serde(default)]
    pub public_url: String,
    /// SES's configuration set of mails to customers; empty likewise.
    #[serde(default)]
    pub configuration_set: String,
    /// That of mails to operators; empty likewise.
    #[serde(default)]
    pub operators_configuration_set: String,
    /// What a queue is for → its ARN.
    pub queues: BTreeMap<String, String>,
    /// The same → ARN of its dead-letter queue.
    pub dead_letters: BTreeMap<String, String>,
    /// Function → name of its schedule.
    pub schedules: BTreeMap<String, String>,
}

/// The queue of Amazon's notifications about orders and accounts, as [`Stack::queues`] names it.
pub const NOTIFICATIONS: &str = "notifications";
/// The queue of Amazon's notifications about reports.
pub const REPORTS: &str = "reports";

impl Stack {
    /// Reads the parameter.
    pub(super) async fn read(config: &SdkConfig, region: &str) -> anyhow::Result<Self> {
        let answer = aws_sdk_ssm::Client::new(config).get_parameter().name(PARAMETER).send().await;
        let parameter = match answer {
            Ok(answer) => answer.parameter.and_then(|parameter| parameter.value).unwrap_or_default(),
            Err(error) if error.code() == Some("ParameterNotFound") => refuse!(
                "there is no Renown in region {region} of this AWS account: deploy it (infra/README.md), or name its region with --aws",
                "此 AWS 账户的区域 {region} 中没有 Renown:请先部署(见 infra/README.zh-CN.md),或用 --aws 指定所在区域"
            ),
            Err(error) => return Err(call::trouble("ssm:GetParameter", PARAMETER, &error)),
        };
        Self::parse(&parameter)
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        #[derive(Deserialize)]
        struct Versioned {
            v: u32,
        }
        let version = serde_json::from_str::<Versioned>(text).map(|versioned| versioned.v);
        match (version, serde_json::from_str(text)) {
            (Ok(VERSION), Ok(stack)) => Ok(stack),
            (Ok(version), _) if version > VERSION => refuse!(
                "the deployed Renown is newer than this program: update `renown`",
                "已部署的 Renown 比本程序新:请更新 renown"
            ),
            (_, parsed) => {
                let why = parsed.err().map(|error| error.to_string()).unwrap_or_default();
                refuse!(
                    "the parameter {PARAMETER} cannot be read ({why}): deploy this version again, it writes it anew",
                    "参数 {PARAMETER} 无法读取({why}):请重新部署本版本,它会重新写入"
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STACK: &str = r#"{"v":1,"stack":"renown","table":"renown-Table-1","key":"arn:aws:kms:eu-west-1:1:key/k","amazon":"",
        "queues":{"notifications":"arn:aws:sqs:eu-west-1:1:n","reports":"arn:aws:sqs:eu-west-1:1:r"},
        "dead_letters":{"notifications":"arn:aws:sqs:eu-west-1:1:nd","reports":"arn:aws:sqs:eu-west-1:1:rd"},
        "functions":{"order-ingest":"f"},"schedules":{"scheduled-solicit":"s"},"bus":"b","alarms":"t"}"#;

    #[test]
    fn a_stack_tells_its_parts_and_what_a_later_version_adds_is_no_harm() {
        let stack = Stack::parse(STACK).expect("readable");
        assert_eq!(stack.table, "renown-Table-1");
        assert_eq!(stack.queues[REPORTS], "arn:aws:sqs:eu-west-1:1:r");
        assert_eq!(stack.schedules["scheduled-solicit"], "s");
    }

    #[test]
    fn a_newer_stack_wants_a_newer_program_and_a_damaged_one_a_new_deployment() {
        let newer = STACK.replace(r#""v":1"#, r#""v":2"#);
        let error = Stack::parse(&newer).expect_err("newer").to_string();
        assert!(error.contains("update `renown`"), "{error}");
        for damaged in ["", "{}", r#"{"v":1}"#, r#"{"v":0,"table":"t"}"#] {
            let error = Stack::parse(damaged).expect_err(damaged).to_string();
            assert!(error.contains("/renown/stack") && error.contains("deploy"), "{error}");
        }
    }
}
