//! Orders that the seller is to ship itself and has not, though their time is over.

use jiff::{SignedDuration, Timestamp};
use renown_core::case::{Source, of_unshipped};
use renown_io::ledger::Errand;
use renown_io::spapi::UnshippedOrders;

use super::Trouble;
use crate::seller::Shop;
use crate::signals;
use crate::summary::Summary;

/// Looked for this often. Ours: an order counts as shipped late from the first minute on, and Amazon
/// allows a search in three minutes.
const EVERY: SignedDuration = SignedDuration::from_hours(1);
/// Orders placed this long ago and later. Amazon cancels what is not confirmed as shipped within 30 days
/// of its date (Seller Central, "Confirm shipments").
const REACH: SignedDuration = SignedDuration::from_hours(35 * 24);

/// One search, or its next page. Tells when the next one is to be made.
///
/// # Errors
///
/// If the table or Amazon does not answer.
pub(super) async fn run(
    shop: &Shop<'_>,
    errand: &mut Errand,
    summary: &mut Summary,
) -> Result<Timestamp, Trouble> {
    let now = shop.app.clock.now();
    // Amazon takes a page of the same search alone: the next one begins where the first did.
    let since = now.saturating_sub(REACH).unwrap_or(now);
    let created_after = errand.since.unwrap_or(since);
    let search = UnshippedOrders { marketplaces: shop.seller.marketplaces.clone(), created_after };
    let page = shop.spapi.unshipped_orders(&shop.caller, &search, errand.page.as_ref()).await?;
    let mut late = Vec::new();
    for order in &page.orders {
        let source =
            Source { seller: &shop.seller.id, marketplace: order.marketplace, as_of: now, seen_at: now };
        let signal = order.ship_by.and_then(|ship_by| of_unshipped(&order.order_id, ship_by, source));
        late.extend(signal);
    }
    for order in &page.unreadable {
        let id = order.order_id.as_ref().map_or("?", |id| id.as_str());
        tracing::warn!(seller.id = %shop.seller.id, order.id = id, problem = order.problem, "an unshipped order cannot be read");
    }
    summary.signals += signals::record(shop, late).await?;
    errand.since = page.next.is_some().then_some(created_after);
    errand.page = page.next;
    Ok(if errand.page.is_some() { now } else { now.saturating_add(EVERY).unwrap_or(now) })
}
