//! One seller of a tick: its two stages, overlapping.

use renown_core::rules::Rules;
use renown_core::say::Text;
use renown_core::seller::Seller;
use renown_core::text;
use renown_io::ledger::Stored;
use renown_io::say;
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
        renown_core::policy::timing::Context { rules: &self.rules, live_since: self.live_since, soon: false }
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
        Err(error) => {
            let Text { en, zh } = say::table(&error);
            return tick
                .problem(&seller.id, text!("its rules cannot be read: {en}", "该卖家的规则无法读取:{zh}"));
        }
    };
    let credentials = match tick.app.secrets.seller(Scope::Live, &seller.id).await {
        Ok(credentials) => credentials,
        Err(error) => {
            let Text { en, zh } = say::secret(&error);
            return tick
                .problem(&seller.id, text!("its secret cannot be read: {en}", "该卖家的密钥无法读取:{zh}"));
        }
    };
    let caller = Caller { seller: seller.id.clone(), region: seller.region, credentials };
    let live_since = tick.live_since(&seller.id).await;
    let shop = Shop { tick, seller, rules, live_since, caller };
    let (offered, to_ask) = mpsc::channel::<Stored>(AHEAD);
    futures_util::join!(look::stage(&shop, offered), ask::stage(&shop, to_ask));
}
