//! What reviews name: by product and browse node, by time, and for whom.

use bytes::Bytes;
use renown_simulator::{Operation, Seller, Topic, Topics};
use serde_json::{Value, json};

use crate::support::{DE, SELLER, US, World, at, seconds};

const ASIN: &str = "B000000001";
const NODE: &str = "100";
const SINCE: &str = "2026-02-01T00:00:00Z";

pub(crate) fn path(of: &str, marketplace: &str) -> String {
    format!("/customerFeedback/2024-06-01/{of}marketplaceId={marketplace}")
}

/// A lamp that breaks, among lamps that seldom do.
pub(crate) fn facts() -> [Topics; 2] {
    let mut lamp = Topics::of_product(US, NODE, ASIN, at(SINCE));
    "Oak lamp".clone_into(&mut lamp.name);
    lamp.praise = vec![Topic::new("Strong", 20, 15.0, 0.4)];
    lamp.complaints = vec![
        Topic {
            months: vec![4.0, 5.0, 6.0, 7.0, 8.0, 9.0],
            snippets: vec!["broke after a day".to_owned()],
            subtopics: vec!["breaks".to_owned(), "cracks".to_owned()],
            ..Topic::new("Weak fragile", 12, 8.5, -0.2)
        },
        Topic::new("Noise", 9, 6.0, -0.5),
        Topic { name: "Odour".to_owned(), ..Topic::default() },
    ];
    let mut lamps = Topics::of_node(US, NODE, at(SINCE));
    "Lamps".clone_into(&mut lamps.name);
    lamps.complaints = vec![Topic {
        mentions: None,
        top_share: Some(3.0),
        top_impact: Some(-0.05),
        ..Topic::new("Weak fragile", 0, 5.0, -0.1)
    }];
    lamps.returns = vec![Topic { name: "Weak fragile".to_owned(), share: Some(27.5), ..Topic::default() }];
    [lamp, lamps]
}

async fn world() -> World {
    let world = World::new().await;
    for topics in facts() {
        world.simulator.put_topics(topics).expect("true");
    }
    world
}

/// The names of a list, in their order.
fn names(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().filter_map(|topic| topic["topic"].as_str()).collect()
}

#[tokio::test(start_paused = true)]
async fn topics_come_by_mentions_or_by_impact_and_with_those_of_the_node() {
    let world = world().await;
    let of = |sort: &str| path(&format!("items/{ASIN}/reviews/topics?sortBy={sort}&"), US);
    let shown = world.get(&of("MENTIONS")).await.json();
    assert_eq!((&shown["asin"], &shown["countryCode"]), (&json!(ASIN), &json!("US")));
    let complaints = &shown["topics"]["negativeTopics"];
    assert_eq!(names(complaints), ["Weak fragile", "Noise", "Odour"]);
    assert_eq!(complaints[0]["browseNodeMetrics"]["starRatingImpact"]["allProducts"], -0.1);
    assert_eq!(complaints[0]["parentAsinMetrics"]["numberOfMentions"], 36);
    for member in
        ["browseNodeMetrics", "parentAsinMetrics", "childAsinMetrics", "reviewSnippets", "subtopics"]
    {
        assert!(complaints[2][member].is_null(), "{member}");
    }
    world.simulator.step_clock(seconds(1));
    let shown = world.get(&of("STAR_RATING_IMPACT")).await.json();
    assert_eq!(names(&shown["topics"]["negativeTopics"])[0], "Noise");
    world.simulator.step_clock(seconds(1));
    assert_eq!(world.get(&of("starRatingImpact")).await.status, 400);
    let node = path(&format!("browseNodes/{NODE}/reviews/topics?sortBy=MENTIONS&"), US);
    let shown = world.get(&node).await.json();
    assert!(shown["topics"]["positiveTopics"].is_null());
    let metrics = &shown["topics"]["negativeTopics"][0]["browseNodeMetrics"];
    assert_eq!(metrics["occurrencePercentage"]["topTwentyFivePercentProducts"], 3.0);
}

