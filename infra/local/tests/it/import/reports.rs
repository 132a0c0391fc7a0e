//! What becomes of the rows of a report.

use std::fmt::Write as _;

use renown_core::order::{OrderStatus, SeenIn, Shipped};
use renown_core::reports::Remedy;
use renown_core::say::{self, Lang};
use renown_local::dynamo::TABLE;
use renown_local::import::Progress;

use super::desk::{Desk, ORDERS, lines, now, order};
use crate::support::t;

#[tokio::test]
async fn orders_are_as_of_the_newest_row_and_seen_in_an_import() {
    let desk = Desk::new().await;
    let rows = [1, 2].map(|n| order(n, "Amazon.de", "TEA", "Tea"));
    let file = lines(&[ORDERS.to_owned(), rows[1].clone(), rows[0].clone()]);
    let imported = desk.import("orders.txt", file).await;
    assert_eq!(imported.as_of, Some(t("2026-10-05T08:00:02Z")));
    let countries: Vec<_> = imported.marketplaces.iter().map(|m| m.info().country).collect();
    assert_eq!(countries, ["DE"]);
    for stored in desk.orders().await {
        assert_eq!(stored.seen_in, SeenIn::Import);
        assert_eq!(stored.facts.status, Some(OrderStatus::Shipped));
        let updated =
            if stored.id.as_str().ends_with('1') { "2026-10-05T08:00:01Z" } else { "2026-10-05T08:00:02Z" };
        assert_eq!(stored.facts.shipped, Some(Shipped::Seen(t(updated))), "each by its own last update");
    }
    let json = serde_json::to_value(&imported).expect("serializes");
    assert_eq!((&json["kind"], &json["orders_new"]), (&"all_orders".into(), &2.into()));
}

#[tokio::test]
async fn a_file_from_the_future_is_as_of_now() {
    let desk = Desk::new().await;
    let row = order(1, "Amazon.de", "TEA", "Tea").replace("2026-10-05T08", "2031-10-05T08");
    let imported = desk.import("orders.txt", lines(&[ORDERS.to_owned(), row])).await;
    assert_eq!(imported.as_of, Some(now()));
}

#[tokio::test]
async fn a_file_that_breaks_off_a_marketplace_nobody_knows_and_a_purchase_to_come_are_told_row_by_row() {
    let desk = Desk::new().await;
    let mut file = lines(&[
        ORDERS.to_owned(),
        order(1, "Amazon.de", "TEA", "Tea"),
        order(2, "Amazon.xy", "TEA", "Tea"),
        order(3, "Amazon.de", "TEA", "Tea").replace("2026-10-01T07", "2031-10-01T07"),
    ]);
    let last = order(4, "Amazon.de", "TEA", "Tea");
    file.push_str(&last[..last.find("\tB00000").expect("an ASIN") + 5]);
    let imported = desk.import("orders.txt", &file).await;
    assert_eq!((imported.rows, imported.bad_rows, imported.orders_new), (4, 3, 1));
    let told: Vec<_> = imported.bad.iter().map(|bad| (bad.line, bad.column, bad.remedy)).collect();
    let expected = [
        (3, Some("sales-channel"), Remedy::UnknownChannel),
        (4, Some("purchase-date"), Remedy::Future),
        (5, None, Remedy::CutOff),
    ];
    assert_eq!(told, expected);
    for bad in &imported.bad {
        assert!(say::bad_row(Lang::Zh, bad).contains("请"), "{bad}");
    }
    assert_eq!(desk.unread().await.len(), 3);
}

#[tokio::test]
async fn bad_rows_are_told_by_line_and_kept_and_their_neighbours_are_taken_in() {
    let desk = Desk::new().await;
    let file = lines(&[
        ORDERS.to_owned(),
        order(1, "Amazon.de", "TEA", "Tea"),
        order(2, "Amazon.de", "TEA", "Tea").replace("B000000001", "B0 BROKEN"),
        String::new(),
        order(3, "Amazon.de", "TEA", "Tea\twith a tab"),
        order(4, "Amazon.de", "CUP", "Cup"),
    ]);
    let imported = desk.import("orders.txt", &file).await;
    assert_eq!((imported.rows, imported.bad_rows, imported.orders_new), (4, 2, 2));
    let told: Vec<_> = imported.bad.iter().map(|bad| (bad.line, bad.column)).collect();
    assert_eq!(told, [(3, Some("asin")), (5, None)]);
    assert!(say::bad_row(Lang::En, &imported.bad[0]).contains("an ASIN is ten letters"));
    let kept = desk.unread().await;
    let names: Vec<_> = kept.iter().map(|unread| unread.name.as_str()).collect();
    assert_eq!(names, ["orders.txt line 3", "orders.txt line 5"]);
    assert!(kept[0].problem.starts_with("order 302-1000000-0000002: \"B0 BROKEN\""), "{kept:?}");
    let again = desk.import("orders.txt", &file).await;
    assert_eq!((again.orders_new, again.orders_changed, again.orders_unchanged), (0, 0, 2));
    assert_eq!(again.bad, imported.bad);
    assert_eq!(desk.unread().await, kept);
}

