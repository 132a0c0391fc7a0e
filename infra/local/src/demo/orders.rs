//! Orders of the demo, drawn: who ships, when it arrives, and what goes wrong.

use std::collections::BTreeSet;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use renown_simulator::{Channel, Item, Order, Promise};

use super::DemoSeller;

/// Orders are placed over this many days.
const DAYS: u64 = 40;

/// Where an order is placed: index of the seller and of its marketplace, share of all orders in
/// percent, and first groups of order ids there.
const PLACES: [(usize, usize, u32, &[&str]); 5] = [
    (0, 0, 30, &["302", "303", "304", "305", "306"]),
    (0, 1, 18, &["202", "203", "204", "205", "206"]),
    (0, 2, 12, &["402", "403", "404", "405", "406"]),
    (1, 0, 28, &["249", "250", "503"]),
    (1, 1, 12, &["501", "502"]),
];

/// What each seller sells: its own name of the item, Amazon's, the price in the smallest unit.
const GOODS: [&[(&str, &str, u32)]; 2] = [
    &[
        ("MH-LAMP-OAK", "B0DLAMP001", 3499),
        ("MH-LAMP-WHITE", "B0DLAMP002", 3499),
        ("MH-BLANKET-150", "B0DBLANK01", 2799),
        ("MH-CURTAIN-2", "B0DCURT001", 4299),
        ("MH-VASE-S #2", "B0DVASE002", 1899),
    ],
    &[
        ("KT-SENCHA-100", "B0DTEA0001", 1480),
        ("KT-MATCHA-30", "B0DTEA0002", 2280),
        ("KT-HOJICHA-200", "B0DTEA0003", 1680),
        ("KT-TEAPOT-黒", "B0DTEAPOT1", 5980),
    ],
];

/// What becomes of an order, with its share in a thousand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    ArrivesLate,
    NeverArrives,
    NeverShips,
    CancelledBefore,
    CancelledAfter,
    Replacement,
    NonAmazon,
    Ineligible,
    AskedByHand,
    InTwoParcels,
    Ordinary,
}

const FATES: [(Fate, u32); 10] = [
    (Fate::ArrivesLate, 70),
    (Fate::NeverArrives, 20),
    (Fate::NeverShips, 8),
    (Fate::CancelledBefore, 55),
    (Fate::CancelledAfter, 20),
    (Fate::Replacement, 25),
    (Fate::NonAmazon, 20),
    (Fate::Ineligible, 20),
    (Fate::AskedByHand, 35),
    (Fate::InTwoParcels, 25),
];

/// Draws `n_orders` orders, placed from `first_day` on.
pub(super) fn draw(
    rng: &mut Rng,
    sellers: &[DemoSeller; 2],
    first_day: Timestamp,
    n_orders: usize,
) -> Vec<Order> {
    let mut ids = BTreeSet::new();
    let mut orders: Vec<Order> = Vec::with_capacity(n_orders);
    while orders.len() < n_orders {
        let (seller_idx, marketplace_idx, _, prefixes) = place(rng);
        let fate = fate(rng);
        let prefix = if fate == Fate::NonAmazon { "S01" } else { prefixes[rng.usize(..prefixes.len())] };
        let id =
            format!("{prefix}-{:07}-{:07}", rng.u32(1_000_000..10_000_000), rng.u32(1_000_000..10_000_000));
        if !ids.insert(id.clone()) {
            continue;
        }
        let seller = &sellers[seller_idx];
        let bought = first_day + minutes(rng.u64(..DAYS * 24 * 60));
        let mut order =
            Order::new(id, seller.id.as_str(), seller.marketplaces[marketplace_idx].as_str(), bought);
        shape(rng, &mut order, seller_idx, fate);
        if fate == Fate::Replacement {
            let earlier = orders.iter().rev().find(|earlier| earlier.seller_id == order.seller_id);
            order.replacement_of =
                Some(earlier.map_or("302-1111111-1111111".to_owned(), |o| o.order_id.clone()));
        }
        orders.push(order);
    }
    orders
}