#[tokio::test(start_paused = true)]
async fn trends_and_returns_have_amazons_blanks_and_its_thirtieth_of_february() {
    let world = world().await;
    let shown = world.get(&path(&format!("items/{ASIN}/reviews/trends?"), US)).await.json();
    let weak = &shown["reviewTrends"]["negativeTopics"][0];
    assert_eq!(weak["topic"], "Weak fragile ");
    let months = weak["trendMetrics"].as_array().unwrap();
    assert_eq!((months.len(), &months[5]["dateRange"]["endDate"]), (6, &json!("2026-02-30T00:00:00.000Z")));
    assert_eq!(months[5]["asinMetrics"]["occurrencePercentage"], 9.0);
    let shown = world.get(&path(&format!("browseNodes/{NODE}/returns/topics?"), US)).await.json();
    assert_eq!(names(&shown["topics"]), ["Weak fragile "]);
    let shown = world.get(&path(&format!("items/{ASIN}/browseNode?"), US)).await.json();
    assert_eq!(shown, json!({"browseNodeId": NODE, "displayName": "Lamps"}));
}

#[tokio::test(start_paused = true)]
async fn of_what_nothing_is_said_nothing_is_told() {
    let world = world().await;
    let topics = |asin: &str| path(&format!("items/{asin}/reviews/topics?sortBy=MENTIONS&"), US);
    let reply = world.get(&topics("B000000002")).await;
    assert_eq!((reply.status.as_u16(), reply.body.len()), (204, 0));
    assert_eq!(world.get(&topics(ASIN)).await.status, 200);
    let mut later = facts()[0].clone();
    later.since = at("2026-03-02T00:00:00Z");
    later.praise.clear();
    later.complaints.clear();
    world.simulator.put_topics(later).expect("true");
    assert_eq!(
        world.simulator.next_change_after(at("2026-03-01T23:00:00Z")),
        Some(at("2026-03-02T00:00:00Z"))
    );
    world.go_to("2026-03-02T00:00:00Z");
    let world = World { token: world.token_of("Atzr|one").await, ..world };
    assert_eq!(world.get(&topics(ASIN)).await.status, 204);
}

#[tokio::test(start_paused = true)]
async fn where_it_is_not_offered_or_without_the_role_it_is_denied() {
    let world = world().await;
    let node = |marketplace: &str| path(&format!("items/{ASIN}/browseNode?"), marketplace);
    assert_eq!(world.get(&node("A1C3SOZRARQ6R3")).await.status, 403);
    assert_eq!(world.get(&node(DE)).await.status, 204);
    world.simulator.step_clock(seconds(2));
    assert_eq!(world.get(&node("abcd")).await.status, 400);
    let seller = world.simulator.sellers().into_iter().find(|seller| seller.seller_id == SELLER).unwrap();
    world.simulator.add_seller(Seller { lacks_customer_feedback: true, ..seller });
    let reply = world.get(&node(US)).await;
    assert_eq!(
        (reply.status.as_u16(), reply.message().as_str()),
        (403, "Access to requested resource is denied.")
    );
}

#[tokio::test(start_paused = true)]
async fn more_than_a_call_a_second_is_too_many() {
    let world = world().await;
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(world.get(&path(&format!("items/{ASIN}/browseNode?"), US)).await.status.as_u16());
    }
    assert_eq!(statuses, [200, 200, 429]);
    let violation = world.simulator.violations().pop().expect("it was too fast");
    assert_eq!(violation.operation, Operation::GetItemBrowseNode);
}

#[tokio::test(start_paused = true)]
async fn a_bad_record_leaves_its_neighbours_alone() {
    let world = World::new().await;
    let good = json!({"marketplace_id": US, "node": NODE, "since": SINCE, "name": "Lamps"});
    let with = |member: &str, value: Value| {
        let mut record = good.clone();
        record[member] = value;
        record
    };
    let records = json!([
        good,
        with("marketplace_id", json!("XX")),
        with("praise", json!([{"name": "Strong", "share": 101}])),
        with("surprise", json!(1)),
        with("complaints", json!([{"name": " "}])),
    ]);
    let request = world.request("POST", "/_sim/topics").body(Bytes::from(records.to_string())).unwrap();
    let answer = world.send(request).await.unwrap().json();
    assert_eq!(answer["accepted"], json!([NODE]));
    let fields: Vec<_> =
        answer["rejected"].as_array().unwrap().iter().map(|one| one["field"].clone()).collect();
    assert_eq!(fields, ["marketplace_id", "share", "surprise", "name"]);
    assert_eq!(world.simulator.topics().len(), 1);
}
