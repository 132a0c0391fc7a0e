//! What one order costs, by the store's own answers: request units and bytes.

use renown_local::dynamo::{TABLE, Units};
use renown_simulator::{Channel, Operation, Order};
use renown_tests::{World, t};

/// Orders over which the cost is averaged: enough that a tick's own reads hardly weigh.
const ORDERS: u32 = 40;

/// Units for all orders, from the first message to the end, and the calls that ask.
async fn cost(channel: Channel) -> (Units, World) {
    let mut world = World::new(t("2026-10-01T00:00:00Z")).await;
    let seller = world.add_seller("A1BUDGET", &["DE"]).await;
    world.go_live(&seller.id).await;
    for n in 0..ORDERS {
        let id = format!("302-1234567-00000{n:02}");
        let mut order = Order::new(id, "A1BUDGET", "A1PA6795UKMFR9", t("2026-10-01T08:00:00Z"));
        order.channel = channel;
        world.simulator.put_order(order).expect("well-formed");
    }
    world.dynamo.count_units();
    // Messages as they come: Pending, Unshipped, Shipped, each in a batch of its own.
    for moment in ["2026-10-01T08:00:01Z", "2026-10-01T10:00:00Z", "2026-10-03T10:00:00Z"] {
        renown_tests::sleep(t(moment).duration_since(world.clock.now())).await;
        world.ingest().await;
    }
    renown_tests::sleep(t("2026-10-13T18:30:00Z").duration_since(world.clock.now())).await;
    renown_tests::sleep(jiff::SignedDuration::from_hours(14)).await;
    assert_eq!(world.tick().await.asked, u64::from(ORDERS));
    let units = world.dynamo.units().expect("counted");
    println!("{channel:?}, {ORDERS} orders in one tick: {units:?}");
    (units, world)
}

/// What the orders' own items cost. A tick's lease and its count of probes (three units, however
/// many orders it asks for) are not an order's.
fn write_per_order(units: Units) -> f64 {
    (units.write - units.shared_write) / f64::from(ORDERS)
}

/// Everything that is read, permissions and settings included.
fn read_per_order(units: Units) -> f64 {
    units.read / f64::from(ORDERS)
}

#[tokio::test(start_paused = true)]
async fn a_ticks_own_writes_do_not_grow_with_its_orders() {
    let (units, _) = cost(Channel::Amazon).await;
    // Two ticks, and the time of the last event in each of the three hours with messages.
    assert!(units.shared_write <= 8.0, "{units:?}");
}

#[tokio::test(start_paused = true)]
async fn an_untroubled_merchant_order_costs_at_most_six_write_and_four_read_units() {
    let (units, world) = cost(Channel::Merchant).await;
    assert!(write_per_order(units) <= 6.0 && read_per_order(units) <= 4.0, "{units:?}");
    assert_eq!(world.calls_of(Operation::GetOrder).len(), usize::try_from(ORDERS).expect("small"));
}

#[tokio::test(start_paused = true)]
async fn an_untroubled_amazon_order_costs_at_most_nine_write_and_four_read_units() {
    let (units, world) = cost(Channel::Amazon).await;
    assert!(write_per_order(units) <= 9.0 && read_per_order(units) <= 4.0, "{units:?}");
    assert_eq!(world.calls_of(Operation::GetOrder).len(), 0);
    assert_eq!(
        world.posts().len(),
        usize::try_from(ORDERS).expect("small"),
        "one call that asks for each order"
    );
}

#[tokio::test(start_paused = true)]
async fn an_orders_item_stays_under_a_kilobyte() {
    let (_, world) = cost(Channel::Merchant).await;
    let largest = items(&world).iter().map(item_size).max().expect("items are there");
    println!("largest order item: {largest} bytes");
    assert!(largest < 1024, "{largest} bytes");
}

/// Every order item, as the store gives it.
fn items(world: &World) -> Vec<serde_json::Value> {
    (0..16)
        .flat_map(|shard| {
            let request = serde_json::json!({
                "TableName": TABLE,
                "KeyConditionExpression": "pk = :pk",
                "ExpressionAttributeValues": { ":pk": { "S": format!("ORDERS#A1BUDGET#{shard}") } },
            });
            let (_, answer) = world.dynamo.call("Query", &request.to_string());
            let answer: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
            answer["Items"].as_array().expect("items").clone()
        })
        .collect()
}

/// DynamoDB's size of an item: names and values; numbers about half a byte a digit.
/// Source: "DynamoDB item sizes and formats".
fn item_size(item: &serde_json::Value) -> usize {
    let map = item.as_object().expect("an item");
    map.iter().map(|(name, value)| name.len() + value_size(value)).sum()
}

fn value_size(value: &serde_json::Value) -> usize {
    let (kind, inner) = value.as_object().expect("typed").iter().next().expect("one type");
    match kind.as_str() {
        "S" => inner.as_str().expect("text").len(),
        "N" => inner.as_str().expect("digits").len().div_ceil(2) + 1,
        "L" => 3 + inner.as_array().expect("list").iter().map(|v| 1 + value_size(v)).sum::<usize>(),
        "M" => {
            3 + inner
                .as_object()
                .expect("map")
                .iter()
                .map(|(k, v)| 1 + k.len() + value_size(v))
                .sum::<usize>()
        }
        _ => 1,
    }
}
