//! Notifications have the shapes of Amazon's schemas.

use renown_simulator::{Channel, Item};
use serde_json::{Value, json};

use super::models::Models;
use crate::support::{ORDER, US, World, at, order, order_named, seconds};

fn check(validator: &jsonschema::Validator, body: &Value) {
    let errors: Vec<String> =
        validator.iter_errors(body).map(|error| format!("{}: {error}", error.instance_path)).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{body:#}");
}

#[tokio::test(start_paused = true)]
async fn notifications_have_the_schemas_shapes() {
    let Some(models) = Models::given() else { return };
    let order_change = models.notification("OrderChangeNotification.json");
    let report_finished = models.notification("ReportProcessingFinishedNotification.json");
    let world = World::new().await;
    let mut rich = order();
    rich.programs = vec!["PRIME".to_owned(), "AMAZON_BUSINESS".to_owned()];
    rich.easy_ship = true;
    rich.items.push(Item::new("SKU-2", "B000000002"));
    world.put(rich);
    let mut by_amazon = order_named("222-2222222-2222222");
    by_amazon.channel = Channel::Amazon;
    by_amazon.replacement_of = Some(ORDER.to_owned());
    by_amazon.cancelled_at = Some(at("2026-02-28T00:00:00Z"));
    world.put(by_amazon);
    for marketplace in [US, "A1VC38T7YXB528"] {
        let body = json!({
            "reportType": "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL",
            "marketplaceIds": [marketplace],
            "dataStartTime": "2026-02-01T00:00:00Z",
        });
        assert_eq!(world.post("/reports/2021-06-30/reports", &body.to_string()).await.status, 202);
    }
    world.go_to("2026-03-03T00:00:00Z");
    world.simulator.step_clock(seconds(1));
    let (mut n_orders, mut n_reports) = (0, 0);
    for message in world.simulator.take_notifications() {
        let body: Value = serde_json::from_str(&message.body).unwrap();
        if body.get("NotificationType").is_some() {
            check(&order_change, &body);
            n_orders += 1;
        } else {
            check(&report_finished, &body);
            n_reports += 1;
        }
    }
    // Pending, Unshipped, Shipped and the Easy Ship delivery; Pending, Unshipped, Shipped, Canceled.
    assert_eq!((n_orders, n_reports), (16, 2));
}
