//! What every function works with, built once per process.

use std::time::Duration;

use aws_config::timeout::TimeoutConfig;

use crate::clock::Clock;
use crate::ledger::Ledger;
use crate::secrets::Secrets;
use crate::settings::Settings;
use crate::spapi::SpApi;

/// How long one attempt at an AWS call may take. Ours: DynamoDB and SSM answer within tens of
/// milliseconds; a connection that hangs is better given up than waited for.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(2);
/// How long an AWS call may take with its retries.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(8);

/// The clients of a process. Nothing is built inside a handler.
#[derive(Debug)]
pub struct App {
    /// The table.
    pub ledger: Ledger,
    /// Amazon's API.
    pub spapi: SpApi,
    /// The sellers' secrets.
    pub secrets: Secrets,
    /// Time.
    pub clock: Clock,
}

impl App {
    /// The clients of a function on AWS. Only constructs: the first call opens connections.
    pub async fn on_aws(settings: &Settings) -> Self {
        let http = crate::settings::http_client();
        let timeouts = TimeoutConfig::builder()
            .operation_attempt_timeout(ATTEMPT_TIMEOUT)
            .operation_timeout(OPERATION_TIMEOUT)
            .build();
        let config = aws_config::defaults(aws_config::BehaviorVersion::latest())
            .http_client(http.clone())
            .timeout_config(timeouts)
            .load()
            .await;
        let clock = Clock::system();
        Self {
            ledger: Ledger::new(aws_sdk_dynamodb::Client::new(&config), &settings.table, &settings.writer),
            spapi: SpApi::new(&http, clock.clone(), settings.endpoints.clone()),
            secrets: Secrets::in_ssm(aws_sdk_ssm::Client::new(&config)),
            clock,
        }
    }
}
