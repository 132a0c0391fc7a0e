//! Everything the simulator knows, under one lock.
//!
//! [`Data`] is the part that is saved and restored. Orders carry their whole future, so nothing
//! here has to be ticked: what has become due is settled when somebody looks.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::chat::Chats;
use crate::clock::Clock;
use crate::error::RejectedOrder;
use crate::faulting::ActiveFault;
use crate::limits::Buckets;
use crate::lwa::{AccessToken, Code};
use crate::marketplace::Marketplace;
use crate::model::{
    App, Call, Destination, FaultId, Notification, OneReport, Order, Seller, Settings, Subscription, Topics,
    Violation,
};

pub(crate) struct State {
    pub(crate) clock: Clock,
    pub(crate) data: Data,
    /// Every moment at which an order or what came after it changes, with its order; follows from
    /// `data.orders`.
    pub(crate) changes: BTreeSet<(Timestamp, String)>,
}

/// The saved part of the state.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Data {
    pub(crate) settings: Settings,
    pub(crate) apps: BTreeMap<String, App>,
    pub(crate) sellers: BTreeMap<String, Seller>,
    pub(crate) orders: BTreeMap<String, Order>,
    /// Access token → whose it is.
    pub(crate) tokens: HashMap<String, AccessToken>,
    pub(crate) codes: BTreeMap<String, Code>,
    pub(crate) buckets: Buckets,
    pub(crate) faults: Vec<ActiveFault>,
    pub(crate) last_fault_id: FaultId,
    pub(crate) calls: Vec<Call>,
    pub(crate) violations: Vec<Violation>,
    /// Order → moments at which a solicitation was accepted for it.
    pub(crate) accepted: BTreeMap<String, Vec<Timestamp>>,
    pub(crate) reports: BTreeMap<String, OneReport>,
    /// Reports whose processing has not ended yet.
    pub(crate) open_reports: BTreeSet<String>,
    /// Order changes not yet handed out as notifications.
    pub(crate) outbox: BTreeSet<(Timestamp, String)>,
    /// Report notifications not yet handed out.
    pub(crate) finished_reports: Vec<Notification>,
    pub(crate) destinations: BTreeMap<String, Destination>,
    pub(crate) subscriptions: BTreeMap<String, Subscription>,
    pub(crate) chats: Chats,
    /// What reviews name, in no order.
    pub(crate) topics: Vec<Topics>,
    /// Running number behind tokens, reports and request ids.
    pub(crate) last_id: u64,
}

impl State {
    pub(crate) fn new(start: Timestamp) -> Self {
        Self { clock: Clock::starting_at(start), data: Data::default(), changes: BTreeSet::new() }
    }

    pub(crate) fn next_id(&mut self) -> u64 {
        self.data.last_id += 1;
        self.data.last_id
    }

    /// The seller who granted this refresh token to this application.
    pub(crate) fn seller_of_grant(&self, refresh_token: &str, client_id: &str) -> Option<String> {
        let granted =
            |seller: &&Seller| seller.grants.get(refresh_token).is_some_and(|owner| owner == client_id);
        self.data.sellers.values().find(granted).map(|seller| seller.seller_id.clone())
    }

    /// Puts an order in, or in the place of the one with the same id. What was accepted for it and
    /// which of its changes were notified stays.
    pub(crate) fn put_order(&mut self, order: Order) -> Result<(), RejectedOrder> {
        check(&order, &self.data)?;
        self.settle_reports();
        let (moments, aftermath) = (order.changes(), order.aftermath());
        let id = order.order_id.clone();
        let old = self.data.orders.insert(id.clone(), order);
        let before = old.as_ref().map(Order::changes).unwrap_or_default();
        for at in before.iter().copied().chain(old.iter().flat_map(Order::aftermath)) {
            self.changes.remove(&(at, id.clone()));
            if !moments.contains(&at) {
                self.data.outbox.remove(&(at, id.clone()));
            }
        }
        self.changes.extend(aftermath.into_iter().map(|at| (at, id.clone())));
        for at in moments {
            self.changes.insert((at, id.clone()));
            if !before.contains(&at) {
                self.data.outbox.insert((at, id.clone()));
            }
        }
        Ok(())
    }

    /// Puts saved data in place of the present ones.
    pub(crate) fn replace_data(&mut self, data: Data) {
        self.changes = data
            .orders
            .values()
            .flat_map(|order| {
                let moments = order.changes().into_iter().chain(order.aftermath());
                moments.map(|at| (at, order.order_id.clone()))
            })
            .collect();
        self.data = data;
    }

