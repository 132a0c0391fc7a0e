//! Messages that somebody kept.

use renown_core::say::Lang;
use renown_local::import::{At, Kind, Why};
use serde_json::{Value, json};

use super::desk::Desk;

fn message(n: u32, seller: &str) -> Value {
    json!({
        "NotificationVersion": "1.0",
        "NotificationType": "ORDER_CHANGE",
        "PayloadVersion": "1.0",
        "EventTime": "2026-10-05T08:00:00Z",
        "Payload": { "OrderChangeNotification": {
            "NotificationLevel": "OrderLevel",
            "SellerId": seller,
            "AmazonOrderId": format!("302-1000000-{n:07}"),
            "OrderChangeType": "OrderStatusChange",
            "OrderChangeTrigger": { "TimeOfOrderChange": "2026-10-05T08:00:00Z" },
            "Summary": {
                "MarketplaceId": "A1PA6795UKMFR9",
                "OrderStatus": "Shipped",
                "PurchaseDate": "2026-10-04T10:00:00Z",
                "DestinationPostalCode": "CANARY-POSTCODE",
                "FulfillmentType": "MFN",
                "OrderItems": [{ "OrderItemId": "1", "SellerSKU": "TEA", "Quantity": 1, "QuantityShipped": 1 }]
            }
        }}
    })
}

fn of(n: u32) -> Value {
    message(n, "A1EXAMPLESELLER")
}

#[tokio::test]
async fn messages_are_read_as_a_document_an_array_or_lines() {
    let pretty = |value: &Value| serde_json::to_string_pretty(value).expect("JSON");
    let many: Vec<Value> = (1..=23).map(of).collect();
    let each = |form: fn(&Value) -> String| many.iter().map(form).collect::<Vec<_>>();
    let wrapped = |value: &Value| json!(value.to_string()).to_string();
    let batch =
        json!({ "Records": many.iter().map(|m| json!({ "body": m.to_string() })).collect::<Vec<_>>() });
    for (form, file, n) in [
        ("one document", pretty(&many[0]), 1),
        ("one line", many[0].to_string(), 1),
        ("an array", pretty(&json!(many)), 23),
        ("an array on one line", json!(many).to_string(), 23),
        ("lines", each(Value::to_string).join("\r\n"), 23),
        (
            "lines with a mark and blank ones",
            format!("\u{feff}\n{}\n", each(Value::to_string).join("\n\n")),
            23,
        ),
        ("JSON strings", each(wrapped).join("\n"), 23),
        ("documents", each(|m| serde_json::to_string_pretty(m).expect("JSON")).join("\n"), 23),
        ("a batch of Lambda's", pretty(&batch), 23),
        ("a batch on one line", batch.to_string(), 23),
        ("dead letters", each(|m| json!({ "id": "1", "body": m.to_string() }).to_string()).join("\n"), 23),
    ] {
        let desk = Desk::new().await;
        let (imported, progress) = desk.watch("kept.txt", &file).await;
        assert_eq!(
            (imported.kind, imported.rows, imported.orders_new),
            (Kind::Notifications, n, n),
            "{form}"
        );
        assert_eq!((imported.unreadable, imported.marketplaces.len()), (0, 1), "{form}: {imported:?}");
        assert_eq!(progress.last().map(|progress| progress.rows_done), Some(n), "{form}");
        let again = desk.import("kept.txt", &file).await;
        assert_eq!((again.orders_new, again.orders_changed, again.orders_unchanged), (0, 0, n), "{form}");
        assert_eq!(desk.orders().await.len() as u64, n);
    }
}

#[tokio::test]
async fn what_cannot_be_used_is_told_with_its_place_and_kept_without_its_body() {
    let desk = Desk::new().await;
    let broken = of(2).to_string();
    let other = json!({ "NotificationType": "FEED_PROCESSING_FINISHED", "Payload": {} });
    let file = [
        of(1).to_string(),
        broken[..broken.len() - 30].to_owned(),
        message(3, "A9NOBODY").to_string(),
        other.to_string(),
        of(5).to_string(),
    ];
    let imported = desk.import("kept.jsonl", file.join("\n")).await;
    assert_eq!((imported.rows, imported.orders_new, imported.unreadable), (5, 2, 3));
    let at: Vec<_> = imported.failed.iter().map(|failed| failed.at.clone()).collect();
    assert_eq!(at, [At::Line(2), At::Line(3), At::Line(4)]);
    assert!(
        matches!(&imported.failed[0].why, Why::Unreadable { problem, .. } if problem.en.contains("JSON"))
    );
    assert!(imported.failed[1].in_lang(Lang::En).contains("A9NOBODY is not connected"));
    assert!(imported.failed[2].in_lang(Lang::Zh).contains("FEED_PROCESSING_FINISHED"));
    let kept = desk.unread().await;
    let names: Vec<_> = kept.iter().map(|unread| unread.name.as_str()).collect();
    assert_eq!(names, ["kept.jsonl line 2", "kept.jsonl line 3", "kept.jsonl line 4"]);
    assert!(!format!("{kept:?}{imported:?}").contains("CANARY"));
}

#[tokio::test]
async fn a_damaged_first_line_is_told_and_the_others_are_taken_in() {
    let desk = Desk::new().await;
    let file = format!("{}\n{}\n{}\n", &of(1).to_string()[..90], of(2), of(3));
    let imported = desk.import("kept.jsonl", file).await;
    assert_eq!((imported.rows, imported.orders_new, imported.unreadable), (3, 2, 1));
}

#[tokio::test]
async fn a_line_longer_than_any_message_takes_no_neighbour_down() {
    let desk = Desk::new().await;
    let long = format!("{{\"NotificationType\":\"{}\"}}", "x".repeat(1_100_000));
    let imported = desk.import("kept.jsonl", format!("{}\n{long}\n{}", of(1), of(3))).await;
    assert_eq!((imported.rows, imported.orders_new, imported.unreadable), (3, 2, 1));
    assert_eq!(imported.failed[0].why, Why::TooLong { limit_kib: 1_024 });
}
