//! An order that is being asked, as a process that died has left it.

use std::path::Path;

use jiff::Timestamp;
use renown_core::order::{Answer, Order};
use renown_core::policy::timing::Context;
use renown_core::rules::Rules;
use renown_io::clock::Clock;
use renown_io::ledger::Claimed;
use renown_local::folder::Folder;
use renown_local::world::{ledger, open_table};

use crate::support::days;

/// Claims an order of a live seller for a day, and settles the claim if there is an answer.
pub(super) async fn claim(data: &Path, order: &Order, now: Timestamp, answer: Option<Answer>) {
    let clock = Clock::starting_at(now);
    let dynamo = open_table(&Folder::existing(data).expect("there").table()).expect("opened");
    let (ledger, rules) = (ledger(&dynamo, clock.now()), Rules::default());
    let stored = ledger.order(&order.seller, &order.id).await.expect("read").expect("there");
    let reading = ledger.control(clock.now()).await.expect("read");
    let live_since = reading.control().live_since(&order.seller);
    let context = Context { rules: &rules, live_since, soon: false };
    let marketplace = order.marketplace().expect("known");
    let permit = reading.permit(&order.seller, marketplace, clock.now()).expect("live");
    let claimed = ledger.claim(&stored, permit, &[], clock.now() + days(1), context, &clock).await;
    let Ok(Claimed::Granted { stored, .. }) = claimed else { panic!("granted") };
    if let Some(answer) = answer {
        ledger.settle(*stored, &answer, context, clock.now()).await.expect("settled");
    }
}