    /// The next moment after `t` at which an order, what came after it, an account, what reviews name
    /// or a report changes.
    pub(crate) fn next_change_after(&self, t: Timestamp) -> Option<Timestamp> {
        let Ok(beyond) = t.checked_add(jiff::SignedDuration::from_nanos(1)) else { return None };
        let order = self.changes.range((beyond, String::new())..).next().map(|(at, _)| *at);
        let reports = self.data.open_reports.iter().filter_map(|id| self.data.reports.get(id));
        let report = reports.flat_map(|report| [report.starts_at, report.ends_at]).filter(|at| *at > t).min();
        let sellers = self.data.sellers.values().flat_map(|seller| &seller.health);
        let health = sellers.map(|health| health.since).filter(|at| *at > t).min();
        let topics = self.data.topics.iter().map(|topics| topics.since).filter(|at| *at > t).min();
        order.into_iter().chain(report).chain(health).chain(topics).min()
    }
}

fn check(order: &Order, data: &Data) -> Result<(), RejectedOrder> {
    let reject = |field: &str, reason: String, remedy: &str| {
        Err(RejectedOrder { field: field.to_owned(), reason, remedy: remedy.to_owned() })
    };
    if !is_order_id(&order.order_id) {
        return reject(
            "order_id",
            format!("`{}` is not an Amazon order id", order.order_id),
            "write it as 3, 7 and 7 digits: 123-1234567-1234567",
        );
    }
    let Some(seller) = data.sellers.get(&order.seller_id) else {
        return reject(
            "seller_id",
            format!("there is no seller `{}`", order.seller_id),
            "add the seller first (POST /_sim/sellers)",
        );
    };
    if data.orders.get(&order.order_id).is_some_and(|known| known.seller_id != order.seller_id) {
        return reject(
            "order_id",
            format!("`{}` belongs to another seller", order.order_id),
            "give the order another id",
        );
    }
    if Marketplace::by_id(&order.marketplace_id).is_none() {
        return reject(
            "marketplace_id",
            format!("there is no marketplace `{}`", order.marketplace_id),
            "take an id from Amazon's list, for example ATVPDKIKX0DER",
        );
    }
    if !seller.marketplaces.contains(&order.marketplace_id) {
        return reject(
            "marketplace_id",
            format!("seller `{}` does not sell in `{}`", order.seller_id, order.marketplace_id),
            "add the marketplace to the seller or correct the order",
        );
    }
    if order.promise.latest < order.promise.earliest {
        return reject("promise", "`latest` lies before `earliest`".to_owned(), "swap them");
    }
    if order.items.is_empty() {
        return reject(
            "items",
            "an order has at least one item".to_owned(),
            "add an item with `sku` and `asin`",
        );
    }
    if order.items.iter().any(|item| item.quantity == 0) {
        return reject("items", "an item has quantity 0".to_owned(), "give it a quantity of at least 1");
    }
    let history = [
        ("shipped_at", order.shipped_at),
        ("delivered_at", order.delivered_at),
        ("cancelled_at", order.cancelled_at),
        ("confirmed_at", order.confirmed_at),
    ];
    for (field, at) in history {
        if at.is_some_and(|at| at < order.purchased_at) {
            return reject(field, "lies before `purchased_at`".to_owned(), "correct the times");
        }
    }
    let shipped = order.items.iter().filter_map(|item| item.shipped_at.or(order.shipped_at)).min();
    if order.delivered_at.is_some() && shipped.is_none() {
        return reject(
            "delivered_at",
            "the order arrives but is never shipped".to_owned(),
            "give `shipped_at` or take `delivered_at` away",
        );
    }
    if let (Some(shipped), Some(delivered)) = (shipped, order.delivered_at)
        && delivered < shipped
    {
        return reject("delivered_at", "lies before the shipment".to_owned(), "correct the times");
    }
    check_aftermath(order)
}

fn check_aftermath(order: &Order) -> Result<(), RejectedOrder> {
    let reject = |field: &str, reason: &str, remedy: &str| {
        Err(RejectedOrder { field: field.to_owned(), reason: reason.to_owned(), remedy: remedy.to_owned() })
    };
    if let Some(feedback) = &order.feedback {
        if !(1..=5).contains(&feedback.rating) {
            return reject("feedback.rating", "there are 1 to 5 stars", "give one of them");
        }
        if feedback.at < order.purchased_at {
            return reject("feedback.at", "lies before `purchased_at`", "correct the times");
        }
        if feedback.removed_at.is_some_and(|at| at < feedback.at) {
            return reject("feedback.removed_at", "lies before `feedback.at`", "correct the times");
        }
    }
    if let Some(returned) = &order.returned {
        if returned.requested_at < order.purchased_at {
            return reject("returned.requested_at", "lies before `purchased_at`", "correct the times");
        }
        if returned.delivered_at.is_some_and(|at| at < returned.requested_at) {
            return reject(
                "returned.delivered_at",
                "lies before `returned.requested_at`",
                "correct the times",
            );
        }
    }
    Ok(())
}

/// Three groups of 3, 7 and 7; the first may begin with a letter, as Amazon's own do (S01-…, D01-…).
fn is_order_id(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let [first, second, third] = groups.as_slice() else { return false };
    let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    first.len() == 3
        && second.len() == 7
        && third.len() == 7
        && first.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
        && digits(second)
        && digits(third)
}
