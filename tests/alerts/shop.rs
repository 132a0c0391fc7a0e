//! A seller in Germany with a few orders, and a robot in a WeCom group.

use jiff::{SignedDuration, Timestamp};
use renown_core::case::Case;
use renown_core::ids::SellerId;
use renown_core::notice::Channel;
use renown_simulator::{ChatKind, ChatMessage, Feedback, Item, Order};
use renown_tests::World;
use renown_tests::alerts::target;

pub(crate) const SELLER: &str = "A1SELLER";
pub(crate) const KEY: &str = "robot-1";
pub(crate) const GERMANY: &str = "A1PA6795UKMFR9";

pub(crate) fn start() -> Timestamp {
    "2026-11-02T09:00:00Z".parse().expect("a time")
}

pub(crate) fn hours(n: i64) -> SignedDuration {
    SignedDuration::from_hours(n)
}

pub(crate) fn seller() -> SellerId {
    SELLER.parse().expect("valid")
}

/// An order delivered two days before the start.
pub(crate) fn order(n: u32) -> Order {
    let mut order = Order::new(format!("028-1234567-{n:07}"), SELLER, GERMANY, start() - hours(24 * 6));
    order.items = vec![Item::new("TEA-POT", "B0TEAPOT01")];
    order
}

/// The same with a feedback, given some hours before the start.
pub(crate) fn with_feedback(n: u32, rating: u8, comments: &str, hours_ago: i64) -> Order {
    let feedback = Feedback::new(start() - hours(hours_ago), rating, comments);
    Order { feedback: Some(feedback), ..order(n) }
}

pub(crate) async fn world(orders: Vec<Order>) -> World {
    let mut world = World::new(start()).await;
    world.add_seller(SELLER, &["DE"]).await;
    for order in orders {
        world.simulator.put_order(order).expect("an order");
    }
    world.add_chat(ChatKind::WeCom, KEY, None, target("ops", Channel::Wecom)).await;
    world
}

pub(crate) fn messages(world: &World) -> Vec<ChatMessage> {
    world.simulator.chat_messages(ChatKind::WeCom, KEY)
}

pub(crate) async fn cases(world: &World) -> Vec<Case> {
    world.app.ledger.cases(&seller()).await.expect("listed")
}
