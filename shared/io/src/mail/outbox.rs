//! Where mails go: SES, or a folder of one machine.
//!
//! A mail is handed over once. SES knows no idempotency key, so a call whose outcome is not known
//! is not repeated: the mail carries its own name as tags, and an event of SES settles it.

use std::path::PathBuf;
use std::time::Duration;

use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::error::{ProvideErrorMetadata as _, SdkError};
use aws_sdk_sesv2::operation::send_email::SendEmailError;
use aws_sdk_sesv2::primitives::{Blob, DateTime};
use aws_sdk_sesv2::types::{Destination, EmailContent, MessageTag, RawMessage, SuppressionListReason};
use jiff::Timestamp;
use renown_core::ids::ShopId;
use renown_core::mail::reasons::Wait;
use renown_core::mail::ses::{TAG_KIND, TAG_NOTICE, TAG_ORDER, TAG_SHOP};
use renown_core::mail::suppression::Reason;
use renown_core::mail::{Answer, Kind};
use renown_core::notice::Outcome;
use renown_core::text;

use super::Message;
use crate::http::never_connected;
use crate::ledger::ClaimedMail;

/// How long a call to SES may take. The lease of a claim outlives it.
pub(crate) const SEND_TIMEOUT: Duration = Duration::from_secs(10);

/// Who sends: where mails go, and where their links lead.
#[derive(Debug)]
pub struct Sender {
    /// Where mails go.
    pub outbox: Outbox,
    /// Where the public pages are, without a slash at the end: `https://abc.execute-api…`.
    pub public_url: String,
}

/// Where mails go.
#[derive(Debug)]
pub enum Outbox {
    /// Amazon SES.
    Ses {
        /// Its client, without retries of its own.
        client: Client,
        /// The configuration set of these mails: its events tell what becomes of them.
        configuration_set: String,
    },
    /// A folder, a file a mail: `.eml`, which mail programs open.
    Folder(PathBuf),
}

/// What the account may send.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quota {
    /// Mails a second.
    pub per_second: f64,
    /// Mails left for the 24 hours that now end; `None`: without limit.
    pub left: Option<u64>,
    /// SES lets the account send.
    pub is_enabled: bool,
}

/// An address on the suppression list that SES keeps for the account. Shows itself in no output.
#[derive(Clone)]
pub struct OnSesList {
    /// The address.
    pub address: String,
    /// Why.
    pub reason: Reason,
    /// Since when.
    pub at: Timestamp,
}

impl std::fmt::Debug for OnSesList {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<address: {:?}>", self.reason)
    }
}

/// Entries of a page of that list. Source: SES API, `ListSuppressedDestinations` (1000 at most).
const LIST_PAGE: i32 = 1000;

/// Part of the day's quota that is left to mails that cannot wait.
const RESERVED: f64 = 0.05;

