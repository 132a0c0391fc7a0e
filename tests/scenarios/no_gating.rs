//! P2: nothing that tells how a buyer feels changes whether or when that buyer is asked.
//!
//! The same shop is run twice. In the second run half of its buyers are unhappy, and everything
//! that Amazon can say of that is said: refunds, returns, offers of help, item-level changes,
//! touched orders. The call logs must be equal to the second. In a third pair the reports of feedback
//! and returns are read, and cases opened and closed: the calls about orders must be equal still.

use renown_simulator::{Call, Channel, Feedback, Operation, Order, Return};
use renown_tests::{World, t};

fn shop() -> Vec<Order> {
    (0..24_u32)
        .map(|n| {
            let id = format!("302-1234567-00000{n:02}");
            let marketplace = ["A1PA6795UKMFR9", "A13V1IB3VIYZZH", "A1F83G8C2ARO7P"][n as usize % 3];
            let bought = t("2026-10-01T08:00:00Z") + jiff::SignedDuration::from_hours(i64::from(n) * 3);
            let mut order = Order::new(id, "A1NOGATE", marketplace, bought);
            order.channel = if n % 2 == 0 { Channel::Amazon } else { Channel::Merchant };
            order
        })
        .collect()
}

/// Notifications that speak of an unhappy buyer.
fn unhappy(order: &Order, at: &str) -> Vec<String> {
    let id = &order.order_id;
    let refund = format!(
        r#"{{"NotificationType":"TRANSACTION_UPDATE","EventTime":"{at}","Payload":{{"TransactionUpdateNotification":{{
            "SellingPartnerMetadata":{{"SellingPartnerId":"A1NOGATE","MarketplaceId":"{}"}},
            "RelatedIdentifiers":[{{"RelatedIdentifierName":"ORDER_ID","RelatedIdentifierValue":"{id}"}}],
            "TransactionType":"Refund","TotalAmount":{{"CurrencyAmount":-19.99,"CurrencyCode":"EUR"}}}}}}}}"#,
        order.marketplace_id
    );
    let feedback = format!(
        r#"{{"NotificationType":"SELLER_FEEDBACK","EventTime":"{at}","Payload":{{"AmazonOrderId":"{id}","Rating":1}}}}"#
    );
    // Fields of a kind that Amazon could add to the order message tomorrow.
    let wish = format!(
        r#"{{"NotificationType":"ORDER_CHANGE","EventTime":"{at}","Payload":{{"OrderChangeNotification":{{
            "NotificationLevel":"OrderLevel","SellerId":"A1NOGATE","AmazonOrderId":"{id}",
            "OrderChangeType":"BuyerRequestedChange","OrderChangeTrigger":{{"TimeOfOrderChange":"{at}","ChangeReason":"RETURN_REQUESTED"}},
            "BuyerSentiment":"ANGRY","Refunded":true,
            "Summary":{{"MarketplaceId":"{}","OrderStatus":"Shipped","BuyerRating":1,
              "OrderItems":[{{"SellerSKU":"SKU-1","OrderItemStatus":"Shipped","IsBuyerRequestedCancel":true,"ReturnReason":"DEFECTIVE"}}]}}}}}}}}"#,
        order.marketplace_id
    );
    vec![refund, feedback, wish]
}

async fn run(is_unhappy: bool) -> Vec<Call> {
    let mut world = World::new(t("2026-10-01T00:00:00Z")).await;
    let seller = world.add_seller("A1NOGATE", &["DE", "FR", "GB"]).await;
    world.go_live(&seller.id).await;
    for (n, mut order) in shop().into_iter().enumerate() {
        if is_unhappy && n % 2 == 0 {
            order.touched_at = vec![t("2026-10-09T10:00:00Z"), t("2026-10-10T10:00:00Z")];
        }
        world.simulator.put_order(order).expect("well-formed");
    }
    world.run_until(t("2026-10-08T00:00:00Z")).await;
    for (n, order) in shop().iter().enumerate() {
        if is_unhappy && n % 2 == 0 {
            world.deliver(&unhappy(order, "2026-10-08T09:00:00Z")).await;
        }
    }
    world.run_until(t("2026-11-20T00:00:00Z")).await;
    assert_eq!(world.totals(&seller.id).await.asked, 24);
    world.simulator.calls()
}

#[tokio::test(start_paused = true)]
async fn the_call_logs_of_a_happy_and_an_unhappy_shop_are_equal() {
    let happy = run(false).await;
    let unhappy = run(true).await;
    assert!(happy.len() > 48);
    assert_eq!(happy, unhappy);
}

/// The same shop with its reports read and its cases made, day by day.
async fn run_with_cases(is_unhappy: bool) -> (usize, Vec<(String, String)>) {
    let mut world = World::new(t("2026-10-01T00:00:00Z")).await;
    let seller = world.add_seller("A1NOGATE", &["DE", "FR", "GB"]).await;
    world.go_live(&seller.id).await;
    for (n, mut order) in shop().into_iter().enumerate() {
        if is_unhappy && n % 2 == 0 {
            let delivered = order.delivered_at.expect("delivered");
            let day = |n: i64| delivered + jiff::SignedDuration::from_hours(24 * n);
            order.feedback = Some(Feedback::new(day(1), 1, "Arrived broken, I want my money back"));
            let mut back = Return::new(day(2), "DEFECTIVE");
            back.delivered_at = Some(day(3));
            back.a_to_z = true;
            order.returned = Some(back);
        }
        world.simulator.put_order(order).expect("well-formed");
    }
    let end = t("2026-11-20T00:00:00Z");
    let mut next = t("2026-10-01T06:00:00Z");
    while next < end {
        world.run_until(next).await;
        let deadline = next + renown_tests::INVOCATION;
        report_sync::handle_tick(&world.app, deadline).await.expect("the table answers");
        world.take_events().await;
        world.sweep().await;
        next += jiff::SignedDuration::from_hours(2);
    }
    assert_eq!(world.totals(&seller.id).await.asked, 24);
    let cases = world.app.ledger.cases(&seller.id).await.expect("listed").len();
    // What was asked of Amazon about orders, to the second. How reports are followed differs: those
    // of a happy shop are empty.
    let of_orders = world.simulator.calls().into_iter().filter(|call| {
        matches!(
            call.operation,
            Operation::GetSolicitationActionsForOrder
                | Operation::CreateProductReviewAndSellerFeedbackSolicitation
                | Operation::GetOrder
        )
    });
    let of_orders = of_orders.map(|call| {
        (call.at.to_string(), format!("{:?} {:?} {:?}", call.operation, call.subject, call.status))
    });
    (cases, of_orders.collect())
}

#[tokio::test(start_paused = true)]
async fn cases_of_unhappy_buyers_change_no_call_about_an_order() {
    let (none, happy) = run_with_cases(false).await;
    let (cases, unhappy) = run_with_cases(true).await;
    assert_eq!((none, cases >= 12), (0, true), "{cases} cases");
    assert_eq!(happy, unhappy);
}
