//! A robot in a chat: where it is reached and how it is secured.

use serde::{Deserialize, Serialize};

use super::sign;
use crate::error::RejectedChat;

pub(super) const FEISHU: &str = "/open-apis/bot/v2/hook/";
pub(super) const SLACK: &str = "/services/";
pub(super) const WEBHOOK: &str = "/hooks/";

/// Behind the id of a workflow, in the old addresses and in the new ones.
const TRIGGER: &str = "/triggers/manual/paths/invoke";

/// What stands in front of it: at `logic.azure.com`, and since 2025 at `api.powerplatform.com`.
const WORKFLOWS: [&str; 2] = ["/workflows/", "/powerautomate/automations/direct/workflows/"];

/// The chats the simulator stands in for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChatKind {
    /// A group robot of WeCom: `/cgi-bin/webhook/send?key=…`.
    WeCom,
    /// A custom robot of DingTalk: `/robot/send?access_token=…`.
    DingTalk,
    /// A custom bot of Feishu or Lark: `/open-apis/bot/v2/hook/…`.
    Feishu,
    /// An incoming webhook of Slack: `/services/T…/B…/…`.
    Slack,
    /// A workflow of Teams: `/workflows/…/triggers/manual/paths/invoke`.
    Teams,
    /// A hook of somebody's own, by the Standard Webhooks: `/hooks/…`.
    Webhook,
}

impl ChatKind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::WeCom, Self::DingTalk, Self::Feishu, Self::Slack, Self::Teams, Self::Webhook];

    /// The chat that a path belongs to.
    pub(super) fn of_path(path: &str) -> Option<Self> {
        match path {
            "/cgi-bin/webhook/send" => Some(Self::WeCom),
            "/robot/send" => Some(Self::DingTalk),
            _ if path.starts_with(FEISHU) => Some(Self::Feishu),
            _ if path.starts_with(SLACK) => Some(Self::Slack),
            _ if path.starts_with(WEBHOOK) => Some(Self::Webhook),
            _ => workflow_of(path).map(|_| Self::Teams),
        }
    }
}

/// The id of the workflow in a path.
pub(super) fn workflow_of(path: &str) -> Option<&str> {
    let path = WORKFLOWS.iter().find_map(|front| path.strip_prefix(front))?;
    path.strip_suffix(TRIGGER).filter(|id| !id.is_empty() && !id.contains('/'))
}

/// A robot that posts are sent to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chat {
    /// In which chat.
    pub kind: ChatKind,
    /// What names it in its address: `key` (WeCom), `access_token` (DingTalk), the last part of
    /// the path (Feishu, webhook), `T…/B…/…` (Slack), the id of the workflow (Teams).
    pub key: String,
    /// What posts are signed with (DingTalk, Feishu; webhook: `whsec_…`), or the `sig` in the
    /// address (Teams). Absent: signatures are not looked at, and any `sig` is right.
    #[serde(default)]
    pub secret: Option<String>,
    /// A word that every message has to hold (DingTalk, Feishu).
    #[serde(default)]
    pub keyword: Option<String>,
}

impl Chat {
    /// A robot without a secret and without a keyword.
    pub fn new(kind: ChatKind, key: impl Into<String>) -> Self {
        Self { kind, key: key.into(), secret: None, keyword: None }
    }

    /// The same robot, secured by a secret.
    #[must_use]
    pub fn secret(mut self, secret: impl Into<String>) -> Self {
        self.secret = Some(secret.into());
        self
    }

    /// The same robot, which shows nothing without this word.
    #[must_use]
    pub fn keyword(mut self, word: impl Into<String>) -> Self {
        self.keyword = Some(word.into());
        self
    }