#[tokio::test]
async fn of_a_file_full_of_bad_rows_a_thousand_are_told_and_the_rest_is_counted() {
    let desk = Desk::new().await;
    let mut file = format!("{ORDERS}\n");
    for n in 0..1_203 {
        writeln!(file, "{}", order(n, "Amazon.de", "TEA", "Tea").replace("B000000001", "B0 X"))
            .expect("memory");
    }
    writeln!(file, "{}", order(2_000, "Amazon.de", "TEA", "Tea")).expect("memory");
    let imported = desk.import("orders.txt", file).await;
    assert_eq!((imported.rows, imported.bad_rows, imported.bad.len()), (1_204, 1_203, 1_000));
    assert_eq!(imported.orders_new, 1);
    let kept = desk.unread().await;
    assert_eq!(kept.len(), 1_001);
    assert!(kept.iter().any(|unread| unread.problem.starts_with("203 more rows")));
}

#[tokio::test]
async fn the_same_file_again_writes_nothing() {
    let desk = Desk::new().await;
    let rows: Vec<String> = (0..250).map(|n| order(n, "Amazon.de", &format!("S{}", n % 7), "Tea")).collect();
    let file = lines(&[&[ORDERS.to_owned()], &rows[..]].concat());
    assert_eq!(desk.import("orders.txt", &file).await.orders_new, 250);
    let (before, named) = (desk.orders().await, desk.named().await);
    desk.dynamo.count_units();
    let again = desk.import("renamed.csv", &file).await;
    let units = desk.dynamo.units().expect("counted");
    assert_eq!((again.orders_new, again.orders_changed, again.orders_unchanged), (0, 0, 250));
    assert!(units.write.abs() < 0.1 && units.shared_write.abs() < 0.1, "{units:?}");
    assert_eq!((desk.orders().await, desk.named().await), (before, named));
}

#[tokio::test]
async fn an_order_of_many_rows_counts_once() {
    let desk = Desk::new().await;
    // Its rows lie across the end of the first hundred.
    let rows: Vec<String> =
        (0..150).map(|n| order(if n < 90 { n } else { 90 }, "Amazon.de", &format!("S{n}"), "Tea")).collect();
    let imported = desk.import("orders.txt", lines(&[&[ORDERS.to_owned()], &rows[..]].concat())).await;
    assert_eq!((imported.orders_new, imported.orders_changed, imported.orders_unchanged), (91, 0, 0));
    assert_eq!(desk.orders().await.pop().expect("there").facts.skus.len(), 60);
}

#[tokio::test]
async fn a_long_file_tells_how_far_it_has_come() {
    let desk = Desk::new().await;
    let mut file = format!("{ORDERS}\n");
    for n in 0..20_000 {
        writeln!(file, "{}", order(n / 4, "Amazon.de", &format!("S{}", n % 50), "Tea")).expect("memory");
    }
    let (imported, progress) = desk.watch("orders.txt", file).await;
    assert_eq!((imported.rows, imported.orders_new, imported.bad_rows), (20_000, 5_000, 0));
    assert_eq!(progress.first(), Some(&Progress { rows_done: 0, rows_total: 20_000 }));
    assert_eq!(progress.last(), Some(&Progress { rows_done: 20_000, rows_total: 20_000 }));
    assert!(progress.len() > 150 && progress.is_sorted_by_key(|progress| progress.rows_done));
    assert_eq!(desk.orders().await.len(), 5_000);
    assert_eq!(desk.named().await.1.len(), 50);
}

#[tokio::test]
async fn nothing_of_a_buyer_is_stored() {
    let desk = Desk::new().await;
    let broken = order(2, "Amazon.de", "TEA", "Tea").replace("\t1\tCANARY", "\tCANARY");
    desk.import("a.txt", lines(&[ORDERS.to_owned(), order(1, "Amazon.de", "TEA", "Tea"), broken])).await;
    let mut table = String::new();
    let mut partitions: Vec<String> =
        (0..16).map(|shard| format!("ORDERS#{}#{shard}", desk.seller_id())).collect();
    partitions.extend(["UNREAD#import".to_owned(), format!("PRODUCTS#{}", desk.seller_id())]);
    for pk in partitions {
        let request = serde_json::json!({
            "TableName": TABLE,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": { ":pk": { "S": pk } },
        });
        table.push_str(&desk.dynamo.call("Query", &request.to_string()).1);
    }
    assert!(table.contains("302-1000000-0000001") && table.contains("Tea"), "the dump holds the orders");
    assert!(!table.contains("CANARY"), "{table}");
}
