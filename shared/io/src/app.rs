//! What every function works with, built once per process.

use std::time::Duration;

use aws_sdk_dynamodb::config::BehaviorVersion;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use crate::clock::Clock;
use crate::http::{self, UnreadableRoots};
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
    ///
    /// # Errors
    ///
    /// If a file of roots is named and cannot be read.
    pub fn on_aws(settings: &Settings) -> Result<Self, UnreadableRoots> {
        Self::over(settings, |http| {
            let aws = &settings.aws;
            let mut ssm = aws_sdk_ssm::Config::builder()
                .behavior_version(BehaviorVersion::latest())
                .region(aws.region.clone())
                .credentials_provider(aws.credentials.clone())
                .http_client(http.clone())
                .timeout_config(timeouts());
            ssm.set_endpoint_url(aws.endpoint.clone());
            Secrets::in_ssm(aws_sdk_ssm::Client::from_conf(ssm.build()))
        })
    }

    /// The same for a function that has no secret to read, and may read none: it is a third of a
    /// megabyte smaller without the client of their store.
    ///
    /// # Errors
    ///
    /// As [`App::on_aws`].
    pub fn on_aws_without_secrets(settings: &Settings) -> Result<Self, UnreadableRoots> {
        Self::over(settings, |_| Secrets::in_memory())
    }

    fn over(
        settings: &Settings,
        secrets: impl FnOnce(&SharedHttpClient) -> Secrets,
    ) -> Result<Self, UnreadableRoots> {
        let aws = &settings.aws;
        let http = http::client(aws.ca_bundle.as_deref())?;
        let mut dynamodb = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(aws.region.clone())
            .credentials_provider(aws.credentials.clone())
            .http_client(http.clone())
            .timeout_config(timeouts());
        dynamodb.set_endpoint_url(aws.endpoint.clone());
        let dynamodb = aws_sdk_dynamodb::Client::from_conf(dynamodb.build());
        let clock = Clock::system();
        Ok(Self {
            ledger: Ledger::new(dynamodb, &settings.table, &settings.writer),
            spapi: SpApi::new(&http, clock.clone(), settings.endpoints.clone()),
            secrets: secrets(&http),
            clock,
        })
    }

    /// Makes the connection to the table ahead of the first event, by a read that every function
    /// may make and whose result nobody needs: while a function starts, Lambda gives it more of
    /// a processor than 128 MB pay for, and TLS is most of a first event. What goes wrong here
    /// goes wrong again in the event, and is told there.
    pub async fn warm_up(&self) {
        let reading = self.ledger.control(self.clock.now());
        let _ = tokio::time::timeout(ATTEMPT_TIMEOUT, reading).await;
    }
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .operation_timeout(OPERATION_TIMEOUT)
        .build()
}
