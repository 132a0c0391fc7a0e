//! Orders 2026-01-01 and v0.

use jiff::SignedDuration;
use renown_simulator::{Channel, Item, Order, ViolationKind};
use serde_json::{Value, json};

use crate::support::{DE, ORDER, SELLER, US, World, at, order};

#[tokio::test(start_paused = true)]
async fn the_status_follows_the_clock() {
    let world = World::new().await;
    let mut order = Order::new(ORDER, SELLER, US, at("2026-03-10T00:00:00Z"));
    order.shipped_at = Some(at("2026-03-11T00:00:00Z"));
    order.delivered_at = Some(at("2026-03-13T00:00:00Z"));
    order.cancelled_at = Some(at("2026-03-15T00:00:00Z"));
    world.put(order);
    for (time, status, package) in [
        ("2026-03-10T00:00:00Z", "PENDING", Value::Null),
        ("2026-03-10T00:30:00Z", "UNSHIPPED", Value::Null),
        ("2026-03-11T00:00:00Z", "SHIPPED", json!("IN_TRANSIT")),
        ("2026-03-13T00:00:00Z", "SHIPPED", json!("DELIVERED")),
        ("2026-03-15T00:00:00Z", "CANCELLED", json!("DELIVERED")),
    ] {
        world.go_to(time);
        let world = World { token: world.token_of("Atzr|one").await, simulator: world.simulator.clone() };
        let shown = world
            .get(&format!("/orders/2026-01-01/orders/{ORDER}?includedData=FULFILLMENT,PACKAGES"))
            .await
            .json();
        assert_eq!(shown["order"]["fulfillment"]["fulfillmentStatus"], status, "{time}");
        assert_eq!(shown["order"]["packages"][0]["packageStatus"]["status"], package, "{time}");
    }
}

#[tokio::test(start_paused = true)]
async fn data_not_asked_for_are_not_shown() {
    let world = World::new().await;
    let bare = world.get(&format!("/orders/2026-01-01/orders/{ORDER}")).await.json();
    for absent in ["fulfillment", "packages", "buyer", "recipient", "proceeds"] {
        assert!(bare["order"].get(absent).is_none(), "{absent}");
    }
    assert!(world.simulator.violations().is_empty());
    assert!(!bare.to_string().contains("CANARY"));
}

#[tokio::test(start_paused = true)]
async fn asking_for_personal_data_gives_canaries_and_a_violation() {
    let world = World::new().await;
    let shown =
        world.get(&format!("/orders/2026-01-01/orders/{ORDER}?includedData=BUYER,RECIPIENT")).await.json();
    assert_eq!(shown["order"]["buyer"]["buyerName"], "CANARY-BUYER-NAME");
    let violations = world.simulator.violations();
    assert_eq!(violations[0].kind, ViolationKind::PiiRequested);
    assert!(violations[0].text.contains("BUYER and RECIPIENT"));
}

#[tokio::test(start_paused = true)]
async fn the_promise_of_an_amazon_fulfilled_order_is_hidden_unless_the_seller_shows_it() {
    let world = World::new().await;
    let mut order = order();
    order.channel = Channel::Amazon;
    world.put(order);
    let path = format!("/orders/2026-01-01/orders/{ORDER}?includedData=FULFILLMENT,PACKAGES");
    let hidden = world.get(&path).await.json();
    assert_eq!(hidden["order"]["fulfillment"]["fulfilledBy"], "AMAZON");
    assert!(hidden["order"]["fulfillment"].get("deliverByWindow").is_none());
    assert!(hidden["order"].get("packages").is_none());
    let mut seller = world.simulator.sellers().into_iter().find(|seller| seller.seller_id == SELLER).unwrap();
    seller.shows_fba_promise = true;
    world.simulator.add_seller(seller);
    let shown = world.get(&path).await.json();
    assert_eq!(shown["order"]["fulfillment"]["deliverByWindow"]["earliestDateTime"], "2026-03-01T08:00:00Z");
}

