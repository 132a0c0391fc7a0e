//! One seller of a wake: its requests written down and carried forward.

use jiff::Timestamp;
use renown_core::case::{Kind, Signal, Subject, of_ageing};
use renown_core::control::Control;
use renown_core::policy::timing::Context;
use renown_core::rules::Rules;
use renown_core::say::Text;
use renown_core::seller::Seller;
use renown_core::text;
use renown_io::app::App;
use renown_io::bus::{access_denied, raise};
use renown_io::ledger::{Error, ReportItem, ReportKind};
use renown_io::say;
use renown_io::secrets::Scope;
use renown_io::spapi::{self, Caller, SpApi};

use crate::summary::Summary;
use crate::{LAST_START, LEASE_AFTER_DEADLINE, ReportIds, errands, plan, step, topics};

/// The times of an invocation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Times {
    /// Its beginning.
    pub(crate) now: Timestamp,
    /// Nothing is begun later.
    pub(crate) until: Timestamp,
    /// Nothing of it goes on later.
    pub(crate) lease_until: Timestamp,
    deadline: tokio::time::Instant,
}

impl Times {
    pub(crate) fn of(now: Timestamp, deadline: Timestamp) -> Self {
        let left = std::time::Duration::try_from(deadline.duration_since(now)).unwrap_or_default();
        Self {
            now,
            until: deadline.saturating_sub(LAST_START).unwrap_or(now),
            lease_until: deadline.saturating_add(LEASE_AFTER_DEADLINE).unwrap_or(deadline),
            deadline: tokio::time::Instant::now() + left,
        }
    }
}

/// What every step of a request needs.
pub(crate) struct Shop<'a> {
    pub(crate) app: &'a App,
    /// The client, none of whose calls outlasts the invocation.
    pub(crate) spapi: SpApi,
    pub(crate) seller: &'a Seller,
    pub(crate) times: Times,
    pub(crate) caller: Caller,
    rules: Rules,
    live_since: Option<Timestamp>,
}

impl<'a> Shop<'a> {
    async fn open(app: &'a App, seller: &'a Seller, control: &Control, times: Times) -> Result<Self, Text> {
        let rules = app.ledger.rules(seller).await.map_err(|error| {
            let Text { en, zh } = say::table(&error);
            text!("its rules cannot be read: {en}", "该卖家的规则无法读取:{zh}")
        })?;
        let live_since = control.live_since(&seller.id);
        let scope = if live_since.is_some() { Scope::Live } else { Scope::Listen };
        let secret = app.secrets.seller(scope, &seller.id).await;
        let credentials = secret.map_err(|error| {
            let Text { en, zh } = say::secret(&error);
            text!("its secret cannot be read: {en}", "该卖家的密钥无法读取:{zh}")
        })?;
        let caller = Caller { seller: seller.id.clone(), region: seller.region, credentials };
        Ok(Self { app, spapi: app.spapi.until(times.deadline), seller, times, caller, rules, live_since })
    }

    pub(crate) fn context(&self) -> Context<'_> {
        Context { rules: &self.rules, live_since: self.live_since, soon: false }
    }

    /// Whether something may still be begun.
    pub(crate) fn has_time(&self) -> bool {
        self.app.clock.now() < self.times.until
    }
}

/// Whether a seller's requests are carried on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    GoOn,
    /// No call of this seller will go through.
    Stop,
}

/// Writes down what falls due, and carries every open request as far as it goes. Trouble ends
/// up in the summary; what is not done is left to the next tick.
pub(crate) async fn tick(app: &App, seller: &Seller, control: &Control, times: Times) -> Summary {
    let mut summary = Summary::default();
    let shop = match Shop::open(app, seller, control, times).await {
        Ok(shop) => shop,
        Err(problem) => {
            summary.problem(&seller.id, problem);
            return summary;
        }
    };
    if let Err(error) = sweep(&shop, &mut summary).await {
        match error {
            Error::Unreadable { .. } => summary.problem(&seller.id, say::table(&error)),
            Error::Table { .. } | Error::Contended { .. } => {
                tracing::warn!(seller.id = %seller.id, error = %error, "reports of the seller are left to the next tick");
            }
        }
    }
    summary
}

