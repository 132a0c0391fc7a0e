//! What every function works with, built once per process.

use std::time::Duration;

use aws_sdk_dynamodb::config::BehaviorVersion;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use crate::bus::Bus;
use crate::clock::Clock;
use crate::http::{self, UnreadableRoots};
use crate::ledger::Ledger;
use crate::mail::{Outbox, Sender};
use crate::push::{Chats, Post};
use crate::secrets::Secrets;
use crate::settings::{AlertSettings, MailSettings, Settings};
use crate::spapi::SpApi;
use crate::translate::Translator;

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
    /// Where events go.
    pub bus: Bus,
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
        Self::over(settings, |http| secrets(settings, http))
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
        let http = http::client(settings.aws.ca_bundle.as_deref())?;
        let clock = Clock::system();
        Ok(Self {
            ledger: ledger(settings, &http),
            spapi: SpApi::new(&http, clock.clone(), settings.endpoints.clone()),
            secrets: secrets(&http),
            bus: bus(settings, &http),
            clock,
        })
    }

    /// The same for the functions of mail.
    pub fn mail(&self) -> MailApp {
        let (ledger, secrets) = (self.ledger.clone(), self.secrets.clone());
        MailApp { ledger, secrets, bus: self.bus.clone(), clock: self.clock.clone() }
    }

    /// Makes the connection to the table ahead of the first event, by a read that every function
    /// may make and whose result nobody needs: while a function starts, Lambda gives it more of
    /// a processor than 128 MB pay for, and TLS is most of a first event. What goes wrong here
    /// goes wrong again in the event, and is told there.
    pub async fn warm_up(&self) {
        warm_up(&self.ledger, &self.clock).await;
    }
}

/// What the functions of mail work with. They call nothing of Amazon's selling side, and have no
/// client for it.
#[derive(Debug)]
pub struct MailApp {
    /// The table.
    pub ledger: Ledger,
    /// The keys of mail and the secrets of webhooks and targets.
    pub secrets: Secrets,
    /// Where events go.
    pub bus: Bus,
    /// Time.
    pub clock: Clock,
}

impl MailApp {
    /// The clients of a function of mail on AWS. Only constructs.
    ///
    /// # Errors
    ///
    /// As [`App::on_aws`].
    pub fn on_aws(settings: &Settings) -> Result<Self, UnreadableRoots> {
        let http = http::client(settings.aws.ca_bundle.as_deref())?;
        let (ledger, secrets) = (ledger(settings, &http), secrets(settings, &http));
        Ok(Self { ledger, secrets, bus: bus(settings, &http), clock: Clock::system() })
    }

    /// As [`App::warm_up`].
    pub async fn warm_up(&self) {
        warm_up(&self.ledger, &self.clock).await;
    }
}

/// Who sends mails to customers, of a function on AWS.
///
/// # Errors
///
/// As [`App::on_aws`].
pub fn sender_on_aws(settings: &Settings, mails: MailSettings) -> Result<Sender, UnreadableRoots> {
    let MailSettings { configuration_set, public_url } = mails;
    Ok(Sender { outbox: outbox(settings, configuration_set)?, public_url })
}

/// What a function on AWS tells operators with: [`Post`] lends it.
#[derive(Debug)]
pub struct Desk {
    outbox: Outbox,
    chats: Chats,
    translator: Translator,
}

impl Desk {
    /// Only constructs.
    ///
    /// # Errors
    ///
    /// As [`App::on_aws`].
    pub fn on_aws(settings: &Settings, alerts: AlertSettings) -> Result<Self, UnreadableRoots> {
        let AlertSettings { configuration_set, chats } = alerts;
        let roots = settings.aws.ca_bundle.as_deref();
        let chats = match chats {
            None => Chats::new(&http::client_of_public_addresses(roots)?),
            Some(base) => Chats::at(base, &http::client(roots)?),
        };
        Ok(Self { outbox: outbox(settings, configuration_set)?, chats, translator: translator(settings)? })
    }

