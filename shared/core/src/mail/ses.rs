//! What SES tells of the mails it took: the ten types of its events, in every wrapping.
//!
//! An event comes as SES writes it, wrapped by SNS in one JSON text or not, or by EventBridge.
//! The type stands in `eventType`, or in `notificationType` on the older path. Unknown fields
//! are of no matter. Sources: SES developer guide, "event publishing: contents of event data
//! published to Amazon SNS" and "notification contents"; EventBridge reference, "Amazon SES".

use jiff::Timestamp;
use serde::Deserialize;

use crate::say::Text;
use crate::text;

/// The tags by which Renown knows its mails again: shop …
pub const TAG_SHOP: &str = "renown-shop";
/// … order …
pub const TAG_ORDER: &str = "renown-order";
/// … what for …
pub const TAG_KIND: &str = "renown-kind";
/// … and, of a mail to an operator, its id.
pub const TAG_NOTICE: &str = "renown-notice";

/// An event, as far as Renown has use for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// SES's id of the mail.
    pub message: String,
    /// What Renown wrote on it; empty of a mail that others sent.
    pub tags: Tags,
    /// What happened.
    pub what: What,
    /// When.
    pub at: Timestamp,
    /// The addresses it is about.
    pub recipients: Vec<Recipient>,
    /// Subtypes and reasons in SES's words, without addresses.
    pub detail: String,
    /// What follows for the addresses.
    pub effect: Effect,
}

/// What Renown wrote on a mail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tags {
    /// The shop.
    pub shop: Option<String>,
    /// The order.
    pub order: Option<String>,
    /// What for.
    pub kind: Option<String>,
    /// Of a mail to an operator, its id.
    pub notice: Option<String>,
}

/// An address that an event is about. Shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient(pub String);

impl std::fmt::Debug for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<recipient>")
    }
}

/// What happened to a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// SES took it.
    Sent,
    /// The receiving server took it.
    Delivered,
    /// It will never get through.
    Bounced,
    /// It did not get through, for now.
    BouncedForNow,
    /// It was called spam.
    Complained,
    /// SES did not send it, or could not render it.
    Rejected,
    /// Its delivery takes long.
    Delayed,
    /// A person opened it.
    Opened,
    /// A person followed a link.
    Clicked,
    /// Its recipient unsubscribed by SES's own list management.
    Unsubscribed,
}

/// What follows for the addresses of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    None,
    /// The address is not written to any more.
    Suppress(super::suppression::Reason),
    /// Counted; the third within 30 days suppresses.
    Count,
    /// An operator is told: the mail is at fault, or the way to SES.
    Alert,
}

/// What a queue brought was no event of SES.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Where in it.
    pub place: String,
    /// What is wrong with it, without any of its content.
    pub problem: Text,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// An event.
    Event(Box<Event>),
    /// One that is of no use, with its type: SES's test message, a scanner's click.
    Useless(String),
}

/// Longest id of a mail, in bytes. Ours; SES's have some 60.
const MAX_ID: usize = 200;
/// Layers of wrapping that are taken off: EventBridge or SNS, and one more for a queue that a
/// topic of a topic feeds.
const MAX_LAYERS: usize = 3;

/// Reads what a queue brought.
///
/// # Errors
///
/// If it is no event of SES, with the place. What was read of it is not in the message.
pub fn read(body: &str) -> Result<Read, Unreadable> {
    let mut text = body.to_owned();
    for _ in 0..MAX_LAYERS {
        // SES writes this once to a topic that is connected anew; it is no JSON.
        if text.starts_with("Successfully validated SNS topic") {
            return Ok(Read::Useless("SNS topic validation".to_owned()));
        }
        let outer: Outer = serde_json::from_str(&text).map_err(|error| not_json(&error))?;
        match outer {
            Outer { detail: Some(detail), .. } => detail.get().clone_into(&mut text),
            Outer { message: Some(inner), .. } => {
                text = inner;
            }
            Outer { .. } => return event(&text),
        }
    }
    Err(Unreadable {
        place: "$".to_owned(),
        problem: text!("it is wrapped more often than SES and SNS do", "嵌套层数超出 SES 与 SNS 的形式"),
    })
}

fn not_json(error: &serde_json::Error) -> Unreadable {
    let (line, column) = (error.line(), error.column());
    Unreadable {
        place: format!("line {line}, column {column}"),
        problem: text!("it is not JSON of the expected form", "不是预期形式的 JSON"),
    }
}

