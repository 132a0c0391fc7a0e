//! One look at an ASIN: asked, judged against the looks before, kept.

use jiff::ToSpan;
use renown_core::topics::{Asked, Both, BrowseNode, Node, Snapshot, signals};
use renown_io::bus::raise;
use renown_io::ledger::{self, Left, TopicRound};
use renown_io::spapi::{self, SortBy};

use crate::seller::Shop;
use crate::summary::Summary;

/// So far back earlier looks are read: what is to be told compares with the weeks before. Ours.
const LOOKS_BACK_DAYS: i64 = 35;

/// What a look came to.
#[derive(Debug)]
pub(super) enum Looked {
    /// It is kept.
    Done,
    /// Amazon did not answer as it should.
    Broken(spapi::Error),
}

/// Why a look broke off.
enum Trouble {
    Table(ledger::Error),
    Call(spapi::Error),
}

impl From<ledger::Error> for Trouble {
    fn from(error: ledger::Error) -> Self {
        Self::Table(error)
    }
}

impl From<spapi::Error> for Trouble {
    fn from(error: spapi::Error) -> Self {
        Self::Call(error)
    }
}

/// Looks at an ASIN, unless this round did before.
///
/// # Errors
///
/// If the table does not answer.
pub(super) async fn at(
    shop: &Shop<'_>,
    round: &TopicRound,
    left: &Left,
    summary: &mut Summary,
) -> Result<Looked, ledger::Error> {
    let (ledger, seller, week) = (&shop.app.ledger, &shop.seller.id, round.week());
    let since = week.saturating_sub(LOOKS_BACK_DAYS.days());
    let history = ledger.asin_weeks(seller, left.at, &left.asin, Some(since)).await?;
    if history.iter().any(|look| look.week == week) {
        return Ok(Looked::Done);
    }
    let look = match ask(shop, round, left).await {
        Ok(look) => look,
        Err(Trouble::Call(error)) => return Ok(Looked::Broken(error)),
        Err(Trouble::Table(error)) => return Err(error),
    };
    // Raised before it is kept: whoever dies between raises the same again, which is one.
    let told = signals(seller, &look, &history, shop.app.clock.now());
    summary.signals += raise(ledger, &shop.app.bus, &told).await?.len() as u64;
    ledger.keep_asin_week(seller, &look).await?;
    summary.topics += 1;
    Ok(Looked::Done)
}

async fn ask(shop: &Shop<'_>, round: &TopicRound, left: &Left) -> Result<Snapshot, Trouble> {
    let (spapi, caller) = (&shop.spapi, &shop.caller);
    let Left { at, asin, .. } = left;
    let mut answers = Vec::new();
    for sort in SortBy::ALL {
        let found = there_or_not(spapi.item_review_topics(caller, asin, *at, sort).await)?;
        let is_nothing = found.is_none();
        answers.extend(found);
        // Amazon has too few reviews, in whatever order.
        if is_nothing {
            break;
        }
    }
    let (mut trends, mut node) = (None, None);
    if !answers.is_empty() {
        trends = there_or_not(spapi.item_review_trends(caller, asin, *at).await)?;
        if let Some(found) = there_or_not(spapi.item_browse_node(caller, asin, *at).await)? {
            node = Some(of_node(shop, round, left, found).await?);
        }
    }
    let asked = Asked { asin: asin.clone(), marketplace: *at, week: round.week(), at: shop.app.clock.now() };
    Ok(Snapshot::of(asked, answers, trends.as_ref(), node.as_ref()))
}

/// What a browse node says: asked once in a round for all products in it.
async fn of_node(
    shop: &Shop<'_>,
    round: &TopicRound,
    left: &Left,
    node: BrowseNode,
) -> Result<Node, Trouble> {
    let (ledger, seller, week) = (&shop.app.ledger, &shop.seller.id, round.week());
    if let Some(known) = ledger.topic_node(seller, left.at, &node.id, week).await? {
        return Ok(known);
    }
    let (spapi, caller, at) = (&shop.spapi, &shop.caller, left.at);
    let mut topics = Vec::new();
    for sort in SortBy::ALL {
        let found = there_or_not(spapi.node_review_topics(caller, &node.id, at, sort).await)?;
        topics.extend(found.map(|found| found.topics));
    }
    let trends = there_or_not(spapi.node_review_trends(caller, &node.id, at).await)?;
    let returns = there_or_not(spapi.node_return_topics(caller, &node.id, at).await)?;
    let of_returns = there_or_not(spapi.node_return_trends(caller, &node.id, at).await)?;
    let trends = trends.unwrap_or_else(Both::default);
    let node =
        Node::of(node, week, topics, trends, returns.unwrap_or_default(), &of_returns.unwrap_or_default());
    ledger.keep_topic_node(seller, at, &node, shop.app.clock.now()).await?;
    Ok(node)
}

/// Of what Amazon does not know it has nothing to tell.
fn there_or_not<T>(answer: Result<Option<T>, spapi::Error>) -> Result<Option<T>, spapi::Error> {
    match answer {
        Err(spapi::Error::NotFound { .. }) => Ok(None),
        answer => answer,
    }
}