fn place(rng: &mut Rng) -> (usize, usize, u32, &'static [&'static str]) {
    let mut at = rng.u32(..PLACES.iter().map(|place| place.2).sum::<u32>());
    for place in PLACES {
        if at < place.2 {
            return place;
        }
        at -= place.2;
    }
    PLACES[0]
}

fn fate(rng: &mut Rng) -> Fate {
    let mut at = rng.u32(..1000);
    for (fate, share) in FATES {
        if at < share {
            return fate;
        }
        at -= share;
    }
    Fate::Ordinary
}

/// Gives an order its whole history.
fn shape(rng: &mut Rng, order: &mut Order, seller_idx: usize, fate: Fate) {
    let by_amazon = fate == Fate::NonAmazon || rng.u32(..100) < 65;
    let bought = order.purchased_at;
    order.channel = if by_amazon { Channel::Amazon } else { Channel::Merchant };
    let shipped = bought + if by_amazon { hours(rng, 5..30) } else { hours(rng, 12..60) };
    let (first, length) =
        if by_amazon { (rng.u64(2..4), rng.u64(0..2)) } else { (rng.u64(4..8), rng.u64(2..6)) };
    let earliest = midnight(bought + days(first));
    order.promise = Promise { earliest, latest: earliest + days(length + 1) - SignedDuration::from_secs(1) };
    order.estimated_arrival = by_amazon.then(|| order.promise.latest - hours(rng, 2..10));
    order.shipped_at = Some(shipped);
    order.delivered_at = Some((earliest + hours(rng, 8..20)).max(shipped + hours(rng, 8..20)));
    if !by_amazon && length > 2 && rng.bool() {
        order.delivered_at = Some(earliest + days(length - 1) + hours(rng, 8..20));
    }
    order.items = vec![item(rng, seller_idx)];
    if rng.u32(..100) < 15 {
        order.items.push(item(rng, seller_idx));
    }
    if by_amazon && rng.u32(..100) < 60 {
        order.programs.push("PRIME".to_owned());
    }
    match fate {
        Fate::ArrivesLate => {
            order.delivered_at = Some(order.promise.latest + days(rng.u64(3..11)) + hours(rng, 8..20));
        }
        Fate::NeverArrives => order.delivered_at = None,
        Fate::NeverShips => (order.shipped_at, order.delivered_at) = (None, None),
        Fate::CancelledBefore => {
            (order.shipped_at, order.delivered_at) = (None, None);
            order.cancelled_at = Some(bought + minutes(rng.u64(10..240)));
        }
        Fate::CancelledAfter => order.cancelled_at = Some(shipped + hours(rng, 2..40)),
        Fate::NonAmazon => order.non_amazon = true,
        Fate::Ineligible => order.ineligible = true,
        Fate::AskedByHand => {
            order.asked_elsewhere_at = order.delivered_at.map(|at| at + days(5) + hours(rng, 0..12));
        }
        Fate::InTwoParcels => {
            let mut second = item(rng, seller_idx);
            second.shipped_at = Some(shipped + hours(rng, 20..40));
            second.delivered_at = order.delivered_at.map(|at| at + days(1));
            order.items.push(second);
        }
        Fate::Replacement | Fate::Ordinary => {}
    }
}

fn item(rng: &mut Rng, seller_idx: usize) -> Item {
    let (sku, asin, price) = GOODS[seller_idx][rng.usize(..GOODS[seller_idx].len())];
    Item { price_minor: price, quantity: rng.u32(1..3), ..Item::new(sku, asin) }
}

fn minutes(n: u64) -> SignedDuration {
    SignedDuration::from_mins(i64::try_from(n).unwrap_or(i64::MAX / 60))
}

fn days(n: u64) -> SignedDuration {
    minutes(n * 24 * 60)
}

fn hours(rng: &mut Rng, range: std::ops::Range<u64>) -> SignedDuration {
    minutes(rng.u64(range.start * 60..range.end * 60))
}

/// The beginning of the day, of UTC.
fn midnight(at: Timestamp) -> Timestamp {
    let day = TimeZone::UTC.to_datetime(at).date();
    TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).unwrap_or(at)
}
