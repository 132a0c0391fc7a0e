//! Signals out of the rows of Amazon's reports.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

use super::signal::{Kind, Signal};
use super::subject::Subject;
use crate::ids::{OrderId, SellerId};
use crate::marketplace::MarketplaceId;
use crate::reports::{FbaReturnRow, MerchantReturnRow, SellerFeedbackRow, feedback_date};
use crate::text;

/// Feedback of more stars is no trouble, and Amazon's report has none.
const MOST_STARS: u8 = 3;
/// A return is to be decided on within so many days. Source: market.md C15 ("returns handled ≤ 3
/// days").
const DECIDE_WITHIN: i32 = 3;

/// Where a row was read: whose it is, and of when.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Whose report it is.
    pub seller: &'a SellerId,
    /// Where, if the report is of one marketplace.
    pub marketplace: Option<MarketplaceId>,
    /// The end of its range.
    pub as_of: Timestamp,
    /// When it is read.
    pub seen_at: Timestamp,
}

impl Source<'_> {
    fn about(&self, order: &OrderId, kind: Kind, what: &str) -> Signal {
        let subject = Subject::Order { order: order.clone() };
        let mut signal = Signal::new(self.seller.clone(), subject, kind, what, (self.as_of, self.seen_at));
        signal.marketplace = self.marketplace;
        signal
    }
}

/// A feedback. One whose stars or words were changed later is another fact.
pub fn of_feedback(row: &SellerFeedbackRow, source: Source<'_>) -> Option<Signal> {
    if row.rating > MOST_STARS {
        return None;
    }
    let words = row.comments.as_deref().unwrap_or_default();
    let raw = row.date.as_deref().unwrap_or_default();
    let what = format!("{raw}#{}", hash(&format!("{}{words}", row.rating)));
    let mut signal = source.about(&row.order_id, Kind::Feedback, &what).saying(words);
    signal.stars = Some(row.rating);
    signal.day = source.marketplace.and_then(|marketplace| feedback_date(raw, marketplace));
    if signal.day.is_none() {
        signal.raw_day = row.date.clone();
    }
    if row.has_response {
        signal.note = Some(text!("It was answered publicly before.", "此前已公开回复。"));
    }
    Some(signal)
}

/// A return that reached one of Amazon's warehouses.
pub fn of_fba_return(row: &FbaReturnRow, source: Source<'_>) -> Signal {
    let day = row.returned_at.to_zoned(TimeZone::UTC).date();
    let sku = row.sku.as_ref().map_or("", |sku| sku.as_str());
    let reason = row.reason.as_deref().unwrap_or_default();
    let what = format!("{day}#{}", hash(&format!("{sku} {reason}")));
    let words = row.comments.as_deref().unwrap_or_default();
    let mut signal = source.about(&row.order_id, Kind::Return, &what).saying(words);
    signal.asin.clone_from(&row.asin);
    signal.sku.clone_from(&row.sku);
    signal.reason.clone_from(&row.reason);
    signal.by_amazon = Some(true);
    signal.day = Some(day);
    signal
}

/// What a seller-fulfilled return says: that there is one, that Amazon's guarantee is claimed, that
/// nobody decided in time.
pub fn of_merchant_return(row: &MerchantReturnRow, source: Source<'_>) -> Vec<Signal> {
    let sku = row.sku.as_ref().map_or("", |sku| sku.as_str());
    let what = format!("{}#{}", row.requested_on, hash(sku));
    let signal = |kind: Kind| {
        let mut signal = source.about(&row.order_id, kind, &what);
        signal.asin.clone_from(&row.asin);
        signal.sku.clone_from(&row.sku);
        signal.reason.clone_from(&row.reason);
        signal.by_amazon = Some(false);
        signal.day = Some(row.requested_on);
        signal
    };
    let mut signals = vec![signal(Kind::Return)];
    if row.a_to_z == Some(true) {
        let mut claim = signal(Kind::Claim);
        // When it was made stands nowhere; it was heard of now.
        claim.day = None;
        signals.push(claim);
    }
    let status = row.status.as_deref().unwrap_or_default();
    let is_pending = status.get(..7).is_some_and(|begin| begin.eq_ignore_ascii_case("pending"));
    let days = days_between(row.requested_on, source.as_of.to_zoned(TimeZone::UTC).date());
    if is_pending && days > DECIDE_WITHIN {
        let overdue = signal(Kind::OverdueReturn).noting(text!(
            "It was asked for {days} days ago and is still {status:?}; Amazon wants an answer within {DECIDE_WITHIN}.",
            "买家 {days} 天前提出,状态仍为 {status:?};亚马逊要求 {DECIDE_WITHIN} 天内处理。"
        ));
        signals.push(overdue);
    }
    signals
}

fn days_between(from: Date, to: Date) -> i32 {
    to.since(from).map_or(0, |span| span.get_days())
}

/// Twelve letters of a hash: tells texts of one order apart.
fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes())
        .iter()
        .take(6)
        .fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}
