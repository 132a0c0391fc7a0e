//! Time passing for a shop: ticks, and what lies in the table afterwards.

use jiff::{SignedDuration, Timestamp};
use renown_io::app::App;
use renown_io::ledger::{ReportItem, ReportKind, ReportState};
use report_sync::Summary;

use crate::world::World;

/// How long an invocation may take.
pub(crate) const INVOCATION: SignedDuration = SignedDuration::from_mins(15);
/// Ticks come this often.
const EVERY: SignedDuration = SignedDuration::from_mins(5);

pub(crate) fn deadline(app: &App) -> Timestamp {
    app.clock.now().saturating_add(INVOCATION).expect("in range")
}

pub(crate) async fn tick(app: &App) -> Summary {
    report_sync::handle_tick(app, deadline(app)).await.expect("the table answers")
}

impl World {
    /// Ticks for so long, five minutes apart.
    pub(crate) async fn run(&self, span: SignedDuration) -> Summary {
        let end = self.clock.now().saturating_add(span).expect("in range");
        let mut all = Summary::default();
        while self.clock.now() < end {
            all.add(tick(&self.app).await);
            self.pass(EVERY).await;
        }
        all
    }

    /// The requests of a kind, oldest range first.
    pub(crate) async fn requests(&self, kind: ReportKind) -> Vec<ReportItem> {
        let mut items = self.app.ledger.reports(&self.seller()).await.expect("listed");
        items.retain(|item| item.kind == kind);
        items.reverse();
        items
    }

    /// The state of the newest request for all orders.
    pub(crate) async fn newest(&self) -> ReportState {
        self.requests(ReportKind::AllOrders).await.pop().expect("there is one").state
    }

    /// How many reports Amazon was asked for.
    pub(crate) fn asked(&self) -> usize {
        self.simulator.reports().len()
    }
}
