//! What comes after an order: feedback and returns, in the reports that tell of them.

use renown_simulator::{Channel, Feedback, Item, Order, Region, Return, Seller};
use serde_json::json;

use crate::reports::{document, download, ended, put_seller, rows};
use crate::support::{DE, JP, SELLER, US, World, at, order, order_named};

const FEEDBACK: &str = "GET_SELLER_FEEDBACK_DATA";
const FBA_RETURNS: &str = "GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA";
const MERCHANT_RETURNS: &str = "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE";

const START: &str = "2026-02-20T00:00:00Z";

/// The same world at another time, with a token that is good then.
async fn later(world: World, time: &str) -> World {
    world.go_to(time);
    let token = world.token_of("Atzr|one").await;
    World { token, ..world }
}

/// The bytes of a report; nothing when it was cancelled.
async fn file(world: &World, report_type: &str, marketplace: &str) -> Option<Vec<u8>> {
    let report = ended(world, report_type, marketplace, START).await;
    if report["processingStatus"] == "CANCELLED" {
        return None;
    }
    Some(download(world, &document(world, &report, "").await).await.body.to_vec())
}

async fn text(world: &World, report_type: &str, marketplace: &str) -> Option<String> {
    file(world, report_type, marketplace).await.map(|bytes| String::from_utf8(bytes).unwrap())
}

fn with_feedback(mut order: Order, feedback: Feedback) -> Order {
    order.feedback = Some(feedback);
    order
}

#[tokio::test(start_paused = true)]
async fn feedback_of_one_to_three_stars_is_listed_until_it_is_removed() {
    let world = World::new().await;
    let given = at("2026-03-03T12:00:00Z");
    for (n, rating) in (1..=5).enumerate() {
        let mut feedback = Feedback::new(given, rating, format!("stars:\t{rating}"));
        feedback.removed_at = (rating == 2).then(|| at("2026-03-05T00:00:00Z"));
        feedback.response = (rating == 3).then(|| "Sorry".to_owned());
        world.put(with_feedback(order_named(&format!("222-2222222-222222{n}")), feedback));
    }
    assert_eq!(text(&world, FEEDBACK, US).await, None);

    let world = later(world, "2026-03-04T00:00:00Z").await;
    let shown = rows(&text(&world, FEEDBACK, US).await.unwrap());
    let told: Vec<_> = shown.iter().map(|row| (row["Rating"].as_str(), row["Comments"].as_str())).collect();
    assert_eq!(told, [("1", "stars: 1"), ("2", "stars: 2"), ("3", "stars: 3")]);
    assert_eq!((shown[0]["Date"].as_str(), shown[2]["Your Response"].as_str()), ("3/3/26", "Sorry"));
    assert_eq!(shown[0]["Rater Email"], "CANARY-RATER-EMAIL");

    let world = later(world, "2026-03-05T00:00:00Z").await;
    let shown = rows(&text(&world, FEEDBACK, US).await.unwrap());
    assert_eq!(shown.iter().map(|row| row["Rating"].as_str()).collect::<Vec<_>>(), ["1", "3"]);
}

