//! What every function works with, built once per process.

use crate::clock::Clock;
use crate::ledger::Ledger;
use crate::secrets::Secrets;
use crate::settings::Settings;
use crate::spapi::SpApi;

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
        let config = crate::aws::config(&http, None).await;
        let clock = Clock::system();
        Self {
            ledger: Ledger::new(aws_sdk_dynamodb::Client::new(&config), &settings.table, &settings.writer),
            spapi: SpApi::new(&http, clock.clone(), settings.endpoints.clone()),
            secrets: Secrets::in_ssm(aws_sdk_ssm::Client::new(&config)),
            clock,
        }
    }
}