impl Outbox {
    /// What may be sent now. SES tells it at most once a second, so it is asked once a tick.
    ///
    /// # Errors
    ///
    /// What SES or the network said, in words; nothing is to be sent then.
    pub async fn quota(&self) -> Result<Quota, String> {
        let Self::Ses { client, .. } = self else {
            return Ok(Quota { per_second: 1000.0, left: None, is_enabled: true });
        };
        let account = client.get_account().send().await.map_err(|error| describe(&error))?;
        let is_enabled = account.sending_enabled();
        let Some(quota) = account.send_quota() else {
            return Err("SES told no quota".to_owned());
        };
        // -1 stands for "without limit" (SES API, SendQuota).
        let most = quota.max24_hour_send();
        let left = (most >= 0.0).then(|| most * (1.0 - RESERVED) - quota.sent_last24_hours());
        // Both are whole numbers of mails, far below what a float holds.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "cut at zero, far below 2^53"
        )]
        let left = left.map(|left| left.max(0.0) as u64);
        Ok(Quota { per_second: quota.max_send_rate().max(0.1), left, is_enabled })
    }

    /// The addresses that SES put on the account's own suppression list since a moment.
    ///
    /// # Errors
    ///
    /// What SES or the network said, in words; nothing is known then.
    pub async fn suppressed_since(&self, since: Timestamp) -> Result<Vec<OnSesList>, String> {
        let Self::Ses { client, .. } = self else { return Ok(Vec::new()) };
        let since = DateTime::from_secs(since.as_second());
        let pages = client.list_suppressed_destinations().start_date(since).page_size(LIST_PAGE);
        let mut pages = pages.into_paginator().send();
        let mut all = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| describe(&error))?;
            for entry in page.suppressed_destination_summaries.unwrap_or_default() {
                let reason = match entry.reason {
                    SuppressionListReason::Complaint => Reason::Complained,
                    _ => Reason::OnSesList,
                };
                let at = Timestamp::from_second(entry.last_update_time.secs()).unwrap_or_default();
                all.push(OnSesList { address: entry.email_address, reason, at });
            }
        }
        Ok(all)
    }

    /// Takes an address off the suppression list that SES keeps for the account. Tells whether it
    /// stood there.
    ///
    /// # Errors
    ///
    /// What SES or the network said, in words.
    pub async fn unsuppress(&self, address: &str) -> Result<bool, String> {
        let Self::Ses { client, .. } = self else { return Ok(false) };
        match client.delete_suppressed_destination().email_address(address).send().await {
            Ok(_) => Ok(true),
            Err(error) if error.code() == Some("NotFoundException") => Ok(false),
            Err(error) => Err(describe(&error)),
        }
    }

    /// Hands over a mail that an operator sends to themselves: about no order, so no claim is
    /// needed, and events of it are of no mail. Tells SES's id of it, or its file's name.
    ///
    /// # Errors
    ///
    /// What SES, the network or the folder said, in words.
    pub async fn send_test(&self, shop: &ShopId, kind: Kind, mail: &Message) -> Result<String, String> {
        match self {
            Self::Ses { client, configuration_set } => {
                let tags = [(TAG_SHOP, shop.as_str()), (TAG_NOTICE, "test")];
                match hand_over(client, configuration_set, mail, &tags).await {
                    Some(Ok(message)) => Ok(message),
                    Some(Err(error)) => Err(describe(&error)),
                    None => Err("SES did not answer in time".to_owned()),
                }
            }
            Self::Folder(folder) => {
                let name = format!("test-{shop}-{kind}");
                keep(folder, &name, &mail.bytes).map(|()| name).map_err(|error| error.to_string())
            }
        }
    }

    /// Hands over a mail to an operator. One of unclear fate may be handed over again.
    pub async fn send_notice(&self, id: &str, mail: &Message) -> Outcome {
        match self {
            Self::Ses { client, configuration_set } => {
                let name = plain(id);
                match hand_over(client, configuration_set, mail, &[(TAG_NOTICE, &name)])
                    .await
                    .map(|sent| sent.map_err(|error| answer(&error)))
                {
                    Some(Ok(message)) => Outcome::Accepted(message),
                    Some(Err(Answer::Refused(why))) => Outcome::Refused(text!("{why}", "{why}")),
                    Some(Err(_)) | None => Outcome::Unclear,
                }
            }
            Self::Folder(folder) => {
                let name = format!("notice-{}", plain(id));
                match keep(folder, &name, &mail.bytes) {
                    Ok(()) => Outcome::Accepted(name),
                    Err(error) => {
                        tracing::error!(error = %error, "a mail could not be written into its folder");
                        Outcome::Unclear
                    }
                }
            }
        }
    }

    /// Hands a mail over. The claim is used up: whatever comes of it, there is no second call.
    pub async fn send(&self, claim: ClaimedMail, mail: &Message) -> Answer {
        match self {
            Self::Ses { client, configuration_set } => {
                let kind = claim.kind.to_string();
                let tags =
                    [(TAG_SHOP, claim.shop.as_str()), (TAG_ORDER, claim.order.as_str()), (TAG_KIND, &kind)];
                match hand_over(client, configuration_set, mail, &tags).await {
                    Some(Ok(message)) => Answer::Accepted(message),
                    Some(Err(error)) => answer(&error),
                    None => Answer::Unclear,
                }
            }
            Self::Folder(folder) => {
                let name = format!("{}-{}-{}", claim.shop, claim.order, claim.kind);
                match keep(folder, &name, &mail.bytes) {
                    Ok(()) => Answer::Accepted(name),
                    Err(error) => {
                        tracing::error!(error = %error, "a mail could not be written into its folder");
                        Answer::NotSent(Wait::Ses)
                    }
                }
            }
        }
    }
}

