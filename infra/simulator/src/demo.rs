//! Data to look at: one application, two sellers, some orders in every state.

use jiff::{SignedDuration, Timestamp};

use crate::model::{App, Channel, Item, Order, Promise, Region, Seller};
use crate::simulator::Simulator;

/// Loads the demo: an application and two sellers whose orders lie around the simulator's present.
///
/// # Panics
/// When the simulator's clock stands so near the ends of time that a month can't be added.
pub fn load_demo(simulator: &Simulator) {
    simulator.add_app(App::new("demo-client", "demo-secret"));
    let germany = Seller::new("A1DEMOSELLEREU", Region::Eu, &["A1PA6795UKMFR9", "A13V1IB3VIYZZH"])
        .granting("Atzr|demo-eu", "demo-client");
    let america =
        Seller::new("A2DEMOSELLERNA", Region::Na, &["ATVPDKIKX0DER"]).granting("Atzr|demo-na", "demo-client");
    simulator.add_seller(germany);
    simulator.add_seller(america);
    let now = simulator.now();
    for n in 0..12_i64 {
        let (seller, marketplace, series) = match n % 3 {
            0 => ("A1DEMOSELLEREU", "A1PA6795UKMFR9", 302),
            1 => ("A1DEMOSELLEREU", "A13V1IB3VIYZZH", 403),
            _ => ("A2DEMOSELLERNA", "ATVPDKIKX0DER", 111),
        };
        let order = demo_order(n, seller, marketplace, series, now);
        // The orders of the demo are written here and always valid.
        simulator.put_order(order).expect("demo orders are valid");
    }
}

/// Order number `n` was bought `3 n` days ago, from today back to 33 days ago.
fn demo_order(n: i64, seller: &str, marketplace: &str, series: u32, now: Timestamp) -> Order {
    let purchased_at = now - SignedDuration::from_hours(72 * n + 1);
    let day = |days: i64| purchased_at + SignedDuration::from_hours(24 * days);
    let mut order = Order::new(
        format!("{series}-{:07}-{:07}", 1_000_000 + n, 7_654_321 - n),
        seller,
        marketplace,
        purchased_at,
    );
    order.channel = if n % 2 == 0 { Channel::Amazon } else { Channel::Merchant };
    order.promise = Promise { earliest: day(2), latest: day(4) };
    order.delivered_at = Some(day(3));
    order.items = vec![Item::new(format!("DEMO-SKU-{n}"), format!("B0DEMO{n:04}"))];
    match n {
        5 => order.cancelled_at = Some(day(0) + SignedDuration::from_hours(6)),
        7 => order.replacement_of = Some(format!("{series}-1000001-7654320")),
        8 => order.ineligible = true,
        _ => {}
    }
    order
}