#[tokio::test(start_paused = true)]
async fn lines_that_leave_apart_make_a_partly_shipped_order_and_two_packages() {
    let world = World::new().await;
    let mut order = order();
    let mut late = Item::new("SKU-2", "B000000002");
    late.shipped_at = Some(at("2026-02-28T10:00:00Z"));
    late.delivered_at = Some(at("2026-03-05T10:00:00Z"));
    order.items.push(late);
    world.put(order);
    world.go_to("2026-02-27T00:00:00Z");
    let path = format!("/orders/2026-01-01/orders/{ORDER}?includedData=FULFILLMENT,PACKAGES");
    let partly = world.get(&path).await.json();
    assert_eq!(partly["order"]["fulfillment"]["fulfillmentStatus"], "PARTIALLY_SHIPPED");
    assert_eq!(partly["order"]["packages"].as_array().unwrap().len(), 1);
    world.go_to("2026-03-04T00:00:00Z");
    let world = World { token: world.token_of("Atzr|one").await, ..world };
    let packages = world.get(&path).await.json()["order"]["packages"].clone();
    let statuses: Vec<_> = packages
        .as_array()
        .unwrap()
        .iter()
        .map(|package| package["packageStatus"]["status"].clone())
        .collect();
    assert_eq!(statuses, ["DELIVERED", "IN_TRANSIT"]);
}

/// Twenty-five more orders, one an hour from 20 February on; every third by Amazon, the last in
/// Germany.
fn fill(world: &World) {
    for n in 0..25_i64 {
        let purchased = at("2026-02-20T00:00:00Z") + SignedDuration::from_hours(n);
        let marketplace = if n == 24 { DE } else { US };
        let mut order = Order::new(format!("500-0000000-{n:07}"), SELLER, marketplace, purchased);
        if n % 3 == 0 {
            order.channel = Channel::Amazon;
        }
        world.put(order);
    }
}

#[tokio::test(start_paused = true)]
async fn pages_together_hold_every_order_once_and_the_last_has_no_token() {
    let world = World::new().await;
    fill(&world);
    let first = format!("/orders/2026-01-01/orders?createdAfter=2026-02-01T00:00:00Z&marketplaceIds={US}");
    let mut seen = Vec::new();
    let mut path = format!("{first}&maxResultsPerPage=10");
    let mut pages = 0;
    loop {
        let page = world.get(&path).await.json();
        pages += 1;
        seen.extend(
            page["orders"]
                .as_array()
                .unwrap()
                .iter()
                .map(|order| order["orderId"].as_str().unwrap().to_owned()),
        );
        let Some(token) = page["pagination"]["nextToken"].as_str() else { break };
        path = format!("{first}&maxResultsPerPage=9&paginationToken={token}");
    }
    assert_eq!((pages, seen.len()), (3, 25));
    seen.dedup();
    assert_eq!(seen.len(), 25);
}

#[tokio::test(start_paused = true)]
async fn a_page_token_dies_with_other_parameters_and_after_a_day() {
    let world = World::new().await;
    fill(&world);
    let first = "/orders/2026-01-01/orders?createdAfter=2026-02-01T00:00:00Z";
    let page = world.get(&format!("{first}&maxResultsPerPage=10")).await.json();
    let token = page["pagination"]["nextToken"].as_str().unwrap();
    assert_eq!(world.get(&format!("{first}&fulfilledBy=AMAZON&paginationToken={token}")).await.status, 400);
    assert_eq!(world.get(&format!("{first}&paginationToken=zz")).await.status, 400);
    world.simulator.step_clock(SignedDuration::from_hours(25));
    let world = World { token: world.token_of("Atzr|one").await, ..world };
    assert_eq!(world.get(&format!("{first}&paginationToken={token}")).await.status, 400);
}

