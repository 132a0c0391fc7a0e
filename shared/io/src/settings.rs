//! The environment of a function, read once at start; every problem is reported at once.

use aws_smithy_http_client::tls;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use jiff::Timestamp;

use crate::spapi::Endpoints;

/// What the environment says.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `RENOWN_TABLE`: name of the table.
    pub table: String,
    /// `RENOWN_SPAPI_URL`: Amazon's hosts, or another base for a simulator.
    pub endpoints: Endpoints,
    /// Names this process: the log stream on AWS, which no other process has.
    pub writer: String,
}

/// The environment lacks something, or says what cannot be.
#[derive(Debug, thiserror::Error)]
#[error("the environment is not complete: {}", problems.join("; "))]
pub struct Incomplete {
    problems: Vec<String>,
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
        let table = var("RENOWN_TABLE").filter(|table| !table.is_empty());
        if table.is_none() {
            problems.push("RENOWN_TABLE must name the DynamoDB table".to_owned());
        }
        let endpoints = match var("RENOWN_SPAPI_URL") {
            None => Some(Endpoints::production()),
            Some(url) => {
                Endpoints::at(&url).map_err(|e| problems.push(format!("RENOWN_SPAPI_URL: {e}"))).ok()
            }
        };
        let writer = var("AWS_LAMBDA_LOG_STREAM_NAME")
            .unwrap_or_else(|| format!("{}-{}", std::process::id(), started.as_nanosecond()));
        match (table, endpoints) {
            (Some(table), Some(endpoints)) if problems.is_empty() => Ok(Self { table, endpoints, writer }),
            _ => Err(Incomplete { problems }),
        }
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

/// The one HTTP client of a process: rustls on ring, shared by the AWS SDK and the SP-API
/// client, so that roots are parsed and connections kept once.
#[expect(clippy::disallowed_methods, reason = "the one place where it is built")]
pub fn http_client() -> SharedHttpClient {
    aws_smithy_http_client::Builder::new()
        .tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring))
        .build_https()
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
        let error = read(&[("RENOWN_SPAPI_URL", "gopher://x")]).expect_err("incomplete").to_string();
        assert!(error.contains("RENOWN_TABLE") && error.contains("RENOWN_SPAPI_URL"), "{error}");
    }

    #[test]
    fn the_log_stream_names_the_process() {
        let settings = read(&[("RENOWN_TABLE", "t"), ("AWS_LAMBDA_LOG_STREAM_NAME", "2026/11/21/[1]abc")])
            .expect("complete");
        assert_eq!(settings.writer, "2026/11/21/[1]abc");
    }
}