    /// The ways.
    pub fn post(&self) -> Post<'_> {
        Post { outbox: &self.outbox, chats: &self.chats, translator: &self.translator }
    }
}

/// Amazon Translate: one attempt, since an alert does not wait for it.
fn translator(settings: &Settings) -> Result<Translator, UnreadableRoots> {
    let aws = &settings.aws;
    let mut config = aws_sdk_translate::Config::builder()
        .behavior_version(aws_sdk_translate::config::BehaviorVersion::latest())
        .region(aws.region.clone())
        .credentials_provider(aws.credentials.clone())
        .http_client(http::client(aws.ca_bundle.as_deref())?)
        .timeout_config(timeouts())
        .retry_config(aws_sdk_translate::config::retry::RetryConfig::disabled());
    config.set_endpoint_url(aws.endpoint.clone());
    Ok(Translator::Amazon(aws_sdk_translate::Client::from_conf(config.build())))
}

/// SES, with an HTTP client of its own, since few functions have it.
fn outbox(settings: &Settings, configuration_set: String) -> Result<Outbox, UnreadableRoots> {
    let aws = &settings.aws;
    let mut ses = aws_sdk_sesv2::Config::builder()
        .behavior_version(aws_sdk_sesv2::config::BehaviorVersion::latest())
        .region(aws.region.clone())
        .credentials_provider(aws.credentials.clone())
        .http_client(http::client(aws.ca_bundle.as_deref())?)
        // A call whose outcome is not known is never repeated.
        .retry_config(aws_sdk_sesv2::config::retry::RetryConfig::disabled());
    ses.set_endpoint_url(aws.endpoint.clone());
    Ok(Outbox::Ses { client: aws_sdk_sesv2::Client::from_conf(ses.build()), configuration_set })
}

fn ledger(settings: &Settings, http: &SharedHttpClient) -> Ledger {
    let aws = &settings.aws;
    let mut dynamodb = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(aws.region.clone())
        .credentials_provider(aws.credentials.clone())
        .http_client(http.clone())
        .timeout_config(timeouts());
    dynamodb.set_endpoint_url(aws.endpoint.clone());
    let dynamodb = aws_sdk_dynamodb::Client::from_conf(dynamodb.build());
    Ledger::new(dynamodb, &settings.table, &settings.writer)
}

fn secrets(settings: &Settings, http: &SharedHttpClient) -> Secrets {
    let aws = &settings.aws;
    let mut ssm = aws_sdk_ssm::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(aws.region.clone())
        .credentials_provider(aws.credentials.clone())
        .http_client(http.clone())
        .timeout_config(timeouts());
    ssm.set_endpoint_url(aws.endpoint.clone());
    Secrets::in_ssm(aws_sdk_ssm::Client::from_conf(ssm.build()))
}

/// The bus that the environment names. A call of it is not repeated: nothing depends on one.
fn bus(settings: &Settings, http: &SharedHttpClient) -> Bus {
    let Some(name) = settings.bus.clone() else { return Bus::Nowhere };
    let aws = &settings.aws;
    let mut config = aws_sdk_eventbridge::Config::builder()
        .behavior_version(aws_sdk_eventbridge::config::BehaviorVersion::latest())
        .region(aws.region.clone())
        .credentials_provider(aws.credentials.clone())
        .http_client(http.clone())
        .retry_config(aws_sdk_eventbridge::config::retry::RetryConfig::disabled());
    config.set_endpoint_url(aws.endpoint.clone());
    Bus::EventBridge { client: aws_sdk_eventbridge::Client::from_conf(config.build()), name }
}

async fn warm_up(ledger: &Ledger, clock: &Clock) {
    let reading = ledger.control(clock.now());
    let _ = tokio::time::timeout(ATTEMPT_TIMEOUT, reading).await;
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .operation_timeout(OPERATION_TIMEOUT)
        .build()
}
