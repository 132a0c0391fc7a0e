//! Cases that have something to tell, or whose time runs out.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use jiff::Timestamp;
use renown_core::case::{Beside, Team, Told, notice};
use renown_core::event::Event;
use renown_core::ids::SellerId;
use renown_core::order::Facts;
use renown_io::app::MailApp;
use renown_io::ledger::Error;

use crate::summary::Summary;

/// Cases of one look at the index.
const AT_ONCE: usize = 50;
/// Complaints of a topic among which words to quote are looked for.
const LOOKED_AT: usize = 10;

/// Looks at the cases that are due, until there are none or time is up.
///
/// # Errors
///
/// The table does not answer at the beginning.
pub(crate) async fn look(
    app: &MailApp,
    team: &Team,
    deadline: Timestamp,
    summary: &mut Summary,
) -> Result<(), Error> {
    let mut stores = None;
    // As with signals: each is met once a wake.
    let mut met = BTreeSet::new();
    while app.clock.now() < deadline {
        let mut due = app.ledger.due_cases(app.clock.now(), met.len() + AT_ONCE).await?;
        due.retain(|row| !met.contains(row));
        if due.is_empty() {
            break;
        }
        let stores = match &mut stores {
            Some(stores) => stores,
            None => stores.insert(names(app).await?),
        };
        for (seller, id) in &due {
            let store = stores.get(seller).map_or_else(|| seller.as_str(), String::as_str);
            if let Err(error) = one(app, team, seller, id, store, summary).await {
                tracing::warn!(seller.id = %seller, case.id = id, error = %error, "a case is left to the next tick");
            }
        }
        met.extend(due);
    }
    Ok(())
}

/// What operators call their sellers.
async fn names(app: &MailApp) -> Result<BTreeMap<SellerId, String>, Error> {
    let sellers = app.ledger.sellers().await?.into_iter();
    Ok(sellers.filter(|seller| !seller.alias.is_empty()).map(|seller| (seller.id, seller.alias)).collect())
}

/// One case: what its clock says, then what it has to tell. Told first and marked then: whoever
/// dies between tells it again, under the same id, which makes it one.
async fn one(
    app: &MailApp,
    team: &Team,
    seller: &SellerId,
    id: &str,
    store: &str,
    summary: &mut Summary,
) -> Result<(), Error> {
    let now = app.clock.now();
    let Some(mut case) = app.ledger.case(seller, id).await? else { return Ok(()) };
    let order = match case.subject.order() {
        Some(order) => app.ledger.order(seller, order).await?,
        None => None,
    };
    let facts = order.as_ref().map(|stored| &stored.order.facts);
    let settled = facts.is_some_and(|facts| case.settle(facts, now));
    let escalated = case.tick(team, now);
    let told: Vec<Told> = case.untold.clone();
    let complaints =
        if told.is_empty() { vec![] } else { app.ledger.complaints_of(&case, LOOKED_AT).await? };
    let beside = Beside { store, tracking: facts.and_then(Facts::parcel), complaints: &complaints };
    for told in &told {
        app.ledger.tell(&notice(&case, told, beside, team, now)).await?;
    }
    let changed = app
        .ledger
        .change_case(seller, id, |case| {
            if let Some(facts) = facts {
                case.settle(facts, now);
            }
            case.tick(team, now);
            case.told(&told, team, now);
            Ok::<(), Infallible>(())
        })
        .await?;
    summary.escalated += u64::from(escalated);
    if let (true, Some(Ok(case))) = (escalated || settled, changed) {
        app.bus.publish(vec![Event::CaseChanged((&case).into())]).await;
    }
    Ok(())
}
