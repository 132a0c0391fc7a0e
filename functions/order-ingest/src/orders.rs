//! Changes of one seller's orders: merged, planned, written.

use jiff::Timestamp;
use renown_core::ids::{OrderId, SellerId};
use renown_core::order::Sighting;
use renown_core::policy::timing::Context;
use renown_core::say::Text;
use renown_core::text;
use renown_io::app::App;
use renown_io::ledger::{Error, Recorded};
use renown_io::say;
use renown_io::spapi::NotificationType;

use crate::inbox::Inbox;
use crate::sort::Change;

/// Takes in the changes of one seller. What fails goes back, each order alone where it can.
pub(crate) async fn take_in(inbox: &mut Inbox<'_>, seller: &SellerId, changes: Vec<Change>) {
    let places: Vec<(usize, OrderId)> =
        changes.iter().map(|change| (change.place, change.sighting.order.clone())).collect();
    let newest = changes.iter().map(|change| change.at).max();
    let sightings = changes.into_iter().map(|change| change.sighting).collect();
    match record(inbox.app, seller, sightings, inbox.now).await {
        Ok(Taken::Recorded(recorded, failed)) => {
            inbox.recorded.add(recorded);
            if let Some(at) = newest {
                inbox.note_event(seller, NotificationType::OrderChange, at).await;
            }
            for (order, error) in failed {
                tracing::warn!(order.id = %order, seller.id = %seller, error = %error, "order goes back to the queue");
                for (at, _) in places.iter().filter(|(_, of)| *of == order) {
                    refused(inbox, *at, &error).await;
                }
            }
        }
        Ok(Taken::NotConnected) => {
            let problem = text!(
                "seller {seller} is not connected; connect it with `renown connect`, its orders are then read from reports of the last 35 days; or end its subscription",
                "卖家 {seller} 尚未连接;请用 `renown connect` 连接,其订单会从最近 35 天的报告中读取;或取消其订阅"
            );
            for (at, _) in places {
                inbox.keep(at, "SellerId".to_owned(), problem.clone()).await;
            }
        }
        Err(error) => {
            tracing::warn!(seller.id = %seller, messages = places.len(), error = %error, "messages of the seller go back");
            for (at, _) in places {
                inbox.give_back(at);
            }
        }
    }
}

/// The table did not take an order.
async fn refused(inbox: &mut Inbox<'_>, at: usize, error: &Error) {
    match error {
        // Left as it is, and reported: a newer Renown wrote it.
        Error::Unreadable { key, .. } => {
            let Text { en, zh } = say::table(error);
            let problem = text!(
                "{en}; update this function to the version that wrote it, then redrive the dead-letter queue",
                "{zh};请将此函数更新到写入它的版本,然后重新投递死信队列"
            );
            inbox.keep_and_give_back(at, key.clone(), problem).await;
        }
        Error::Table { .. } | Error::Contended { .. } => inbox.give_back(at),
    }
}

enum Taken {
    Recorded(Recorded, Vec<(OrderId, Error)>),
    NotConnected,
}

async fn record(app: &App, id: &SellerId, sightings: Vec<Sighting>, now: Timestamp) -> Result<Taken, Error> {
    let Some(seller) = app.ledger.seller(id).await? else { return Ok(Taken::NotConnected) };
    let rules = app.ledger.rules(&seller).await?;
    let control = app.ledger.control(now).await?;
    let context = Context { rules: &rules, live_since: control.control().live_since(id), soon: false };
    let (recorded, failed) = app.ledger.record_orders(id, sightings, context, now).await?;
    Ok(Taken::Recorded(recorded, failed))
}
