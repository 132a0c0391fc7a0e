//! The environment of a function, read once at start; every problem is reported at once.

use std::path::PathBuf;

use aws_sdk_dynamodb::config::{Credentials, Region};
use jiff::Timestamp;

use crate::spapi::Endpoints;

/// What the environment says.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `RENOWN_TABLE`: name of the table.
    pub table: String,
    /// `RENOWN_SPAPI_URL`: Amazon's hosts, or another base for a simulator.
    pub endpoints: Endpoints,
    /// `RENOWN_BUS`: name of the event bus; absent: nobody is told of events.
    pub bus: Option<String>,
    /// Names this process: the log stream on AWS, which no other process has.
    pub writer: String,
    /// How AWS is reached.
    pub aws: Aws,
}

/// What Lambda says of its AWS.
#[derive(Debug, Clone)]
pub struct Aws {
    /// `AWS_REGION`.
    pub region: Region,
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`: those of the
    /// function's role. They outlive the process, which Lambda ends before they do.
    pub credentials: Credentials,
    /// `AWS_ENDPOINT_URL`: another place than AWS's own, for a test.
    pub endpoint: Option<String>,
    /// `AWS_CA_BUNDLE`: a file of roots that are trusted besides the built-in ones.
    pub ca_bundle: Option<PathBuf>,
}

/// The environment lacks something, or says what cannot be.
#[derive(Debug, thiserror::Error)]
#[error("the environment is not complete: {}", problems.join("; "))]
pub struct Incomplete {
    problems: Vec<String>,
}

/// What the environment says to whoever sends mails to customers.
#[derive(Debug, Clone)]
pub struct MailSettings {
    /// `RENOWN_CONFIGURATION_SET`: SES's name for the stream of mails to customers.
    pub configuration_set: String,
    /// `RENOWN_PUBLIC_URL`: where the public pages are, without a slash at the end.
    pub public_url: String,
}

impl MailSettings {
    /// Reads the environment through `var`.
    ///
    /// # Errors
    ///
    /// All that is missing or wrong, each with the variable's name.
    pub fn read(var: impl Fn(&str) -> Option<String>) -> Result<Self, Incomplete> {
        let var = |name: &str| var(name).filter(|value| !value.is_empty());
        let mut problems = Vec::new();
        let set = var("RENOWN_CONFIGURATION_SET");
        if set.is_none() {
            problems.push("RENOWN_CONFIGURATION_SET must name a configuration set of SES".to_owned());
        }
        let public_url = var("RENOWN_PUBLIC_URL").filter(|url| url.starts_with("https://"));
        if public_url.is_none() {
            problems.push("RENOWN_PUBLIC_URL must be where the public pages are, https://…".to_owned());
        }
        match (set, public_url) {
            (Some(configuration_set), Some(public_url)) => {
                let public_url = public_url.trim_end_matches('/').to_owned();
                Ok(Self { configuration_set, public_url })
            }
            _ => Err(Incomplete { problems }),
        }
    }

    /// Reads the process's environment.
    ///
    /// # Errors
    ///
    /// As [`MailSettings::read`].
    #[expect(clippy::disallowed_methods, reason = "the one reader of the environment, here")]
    pub fn from_env() -> Result<Self, Incomplete> {
        Self::read(|name| std::env::var(name).ok())
    }
}

/// What the environment says to whoever tells operators.
#[derive(Debug, Clone)]
pub struct AlertSettings {
    /// `RENOWN_OPERATORS_CONFIGURATION_SET`: SES's name for the stream of mails to operators.
    pub configuration_set: String,
    /// `RENOWN_CHATS_URL`: a simulator in place of all chats; absent: their own hosts.
    pub chats: Option<http::Uri>,
}

impl AlertSettings {
    /// Reads the environment through `var`.
    ///
    /// # Errors
    ///
    /// All that is missing or wrong, each with the variable's name.
    pub fn read(var: impl Fn(&str) -> Option<String>) -> Result<Self, Incomplete> {
        let var = |name: &str| var(name).filter(|value| !value.is_empty());
        let mut problems = Vec::new();
        let set = var("RENOWN_OPERATORS_CONFIGURATION_SET");
        if set.is_none() {
            problems
                .push("RENOWN_OPERATORS_CONFIGURATION_SET must name a configuration set of SES".to_owned());
        }
        let chats = var("RENOWN_CHATS_URL").map(|url| url.parse::<http::Uri>());
        if chats.as_ref().is_some_and(|uri| !uri.as_ref().is_ok_and(|uri| uri.authority().is_some())) {
            problems.push("RENOWN_CHATS_URL must be where a simulator of chats is, https://…".to_owned());
        }
        match set {
            Some(configuration_set) if problems.is_empty() => {
                Ok(Self { configuration_set, chats: chats.and_then(Result::ok) })
            }
            _ => Err(Incomplete { problems }),
        }
    }

    /// Reads the process's environment.
    ///
    /// # Errors
    ///
    /// As [`AlertSettings::read`].
    #[expect(clippy::disallowed_methods, reason = "the one reader of the environment, here")]
    pub fn from_env() -> Result<Self, Incomplete> {
        Self::read(|name| std::env::var(name).ok())
    }
}

impl Settings {
    /// Reads the environment through `var` (`std::env::var` in `main`). `started` tells
    /// processes apart where there is no log stream.
    ///
    /// # Errors
    ///
    /// All that is missing or wrong, each with the variable's name.
    pub fn read(var: impl Fn(&str) -> Option<String>, started: Timestamp) -> Result<Self, Incomplete> {
        let mut problems = Vec::new();
        let var = |name: &str| var(name).filter(|value| !value.is_empty());
        let mut required = |name: &str, what: &str| {
            let value = var(name);
            if value.is_none() {
                problems.push(format!("{name} must {what}"));
            }
            value
        };
        let table = required("RENOWN_TABLE", "name the DynamoDB table");
        let region = required("AWS_REGION", "name the region, as it does on Lambda");
        let key_id = required("AWS_ACCESS_KEY_ID", "be set, as it is on Lambda");
        let key = required("AWS_SECRET_ACCESS_KEY", "be set, as it is on Lambda");
        let endpoints = match var("RENOWN_SPAPI_URL") {
            None => Some(Endpoints::production()),
            Some(url) => {
                Endpoints::at(&url).map_err(|e| problems.push(format!("RENOWN_SPAPI_URL: {e}"))).ok()
            }
        };
        let writer = var("AWS_LAMBDA_LOG_STREAM_NAME")
            .unwrap_or_else(|| format!("{}-{}", std::process::id(), started.as_nanosecond()));
        let (Some(table), Some(endpoints), Some(region), Some(key_id), Some(key)) =
            (table, endpoints, region, key_id, key)
        else {
            return Err(Incomplete { problems });
        };
        let credentials = Credentials::new(key_id, key, var("AWS_SESSION_TOKEN"), None, "environment");
        let aws = Aws {
            region: Region::new(region),
            credentials,
            endpoint: var("AWS_ENDPOINT_URL"),
            ca_bundle: var("AWS_CA_BUNDLE").map(PathBuf::from),
        };
        Ok(Self { table, endpoints, bus: var("RENOWN_BUS"), writer, aws })
    }

    /// Reads the process's environment.
    ///
    /// # Errors
    ///
    /// As [`Settings::read`].
    #[expect(
        clippy::disallowed_methods,
        reason = "the one reader of the environment and, here, of the start time"
    )]
    pub fn from_env() -> Result<Self, Incomplete> {
        Self::read(|name| std::env::var(name).ok(), Timestamp::now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(vars: &[(&str, &str)]) -> Result<Settings, Incomplete> {
        let find = |name: &str| vars.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
        Settings::read(find, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn every_problem_is_named_with_its_variable() {
        let error = read(&[("RENOWN_SPAPI_URL", "gopher://x"), ("AWS_REGION", "")])
            .expect_err("incomplete")
            .to_string();
        for name in ["RENOWN_TABLE", "RENOWN_SPAPI_URL", "AWS_REGION", "AWS_ACCESS_KEY_ID"] {
            assert!(error.contains(name), "{error}");
        }
    }

    #[test]
    fn the_log_stream_names_the_process() {
        let settings = read(&[
            ("RENOWN_TABLE", "t"),
            ("AWS_LAMBDA_LOG_STREAM_NAME", "2026/11/21/[1]abc"),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_ACCESS_KEY_ID", "AKIA"),
            ("AWS_SECRET_ACCESS_KEY", "CANARY"),
        ])
        .expect("complete");
        assert_eq!(settings.writer, "2026/11/21/[1]abc");
        assert!(!format!("{settings:?}").contains("CANARY"));
    }
}