#[tokio::test(start_paused = true)]
async fn filters_narrow_the_search() {
    let world = World::new().await;
    fill(&world);
    let count = async |query: &str| {
        let reply = world.get(&format!("/orders/2026-01-01/orders?{query}")).await;
        assert_eq!(reply.status, 200, "{query}: {:?}", reply.body);
        reply.json()["orders"].as_array().unwrap().len()
    };
    assert_eq!(count("createdAfter=2026-02-01T00:00:00Z").await, 26);
    assert_eq!(count("createdAfter=2026-02-01T00:00:00Z&fulfilledBy=AMAZON").await, 9);
    assert_eq!(count(&format!("createdAfter=2026-02-01T00:00:00Z&marketplaceIds={DE}")).await, 1);
    assert_eq!(count("createdAfter=2026-02-20T10:00:00Z&createdBefore=2026-02-20T12:00:00Z").await, 3);
    assert_eq!(count("createdAfter=2026-02-01T00:00:00Z&fulfillmentStatuses=CANCELLED").await, 0);
    assert_eq!(count("lastUpdatedAfter=2026-02-27T00:00:00Z").await, 0);
    assert_eq!(count("lastUpdatedAfter=2026-02-26T00:00:00Z").await, 1);
}

#[tokio::test(start_paused = true)]
async fn a_touch_moves_last_updated_and_nothing_else() {
    let world = World::new().await;
    let mut order = order();
    order.touched_at = vec![at("2026-02-28T00:00:00Z")];
    world.put(order);
    let shown =
        world.get(&format!("/orders/2026-01-01/orders/{ORDER}?includedData=FULFILLMENT")).await.json();
    assert_eq!(shown["order"]["lastUpdatedTime"], "2026-02-28T00:00:00Z");
    assert_eq!(shown["order"]["fulfillment"]["fulfillmentStatus"], "SHIPPED");
}

#[tokio::test(start_paused = true)]
async fn searches_that_make_no_sense_are_refused() {
    let world = World::new().await;
    for query in [
        "",
        "createdAfter=2026-02-01T00:00:00Z&lastUpdatedAfter=2026-02-01T00:00:00Z",
        "createdAfter=2026-02-01T00:00:00Z&lastUpdatedBefore=2026-02-02T00:00:00Z",
        "createdAfter=2026-02-01T00:00:00Z&createdBefore=2026-01-01T00:00:00Z",
        "createdAfter=2026-02-01T00:00:00Z&createdBefore=2026-02-28T23:59:00Z",
        "createdAfter=yesterday",
        "createdAfter=2026-02-01T00:00:00Z&includedData=EVERYTHING",
        "createdAfter=2026-02-01T00:00:00Z&maxResultsPerPage=101",
        "createdAfter=2026-02-01T00:00:00Z&marketplaceIds=NOWHERE",
    ] {
        let reply = world.get(&format!("/orders/2026-01-01/orders?{query}")).await;
        assert_eq!(reply.status, 400, "{query}");
    }
}

#[tokio::test(start_paused = true)]
async fn version_0_wraps_in_payload_and_shows_the_promise_of_merchant_orders_only() {
    let world = World::new().await;
    fill(&world);
    let one = world.get(&format!("/orders/v0/orders/{ORDER}")).await.json();
    assert_eq!(one["payload"]["OrderStatus"], "Shipped");
    assert_eq!(one["payload"]["LatestDeliveryDate"], "2026-03-03T22:00:00Z");
    let list = world
        .get(&format!(
            "/orders/v0/orders?MarketplaceIds={US}&CreatedAfter=2026-02-01T00:00:00Z&MaxResultsPerPage=20"
        ))
        .await
        .json();
    let orders = list["payload"]["Orders"].as_array().unwrap();
    assert_eq!(orders.len(), 20);
    for order in orders {
        let by_amazon = order["FulfillmentChannel"] == "AFN";
        assert_eq!(order.get("EarliestDeliveryDate").is_none(), by_amazon);
    }
    let token = list["payload"]["NextToken"].as_str().unwrap();
    let rest = world.get(&format!("/orders/v0/orders?MarketplaceIds={US}&CreatedAfter=2026-02-01T00:00:00Z&MaxResultsPerPage=20&NextToken={token}")).await.json();
    assert_eq!(rest["payload"]["Orders"].as_array().unwrap().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn participations_name_the_sellers_marketplaces() {
    let world = World::new().await;
    let shown = world.get("/sellers/v1/marketplaceParticipations").await.json();
    let countries: Vec<_> = shown["payload"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["marketplace"]["countryCode"].clone())
        .collect();
    assert_eq!(countries, ["US", "DE", "JP"]);
}
