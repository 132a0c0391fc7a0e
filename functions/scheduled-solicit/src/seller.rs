//! One seller of a tick: its two stages, overlapping.

use renown_core::rules::Rules;
use renown_core::seller::Seller;
use renown_io::ledger::Stored;
use renown_io::secrets::Scope;
use renown_io::spapi::Caller;
use tokio::sync::mpsc;

use crate::tick::Tick;
use crate::{ask, look};

/// Orders that Amazon offers and that wait for their call. One, so that a probe is seconds old
/// when the call is made.
const AHEAD: usize = 1;

/// What both stages need.
pub(crate) struct Shop<'a> {
    pub(crate) tick: &'a Tick<'a>,
    pub(crate) seller: &'a Seller,
    pub(crate) rules: Rules,
    pub(crate) live_since: Option<jiff::Timestamp>,
    pub(crate) caller: Caller,
}

impl Shop<'_> {
    pub(crate) fn context(&self) -> renown_core::policy::timing::Context<'_> {
        renown_core::policy::timing::Context { rules: &self.rules, live_since: self.live_since }
    }
}

/// Whether a stage goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    GoOn,
    /// Nothing more for this seller in this tick.
    Stop,
}

/// Works one seller until nothing is due, time is up, or something stops it. Trouble ends up in
/// the summary; what is not done stays due.
pub(crate) async fn work(tick: &Tick<'_>, seller: &Seller) {
    let rules = match tick.app.ledger.rules(seller).await {
        Ok(rules) => rules,
        Err(error) => return tick.problem(&seller.id, format!("its rules cannot be read: {error}")),
    };
    let credentials = match tick.app.secrets.seller(Scope::Live, &seller.id).await {
        Ok(credentials) => credentials,
        Err(error) => return tick.problem(&seller.id, format!("its secret cannot be read: {error}")),
    };
    let caller = Caller { seller: seller.id.clone(), region: seller.region, credentials };
    let live_since = tick.live_since(&seller.id).await;
    let shop = Shop { tick, seller, rules, live_since, caller };
    let (offered, to_ask) = mpsc::channel::<Stored>(AHEAD);
    futures_util::join!(look::stage(&shop, offered), ask::stage(&shop, to_ask));
}
