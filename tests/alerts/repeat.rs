//! Who bought again: a week at a time, of sellers with a registered brand.

use renown_core::case::Kind;
use renown_core::ids::Asin;
use renown_core::reports::RepeatPurchase;
use renown_io::ledger::ReportKind;
use renown_simulator::{Item, Order, Seller as AtAmazon};
use renown_tests::World;

use crate::shop::{GERMANY, SELLER, hours, seller, world};

/// Orders of a tea pot. The world begins on Monday, 2 November; the last week that is ready then ended
/// on Saturday, 24 October.
fn pots(n: std::ops::Range<u32>, bought: &str) -> Vec<Order> {
    n.map(|n| Order {
        items: vec![Item::new("TEA-POT", "B0TEAPOT01")],
        ..Order::new(format!("028-1234567-{n:07}"), SELLER, GERMANY, bought.parse().expect("a time"))
    })
    .collect()
}

fn brand(world: &World) {
    let there = world.simulator.sellers().into_iter().find(|one| one.seller_id == SELLER);
    world.simulator.add_seller(AtAmazon { has_brand: true, ..there.expect("there") });
}

async fn weeks(world: &World) -> Vec<RepeatPurchase> {
    let asin: Asin = "B0TEAPOT01".parse().expect("an ASIN");
    let at = GERMANY.parse().expect("known");
    world.app.ledger.repeat_purchases(&seller(), at, &asin).await.expect("readable")
}

/// Requests that were written down.
async fn asked(world: &World) -> usize {
    let items = world.app.ledger.reports(&seller()).await.expect("listed");
    items.iter().filter(|item| item.kind == ReportKind::RepeatPurchase).count()
}

#[tokio::test(start_paused = true)]
async fn each_week_is_read_once_when_amazon_has_it_ready() {
    let old = pots(1..21, "2026-10-20T10:00:00Z");
    let world = world([old, pots(21..31, "2026-10-28T10:00:00Z")].concat()).await;
    brand(&world);
    world.watch(hours(3)).await;
    let read = weeks(&world).await;
    let [week] = &read[..] else { panic!("{read:?}") };
    let days = (week.from.to_string(), week.to.to_string());
    assert_eq!(days, ("2026-10-18".to_owned(), "2026-10-24".to_owned()));
    assert_eq!((week.orders, week.currency.as_str()), (20, "EUR"));
    assert!((week.repeat_customers - 0.1).abs() < 1e-9, "{week:?}");
    world.watch(hours(30)).await;
    assert_eq!(asked(&world).await, 1);
    // Saturday the 31st is ready on the 4th.
    world.watch(hours(9)).await;
    assert_eq!((asked(&world).await, weeks(&world).await.len()), (2, 2));
    assert_eq!(world.simulator.violations(), []);
}

#[tokio::test(start_paused = true)]
async fn a_seller_without_a_brand_is_asked_about_once_a_week_and_nobody_is_told() {
    let world = world(pots(1..3, "2026-10-20T10:00:00Z")).await;
    world.watch(hours(30)).await;
    assert_eq!(weeks(&world).await, []);
    let told = world.app.ledger.signals(&seller()).await.expect("listed");
    assert!(told.iter().all(|stored| stored.signal.kind != Kind::Access), "{told:?}");
    assert_eq!(asked(&world).await, 1);
}
