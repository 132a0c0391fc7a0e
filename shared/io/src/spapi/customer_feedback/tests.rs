use std::time::Duration;

use jiff::civil::Date;
use renown_core::topics::Measure;
use serde_json::json;
use tokio::time::Instant;

use super::wire::day;
use super::*;
use crate::spapi::fake::{Fake, Reply, caller, refused_token};

fn asin() -> Asin {
    "B000000001".parse().expect("an ASIN")
}

fn germany() -> MarketplaceId {
    MarketplaceId::of_country("DE").expect("known")
}

fn answering(status: u16, body: &serde_json::Value) -> Fake {
    let body = body.to_string();
    Fake::with_tokens(move |_| Reply::json(status, &body))
}

#[tokio::test(start_paused = true)]
async fn nothing_available_is_nothing_and_no_error() {
    let fake = Fake::with_tokens(|_| Reply::json(204, ""));
    let (api, caller, asin, at) = (fake.api(), caller(), asin(), germany());
    let topics = api.item_review_topics(&caller, &asin, at, SortBy::Mentions).await;
    assert_eq!(topics, Ok(None));
    assert_eq!(api.item_browse_node(&caller, &asin, at).await, Ok(None));
    assert_eq!(api.item_review_trends(&caller, &asin, at).await, Ok(None));
    assert_eq!(api.node_review_topics(&caller, "1", at, SortBy::Impact).await, Ok(None));
    assert_eq!(api.node_review_trends(&caller, "1", at).await, Ok(None));
    assert_eq!(api.node_return_topics(&caller, "1", at).await, Ok(None));
    assert_eq!(api.node_return_trends(&caller, "1", at).await, Ok(None));
    let targets: Vec<String> = fake.calls().into_iter().map(|seen| seen.target).collect();
    let base = "/customerFeedback/2024-06-01";
    let of = |path: &str, rest: &str| format!("{base}{path}?marketplaceId=A1PA6795UKMFR9{rest}");
    assert_eq!(
        targets,
        [
            of("/items/B000000001/reviews/topics", "&sortBy=MENTIONS"),
            of("/items/B000000001/browseNode", ""),
            of("/items/B000000001/reviews/trends", ""),
            of("/browseNodes/1/reviews/topics", "&sortBy=STAR_RATING_IMPACT"),
            of("/browseNodes/1/reviews/trends", ""),
            of("/browseNodes/1/returns/topics", ""),
            of("/browseNodes/1/returns/trends", ""),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn whatever_is_null_or_missing_is_unknown_and_its_neighbours_are_read() {
    let body = json!({
        "itemName": " Oak lamp ",
        "dateRange": {"startDate": "2026-02-01T00:00:00.000Z", "endDate": "2026-02-30T00:00:00.000Z"},
        "topics": {
            "positiveTopics": null,
            "negativeTopics": [
                {"topic": "Weak  fragile ", "asinMetrics": {"numberOfMentions": 12, "occurrencePercentage": 8.5, "starRatingImpact": null},
                 "parentAsinMetrics": null, "browseNodeMetrics": {"occurrencePercentage": null, "starRatingImpact": {"allProducts": -0.1}},
                 "childAsinMetrics": {"mostMentions": {"asin": "B000000002", "numberOfMentions": 9}, "leastMentions": null},
                 "reviewSnippets": ["broke ", ""], "subtopics": [{"subtopic": "breaks ", "metrics": {"numberOfMentions": 3}}, {"subtopic": ""}]},
                {"topic": " ", "asinMetrics": {"numberOfMentions": 1}},
                {"topic": "Noise", "asinMetrics": null},
            ],
        },
    });
    let fake = answering(200, &body);
    let found = fake.api().item_review_topics(&caller(), &asin(), germany(), SortBy::Mentions).await;
    let found = found.expect("answered").expect("something");
    assert_eq!((found.title.as_str(), found.days.to), ("Oak lamp", Date::new(2026, 2, 28).ok()));
    assert_eq!(found.topics.praise, []);
    let [weak, noise] = &found.topics.complaints[..] else { panic!("{:?}", found.topics.complaints) };
    assert_eq!((weak.name.as_str(), noise.name.as_str()), ("Weak fragile", "Noise"));
    assert_eq!(weak.item, Measure { mentions: Some(12), share: Some(8.5), impact: None });
    assert_eq!(weak.node, Measure { impact: Some(-0.1), ..Measure::default() });
    assert!(weak.parent.is_empty() && noise.item.is_empty());
    assert_eq!(weak.most.as_ref().map(|most| most.mentions), Some(9));
    assert_eq!((&weak.snippets[..], weak.subtopics.len()), (&["broke".to_owned()][..], 1));
}

#[tokio::test(start_paused = true)]
async fn months_come_in_their_order_and_each_once() {
    let month = |from: &str, share: f64| {
        json!({"dateRange": {"startDate": from, "endDate": "2026-02-30T00:00:00.000Z"},
               "asinMetrics": {"occurrencePercentage": share},
               "browseNodeMetrics": {"occurrencePercentage": {"allProducts": 2.0, "topTwentyFivePercentProducts": 1.0}}})
    };
    let months = [
        month("2026-03-01T00:00:00Z", 3.0),
        month("2026-02-01T00:00:00Z", 2.0),
        month("2026-03-01T00:00:00Z", 3.0),
    ];
    let body = json!({"reviewTrends": {"negativeTopics": [{"topic": "Noise ", "trendMetrics": months}]}});
    let fake = answering(200, &body);
    let found = fake.api().item_review_trends(&caller(), &asin(), germany()).await;
    let found = found.expect("answered").expect("something");
    let shares: Vec<_> = found.complaints[0].months.iter().map(|month| month.item).collect();
    assert_eq!(shares, [Some(2.0), Some(3.0)]);
    assert_eq!(found.complaints[0].months[0].top, Some(1.0));
}

#[test]
fn a_day_that_no_month_has_is_its_last_one() {
    let check = |text: &str, expect: Option<&str>| {
        assert_eq!(day(text).map(|day| day.to_string()).as_deref(), expect, "{text}");
    };
    check("2024-02-30T00:00:00.000Z", Some("2024-02-29"));
    check("2026-02-31", Some("2026-02-28"));
    check("2026-04-31T00:00:00Z", Some("2026-04-30"));
    check("2026-13-01T00:00:00Z", None);
    check("2026-04-00T00:00:00Z", Some("2026-04-01"));
    check("", None);
    check("März 2026 früh", None);
}

#[tokio::test(start_paused = true)]
async fn a_missing_role_is_named() {
    let fake = Fake::with_tokens(|_| refused_token());
    let error = fake.api().item_browse_node(&caller(), &asin(), germany()).await.expect_err("denied");
    let text = crate::say::call(&error);
    for said in [&text.en, &text.zh] {
        assert!(said.contains("Selling Partner Insights") && said.contains("Brand Analytics"), "{said}");
    }
    let order = "123-1234567-1234567".parse().expect("an id");
    let other = fake.api().actions(&caller(), &order, germany()).await.expect_err("denied").to_string();
    assert!(other.contains("Buyer Solicitation") && !other.contains("Insights"), "{other}");
}

#[tokio::test(start_paused = true)]
async fn an_operation_is_called_once_a_second_at_most_and_rests_after_a_429() {
    let fake = answering(200, &json!({"browseNodeId": "1", "displayName": "Lamps"}));
    let (api, caller, start) = (fake.api(), caller(), Instant::now());
    for _ in 0..3 {
        api.item_browse_node(&caller, &asin(), germany()).await.expect("answered");
    }
    assert_eq!(start.elapsed(), Duration::from_secs(3));
    let busy = answering(429, &json!({}));
    let api = busy.api();
    let error = api.item_browse_node(&caller, &asin(), germany()).await.expect_err("too many");
    let Error::Throttled { retry_in, .. } = error else { panic!("{error}") };
    assert!(retry_in >= Duration::from_secs(1));
}
