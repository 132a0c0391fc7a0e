//! Faults by script: which calls go wrong, how, and how often.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::operation::Operation;

/// Names a fault in `/_sim/faults` and in the record of calls.
pub type FaultId = u64;

/// How a call goes wrong. In JSON the member `kind` names it; further members stand beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultKind {
    /// 429 although the bucket was not empty.
    Throttle,
    /// 500 before processing.
    Error500,
    /// 503 before processing.
    Error503,
    /// The connection breaks before processing.
    ResetBefore,
    /// The call is processed, then the connection breaks without a reply.
    ResetAfter,
    /// No processing; 503 after a long silence.
    StallBefore {
        /// Length of the silence.
        #[serde(default = "default_stall_seconds")]
        seconds: u32,
    },
    /// The call is processed, the reply comes after a long silence.
    StallAfter {
        /// Length of the silence.
        #[serde(default = "default_stall_seconds")]
        seconds: u32,
    },
    /// The call is processed, the JSON reply ends in the middle.
    TruncatedJson,
    /// An HTML error page before processing.
    HtmlError {
        /// HTTP status of the page: 400 or 503.
        #[serde(default = "default_html_status")]
        status: u16,
    },
    /// getSolicitationActionsForOrder offers nothing although the order is eligible.
    NothingOffered,
    /// getSolicitationActionsForOrder still offers the action for a while after it was taken.
    StillOfferedFor {
        /// How long after the accepted solicitation.
        seconds: u32,
    },
    /// A broad failure at Amazon.
    Outage {
        /// What calls are answered with.
        #[serde(default)]
        answer: OutageAnswer,
    },
    /// Access tokens are rejected as expired; a refreshed one works.
    TokenExpired,
    /// The seller has taken back the grant: LWA says `invalid_grant`, access tokens are denied.
    Revoked,
    /// 403 with a text that no client can know.
    WrongText {
        /// The text.
        #[serde(default = "default_wrong_text")]
        message: String,
    },
    /// The report that is being asked for will end as FATAL.
    ReportFatal {
        /// What its document says; absent: it has none.
        #[serde(default)]
        document: Option<String>,
    },
}

/// What a broad outage answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutageAnswer {
    /// 503 to everything.
    #[default]
    Unavailable,
    /// Empty lists of solicitation actions, everything else as usual.
    Empty,
}

/// Seconds of silence: longer than any sensible client waits.
fn default_stall_seconds() -> u32 {
    150
}

fn default_html_status() -> u16 {
    503
}

fn default_wrong_text() -> String {
    "Dieser Vorgang ist derzeit nicht verf\u{fc}gbar.".to_owned()
}

impl FaultKind {
    /// The only operations the fault can mean, when not every one.
    pub(crate) fn concerns(&self, operation: Operation) -> bool {
        match self {
            Self::NothingOffered
            | Self::StillOfferedFor { .. }
            | Self::Outage { answer: OutageAnswer::Empty } => {
                operation == Operation::GetSolicitationActionsForOrder
            }
            Self::ReportFatal { .. } => operation == Operation::CreateReport,
            Self::TokenExpired | Self::WrongText { .. } => operation.is_sp_api(),
            Self::Revoked => {
                (operation.is_sp_api() && !operation.is_grantless()) || operation == Operation::LwaToken
            }
            Self::Throttle
            | Self::Error500
            | Self::Error503
            | Self::ResetBefore
            | Self::ResetAfter
            | Self::StallBefore { .. }
            | Self::StallAfter { .. }
            | Self::TruncatedJson
            | Self::HtmlError { .. }
            | Self::Outage { answer: OutageAnswer::Unavailable } => true,
        }
    }
}

/// A fault and the calls it strikes. Every condition that is given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// How the call goes wrong.
    #[serde(flatten)]
    pub kind: FaultKind,
    /// Only this operation; absent: every operation of the SP-API (and, for `revoked`, the token
    /// endpoint). To strike the token endpoint or a document download, name it.
    #[serde(default)]
    pub operation: Option<Operation>,
    /// Only calls for this seller.
    #[serde(default)]
    pub seller: Option<String>,
    /// Only calls about this order.
    #[serde(default)]
    pub order: Option<String>,
    /// Not before this moment.
    #[serde(default)]
    pub from: Option<Timestamp>,
    /// Not at or after this moment.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// How many calls are let through first.
    #[serde(default)]
    pub skip: u32,
    /// How many calls it strikes; absent: all, except `token_expired`, which strikes once.
    #[serde(default)]
    pub times: Option<u32>,
}

impl Fault {
    /// A fault that strikes every call it can; narrow it with the methods below.
    pub fn new(kind: FaultKind) -> Self {
        Self {
            kind,
            operation: None,
            seller: None,
            order: None,
            from: None,
            until: None,
            skip: 0,
            times: None,
        }
    }

    /// Only this operation.
    #[must_use]
    pub fn on(mut self, operation: Operation) -> Self {
        self.operation = Some(operation);
        self
    }

    /// Only calls for this seller.
    #[must_use]
    pub fn of_seller(mut self, seller_id: impl Into<String>) -> Self {
        self.seller = Some(seller_id.into());
        self
    }

    /// Only calls about this order.
    #[must_use]
    pub fn of_order(mut self, order_id: impl Into<String>) -> Self {
        self.order = Some(order_id.into());
        self
    }

    /// Only between these moments, the second excluded.
    #[must_use]
    pub fn between(mut self, from: Timestamp, until: Timestamp) -> Self {
        self.from = Some(from);
        self.until = Some(until);
        self
    }

    /// Let this many calls through first.
    #[must_use]
    pub fn skip(mut self, n_calls: u32) -> Self {
        self.skip = n_calls;
        self
    }

    /// Strike this many calls, then no more.
    #[must_use]
    pub fn times(mut self, n_calls: u32) -> Self {
        self.times = Some(n_calls);
        self
    }
}
