//! A grant as production makes it: a claim in a table. There is no other way to one.

use jiff::{SignedDuration, Timestamp};
use renown_core::control::{Live, SellerControl};
use renown_core::ids::{OrderId, SellerId};
use renown_core::marketplace::MarketplaceId;
use renown_core::order::{Facts, SeenIn, Sighting, State};
use renown_core::policy::timing::Context;
use renown_core::rules::Rules;
use renown_io::clock::Clock;
use renown_io::ledger::{Claimed, Grant, Ledger};
use renown_local::dynamo::{Dynamo, TABLE};

/// Claims an order of a live seller in a fresh table.
pub(crate) async fn grant(
    seller: &SellerId,
    order: &OrderId,
    marketplace: MarketplaceId,
    clock: &Clock,
) -> Grant {
    let dynamo = Dynamo::in_memory().expect("memory");
    dynamo.create_table().await.expect("a table");
    let ledger = Ledger::new(dynamo.client(), TABLE, "contract");
    let now = clock.now();
    ledger
        .change_control(|control| {
            let live = SellerControl { live: Some(Live { since: now }), ..SellerControl::default() };
            control.sellers.insert(seller.clone(), live);
        })
        .await
        .expect("live");

    let rules = Rules::default();
    let context = Context { rules: &rules, live_since: Some(now), soon: false };
    let facts = Facts { marketplace: Some(marketplace), ..Facts::default() };
    let sighting = Sighting { order: order.clone(), seen_in: SeenIn::Import, facts };
    ledger.record_orders(seller, vec![sighting], context, now).await.expect("recorded");
    let stored = ledger.order(seller, order).await.expect("readable").expect("there");
    let mut planned = stored.order.clone();
    planned.state = State::Planned { due_at: now, not_after: later(now, 24), empty: 0, unclear: 0 };
    assert!(ledger.update_order(&stored, planned, now).await.expect("written"), "nobody else writes");

    let stored = ledger.order(seller, order).await.expect("readable").expect("there");
    let reading = ledger.control(now).await.expect("readable");
    let permit = reading.permit(seller, marketplace, now).expect("live");
    match ledger.claim(&stored, permit, &[], later(now, 1), context, clock).await.expect("claimed") {
        Claimed::Granted { grant, .. } => grant,
        other => panic!("{other:?}"),
    }
}

fn later(now: Timestamp, hours: i64) -> Timestamp {
    now.checked_add(SignedDuration::from_hours(hours)).expect("a time")
}
