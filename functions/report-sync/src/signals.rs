//! Signals of a report: what of them is new is given the order's product and place, written down,
//! and told of on the bus.

use std::collections::BTreeMap;

use renown_core::case::Signal;
use renown_core::order::FulfillmentChannel;
use renown_io::bus::raise;
use renown_io::ledger::Error;

use crate::seller::Shop;

/// Takes in signals; tells how many are new. What was heard before costs a read and nothing else.
///
/// # Errors
///
/// If the table does not answer; the file is read again from its checkpoint.
pub(crate) async fn record(shop: &Shop<'_>, mut signals: Vec<Signal>) -> Result<u64, Error> {
    let ledger = &shop.app.ledger;
    ledger.drop_known_signals(&mut signals).await?;
    let orders = signals.iter().filter(|signal| lacks(signal)).filter_map(|signal| signal.subject.order());
    let mut facts = BTreeMap::new();
    for order in orders {
        if let Some(stored) = ledger.order(&shop.seller.id, order).await? {
            facts.insert(order.clone(), stored.order.facts);
        }
    }
    for signal in &mut signals {
        let Some(facts) = signal.subject.order().and_then(|order| facts.get(order)) else { continue };
        signal.marketplace = signal.marketplace.or(facts.marketplace);
        let by_amazon = facts.channel.map(|channel| channel == FulfillmentChannel::Amazon);
        signal.by_amazon = signal.by_amazon.or(by_amazon);
        // Of an order with several products nobody knows which one is meant.
        if let (None, 1) = (&signal.asin, facts.asins.len()) {
            signal.asin = facts.asins.first().cloned();
        }
        if let (None, 1) = (&signal.sku, facts.skus.len()) {
            signal.sku = facts.skus.first().cloned();
        }
    }
    Ok(raise(ledger, &shop.app.bus, &signals).await?.len() as u64)
}

fn lacks(signal: &Signal) -> bool {
    signal.marketplace.is_none()
        || signal.asin.is_none()
        || signal.sku.is_none()
        || signal.by_amazon.is_none()
}