    /// Whether such a robot can be.
    pub(crate) fn check(&self) -> Result<(), RejectedChat> {
        let reject = |field, reason: &str, remedy: &str| {
            Err(RejectedChat { field, reason: reason.to_owned(), remedy: remedy.to_owned() })
        };
        let n_parts = self.key.split('/').filter(|part| !part.is_empty()).count();
        let n_slashes = self.key.matches('/').count();
        if self.kind == ChatKind::Slack {
            if (n_parts, n_slashes) != (3, 2) {
                let remedy = "write it as it stands behind /services/: T…/B…/…";
                return reject("key", &format!("`{}` has not three parts", self.key), remedy);
            }
        } else if (n_parts, n_slashes) != (1, 0) {
            let remedy = "give what names the robot in its address, without slashes";
            return reject("key", &format!("`{}` names no robot", self.key), remedy);
        }
        if let Some(secret) = &self.secret {
            if matches!(self.kind, ChatKind::WeCom | ChatKind::Slack) {
                let remedy = "leave it out: the address is the secret";
                return reject("secret", "robots of this chat sign nothing", remedy);
            }
            if secret.is_empty() {
                return reject("secret", "it is empty", "leave it out, or give one");
            }
            if self.kind == ChatKind::Webhook && sign::webhook_key(secret).is_none() {
                let remedy = "write `whsec_` and 24 to 64 bytes in base64";
                return reject("secret", "it is none of the Standard Webhooks", remedy);
            }
        }
        match &self.keyword {
            Some(_) if !matches!(self.kind, ChatKind::DingTalk | ChatKind::Feishu) => {
                reject("keyword", "robots of this chat know no keyword", "leave it out")
            }
            Some(word) if word.is_empty() => reject("keyword", "it is empty", "leave it out, or give one"),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_its_chat_whatever_the_host() {
        let cases = [
            ("/cgi-bin/webhook/send", Some(ChatKind::WeCom)),
            ("/robot/send", Some(ChatKind::DingTalk)),
            ("/open-apis/bot/v2/hook/abc", Some(ChatKind::Feishu)),
            ("/services/T0/B0/x", Some(ChatKind::Slack)),
            ("/workflows/ab12/triggers/manual/paths/invoke", Some(ChatKind::Teams)),
            (
                "/powerautomate/automations/direct/workflows/ab12/triggers/manual/paths/invoke",
                Some(ChatKind::Teams),
            ),
            ("/hooks/mine", Some(ChatKind::Webhook)),
            ("/workflows/ab12/runs", None),
            ("/workflows/a/b/triggers/manual/paths/invoke", None),
            ("/cgi-bin/gettoken", None),
            ("/orders/v0/orders", None),
        ];
        for (path, kind) in cases {
            assert_eq!(ChatKind::of_path(path), kind, "{path}");
        }
    }

    #[test]
    fn a_robot_that_no_address_reaches_or_nothing_could_satisfy_is_rejected() {
        let good_secret = format!("whsec_{}", data_encoding::BASE64.encode(&[7; 32]));
        let cases = [
            (Chat::new(ChatKind::WeCom, "k"), None),
            (Chat::new(ChatKind::WeCom, ""), Some("key")),
            (Chat::new(ChatKind::Feishu, "a/b"), Some("key")),
            (Chat::new(ChatKind::Slack, "T0/B0/x"), None),
            (Chat::new(ChatKind::Slack, "T0/B0"), Some("key")),
            (Chat::new(ChatKind::Slack, "T0//x"), Some("key")),
            (Chat::new(ChatKind::WeCom, "k").secret("s"), Some("secret")),
            (Chat::new(ChatKind::DingTalk, "k").secret("SECs").keyword("order"), None),
            (Chat::new(ChatKind::DingTalk, "k").secret(""), Some("secret")),
            (Chat::new(ChatKind::Feishu, "k").keyword(""), Some("keyword")),
            (Chat::new(ChatKind::Teams, "k").keyword("order"), Some("keyword")),
            (Chat::new(ChatKind::Webhook, "k").secret(good_secret), None),
            (Chat::new(ChatKind::Webhook, "k").secret("whsec_AAAA"), Some("secret")),
            (Chat::new(ChatKind::Webhook, "k").secret("hush"), Some("secret")),
        ];
        for (chat, field) in cases {
            assert_eq!(chat.check().err().map(|error| error.field), field, "{chat:?}");
        }
    }
}