#[tokio::test(start_paused = true)]
async fn feedback_speaks_the_language_the_dates_and_the_charset_of_its_marketplace() {
    for (marketplace, region, encoding, header, date) in [
        (
            US,
            Region::Na,
            encoding_rs::UTF_8,
            "Date\tRating\tComments\tYour Response\tOrder ID\tRater Email",
            "3/2/26",
        ),
        (
            DE,
            Region::Eu,
            encoding_rs::WINDOWS_1252,
            "Datum\tBewertung\tKommentare\tIhre Rückmeldung\t",
            "2.3.26",
        ),
        ("A13V1IB3VIYZZH", Region::Eu, encoding_rs::WINDOWS_1252, "Date\tÉvaluation\t", "2/3/26"),
        ("APJ6JRA9NG5V4", Region::Eu, encoding_rs::WINDOWS_1252, "Data\tValutazione\t", "2/3/26"),
        ("A1RKKUPIHCS9HS", Region::Eu, encoding_rs::WINDOWS_1252, "Fecha\tValoración\t", "2/3/26"),
        ("A2NODRKZP88ZB9", Region::Eu, encoding_rs::WINDOWS_1252, "Date\tRating\t", "2026-03-02"),
        (JP, Region::Fe, encoding_rs::SHIFT_JIS, "日付\t評価\tコメント\tあなたの回答\t注文番号\t", "26/3/2"),
    ] {
        let world = World::new().await;
        world
            .simulator
            .add_seller(Seller::new(SELLER, region, &[marketplace]).granting("Atzr|one", "client"));
        let feedback = Feedback::new(at("2026-03-02T12:00:00Z"), 1, "schlecht");
        let sold = Order { marketplace_id: marketplace.to_owned(), ..order() };
        world.put(with_feedback(sold, feedback));
        let world = later(world, "2026-03-04T00:00:00Z").await;
        let bytes = file(&world, FEEDBACK, marketplace).await.expect("a file");
        let (text, _, lost) = encoding.decode(&bytes);
        assert!(!lost && text.starts_with(header), "{marketplace}: {text}");
        let row = text.lines().nth(1).unwrap();
        assert!(row.starts_with(&format!("{date}\t1\tschlecht\t\t")), "{marketplace}: {row}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_comes_after_an_order_moves_the_next_change_and_not_the_last_update() {
    let world = World::new().await;
    let mut order = with_feedback(order(), Feedback::new(at("2026-03-06T00:00:00Z"), 2, "late"));
    order.feedback.as_mut().unwrap().removed_at = Some(at("2026-03-08T00:00:00Z"));
    order.returned = Some(Return::new(at("2026-03-07T00:00:00Z"), "CR-DEFECTIVE"));
    world.put(order.clone());
    let next = |time: &str| world.simulator.next_change_after(at(time));
    assert_eq!(next("2026-03-02T10:00:00Z"), Some(at("2026-03-06T00:00:00Z")));
    assert_eq!(next("2026-03-06T00:00:00Z"), Some(at("2026-03-07T00:00:00Z")));
    assert_eq!(next("2026-03-07T00:00:00Z"), Some(at("2026-03-08T00:00:00Z")));

    let world = later(world, "2026-03-09T00:00:00Z").await;
    world.simulator.take_notifications();
    let shown = text(&world, "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL", US).await.unwrap();
    assert_eq!(rows(&shown)[0]["last-updated-date"], "2026-03-02T10:00:00+00:00");

    // The same order with another aftermath: no notification, and the old moments are gone.
    order.feedback = Some(Feedback::new(at("2026-03-10T00:00:00Z"), 5, "fine"));
    order.returned = None;
    world.put(order.clone());
    world.go_to("2026-03-12T00:00:00Z");
    assert_eq!(world.simulator.next_change_after(at("2026-03-02T10:00:00Z")), None);
    let messages = world.simulator.take_notifications();
    assert!(messages.iter().all(|message| !message.body.contains("ORDER_CHANGE")), "{messages:?}");
    let saved = world.simulator.save();
    order.feedback = Some(Feedback::new(at("2026-03-20T00:00:00Z"), 1, "bad"));
    world.put(order);
    let with_bad = world.simulator.save();
    for (state, expect) in [(&saved, None), (&with_bad, Some(at("2026-03-20T00:00:00Z")))] {
        world.simulator.restore(state).unwrap();
        assert_eq!(world.simulator.next_change_after(at("2026-03-12T00:00:00Z")), expect);
    }
}

/// An Amazon-fulfilled order of two items and one of the merchant, both returned on 5 March and
/// back on the 8th.
async fn returned() -> World {
    let world = World::new().await;
    let mut returned = Return::new(at("2026-03-05T00:00:00Z"), "DEFECTIVE");
    returned.delivered_at = Some(at("2026-03-08T06:00:00Z"));
    "broken\ton arrival".clone_into(&mut returned.comments);
    returned.a_to_z = true;
    let mut by_amazon = order_named("222-2222222-2222222");
    by_amazon.channel = Channel::Amazon;
    by_amazon.items.push(Item::new("SKU-2", "B000000002"));
    by_amazon.returned = Some(Return { listed_at: Some(at("2026-03-10T00:00:00Z")), ..returned.clone() });
    world.put(by_amazon);
    let mut refunded = order_named("333-3333333-3333333");
    refunded.channel = Channel::Amazon;
    refunded.returned = Some(Return { delivered_at: None, ..returned.clone() });
    world.put(refunded);
    let mut by_merchant = order();
    by_merchant.returned = Some(Return { reason: "CR-DEFECTIVE".to_owned(), ..returned });
    world.put(by_merchant);
    world
}

#[tokio::test(start_paused = true)]
async fn amazons_returns_are_those_its_warehouse_took_in_and_some_come_late() {
    let world = later(returned().await, "2026-03-09T00:00:00Z").await;
    assert_eq!(text(&world, FBA_RETURNS, US).await, None);
    let world = later(world, "2026-03-10T00:00:00Z").await;
    let shown = rows(&text(&world, FBA_RETURNS, US).await.unwrap());
    let skus: Vec<_> = shown.iter().map(|row| (row["order-id"].as_str(), row["sku"].as_str())).collect();
    assert_eq!(skus, [("222-2222222-2222222", "SKU-1"), ("222-2222222-2222222", "SKU-2")]);
    for (column, expect) in [
        ("return-date", "2026-03-08T06:00:00+00:00"),
        ("reason", "DEFECTIVE"),
        ("detailed-disposition", "SELLABLE"),
        ("status", "Unit returned to inventory"),
        ("customer-comments", "broken on arrival"),
        ("license-plate-number", "CANARY-LICENSE-PLATE"),
    ] {
        assert_eq!(shown[0][column], expect, "{column}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_sellers_returns_are_those_asked_for_and_tell_of_claims() {
    let world = later(returned().await, "2026-03-04T00:00:00Z").await;
    assert_eq!(text(&world, MERCHANT_RETURNS, US).await, None);
    let world = later(world, "2026-03-06T00:00:00Z").await;
    let shown = rows(&text(&world, MERCHANT_RETURNS, US).await.unwrap());
    assert_eq!((shown.len(), shown[0]["Return delivery date"].as_str()), (1, ""));
    let world = later(world, "2026-03-09T00:00:00Z").await;
    let shown = rows(&text(&world, MERCHANT_RETURNS, US).await.unwrap());
    for (column, expect) in [
        ("Return request date", "05-Mar-2026"),
        ("Return delivery date", "08-Mar-2026"),
        ("Return request status", "Approved"),
        ("A-to-Z Claim", "Y"),
        ("Return Reason", "CR-DEFECTIVE"),
        ("In policy", "Y"),
        ("Tracking ID", "CANARY-TRACKING"),
    ] {
        assert_eq!(shown[0][column], expect, "{column}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_range_of_returns_is_at_most_sixty_days() {
    let world = World::new().await;
    for (start, status) in [("2025-12-31T00:00:00Z", 202), ("2025-12-30T23:00:00Z", 400)] {
        let body = json!({"reportType": MERCHANT_RETURNS, "marketplaceIds": [US], "dataStartTime": start});
        assert_eq!(
            world.post("/reports/2021-06-30/reports", &body.to_string()).await.status,
            status,
            "{start}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_sellers_charset_holds_for_feedback_too() {
    let world = World::new().await;
    put_seller(&world, |seller| seller.charset = Some("MS932".to_owned()));
    world.put(with_feedback(order(), Feedback::new(at("2026-03-02T00:00:00Z"), 1, "届かない")));
    let world = later(world, "2026-03-04T00:00:00Z").await;
    let bytes = file(&world, FEEDBACK, US).await.expect("a file");
    assert!(encoding_rs::SHIFT_JIS.decode(&bytes).0.contains("届かない"));
}
