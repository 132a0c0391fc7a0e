//! The first weeks of a seller, and the ranges after them.

use std::collections::{BTreeMap, BTreeSet};

use renown_core::marketplace::MarketplaceId;
use renown_core::order::{OrderStatus, SeenIn, Shipped, State};
use renown_io::ledger::{ReportKind, ReportState};
use renown_simulator as sim;
use serde_json::Value;

use crate::cycle::tick;
use crate::world::{World, hours, t};

const START: &str = "2026-11-20T12:00:00Z";

/// A world with orders bought 3, 12, 20 and 33 days ago, the young ones sent by Amazon.
async fn world() -> World {
    let world = World::at(START, "DE").await;
    for (n, bought) in (1..).zip(["2026-11-17", "2026-11-08", "2026-10-31", "2026-10-18"]) {
        let mut order = world.order(n, &format!("{bought}T10:00:00Z"));
        order.channel = if n <= 2 { sim::Channel::Amazon } else { sim::Channel::Merchant };
        world.simulator.put_order(order).expect("valid");
    }
    world
}

#[tokio::test(start_paused = true)]
async fn a_new_seller_is_read_35_days_back_in_order_and_within_amazons_pace() {
    let world = world().await;
    let first = tick(&world.app).await;
    assert_eq!(
        (first.asked_for, world.asked()),
        (2, 2),
        "a process begins with two calls; the rest waits for its turn"
    );
    let mut summary = first;
    summary.add(world.run(hours(1)).await);

    assert_eq!((summary.asked_for, summary.read, summary.new), (4, 4, 4));
    assert_eq!(summary.gaps, 0, "what is from before a seller was connected is no gap");
    assert_eq!(summary.problems, []);
    for kind in ReportKind::OF_ORDERS {
        let items = world.requests(kind).await;
        let [old, new] = &items[..] else { panic!("{items:?}") };
        assert!(
            items.iter().all(|item| item.back_fill && matches!(item.state, ReportState::Done { .. })),
            "{items:?}"
        );
        assert_eq!((old.from, old.to), (t("2026-10-16T11:58:00Z"), new.from));
        assert_eq!(new.to, t("2026-11-20T11:58:00Z"));
    }
    assert_eq!(world.simulator.violations(), []);
    assert!(world.orders().await.values().all(|order| order.seen_in == SeenIn::Import));
}

#[tokio::test(start_paused = true)]
async fn orders_and_shipments_complete_each_other() {
    let world = world().await;
    world.run(hours(1)).await;
    let by_amazon = world.stored("302-1000000-0000002").await.expect("there");
    let facts = &by_amazon.facts;
    assert_eq!(facts.status, Some(OrderStatus::Shipped));
    assert_eq!(facts.marketplace, MarketplaceId::of_country("DE"));
    assert_eq!(facts.shipped, Some(Shipped::Reported(t("2026-11-09T10:00:00Z"))));
    assert_eq!(facts.estimated_arrival, Some(t("2026-11-13T10:00:00Z")));
    assert_eq!((facts.skus.len(), facts.asins.len()), (1, 1));
    assert!(matches!(by_amazon.state, State::Planned { .. }), "{:?}", by_amazon.state);
    let by_seller = world.stored("302-1000000-0000003").await.expect("there");
    let Some(Shipped::Seen(seen_by)) = by_seller.facts.shipped else {
        panic!("the file tells no date of shipping: {by_seller:?}")
    };
    let as_of = world.requests(ReportKind::AllOrders).await[0].to;
    assert!(seen_by < as_of, "it was Shipped at its last update: {seen_by}, {as_of}");
}

#[tokio::test(start_paused = true)]
async fn each_kind_is_asked_for_every_six_hours_with_its_overlap() {
    let world = world().await;
    world.run(hours(25)).await;
    for kind in ReportKind::OF_ORDERS {
        let items = world.requests(kind).await;
        assert_eq!(items.iter().filter(|item| !item.back_fill).count(), 4, "{items:?}");
        for pair in items[1..].windows(2) {
            assert_eq!(
                pair[1].from,
                pair[0].to.saturating_sub(report_sync::overlap(kind)).expect("in range")
            );
            assert!(pair[1].to.duration_since(pair[0].to) >= report_sync::CADENCE);
        }
    }
    assert_eq!(world.simulator.violations(), []);
}

#[tokio::test(start_paused = true)]
async fn what_is_read_again_in_the_overlap_writes_no_order() {
    let world = world().await;
    let mut order = world.order(5, "2026-11-19T10:00:00Z");
    order.items.push(sim::Item::new("SKU-2", "B000000002"));
    order.channel = sim::Channel::Amazon;
    world.simulator.put_order(order).expect("valid");
    world.run(hours(1)).await;
    let mut seen = BTreeSet::new();
    let orders = |items: BTreeMap<(String, String), Value>| {
        items.into_iter().filter(|((pk, _), _)| pk.starts_with("ORDERS#")).collect::<Vec<_>>()
    };
    let before = orders(world.items(&mut seen));
    assert_eq!(before.len(), 5);

    world.pass(hours(6)).await;
    world.dynamo.count_units();
    let summary = world.run(hours(1)).await;
    let units = world.dynamo.units().expect("counted");
    assert_eq!(
        (summary.read, summary.rows),
        (2, 5),
        "two items in either report, and one shipment of two days ago"
    );
    assert_eq!((summary.new, summary.changed), (0, 0));
    let written = world.dynamo.take_writes();
    let is_of_plan = |pk: &str| pk.starts_with("REPORTS#") || pk.starts_with("ERRANDS#");
    assert!(written.iter().all(|written| is_of_plan(&written.pk)), "{written:?}");
    #[expect(clippy::cast_precision_loss, reason = "a handful of writes")]
    let writes = written.len() as f64;
    assert!((units.write - writes).abs() < f64::EPSILON, "one unit a write: {units:?} for {writes}");
    assert_eq!(orders(world.items(&mut seen)), before);
}
