//! The window, the once-only rule and Amazon's own words.

use renown_simulator::{Order, ViolationKind};

use crate::support::{
    DE, JP, ORDER, OTHER_SELLER, US, World, actions_path, at, order, order_named, solicit_path,
};

const NOT_AVAILABLE: &str = "The requested solicitation is not available for this amazonOrderId.";
const OUTSIDE: &str = "You can\u{2019}t use this feature to request a review outside the 5-30 day range after the order delivery date.";

#[tokio::test(start_paused = true)]
async fn the_window_opens_and_closes_to_the_second() {
    for (time, inside) in [
        ("2026-03-06T07:59:59Z", false),
        ("2026-03-06T08:00:00Z", true),
        ("2026-04-02T22:00:00Z", true),
        ("2026-04-02T22:00:01Z", false),
    ] {
        let world = World::new().await;
        world.go_to(time);
        let world = World { token: world.token_of("Atzr|one").await, ..world };
        assert_eq!(world.offered(ORDER).await, inside, "GET at {time}");
        let reply = world.solicit(ORDER).await;
        if inside {
            assert_eq!((reply.status.as_u16(), &reply.body[..]), (201, &b"{}"[..]), "POST at {time}");
            assert!(world.simulator.violations().is_empty());
        } else {
            assert_eq!((reply.status.as_u16(), reply.message()), (403, OUTSIDE.to_owned()), "POST at {time}");
            assert_eq!(world.simulator.violations()[0].kind, ViolationKind::Window);
        }
    }
}

/// A world in the middle of the window.
async fn open_world() -> World {
    let world = World::new().await;
    world.go_to("2026-03-08T12:00:00Z");
    World { token: world.token_of("Atzr|one").await, ..world }
}

#[tokio::test(start_paused = true)]
async fn an_order_is_solicited_once_and_a_second_try_is_a_repeat() {
    let world = open_world().await;
    assert_eq!(world.solicit(ORDER).await.status, 201);
    assert!(!world.offered(ORDER).await);
    let again = world.solicit(ORDER).await;
    assert_eq!((again.status.as_u16(), again.message()), (403, NOT_AVAILABLE.to_owned()));
    assert_eq!(again.json()["errors"][0]["code"], "Unauthorized");
    assert_eq!(world.simulator.accepted()[ORDER].len(), 1);
    let violations = world.simulator.violations();
    assert_eq!(violations.len(), 1);
    assert_eq!(violations[0].kind, ViolationKind::Repeat);
    assert_eq!(violations[0].order.as_deref(), Some(ORDER));
}

#[tokio::test(start_paused = true)]
async fn the_offer_is_hal_and_names_the_action() {
    let world = open_world().await;
    let reply = world.get(&actions_path(ORDER)).await;
    assert_eq!(reply.header("content-type"), Some("application/hal+json"));
    let action = &reply.json()["_links"]["actions"][0];
    assert_eq!(action["name"], "productReviewAndSellerFeedback");
    assert_eq!(action["href"], solicit_path(ORDER));
}

/// What makes an order one that can't be asked.
type Change = fn(&mut Order);

#[tokio::test(start_paused = true)]
async fn orders_that_cannot_be_asked_offer_nothing_and_refuse() {
    let cases: [(&str, Change); 7] = [
        ("ineligible", |order| order.ineligible = true),
        ("replacement", |order| order.replacement_of = Some("111-0000000-0000000".to_owned())),
        ("non-Amazon", |order| order.non_amazon = true),
        ("cancelled after shipping", |order| order.cancelled_at = Some(at("2026-02-27T00:00:00Z"))),
        ("cancelled before shipping", |order| order.cancelled_at = Some(at("2026-02-25T12:00:00Z"))),
        ("asked elsewhere", |order| order.asked_elsewhere_at = Some(at("2026-03-07T00:00:00Z"))),
        ("never shipped", |order| {
            order.shipped_at = None;
            order.delivered_at = None;
        }),
    ];
    for (name, change) in cases {
        let world = open_world().await;
        let mut order = order();
        change(&mut order);
        world.put(order);
        assert!(!world.offered(ORDER).await, "{name}");
        let reply = world.solicit(ORDER).await;
        assert_eq!((reply.status.as_u16(), reply.message()), (403, NOT_AVAILABLE.to_owned()), "{name}");
        assert!(world.simulator.accepted().is_empty(), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn asking_before_the_order_is_shipped_is_a_window_violation() {
    let world = open_world().await;
    let mut order = order();
    order.shipped_at = Some(at("2026-03-09T00:00:00Z"));
    order.delivered_at = None;
    world.put(order);
    assert_eq!(world.solicit(ORDER).await.status, 403);
    let violation = &world.simulator.violations()[0];
    assert_eq!(violation.kind, ViolationKind::Window);
    assert!(violation.text.contains("Unshipped"), "{}", violation.text);
}

#[tokio::test(start_paused = true)]
async fn exactly_one_marketplace_must_stand_in_the_query() {
    let world = open_world().await;
    let base = format!("/solicitations/v1/orders/{ORDER}");
    let post = format!("{base}/solicitations/productReviewAndSellerFeedback");
    let missing = "Missing or invalid request parameters: [marketplaceIds]";
    assert_eq!(world.get(&base).await.message(), missing);
    assert_eq!(world.get(&format!("{base}?marketplaceIds={US},{DE}")).await.message(), missing);
    let as_form = world.post(&post, &format!("marketplaceIds={US}")).await;
    assert_eq!((as_form.status.as_u16(), as_form.message()), (400, missing.to_owned()));
    let wrong = world.post(&format!("{post}?marketplaceIds={JP}"), "").await;
    assert_eq!(wrong.status, 400);
    assert!(world.simulator.accepted().is_empty());
}

#[tokio::test(start_paused = true)]
async fn unknown_orders_are_not_found_and_those_of_others_are_denied() {
    let world = open_world().await;
    assert_eq!(world.get(&actions_path("999-9999999-9999999")).await.status, 404);
    let mut foreign = order_named("222-2222222-2222222");
    foreign.seller_id = OTHER_SELLER.to_owned();
    foreign.marketplace_id = DE.to_owned();
    world.put(foreign);
    let reply = world.solicit("222-2222222-2222222").await;
    assert_eq!(
        (reply.status.as_u16(), reply.message()),
        (403, "Access to requested resource is denied.".to_owned())
    );
}

#[tokio::test(start_paused = true)]
async fn an_order_cannot_be_seen_before_it_is_placed() {
    let world = open_world().await;
    let mut order = Order::new("333-3333333-3333333", "A1SELLER", US, at("2026-03-09T00:00:00Z"));
    order.confirmed_at = None;
    world.put(order);
    assert_eq!(world.get(&actions_path("333-3333333-3333333")).await.status, 404);
    world.go_to("2026-03-09T00:00:00Z");
    let world = World { token: world.token_of("Atzr|one").await, ..world };
    assert_eq!(world.get(&actions_path("333-3333333-3333333")).await.status, 200);
}
