//! Which fault strikes a call.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::http_reply::Reply;
use crate::model::{Fault, FaultId, FaultKind, OutageAnswer};
use crate::operation::Operation;

/// A fault in force, with its counters.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ActiveFault {
    pub(crate) id: FaultId,
    pub(crate) fault: Fault,
    /// Calls let through so far, because of `skip`.
    pub(crate) skipped: u32,
    /// Calls struck so far.
    pub(crate) used: u32,
}

/// The call a fault may strike.
pub(crate) struct Target<'call> {
    pub(crate) now: Timestamp,
    pub(crate) operation: Operation,
    pub(crate) seller: Option<&'call str>,
    pub(crate) order: Option<&'call str>,
    /// When a solicitation was last accepted for the order.
    pub(crate) accepted_at: Option<Timestamp>,
}

/// Where in the life of a call a fault strikes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// While the token is checked.
    Access,
    /// Everything else.
    Call,
}

/// The first fault in order of their adding that strikes; counts the use.
pub(crate) fn strike(
    faults: &mut [ActiveFault],
    target: &Target<'_>,
    phase: Phase,
) -> Option<(FaultId, FaultKind)> {
    for active in faults {
        if !active.matches(target, phase) {
            continue;
        }
        if active.skipped < active.fault.skip {
            active.skipped += 1;
            continue;
        }
        active.used += 1;
        return Some((active.id, active.fault.kind.clone()));
    }
    None
}

impl ActiveFault {
    fn matches(&self, target: &Target<'_>, phase: Phase) -> bool {
        let fault = &self.fault;
        let phase_of_kind = match fault.kind {
            FaultKind::TokenExpired | FaultKind::Revoked => Phase::Access,
            _ => Phase::Call,
        };
        let times = match (fault.times, &fault.kind) {
            (Some(times), _) => times,
            (None, FaultKind::TokenExpired) => 1,
            (None, _) => u32::MAX,
        };
        let still_offered = match fault.kind {
            FaultKind::StillOfferedFor { seconds } => target.accepted_at.is_some_and(|at| {
                target.now.duration_since(at) < SignedDuration::from_secs(i64::from(seconds))
            }),
            _ => true,
        };
        let operation_fits = match fault.operation {
            Some(only) => only == target.operation,
            None => target.operation.is_sp_api() || fault.kind == FaultKind::Revoked,
        };
        phase_of_kind == phase
            && self.used < times
            && operation_fits
            && fault.kind.concerns(target.operation)
            && fault.seller.as_deref().is_none_or(|only| target.seller == Some(only))
            && fault.order.as_deref().is_none_or(|only| target.order == Some(only))
            && fault.from.is_none_or(|from| from <= target.now)
            && fault.until.is_none_or(|until| target.now < until)
            && still_offered
    }
}

impl FaultKind {
    /// The reply that stands in place of any processing, for the kinds that prevent it.
    pub(crate) fn early_reply(&self) -> Option<Reply> {
        match self {
            Self::Throttle => Some(Reply::throttled()),
            Self::Error500 => Some(Reply::internal_failure()),
            // Nobody sees the reply of a connection that breaks; it only marks the call as unprocessed.
            Self::Error503
            | Self::ResetBefore
            | Self::StallBefore { .. }
            | Self::Outage { answer: OutageAnswer::Unavailable } => Some(Reply::unavailable()),
            Self::HtmlError { status } => Some(Reply::html(*status)),
            Self::WrongText { message } => Some(Reply::error(403, "Unauthorized", message)),
            Self::ResetAfter
            | Self::StallAfter { .. }
            | Self::TruncatedJson
            | Self::NothingOffered
            | Self::StillOfferedFor { .. }
            | Self::Outage { answer: OutageAnswer::Empty }
            | Self::TokenExpired
            | Self::Revoked
            | Self::ReportFatal { .. } => None,
        }
    }
}