/// The one call. Tells SES's id of the mail; `None`: no answer came in time.
async fn hand_over(
    client: &Client,
    configuration_set: &str,
    mail: &Message,
    tags: &[(&str, &str)],
) -> Option<Result<String, SdkError<SendEmailError>>> {
    let tags = tags.iter().map(|(name, value)| tag(name, value)).collect();
    let send = client
        .send_email()
        .from_email_address(&mail.from)
        .destination(Destination::builder().to_addresses(&mail.to).build())
        .content(raw(mail))
        .configuration_set_name(configuration_set)
        .set_email_tags(Some(tags))
        .send();
    let answer = tokio::time::timeout(SEND_TIMEOUT, send).await.ok()?;
    Some(answer.map(|sent| sent.message_id.unwrap_or_default()))
}

/// A name that SES takes in a tag and a folder as a file: letters, digits, `_`, `-`. Source: SES
/// API, `MessageTag`.
fn plain(id: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    id.chars().map(|c| if is_plain(c) { c } else { '-' }).take(200).collect()
}

/// Writes a mail under its name, all of it or nothing. Written again it is the same file: nobody
/// finds it twice.
fn keep(folder: &std::path::Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let half = folder.join(format!(".{name}.half"));
    std::fs::write(&half, bytes)?;
    std::fs::rename(half, folder.join(format!("{name}.eml")))
}

fn raw(mail: &Message) -> EmailContent {
    let data = RawMessage::builder().data(Blob::new(mail.bytes.clone())).build();
    EmailContent::builder().raw(data.expect("data is set: this line")).build()
}

fn tag(name: &str, value: &str) -> MessageTag {
    MessageTag::builder().name(name).value(value).build().expect("name and value are set: this line")
}

/// What an error says of the mail: whether it surely did not leave, and whether it ever may.
fn answer(error: &SdkError<SendEmailError>) -> Answer {
    match error {
        // Nothing was sent: no request could be made, or no connection came about.
        SdkError::ConstructionFailure(_) => Answer::NotSent(Wait::Ses),
        SdkError::DispatchFailure(_) if never_connected(error) => Answer::NotSent(Wait::Ses),
        SdkError::ServiceError(refused) => {
            let (status, code) = (refused.raw().status().as_u16(), error.code().unwrap_or_default());
            let said = error.message().unwrap_or_default();
            match code {
                "TooManyRequestsException" | "LimitExceededException" | "ThrottlingException" => {
                    Answer::NotSent(Wait::Ses)
                }
                // In the sandbox, or for a domain that is not verified, SES rejects the message;
                // that is mended at SES, and the customer loses nothing by it.
                "MessageRejected" if said.contains("not verified") => not_ready(code, said),
                "MessageRejected" | "BadRequestException" => Answer::Refused(format!("{code}: {said}")),
                // An error of the server says nothing about what it did before.
                _ if status >= 500 => Answer::Unclear,
                // Rights, a pause, a domain or configuration set that is not there.
                _ => not_ready(code, said),
            }
        }
        _ => Answer::Unclear,
    }
}

/// Something at SES or in the function's rights has to be mended; the mail waits, and an alarm
/// hears of it. SES names identities there, which are the shop's own and, in the sandbox, the
/// recipient's: so its words are left out.
fn not_ready(code: &str, said: &str) -> Answer {
    let is_sandbox = said.contains("not verified");
    tracing::error!(
        code,
        is_sandbox,
        "SES takes no mail as things are: verify the sender's domain, leave the sandbox (infra/README.md), or look at the function's rights; the mails wait"
    );
    Answer::NotSent(Wait::Ses)
}

fn describe<E: std::error::Error + Send + Sync + 'static>(error: &SdkError<E>) -> String
where
    SdkError<E>: aws_sdk_sesv2::error::ProvideErrorMetadata,
{
    match (error.code(), error.message()) {
        (Some(code), Some(message)) => format!("{code}: {message}"),
        (Some(code), None) => code.to_owned(),
        _ => aws_sdk_sesv2::error::DisplayErrorContext(error).to_string(),
    }
}
