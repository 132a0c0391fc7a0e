//! Faults by script: which posts to chats go wrong, how, and how often.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::ChatKind;
use super::answer::Answer;
use super::feishu;
use super::slack;

/// Silence of a stalled post: longer than any sensible client waits.
const STALL: Duration = Duration::from_secs(150);

/// Where a redirect leads: to a hook that nobody registers, so that a client which follows it is
/// seen there.
const ELSEWHERE: &str = "/hooks/redirected";

/// How a post goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatFaultKind {
    /// 500 instead of any processing.
    Error500,
    /// 503 instead of any processing.
    Error503,
    /// 429 although the robot was not too fast.
    Throttle,
    /// 410: the hook, or its channel, is gone.
    Gone,
    /// 302 to a hook named `redirected`.
    Redirect,
    /// The connection breaks before processing.
    ResetBefore,
    /// The message is shown, then the connection breaks without an answer.
    ResetAfter,
    /// 150 seconds of silence, then 503; nothing is shown.
    StallBefore,
    /// The message is shown, the answer comes after 150 seconds of silence.
    StallAfter,
}

impl ChatFaultKind {
    /// The answer that stands in place of any processing, for the kinds that prevent it.
    pub(super) fn early_answer(self, chat: ChatKind) -> Option<Answer> {
        Some(match self {
            Self::Error500 => Answer::plain(500, "internal server error"),
            // Nobody sees the answer of a connection that breaks.
            Self::Error503 | Self::ResetBefore | Self::StallBefore => {
                Answer::plain(503, "service unavailable")
            }
            Self::Throttle => match chat {
                ChatKind::Feishu => feishu::throttled_by_gateway(),
                ChatKind::Slack => slack::throttled(30),
                _ => Answer::too_many_requests(30),
            },
            Self::Gone if chat == ChatKind::Slack => Answer::plain(410, "channel_is_archived"),
            Self::Gone => Answer::plain(410, "gone"),
            Self::Redirect => Answer::empty(302).with("location", ELSEWHERE.to_owned()),
            Self::ResetAfter | Self::StallAfter => return None,
        })
    }

    pub(super) fn resets(self) -> bool {
        matches!(self, Self::ResetBefore | Self::ResetAfter)
    }

    /// How long nothing is heard before the answer.
    pub(super) fn silence(self) -> Option<Duration> {
        matches!(self, Self::StallBefore | Self::StallAfter).then_some(STALL)
    }
}

/// A fault and the posts it strikes. Every condition that is given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChatFault {
    /// How the post goes wrong.
    pub kind: ChatFaultKind,
    /// Only posts to this chat.
    #[serde(default)]
    pub chat: Option<ChatKind>,
    /// Only posts to robots with this key.
    #[serde(default)]
    pub key: Option<String>,
    /// How many posts it strikes; absent: all.
    #[serde(default)]
    pub times: Option<u32>,
}

impl ChatFault {
    /// A fault that strikes every post; narrow it with the methods below.
    pub fn new(kind: ChatFaultKind) -> Self {
        Self { kind, chat: None, key: None, times: None }
    }

    /// Only posts to this robot.
    #[must_use]
    pub fn of(mut self, chat: ChatKind, key: impl Into<String>) -> Self {
        self.chat = Some(chat);
        self.key = Some(key.into());
        self
    }

    /// Strike this many posts, then no more.
    #[must_use]
    pub fn times(mut self, n_posts: u32) -> Self {
        self.times = Some(n_posts);
        self
    }
}

/// A fault in force, with the number of posts it has struck.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct ActiveFault {
    pub(super) fault: ChatFault,
    pub(super) struck: u32,
}

/// The first fault in order of their adding that strikes a post; counts the use.
pub(super) fn strike(faults: &mut [ActiveFault], chat: ChatKind, key: &str) -> Option<ChatFaultKind> {
    let active = faults.iter_mut().find(|active| {
        let fault = &active.fault;
        fault.times.is_none_or(|times| active.struck < times)
            && fault.chat.is_none_or(|only| only == chat)
            && fault.key.as_deref().is_none_or(|only| only == key)
    })?;
    active.struck += 1;
    Some(active.fault.kind)
}
