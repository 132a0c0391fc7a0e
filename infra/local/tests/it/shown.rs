//! What `plan` and `explain` print of a tiny shop.

use renown_core::say::Lang;
use renown_local::commands::{explain, plan};
use serde_json::Value;

use crate::support::{style, tiny};

async fn planned(lang: Lang, json: bool, all: bool) -> String {
    let (shop, _, _dir) = tiny().await;
    let mut out = Vec::new();
    let extent = plan::Extent { all, days: 30 };
    plan::print(&shop, extent, &style(lang, json), &mut out).expect("printed");
    String::from_utf8(out).expect("UTF-8")
}

async fn explained(order: &str, lang: Lang, json: bool) -> String {
    let (shop, folder, _dir) = tiny().await;
    let mut out = Vec::new();
    let order = order.parse().expect("valid");
    explain::print(&shop, &folder.path().display(), &order, &style(lang, json), &mut out).expect("printed");
    String::from_utf8(out).expect("UTF-8")
}

#[tokio::test(start_paused = true)]
async fn a_plan_shows_sums_days_and_orders() {
    insta::assert_snapshot!(planned(Lang::En, false, true).await, @r"
    2026-10-16 12:00 UTC, 晨光家居 Morning Home S1 (live)

           4  orders
    =      1  asked
    +      1  skipped
                    1  cancelled: the order was cancelled
    +      0  expired
    +      0  refused
    +      2  open
                    1  not_shipped: not shipped yet
                    1  planned: a date is set

      晨光家居 Morning Home  All Orders report  as of –  (every 6 h)
      晨光家居 Morning Home  FBA shipments report  as of –  (every 6 h)

    days ahead (UTC)
      2026-10-19  due     1  to be asked     1  capacity  39600  晨光家居 Morning Home

    orders (UTC)
      302-3333333-3333333  DE  skipped   10-05 08:00                 the order was cancelled  晨光家居 Morning Home  MH-LAMP-OAK
      302-1111111-1111111  DE  asked     10-15 11:23                 Amazon accepted the request  晨光家居 Morning Home  MH-LAMP-OAK
      302-2222222-2222222  DE  open      10-19 07:41  ≤ 11-11 18:00  a date is set  晨光家居 Morning Home  MH-LAMP-OAK
      302-4444444-4444444  DE  open                                  not shipped yet  晨光家居 Morning Home  MH-LAMP-OAK
    ");
}

#[tokio::test(start_paused = true)]
async fn a_plan_can_be_read_in_chinese() {
    insta::assert_snapshot!(planned(Lang::Zh, false, false).await, @r"
    2026-10-16 12:00 UTC, 晨光家居 Morning Home S1 (运行)

           4  订单
    =      1  已请求
    +      1  跳过
                    1  订单已取消
    +      0  过期
    +      0  被拒
    +      2  进行中
                    1  尚未发货
                    1  已排定日期

      晨光家居 Morning Home  全部订单报告  数据截至 –  (每 6 小时)
      晨光家居 Morning Home  FBA 已发货报告  数据截至 –  (每 6 小时)

    未来几天 (UTC)
      2026-10-19  到期     1  将请求     1  容量  39600  晨光家居 Morning Home

    订单 (UTC)
      302-2222222-2222222  DE  进行中    10-19 07:41  ≤ 11-11 18:00  已排定日期  晨光家居 Morning Home  MH-LAMP-OAK
      302-4444444-4444444  DE  进行中                                尚未发货  晨光家居 Morning Home  MH-LAMP-OAK
    ");
}

#[tokio::test(start_paused = true)]
async fn a_plan_for_programs_is_one_object_whose_parts_add_up() {
    let text = planned(Lang::En, true, false).await;
    let plan: Value = serde_json::from_str(&text).expect("one object");
    insta::assert_json_snapshot!(plan, @r#"
    {
      "days": {
        "ahead": [
          {
            "asked": 1,
            "capacity": 39600,
            "date": "2026-10-19",
            "due": 1,
            "seller_id": "S1"
          }
        ],
        "not_in_share": 0,
        "nothing_offered_yet": 0,
        "will_not_fit": []
      },
      "orders": [
        {
          "at": "2026-10-15T11:23:00Z",
          "estimate": {
            "at": "2026-10-09T00:00:00Z",
            "confidence": "medium",
            "source": "promise"
          },
          "marketplace_id": "A1PA6795UKMFR9",
          "not_after": null,
          "order_id": "302-1111111-1111111",
          "reasons": [
            "accepted"
          ],
          "seller_id": "S1",
          "state": "asked"
        },
        {
          "at": "2026-10-19T07:41:28Z",
          "estimate": {
            "at": "2026-10-13T00:00:00Z",
            "confidence": "medium",
            "source": "promise"
          },
          "marketplace_id": "A1PA6795UKMFR9",
          "not_after": "2026-11-11T18:00:00Z",
          "order_id": "302-2222222-2222222",
          "reasons": [
            "planned"
          ],
          "seller_id": "S1",
          "state": "open"
        },
        {
          "at": "2026-10-05T08:00:00Z",
          "estimate": null,
          "marketplace_id": "A1PA6795UKMFR9",
          "not_after": null,
          "order_id": "302-3333333-3333333",
          "reasons": [
            "cancelled"
          ],
          "seller_id": "S1",
          "state": "skipped"
        },
        {
          "at": null,
          "estimate": null,
          "marketplace_id": "A1PA6795UKMFR9",
          "not_after": null,
          "order_id": "302-4444444-4444444",
          "reasons": [
            "not_shipped"
          ],
          "seller_id": "S1",
          "state": "open"
        }
      ],
      "reports": [
        {
          "as_of": null,
          "every_hours": 6,
          "report": "all_orders",
          "seller_id": "S1"
        },
        {
          "as_of": null,
          "every_hours": 6,
          "report": "fba_shipments",
          "seller_id": "S1"
        }
      ],
      "totals": {
        "asked": 1,
        "expired": {},
        "open": {
          "not_shipped": 1,
          "planned": 1
        },
        "orders": 4,
        "presumed": 0,
        "refused": {},
        "skipped": {
          "cancelled": 1
        }
      }
    }
    "#);
}

#[tokio::test(start_paused = true)]
async fn the_story_of_an_asked_order_names_its_evidence() {
    insta::assert_snapshot!(explained("302-1111111-1111111", Lang::En, false).await, @r"
    order 302-1111111-1111111  晨光家居 Morning Home  amazon.de
      state: asked, 2026-10-15 11:23 UTC (13:23 Berlin)
      why: Amazon accepted the request
      delivery: 2026-10-09 00:00 UTC (02:00 Berlin), the date promised to the buyer (confidence medium)
      window: 2026-10-13 01:00 UTC – 2026-11-07 18:00 UTC
      facts: bought 2026-10-04 10:00 UTC, shipped 2026-10-05 08:00 UTC, promised 2026-10-08 00:00 UTC – 2026-10-09 00:00 UTC, shipped, fulfilled by the seller, items MH-LAMP-OAK
      rules version: 0 (default rules)
      story:
        2026-10-05 08:00 UTC  first heard of in a notification
        2026-10-05 08:00 UTC  a date was set
        2026-10-15 11:23 UTC  Amazon accepted the request (13:23 Berlin; delivery 10-09, the date promised to the buyer)
    ");
    insta::assert_snapshot!(explained("302-1111111-1111111", Lang::Zh, false).await, @r"
    订单 302-1111111-1111111  晨光家居 Morning Home  amazon.de
      状态: 已请求, 2026-10-15 11:23 UTC (13:23 柏林)
      原因: 亚马逊已接受请求
      送达: 2026-10-09 00:00 UTC (02:00 柏林), 向买家承诺的日期 (可信度 中)
      窗口: 2026-10-13 01:00 UTC – 2026-11-07 18:00 UTC
      事实: 下单 2026-10-04 10:00 UTC, 发货 2026-10-05 08:00 UTC, 承诺送达 2026-10-08 00:00 UTC – 2026-10-09 00:00 UTC, 已发货, 卖家自配送, 商品 MH-LAMP-OAK
      规则版本: 0 (默认规则)
      经过:
        2026-10-05 08:00 UTC  首次从通知中得知
        2026-10-05 08:00 UTC  已排定日期
        2026-10-15 11:23 UTC  亚马逊已接受请求 (13:23 柏林; 送达 10-09, 向买家承诺的日期)
    ");
}

#[tokio::test(start_paused = true)]
async fn the_story_of_a_skipped_order_names_its_reason() {
    insta::assert_snapshot!(explained("302-3333333-3333333", Lang::En, false).await, @r"
    order 302-3333333-3333333  晨光家居 Morning Home  amazon.de
      state: skipped, 2026-10-05 08:00 UTC (10:00 Berlin)
      why: the order was cancelled
      delivery: 2026-10-13 00:00 UTC (02:00 Berlin), the date promised to the buyer (confidence medium)
      window: 2026-10-17 01:00 UTC – 2026-11-11 18:00 UTC
      facts: bought 2026-10-04 10:00 UTC, promised 2026-10-12 00:00 UTC – 2026-10-13 00:00 UTC, cancelled, fulfilled by the seller, items MH-LAMP-OAK
      rules version: 0 (default rules)
      story:
        2026-10-05 08:00 UTC  first heard of in a notification
        2026-10-05 08:00 UTC  the order was cancelled
    ");
}

#[tokio::test(start_paused = true)]
async fn a_story_for_programs_holds_all_that_is_known() {
    let story: Value =
        serde_json::from_str(&explained("302-1111111-1111111", Lang::En, true).await).expect("one object");
    insta::assert_json_snapshot!(story, @r#"
    {
      "arm": null,
      "at": "2026-10-15T11:23:00Z",
      "estimate": {
        "at": "2026-10-09T00:00:00Z",
        "confidence": "medium",
        "source": "promise"
      },
      "facts": {
        "asins": [],
        "channel": "merchant",
        "delivered": null,
        "estimated_arrival": null,
        "non_amazon": false,
        "parcels": null,
        "programs": [],
        "promise": {
          "earliest": "2026-10-08T00:00:00Z",
          "latest": "2026-10-09T00:00:00Z",
          "told_at": "2026-10-05T08:00:00Z"
        },
        "purchased_at": "2026-10-04T10:00:00Z",
        "replacement": false,
        "seen_in": "notification",
        "shipped_at": "2026-10-05T08:00:00Z",
        "skus": [
          "MH-LAMP-OAK"
        ],
        "status": "shipped"
      },
      "marketplace_id": "A1PA6795UKMFR9",
      "not_after": null,
      "order_id": "302-1111111-1111111",
      "reasons": [
        "accepted"
      ],
      "rules_version": 0,
      "seller_id": "S1",
      "state": "asked",
      "trail": [
        {
          "at": "2026-10-05T08:00:00Z",
          "count": 1,
          "detail": null,
          "last": null,
          "step": "first_notified",
          "text": "first heard of in a notification"
        },
        {
          "at": "2026-10-05T08:00:00Z",
          "count": 1,
          "detail": null,
          "last": null,
          "step": "planned",
          "text": "a date was set"
        },
        {
          "at": "2026-10-15T11:23:00Z",
          "count": 1,
          "detail": null,
          "last": null,
          "step": "accepted",
          "text": "Amazon accepted the request (13:23 Berlin; delivery 10-09, the date promised to the buyer)"
        }
      ],
      "window": {
        "closes": "2026-11-07T18:00:00Z",
        "opens": "2026-10-13T01:00:00Z"
      }
    }
    "#);
}

#[tokio::test(start_paused = true)]
async fn an_order_that_is_not_known_is_named_with_the_folder_and_the_remedy() {
    let (shop, folder, dir) = tiny().await;
    let order = "302-9999999-9999999".parse().expect("valid");
    let error =
        explain::print(&shop, &folder.path().display(), &order, &style(Lang::En, false), &mut Vec::new())
            .expect_err("unknown");
    let error = error.to_string();
    assert!(error.contains("302-9999999-9999999") && error.contains("Seller Central"), "{error}");
    assert!(error.contains(&dir.path().display().to_string()), "{error}");
}
