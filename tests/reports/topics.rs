//! What reviews name: looked at once a week, told of once, and never in the way of orders.

use futures_util::future::join;
use jiff::SignedDuration;
use renown_core::case::{Kind, Signal};
use renown_core::ids::Asin;
use renown_core::marketplace::MarketplaceId;
use renown_core::topics::{Snapshot, score};
use renown_local::amazon;
use renown_simulator::{self as sim, Fault, FaultKind, Operation, Topic, Topics};

use crate::cycle::tick;
use crate::world::{self, SELLER, World, hours, t};

const START: &str = "2026-11-20T12:00:00Z";
const NODE: &str = "100";
const LAMP: &str = "B0LAMP0001";
const POT: &str = "B0TEAPOT01";
const FEEDBACK: [Operation; 7] = [
    Operation::GetItemReviewTopics,
    Operation::GetItemBrowseNode,
    Operation::GetItemReviewTrends,
    Operation::GetBrowseNodeReviewTopics,
    Operation::GetBrowseNodeReviewTrends,
    Operation::GetBrowseNodeReturnTopics,
    Operation::GetBrowseNodeReturnTrends,
];

const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

impl World {
    /// Of these ASINs an order each was placed some days ago.
    async fn selling(country: &'static str, asins: &[&str]) -> Self {
        let world = Self::at(START, country).await;
        for (n, asin) in (1..).zip(asins) {
            let mut order = world.order(n, "2026-11-17T10:00:00Z");
            order.items = vec![sim::Item::new(format!("SKU-{n}"), *asin)];
            world.simulator.put_order(order).expect("valid");
        }
        world
    }

    fn marketplace(&self) -> MarketplaceId {
        MarketplaceId::of_country(self.country).expect("known")
    }

    /// From a moment on so many of a hundred reviews of an ASIN say that it breaks.
    fn breaks(&self, asin: &str, since: &str, share: f64) {
        let mut topics = Topics::of_product(self.marketplace().as_str(), NODE, asin, t(since));
        "Oak lamp".clone_into(&mut topics.name);
        topics.praise = vec![Topic::new("Strong", 40, 20.0, 0.3)];
        topics.complaints = vec![Topic {
            snippets: vec!["it broke".to_owned()],
            ..Topic::new("Weak fragile", 12, share, -0.2)
        }];
        self.simulator.put_topics(topics).expect("true");
    }

    /// What the browse node says.
    fn lamps(&self) {
        let mut node = Topics::of_node(self.marketplace().as_str(), NODE, t("2026-11-01T00:00:00Z"));
        "Lamps".clone_into(&mut node.name);
        let all = Topic {
            top_share: Some(3.0),
            top_impact: Some(-0.05),
            ..Topic::new("Weak fragile", 0, 5.0, -0.1)
        };
        node.complaints = vec![all];
        node.returns = vec![Topic { name: "Weak fragile".to_owned(), share: Some(27.5), ..Topic::default() }];
        self.simulator.put_topics(node).expect("true");
    }

    async fn looks(&self, asin: &str) -> Vec<Snapshot> {
        let asin: Asin = asin.parse().expect("an ASIN");
        let seller = self.seller();
        self.app.ledger.asin_weeks(&seller, self.marketplace(), &asin, None).await.expect("readable")
    }

    async fn told(&self, kind: Kind) -> Vec<Signal> {
        let all = self.app.ledger.signals(&self.seller()).await.expect("listed");
        all.into_iter().map(|stored| stored.signal).filter(|signal| signal.kind == kind).collect()
    }

    fn calls(&self, operation: Operation) -> usize {
        self.simulator.calls().into_iter().filter(|call| call.operation == operation).count()
    }

