//! Every order of every seller as a person sees it, read from the table.

use std::collections::BTreeMap;

use jiff::Timestamp;
use renown_core::control::Control;
use renown_core::ids::{OrderId, SellerId, Sku};
use renown_core::order::Order;
use renown_core::overview::{OrderView, Totals, view};
use renown_core::policy::timing::Context;
use renown_core::rules::Rules;
use renown_core::say::Text;
use renown_core::seller::Seller;
use renown_io::ledger::{Error, Ledger, Product, ReportKind, ReportState, Stored};
use renown_io::say;
use serde::Serialize;
use serde_json::{Value, json};

/// What the table holds, at a moment.
#[derive(Debug)]
pub struct Shop {
    /// The moment.
    pub now: Timestamp,
    /// The sellers.
    pub sellers: Vec<Seller>,
    /// Who may send.
    pub control: Control,
    /// All orders, by id.
    pub orders: Vec<Order>,
    /// How recent the reports of each seller are.
    pub reports: Vec<AsOf>,
    /// Items that cannot be read, each with its place and reason. They are in no sum.
    pub unreadable: Vec<Text>,
    rules: BTreeMap<SellerId, Rules>,
    products: BTreeMap<SellerId, BTreeMap<Sku, Product>>,
}

/// How recent what a report told is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AsOf {
    /// Whose.
    pub seller_id: SellerId,
    /// Which report.
    pub report: ReportKind,
    /// The end of the newest range that was read to its end; `None` before the first.
    pub as_of: Option<Timestamp>,
    /// How often it is asked for, in hours.
    pub every_hours: i64,
}

impl Shop {
    /// Reads everything. What cannot be read is in [`Shop::unreadable`], and takes nothing else
    /// down.
    ///
    /// # Errors
    ///
    /// If the table does not answer, or who may send cannot be read: without that nothing true
    /// can be said.
    pub async fn load(ledger: &Ledger, now: Timestamp) -> Result<Self, Error> {
        Self::read(ledger, now, None).await
    }

    /// Reads everything but the orders, of which only one: a look at it need not read a million.
    ///
    /// # Errors
    ///
    /// As [`Shop::load`].
    pub async fn load_around(ledger: &Ledger, now: Timestamp, order: &OrderId) -> Result<Self, Error> {
        Self::read(ledger, now, Some(order)).await
    }

    async fn read(ledger: &Ledger, now: Timestamp, only: Option<&OrderId>) -> Result<Self, Error> {
        let control = ledger.control(now).await?.control().clone();
        let mut shop = Self {
            now,
            sellers: Vec::new(),
            control,
            orders: Vec::new(),
            reports: Vec::new(),
            unreadable: Vec::new(),
            rules: BTreeMap::new(),
            products: BTreeMap::new(),
        };
        for seller in ledger.all_sellers().await? {
            match seller {
                Ok(seller) => shop.add(ledger, seller, only).await?,
                Err(error) => shop.unreadable.push(say::table(&error)),
            }
        }
        shop.orders.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(shop)
    }

    async fn add(&mut self, ledger: &Ledger, seller: Seller, only: Option<&OrderId>) -> Result<(), Error> {
        match ledger.rules(&seller).await {
            Ok(rules) => drop(self.rules.insert(seller.id.clone(), rules)),
            Err(error) => self.unreadable.push(say::table(&error)),
        }
        match ledger.products(&seller.id).await {
            Ok(products) => drop(self.products.insert(seller.id.clone(), products)),
            Err(error) => self.unreadable.push(say::table(&error)),
        }
        let reports = ledger.reports(&seller.id).await.unwrap_or_else(|error| {
            self.unreadable.push(say::table(&error));
            Vec::new()
        });
        for kind in ReportKind::OF_ORDERS {
            let read = reports.iter().filter(|item| item.kind == kind && is_read(&item.state));
            self.reports.push(AsOf {
                seller_id: seller.id.clone(),
                report: kind,
                as_of: read.map(|item| item.to).max(),
                every_hours: report_sync::CADENCE.as_hours(),
            });
        }
        let rules = self.rules.get(&seller.id);
        let live_since = self.control.live_since(&seller.id);
        let context = rules.map(|rules| Context { rules, live_since, soon: false });
        let (orders, unreadable, now) = (&mut self.orders, &mut self.unreadable, self.now);
        let mut take = |order: Result<Stored, Error>| match order {
            // Rules that were set since show in the plan at once, not only when an order falls due.
            Ok(Stored { order, .. }) => orders.push(match context {
                Some(context) => order.foreseen(context, now),
                None => order,
            }),
            Err(error) => unreadable.push(say::table(&error)),
        };
        match only {
            None => ledger.each_order(&seller.id, take).await?,
            Some(id) => {
                let found = ledger.order(&seller.id, id).await;
                found.transpose().into_iter().for_each(&mut take);
            }
        }
        self.sellers.push(seller);
        Ok(())
    }

    /// Leaves one seller alone in it.
    pub fn keep(&mut self, seller: &SellerId) {
        self.sellers.retain(|known| known.id == *seller);
        self.orders.retain(|order| order.seller == *seller);
        self.reports.retain(|report| report.seller_id == *seller);
    }

    /// One order as a person sees it.
    pub fn view(&self, order: &Order) -> OrderView {
        view(order, self.rules(&order.seller), &self.control, self.now)
    }

    /// One order as a program sees it: every moment as a text, as everywhere outside the table.
    pub fn object(&self, order: &Order) -> Value {
        let view = self.view(order);
        let mut object = json!(view);
        if let Some(estimate) = view.estimate {
            object["estimate"]["at"] = json!(estimate.at);
        }
        object
    }

    /// The sums.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for order in &self.orders {
            totals.count(&self.view(order));
        }
        totals
    }

    /// The rules of a seller.
    pub fn rules(&self, seller: &SellerId) -> &Rules {
        static DEFAULT: std::sync::LazyLock<Rules> = std::sync::LazyLock::new(Rules::default);
        self.rules.get(seller).unwrap_or(&DEFAULT)
    }

    /// What a seller calls an item, where a report has told.
    pub fn item_name(&self, seller: &SellerId, sku: &Sku) -> Option<&str> {
        Some(self.products.get(seller)?.get(sku)?.name.as_str())
    }

    /// What the operator calls a seller.
    pub fn alias<'a>(&'a self, seller: &'a SellerId) -> &'a str {
        self.sellers.iter().find(|known| known.id == *seller).map_or(seller.as_str(), |known| &known.alias)
    }
}

/// Whether a report told all there was in its range.
fn is_read(state: &ReportState) -> bool {
    match state {
        ReportState::Done { .. } | ReportState::Empty { .. } => true,
        ReportState::Wanted { .. }
        | ReportState::Requested { .. }
        | ReportState::Reading { .. }
        | ReportState::Denied { .. }
        | ReportState::Failed { .. } => false,
    }
}
