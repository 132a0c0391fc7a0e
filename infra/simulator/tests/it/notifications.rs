//! The outbox: what Amazon would have sent, once, in order.

use jiff::Timestamp;
use renown_simulator::{Order, Seller};
use serde_json::Value;

use crate::support::{ORDER, SELLER, US, World, at, order};

fn body(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// (time, status) of every order-level message that is due.
fn order_level(world: &World) -> Vec<(Timestamp, String)> {
    let mut seen = Vec::new();
    for message in world.simulator.take_notifications() {
        let change = body(&message.body)["Payload"]["OrderChangeNotification"].clone();
        if change["NotificationLevel"] == "OrderLevel" {
            seen.push((message.at, change["Summary"]["OrderStatus"].as_str().unwrap().to_owned()));
        }
    }
    seen
}

/// A world whose outbox is empty and whose order lies ahead.
async fn world_with_order_ahead(change: impl FnOnce(&mut Order)) -> World {
    let world = World::new().await;
    world.simulator.take_notifications();
    let mut order = Order::new("222-2222222-2222222", SELLER, US, at("2026-03-10T00:00:00Z"));
    order.shipped_at = Some(at("2026-03-11T00:00:00Z"));
    order.delivered_at = Some(at("2026-03-13T00:00:00Z"));
    change(&mut order);
    world.put(order);
    world
}

#[tokio::test(start_paused = true)]
async fn each_change_of_status_is_told_at_both_levels_and_once() {
    let world = world_with_order_ahead(|order| order.cancelled_at = Some(at("2026-03-12T00:00:00Z"))).await;
    assert!(world.simulator.take_notifications().is_empty());
    world.go_to("2026-03-11T00:00:00Z");
    let messages = world.simulator.take_notifications();
    assert_eq!(messages.len(), 6, "Pending, Unshipped, Shipped at two levels");
    let ids: std::collections::BTreeSet<_> = messages
        .iter()
        .map(|message| body(&message.body)["NotificationMetadata"]["NotificationId"].to_string())
        .collect();
    assert_eq!(ids.len(), 6);
    assert!(world.simulator.take_notifications().is_empty());
    world.go_to("2026-03-20T00:00:00Z");
    assert_eq!(order_level(&world), [(at("2026-03-12T00:00:00Z"), "Canceled".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn the_same_history_gives_the_same_messages() {
    let mut histories = Vec::new();
    for _ in 0..2 {
        let world = world_with_order_ahead(|_| {}).await;
        world.go_to("2026-03-20T00:00:00Z");
        histories.push(world.simulator.take_notifications());
    }
    assert_eq!(histories[0], histories[1]);
}

#[tokio::test(start_paused = true)]
async fn a_delivery_is_told_by_easy_ship_only() {
    for easy_ship in [false, true] {
        let world = world_with_order_ahead(|order| order.easy_ship = easy_ship).await;
        world.go_to("2026-03-20T00:00:00Z");
        let messages = world.simulator.take_notifications();
        let delivered =
            messages.iter().any(|message| message.body.contains("\"EasyShipShipmentStatus\":\"Delivered\""));
        assert_eq!(delivered, easy_ship);
    }
}

#[tokio::test(start_paused = true)]
async fn an_order_put_in_again_is_told_only_where_it_changed() {
    let world = world_with_order_ahead(|_| {}).await;
    world.go_to("2026-03-11T12:00:00Z");
    world.simulator.take_notifications();
    let mut order = world.simulator.orders().into_iter().find(|order| order.order_id != ORDER).unwrap();
    order.cancelled_at = Some(at("2026-03-11T11:00:00Z"));
    world.put(order);
    assert_eq!(order_level(&world), [(at("2026-03-11T11:00:00Z"), "Canceled".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn what_lies_before_the_subscription_is_not_told() {
    let world = World::new().await;
    let seller = world.simulator.sellers().into_iter().find(|seller| seller.seller_id == SELLER).unwrap();
    world.simulator.add_seller(Seller { notified_since: Some(at("2026-02-26T00:00:00Z")), ..seller });
    world.put(order());
    assert_eq!(order_level(&world), [(at("2026-02-26T10:00:00Z"), "Shipped".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn the_next_change_is_the_next_moment_at_which_something_differs() {
    let world = world_with_order_ahead(|_| {}).await;
    let mut moments = Vec::new();
    let mut now = world.simulator.now();
    while let Some(next) = world.simulator.next_change_after(now) {
        moments.push(next.to_string());
        now = next;
    }
    let expected = [
        "2026-03-02T10:00:00Z",
        "2026-03-10T00:00:00Z",
        "2026-03-10T00:30:00Z",
        "2026-03-11T00:00:00Z",
        "2026-03-13T00:00:00Z",
    ];
    assert_eq!(moments, expected);
}
