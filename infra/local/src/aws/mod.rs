//! A shop on AWS, seen from the operator's machine: the same commands over the deployed table.
//!
//! The stack tells what it is made of in one parameter, `/renown/stack`, which
//! `infra/template.yaml` writes. There is one stack to an account and region.

mod call;
mod copy;
mod queues;
mod schedules;
mod stack;

use std::time::Duration;

use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use renown_core::text;
use renown_io::http;
use renown_io::ledger::Ledger;
use renown_io::secrets::Secrets;

use crate::refuse;
use crate::told::Trouble;

pub use queues::Queue;
pub use schedules::Schedule;
pub use stack::{NOTIFICATIONS, REPORTS, Stack};

/// How long one attempt at an AWS call may take, over whatever network the operator has. Ours.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long an AWS call may take with its retries.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(30);

/// Whether a text has the form of a region's code: `eu-central-1`, `us-gov-west-1`.
fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let Some((number, words)) = parts.split_last() else { return false };
    let is_word = |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    words.len() >= 2
        && words.iter().all(is_word)
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// A deployed system and what it takes to call it.
#[derive(Debug)]
pub struct Aws {
    /// The region it lies in.
    pub region: String,
    /// What it is made of.
    pub stack: Stack,
    config: SdkConfig,
}

impl Aws {
    /// Finds the stack of a region, with the credentials that the environment holds.
    ///
    /// # Errors
    ///
    /// If there are no credentials, no stack, or one that this version does not know.
    pub async fn find(region: &str) -> anyhow::Result<Self> {
        if !is_region(region) {
            return Err(Trouble::usage(text!(
                "{region:?} is no AWS region: write the code of the one that Renown was deployed in, such as eu-central-1",
                "{region:?} 不是 AWS 区域:请写部署时所用的区域代码,例如 eu-central-1"
            ))
            .into());
        }
        let timeouts = TimeoutConfig::builder()
            .operation_attempt_timeout(ATTEMPT_TIMEOUT)
            .operation_timeout(OPERATION_TIMEOUT)
            .build();
        let config = aws_config::defaults(BehaviorVersion::latest())
            .http_client(http::client_of_the_machine())
            .timeout_config(timeouts)
            .region(Region::new(region.to_owned()))
            .load()
            .await;
        if config.credentials_provider().is_none() {
            refuse!(
                "there are no AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (of SSO: eval \"$(aws configure export-credentials --format env)\")",
                "没有 AWS 凭证:请设置 AWS_PROFILE,或 AWS_ACCESS_KEY_ID 与 AWS_SECRET_ACCESS_KEY(使用 SSO 时:eval \"$(aws configure export-credentials --format env)\")"
            );
        }
        let stack = Stack::read(&config, region).await?;
        Ok(Self { region: region.to_owned(), stack, config })
    }

    /// The table, written by `writer`.
    pub fn ledger(&self, writer: &str) -> Ledger {
        Ledger::new(self.dynamodb(), &self.stack.table, writer)
    }

    /// The table's client, for copies.
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::new(&self.config)
    }

    /// The way to SES. A call whose outcome is not known is never repeated.
    pub fn ses(&self) -> aws_sdk_sesv2::Client {
        let config = aws_sdk_sesv2::config::Builder::from(&self.config)
            .retry_config(aws_sdk_sesv2::config::retry::RetryConfig::disabled());
        aws_sdk_sesv2::Client::from_conf(config.build())
    }

    /// The sellers' secrets, in SSM under the stack's key.
    pub fn secrets(&self) -> Secrets {
        Secrets::in_ssm_under_key(aws_sdk_ssm::Client::new(&self.config), &self.stack.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_written_as_its_code() {
        for good in ["eu-central-1", "us-gov-west-1", "ap-southeast-2"] {
            assert!(is_region(good), "{good}");
        }
        for wrong in ["", "Frankfurt", "frankfurt", "eu-central", "eu_central_1", "EU-CENTRAL-1"] {
            assert!(!is_region(wrong), "{wrong}");
        }
    }
}
