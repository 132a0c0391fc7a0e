//! When bounces and complaints stop the mails, before SES does.
//!
//! SES looks at an account from 5 % bounces or 0.1 % complaints on and stops it at 10 % or
//! 0.5 % (its reputation pages). A seller is stopped at half of the first, the whole account a
//! little later, so that one seller's list never costs the others their mails.

use serde::{Deserialize, Serialize};

use crate::control::Cause;
use crate::say::Text;
use crate::text;

/// Days over which is counted.
pub const DAYS: i64 = 7;
/// Fewer mails than this within the days say nothing.
pub const LEAST_SENT: u32 = 200;

/// What was counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Mails that SES took.
    pub sent: u32,
    /// Addresses that do not exist.
    pub bounced: u32,
    /// Mails that were called spam.
    pub complained: u32,
}

impl Counts {
    /// The sum of both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            sent: self.sent.saturating_add(other.sent),
            bounced: self.bounced.saturating_add(other.bounced),
            complained: self.complained.saturating_add(other.complained),
        }
    }
}

/// Whose mails are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// One seller's.
    Seller,
    /// All of the account.
    Account,
}

/// Limits in bounces and complaints of 10 000 mails.
fn limits(of: Of) -> (u64, u64) {
    match of {
        Of::Seller => (250, 5),
        Of::Account => (400, 8),
    }
}

/// Why the mails are to stop; `None`: they may go on.
pub fn pull(of: Of, counts: Counts) -> Option<(Cause, Text)> {
    if counts.sent < LEAST_SENT {
        return None;
    }
    let Counts { sent, bounced, complained } = counts;
    let reaches = |n: u32, of_10_000: u64| u64::from(n) * 10_000 >= u64::from(sent) * of_10_000;
    let percent = |n: u32| f64::from(n) * 100.0 / f64::from(sent);
    let (bounces, complaints) = limits(of);
    if reaches(complained, complaints) {
        let (share, limit) = (percent(complained), f64::from(u32::try_from(complaints).unwrap_or(0)) / 100.0);
        return Some((
            Cause::Complaints,
            text!(
                "{complained} of {sent} mails in 7 days were called spam ({share:.2} %, limit {limit:.2} %)",
                "7 天内 {sent} 封邮件中有 {complained} 封被标为垃圾邮件({share:.2}%,上限 {limit:.2}%)"
            ),
        ));
    }
    if reaches(bounced, bounces) {
        let (share, limit) = (percent(bounced), f64::from(u32::try_from(bounces).unwrap_or(0)) / 100.0);
        return Some((
            Cause::Bounces,
            text!(
                "{bounced} of {sent} mails in 7 days went to mailboxes that do not exist ({share:.2} %, limit {limit:.2} %)",
                "7 天内 {sent} 封邮件中有 {bounced} 封的邮箱不存在({share:.2}%,上限 {limit:.2}%)"
            ),
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cause(of: Of, sent: u32, bounced: u32, complained: u32) -> Option<Cause> {
        pull(of, Counts { sent, bounced, complained }).map(|(cause, _)| cause)
    }

    #[test]
    fn the_brake_is_pulled_at_its_limit_and_not_a_mail_before() {
        for (of, sent, bounced, complained, expect) in [
            (Of::Seller, 199, 199, 199, None),
            (Of::Seller, 200, 4, 0, None),
            (Of::Seller, 200, 5, 0, Some(Cause::Bounces)),
            (Of::Seller, 200, 0, 1, Some(Cause::Complaints)),
            (Of::Seller, 2001, 0, 1, None),
            (Of::Seller, 2000, 0, 1, Some(Cause::Complaints)),
            (Of::Seller, 10_000, 249, 4, None),
            (Of::Account, 10_000, 399, 7, None),
            (Of::Account, 10_000, 400, 7, Some(Cause::Bounces)),
            (Of::Account, 10_000, 400, 8, Some(Cause::Complaints)),
        ] {
            assert_eq!(cause(of, sent, bounced, complained), expect, "{of:?} {sent} {bounced} {complained}");
        }
    }
}