async fn sweep(shop: &Shop<'_>, summary: &mut Summary) -> Result<(), Error> {
    let ledger = &shop.app.ledger;
    let mut items = ledger.reports(&shop.seller.id).await?;
    if shop.seller.marketplaces.is_empty() {
        summary.problem(
            &shop.seller.id,
            text!("it has no marketplace; connect it again", "该卖家没有站点;请重新连接"),
        );
        return Ok(());
    }
    let wanted = plan::wanted(shop.seller, &items, shop.times.now);
    // As often as the account's health is asked for.
    if wanted.iter().any(|item| item.kind == ReportKind::AccountHealth) {
        let mut ageing = of_ageing(shop.seller, shop.times.now);
        ledger.drop_known_signals(&mut ageing).await?;
        raise(ledger, &shop.app.bus, &ageing).await?;
    }
    for mut item in wanted {
        // Written before Amazon is asked. If somebody else was faster, it is theirs.
        if ledger.save_report(&mut item).await? {
            items.push(item);
        }
    }
    let knows_orders = topics::knows_orders(&items);
    items.retain(ReportItem::is_open);
    let next = carry(shop, items, summary).await?;
    if next == Next::GoOn && errands::run(shop, summary).await? == Next::GoOn && knows_orders {
        topics::carry(shop, summary).await?;
    }
    Ok(())
}

/// Looks at the requests with these reports now.
pub(crate) async fn look(
    app: &App,
    seller: &Seller,
    control: &Control,
    reports: &ReportIds,
    times: Times,
) -> Result<Summary, Error> {
    let mut summary = Summary::default();
    let mut items = app.ledger.reports(&seller.id).await?;
    items.retain(|item| item.is_open() && item.report().is_some_and(|report| reports.contains(report)));
    if items.is_empty() {
        return Ok(summary);
    }
    match Shop::open(app, seller, control, times).await {
        Ok(shop) => {
            carry(&shop, items, &mut summary).await?;
        }
        Err(problem) => summary.problem(&seller.id, problem),
    }
    Ok(summary)
}

/// Oldest range first: its orders are the first to be too late. What only owners of brands get comes
/// last: a seller without one is refused, which costs calls of a narrow limit.
async fn carry(shop: &Shop<'_>, mut items: Vec<ReportItem>, summary: &mut Summary) -> Result<Next, Error> {
    items.sort_by_key(|item| (item.kind.is_of_brands(), item.to, item.kind));
    for item in items {
        if !shop.has_time() {
            break;
        }
        if step::carry(shop, item, summary).await? == Next::Stop {
            return Ok(Next::Stop);
        }
    }
    Ok(Next::GoOn)
}

/// No call of this seller will go through: stops it, and says so.
pub(crate) async fn brake(
    shop: &Shop<'_>,
    error: &spapi::Error,
    summary: &mut Summary,
) -> Result<Next, Error> {
    let text = say::call(error);
    let App { ledger, bus, clock, .. } = shop.app;
    access_denied(ledger, bus, &shop.seller.id, &text, clock.now()).await?;
    summary.problem(&shop.seller.id, text);
    Ok(Next::Stop)
}

/// The app lacks a role, named by what it is for: told once as a case, and in the summary each time.
pub(crate) async fn lacks_role(
    shop: &Shop<'_>,
    what: &str,
    text: Text,
    summary: &mut Summary,
) -> Result<(), Error> {
    let now = shop.app.clock.now();
    summary.problem(&shop.seller.id, text.clone());
    let what = format!("role#{what}");
    let signal = Signal::new(shop.seller.id.clone(), Subject::Access, Kind::Access, &what, (now, now));
    raise(&shop.app.ledger, &shop.app.bus, &[signal.noting(text)]).await?;
    Ok(())
}