    fn feedback_calls(&self) -> Vec<usize> {
        FEEDBACK.into_iter().map(|operation| self.calls(operation)).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn a_complaint_that_grows_is_told_of_once() {
    let world = World::selling("DE", &[LAMP, POT]).await;
    world.lamps();
    world.breaks(LAMP, "2026-11-01T00:00:00Z", 8.0);
    world.breaks(POT, "2026-11-01T00:00:00Z", 2.0);
    let summary = world.run(hours(12)).await;
    assert_eq!((summary.topics, summary.problems.len()), (2, 0), "{:?}", summary.problems);
    // Both orders of topics of each product; what the node says once for both.
    assert_eq!(world.feedback_calls(), [4, 2, 2, 2, 1, 1, 1]);
    let [look] = &world.looks(LAMP).await[..] else { panic!("one look") };
    assert_eq!((look.title.as_str(), look.week.to_string().as_str()), ("Oak lamp", "2026-11-20"));
    let weak = look.complaint("Weak fragile").expect("named");
    assert_eq!((weak.item.share, weak.all.share, weak.top.impact), (Some(8.0), Some(5.0), Some(-0.05)));
    assert_eq!((weak.months.len(), weak.snippet.as_deref()), (6, Some("it broke")));
    assert_eq!(look.in_returns("Weak fragile").and_then(|(_, returned)| returned.share), Some(27.5));
    // 50 + 10 × (0.3 − 0.2 − (0 − 0.1))
    assert_eq!(score(look).and_then(|score| score.value), Some(52));
    assert_eq!(world.told(Kind::Topic).await, []);

    world.breaks(LAMP, "2026-11-24T00:00:00Z", 11.0);
    world.pass(WEEK).await;
    let other =
        world::app(&world.dynamo, &amazon::http_client(world.simulator.clone()), &world.clock, "second");
    other
        .secrets
        .store(renown_io::secrets::Scope::Listen, &world.seller(), &world::credentials())
        .await
        .expect("stored");
    // Two processes at once, and then each again and again.
    for _ in 0..4 {
        join(Box::pin(tick(&world.app)), Box::pin(tick(&other))).await;
        world.pass(SignedDuration::from_mins(5)).await;
    }
    assert_eq!(world.looks(LAMP).await.len(), 2);
    let told = world.told(Kind::Topic).await;
    let [signal] = &told[..] else { panic!("{told:?}") };
    assert_eq!(signal.asin.as_ref().map(Asin::as_str), Some(LAMP));
    let note = &signal.note.as_ref().expect("a note").en;
    assert!(
        note.contains("11 % of the reviews name it, 8 % on 2026-11-20") && note.contains("27.5 %"),
        "{note}"
    );
    assert_eq!(world.feedback_calls(), [8, 4, 4, 4, 2, 2, 2]);
    assert_eq!(world.simulator.violations(), []);
}

#[tokio::test(start_paused = true)]
async fn a_missing_role_is_told_once_and_tried_again_a_week_later() {
    let world = World::selling("DE", &[LAMP, POT]).await;
    world.breaks(LAMP, "2026-11-01T00:00:00Z", 8.0);
    let with_role = |has: bool| {
        let seller = world.simulator.sellers().into_iter().find(|seller| seller.seller_id == SELLER);
        let seller = seller.expect("there");
        world.simulator.add_seller(sim::Seller { lacks_customer_feedback: !has, ..seller });
    };
    with_role(false);
    let summary = world.run(hours(12)).await;
    let of_role: Vec<_> = summary
        .problems
        .iter()
        .filter(|problem| problem.text.en.contains("Selling Partner Insights"))
        .collect();
    assert_eq!((summary.topics, of_role.len()), (0, 1), "{:?}", summary.problems);
    // Once, and once more with a new token.
    assert_eq!(world.feedback_calls(), [2, 0, 0, 0, 0, 0, 0]);
    world.pass(WEEK).await;
    world.run(hours(1)).await;
    assert_eq!(world.feedback_calls(), [4, 0, 0, 0, 0, 0, 0]);
    let told = world.told(Kind::Access).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].note.as_ref().is_some_and(|note| note.zh.contains("Selling Partner Insights")),
        "{told:?}"
    );
    // Orders are read as ever, and nobody was stopped.
    assert!(world.stored("302-1000000-0000001").await.is_some());
    let control = world.app.ledger.control(world.clock.now()).await.expect("readable");
    assert_eq!(control.control().seller_stop(&world.seller()), None);
    with_role(true);
    world.pass(WEEK).await;
    world.run(hours(1)).await;
    assert_eq!((world.looks(LAMP).await.len(), world.looks(POT).await.len()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_bad_hour_of_amazons_puts_off_and_loses_nobody() {
    let world = World::selling("DE", &[LAMP, POT, "B0COFFEE01"]).await;
    world.breaks(LAMP, "2026-11-01T00:00:00Z", 8.0);
    let busy = Fault::new(FaultKind::Error500).on(Operation::GetItemReviewTopics).times(2);
    world.simulator.add_fault(busy);
    let summary = world.run(hours(12)).await;
    assert_eq!((summary.topics, summary.problems.len()), (3, 0), "{:?}", summary.problems);
    // Of what Amazon has nothing to tell there is an empty look, which is not repeated.
    assert!(world.looks(POT).await[0].is_empty() && !world.looks(LAMP).await[0].is_empty());
    let calls = world.feedback_calls();
    world.run(hours(4)).await;
    assert_eq!(world.feedback_calls(), calls);
}

#[tokio::test(start_paused = true)]
async fn what_amazon_never_answers_is_given_up_aloud_until_the_next_week() {
    let world = World::selling("DE", &[LAMP]).await;
    let fault = world.simulator.add_fault(Fault::new(FaultKind::Error503).on(Operation::GetItemReviewTopics));
    let summary = world.run(hours(12)).await;
    let given_up: Vec<_> = summary.problems.iter().filter(|problem| problem.text.en.contains(LAMP)).collect();
    assert_eq!((summary.topics, given_up.len(), world.calls(Operation::GetItemReviewTopics)), (0, 1, 3));
    world.simulator.remove_fault(fault);
    world.pass(WEEK).await;
    world.run(hours(1)).await;
    assert_eq!(world.looks(LAMP).await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn where_amazon_does_not_offer_it_nothing_is_asked() {
    let world = World::selling("PL", &[LAMP]).await;
    world.run(hours(6)).await;
    assert!(world.stored("302-1000000-0000001").await.is_some());
    assert_eq!(world.feedback_calls(), [0; 7]);
}
