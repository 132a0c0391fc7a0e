//! The due orders of one seller, most urgent first.

use std::collections::{BTreeSet, HashSet};

use jiff::Timestamp;
use renown_core::ids::OrderId;
use renown_io::app::App;
use renown_io::ledger::{Due, Error};

use renown_core::seller::Seller;

/// Rows a tick asks for. With a backlog it asks for more.
const PAGE: usize = 60;
/// Rows read at most while there is a backlog: with keys only, some 80 read units for what one
/// seller is asked in an hour. Beyond, the longest due come first, which is nearly the same.
const BACKLOG: usize = 5_000;

/// Orders still to be worked, by urgency.
pub(crate) struct Queue<'a> {
    app: &'a App,
    seller: &'a Seller,
    waiting: BTreeSet<(Timestamp, Timestamp, OrderId)>,
    /// Orders begun in this tick: the index may show them a while longer.
    begun: HashSet<OrderId>,
}

impl<'a> Queue<'a> {
    pub(crate) fn new(app: &'a App, seller: &'a Seller) -> Self {
        Self { app, seller, waiting: BTreeSet::new(), begun: HashSet::new() }
    }

    /// The most urgent order that is due; `None` when nothing is.
    pub(crate) async fn next(&mut self) -> Result<Option<OrderId>, Error> {
        if self.waiting.is_empty() {
            self.refill().await?;
        }
        let Some((_, _, order)) = self.waiting.pop_first() else { return Ok(None) };
        self.begun.insert(order.clone());
        Ok(Some(order))
    }

    async fn refill(&mut self) -> Result<(), Error> {
        let now = self.app.clock.now();
        let page = PAGE + self.begun.len();
        let mut rows = self.app.ledger.due(&self.seller.id, now, page).await?;
        if rows.len() == page {
            rows = self.app.ledger.due(&self.seller.id, now, BACKLOG.max(page)).await?;
        }
        let new = rows.into_iter().filter(|row| !self.begun.contains(&row.order));
        self.waiting.extend(new.map(|Due { order, due_at, not_after }| (not_after, due_at, order)));
        Ok(())
    }
}