#[derive(Deserialize)]
struct Outer {
    /// SNS.
    #[serde(rename = "Message")]
    message: Option<String>,
    /// EventBridge.
    detail: Option<Box<serde_json::value::RawValue>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    #[serde(alias = "notificationType")]
    event_type: Option<String>,
    mail: Option<WireMail>,
    bounce: Option<WireBounce>,
    complaint: Option<WireComplaint>,
    delivery: Option<WireTimed>,
    reject: Option<WireReason>,
    failure: Option<WireFailure>,
    delivery_delay: Option<WireDelay>,
    open: Option<WireLook>,
    click: Option<WireLook>,
    subscription: Option<WireSubscription>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireMail {
    timestamp: Option<Timestamp>,
    message_id: Option<String>,
    #[serde(default)]
    destination: Vec<String>,
    #[serde(default)]
    tags: std::collections::BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireBounce {
    bounce_type: Option<String>,
    bounce_sub_type: Option<String>,
    #[serde(default)]
    bounced_recipients: Vec<WireRecipient>,
    timestamp: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireRecipient {
    email_address: String,
    status: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireComplaint {
    #[serde(default)]
    complained_recipients: Vec<WireRecipient>,
    complaint_feedback_type: Option<String>,
    complaint_sub_type: Option<String>,
    timestamp: Option<Timestamp>,
}

#[derive(Deserialize)]
struct WireTimed {
    timestamp: Option<Timestamp>,
    #[serde(default)]
    recipients: Vec<String>,
}

#[derive(Deserialize)]
struct WireReason {
    reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireFailure {
    error_message: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireDelay {
    delay_type: Option<String>,
    #[serde(default)]
    delayed_recipients: Vec<WireRecipient>,
    timestamp: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireLook {
    timestamp: Option<Timestamp>,
    user_agent: Option<String>,
    /// Since 2026-08: whether a person looked, or a scanner or a prefetch (SES change log).
    #[serde(alias = "automatedInteraction", alias = "botInteraction")]
    is_automated: Option<serde_json::Value>,
    interaction_type: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireSubscription {
    timestamp: Option<Timestamp>,
    new_topic_preferences: Option<WirePreferences>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WirePreferences {
    unsubscribe_all: Option<bool>,
}

fn missing(place: &str) -> Unreadable {
    Unreadable { place: place.to_owned(), problem: text!("it is missing", "缺少该字段") }
}

fn event(text: &str) -> Result<Read, Unreadable> {
    use super::suppression::Reason;
    let wire: Wire = serde_json::from_str(text).map_err(|error| not_json(&error))?;
    let kind = wire.event_type.ok_or_else(|| missing("eventType"))?;
    let mail = wire.mail.ok_or_else(|| missing("mail"))?;
    let message = mail.message_id.ok_or_else(|| missing("mail.messageId"))?;
    if message.len() > MAX_ID {
        let problem = text!("it is longer than any id of SES", "长度超出 SES 的任何 ID");
        return Err(Unreadable { place: "mail.messageId".to_owned(), problem });
    }
    // Cut short a tag is no id of ours: those are shorter.
    let tag = |name: &str| Some(short(Some(mail.tags.get(name)?.first()?.clone())));
    let tags =
        Tags { shop: tag(TAG_SHOP), order: tag(TAG_ORDER), kind: tag(TAG_KIND), notice: tag(TAG_NOTICE) };
    let of = |recipients: Vec<WireRecipient>| -> Vec<Recipient> {
        recipients.into_iter().map(|r| Recipient(r.email_address)).collect()
    };
    let all = || mail.destination.iter().cloned().map(Recipient).collect::<Vec<_>>();
    let (what, at, recipients, detail, effect) = match kind.as_str() {
        "Send" => (What::Sent, None, all(), String::new(), Effect::None),
        "Delivery" => {
            let part = wire.delivery.ok_or_else(|| missing("delivery"))?;
            let to = part.recipients.into_iter().map(Recipient).collect();
            (What::Delivered, part.timestamp, to, String::new(), Effect::None)
        }
        "Bounce" => {
            let part = wire.bounce.ok_or_else(|| missing("bounce"))?;
            let status = part.bounced_recipients.iter().find_map(|r| r.status.clone()).unwrap_or_default();
            let (kind, sub) =
                (part.bounce_type.unwrap_or_default(), part.bounce_sub_type.unwrap_or_default());
            let (what, effect) = bounce(&kind, &sub, &status, part.bounced_recipients.is_empty());
            let detail = [kind, sub, status].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>();
            (what, part.timestamp, of(part.bounced_recipients), detail.join(" "), effect)
        }
        "Complaint" => {
            let part = wire.complaint.ok_or_else(|| missing("complaint"))?;
            let feedback = part.complaint_feedback_type.unwrap_or_default();
            if feedback == "not-spam" {
                return Ok(Read::Useless("Complaint not-spam".to_owned()));
            }
            // On SES's list already: it sent nothing, and nobody complained anew.
            let is_old = part.complaint_sub_type.as_deref() == Some("OnAccountSuppressionList");
            let reason = if is_old { Reason::OnSesList } else { Reason::Complained };
            let what = if is_old { What::Rejected } else { What::Complained };
            let detail = part.complaint_sub_type.unwrap_or(feedback);
            (what, part.timestamp, of(part.complained_recipients), detail, Effect::Suppress(reason))
        }
        "Reject" => {
            let part = wire.reject.ok_or_else(|| missing("reject"))?;
            (What::Rejected, None, all(), short(part.reason), Effect::Alert)
        }
        "Rendering Failure" | "RenderingFailure" => {
            let part = wire.failure.ok_or_else(|| missing("failure"))?;
            (What::Rejected, None, all(), short(part.error_message), Effect::Alert)
        }
        "DeliveryDelay" => {
            let part = wire.delivery_delay.ok_or_else(|| missing("deliveryDelay"))?;
            (What::Delayed, part.timestamp, of(part.delayed_recipients), short(part.delay_type), Effect::None)
        }
        "Open" | "Click" => {
            let (what, part) = if kind == "Open" {
                (What::Opened, wire.open.ok_or_else(|| missing("open"))?)
            } else {
                (What::Clicked, wire.click.ok_or_else(|| missing("click"))?)
            };
            if part.is_of_a_machine() {
                return Ok(Read::Useless(format!("{kind} by a machine")));
            }
            (what, part.timestamp, Vec::new(), String::new(), Effect::None)
        }
        "Subscription" => {
            let part = wire.subscription.ok_or_else(|| missing("subscription"))?;
            let all_off = part.new_topic_preferences.and_then(|p| p.unsubscribe_all).unwrap_or(true);
            if !all_off {
                return Ok(Read::Useless("Subscription".to_owned()));
            }
            (What::Unsubscribed, part.timestamp, all(), String::new(), Effect::Suppress(Reason::Unsubscribed))
        }
        other => {
            let kind: String = other.chars().take(40).collect();
            return Ok(Read::Useless(kind));
        }
    };
    let at = at.or(mail.timestamp).ok_or_else(|| missing("mail.timestamp"))?;
    // It is kept as a note beside a suppression, and an item of the table has its bound.
    let detail = short(Some(detail));
    Ok(Read::Event(Box::new(Event { message, tags, what, at, recipients, detail, effect })))
}

/// What a bounce means. An absence notice comes as `Transient General`, also as `Undetermined`
/// without recipients: it says that the mail arrived, so nothing follows from it. Status 5.7.1x
/// of a policy is told by SES as permanent or as transient; its word is taken.
fn bounce(kind: &str, sub: &str, status: &str, nobody: bool) -> (What, Effect) {
    use super::suppression::Reason;
    match (kind, sub) {
        // SES sent nothing: the address stands on its own list.
        ("Permanent", "Suppressed" | "OnAccountSuppressionList") => {
            (What::Rejected, Effect::Suppress(Reason::OnSesList))
        }
        ("Permanent", "UnsubscribedRecipient") => (What::Rejected, Effect::Suppress(Reason::Unsubscribed)),
        ("Permanent", _) => (What::Bounced, Effect::Suppress(Reason::Bounced)),
        ("Undetermined", _) if nobody => (What::Delivered, Effect::None),
        // An absence notice has no status of a failure.
        ("Transient", "General") if nobody || status.is_empty() => (What::Delivered, Effect::None),
        ("Transient", "MessageTooLarge" | "ContentRejected" | "AttachmentRejected") => {
            (What::BouncedForNow, Effect::Alert)
        }
        ("Undetermined", _) => (What::BouncedForNow, Effect::None),
        _ => (What::BouncedForNow, Effect::Count),
    }
}

fn short(text: Option<String>) -> String {
    text.unwrap_or_default().chars().take(120).collect()
}

impl WireLook {
    /// Whether a scanner or a prefetch looked, by SES's own mark or by a name that says so.
    fn is_of_a_machine(&self) -> bool {
        let marked = match &self.is_automated {
            Some(serde_json::Value::Bool(is)) => *is,
            Some(serde_json::Value::String(text)) => text.eq_ignore_ascii_case("true"),
            _ => false,
        };
        let named = self.interaction_type.as_deref().is_some_and(|kind| !kind.eq_ignore_ascii_case("human"));
        let agent = self.user_agent.as_deref().unwrap_or_default().to_ascii_lowercase();
        let signs =
            ["bot", "crawler", "spider", "googleimageproxy", "yahoomailproxy", "barracuda", "mimecast"];
        marked || named || signs.iter().any(|sign| agent.contains(sign))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_any_length_are_kept_short_and_an_id_of_any_length_is_none() {
        let long = "x".repeat(1_000_000);
        let event = |id: &str| {
            serde_json::json!({"eventType": "Bounce", "mail": {"messageId": id, "timestamp": "2026-11-02T09:00:00Z",
                "tags": {TAG_SHOP: [long]}}, "bounce": {"bounceType": "Permanent", "bounceSubType": long}})
            .to_string()
        };
        let Ok(Read::Event(read)) = super::read(&event("m-1")) else { panic!("an event") };
        assert!(read.detail.len() < 200 && read.tags.shop.is_some_and(|shop| shop.len() < 200));
        assert_eq!(super::read(&event(&long)).map_err(|why| why.place), Err("mail.messageId".to_owned()));
    }

    #[test]
    fn what_ses_writes_to_a_new_topic_is_of_no_use_wrapped_or_not() {
        let text = "Successfully validated SNS topic for Amazon SES event publishing.";
        let useless = Ok(Read::Useless("SNS topic validation".to_owned()));
        assert_eq!(read(text), useless);
        assert_eq!(read(&serde_json::json!({"Type": "Notification", "Message": text}).to_string()), useless);
    }
}
