//! Mails to customers of shops, beside the rest of the course: a tick a minute, as on AWS, into
//! the folder `mail`; and the pages that they lead to, on this machine alone.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use renown_core::ids::{ShopId, ShopOrderId};
use renown_core::mail::{Kind, Mail, Shop, ShopOrder};
use renown_core::say::Text;
use renown_core::text;
use renown_io::app::MailApp;
use renown_io::ledger::{Error, Ledger};
use renown_io::mail::{Outbox, Sender};
use tokio::task::JoinHandle;

use super::course::Course;
use super::pace::next_multiple;
use crate::commands::mail::OUTBOX;
use crate::dynamo::Written;
use crate::events::Event;
use crate::folder::Folder;
use crate::mails::{Row, state_text};
use crate::world::{Amazon, World, deadline};

/// The clock that wakes the function on AWS.
const TICK: SignedDuration = SignedDuration::from_mins(1);
/// How often customers are looked through for those whose time is over.
const TIDY: SignedDuration = SignedDuration::from_hours(24);
/// Largest body that is read. The handler refuses smaller ones, with an answer.
const MAX_BODY: usize = 1024 * 1024;

/// An order's mails, by the shop's id of it.
type Known = HashMap<(ShopId, ShopOrderId), BTreeMap<Kind, Mail>>;

/// What the course knows of mails.
pub(super) struct Mails {
    app: Arc<MailApp>,
    sender: Sender,
    port: u16,
    web: Option<Web>,
    /// As they were last looked at.
    known: Known,
    shops: Vec<Shop>,
    next: Timestamp,
    next_tidy: Timestamp,
}

/// The server of the pages; it ends with the course.
struct Web(JoinHandle<()>);

impl Drop for Web {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Mails {
    pub(super) async fn begin(world: &World, folder: &Folder, port: u16) -> Result<Self, Error> {
        let now = world.app.clock.now();
        let app = Arc::new(world.app.mail());
        let shops = app.ledger.shops().await?;
        let known = known(&app.ledger, &shops).await?;
        let outbox = Outbox::Folder(folder.file(OUTBOX));
        let sender = Sender { outbox, public_url: format!("http://127.0.0.1:{port}") };
        Ok(Self { app, sender, port, web: None, known, shops, next: now, next_tidy: now })
    }
}

/// The mails that there are already.
async fn known(ledger: &Ledger, shops: &[Shop]) -> Result<Known, Error> {
    let mut known = Known::new();
    for shop in shops {
        let each = ledger.each_shop_order(&shop.id, |order| {
            if let Ok(order) = order {
                known.insert((order.shop, order.id), order.mails);
            }
        });
        each.await?;
    }
    Ok(known)
}

impl Course<'_> {
    /// A tick of the mails, if there are shops and it is time.
    pub(super) async fn send_mails(&mut self) -> anyhow::Result<()> {
        let now = self.world.app.clock.now();
        if now < self.mails.next {
            return Ok(());
        }
        self.mails.next = next_multiple(now, TICK);
        let shops = self.world.app.ledger.shops().await;
        let Some(shops) = self.bear(shops)? else { return Ok(()) };
        self.mails.shops = shops;
        if self.mails.shops.is_empty() {
            return Ok(());
        }
        self.serve().await?;
        self.tidy(now).await?;
        let until = deadline(now, self.lasts());
        let summary = Box::pin(ses_send::handle(&self.mails.app, &self.mails.sender, until)).await;
        let Some(summary) = self.bear(summary)? else { return Ok(()) };
        for problem in summary.problems {
            let Text { en, zh } = problem.text;
            let shop = problem.shop.map_or_else(|| "mail".to_owned(), |shop| shop.to_string());
            self.problem(text!("{shop}: {en}", "{shop}:{zh}").in_lang(self.lang).to_owned())?;
        }
        Ok(())
    }

    /// Serves the pages and takes webhooks from now on; a demo has nobody who would look.
    async fn serve(&mut self) -> anyhow::Result<()> {
        if self.mails.web.is_some() || matches!(self.world.amazon, Amazon::Here { .. }) {
            return Ok(());
        }
        let port = self.mails.port;
        match serve(port, Arc::clone(&self.mails.app)).await {
            Ok(web) => {
                self.mails.web = Some(web);
                let now = self.world.app.clock.now();
                let text = text!(
                    "pages and webhooks of shops are served at http://127.0.0.1:{port}",
                    "店铺的页面和 Webhook 位于 http://127.0.0.1:{port}"
                );
                Ok(self.lines.event(&Event::of_shop(now, "web", None, text.in_lang(self.lang)))?)
            }
            Err(error) => {
                let why = crate::told::tell(&error.into(), self.lang);
                let text = text!(
                    "port {port} of this machine is not to be had ({why}): pages of mails are not served and no webhook is taken; end whoever has it, or set another web_port in renown.toml",
                    "本机端口 {port} 无法使用({why}):无法提供邮件页面,也收不到 Webhook;请结束占用它的程序,或在 renown.toml 中另设 web_port"
                );
                self.problem(text.in_lang(self.lang).to_owned())
            }
        }
    }

    /// Deletes customers whose time is over, once a day.
    async fn tidy(&mut self, now: Timestamp) -> anyhow::Result<()> {
        if now < self.mails.next_tidy {
            return Ok(());
        }
        self.mails.next_tidy = now.saturating_add(TIDY)?;
        let mut sellers: Vec<_> = self.mails.shops.iter().map(|shop| shop.seller.clone()).collect();
        sellers.sort();
        sellers.dedup();
        for seller in sellers {
            let forgotten = self.world.app.ledger.forget_old_contacts(&seller, now).await;
            self.bear(forgotten)?;
        }
        Ok(())
    }

    /// Tells what became of the mails of every order that was written.
    pub(super) async fn tell_mails(&mut self, written: &[Written]) -> anyhow::Result<()> {
        let mut sent: BTreeMap<ShopId, u64> = BTreeMap::new();
        let mut happened = Vec::new();
        for item in written.iter().filter(|item| item.pk.starts_with("SHOPORDERS#")) {
            let shop = item.pk.split('#').nth(1).unwrap_or_default().parse::<ShopId>();
            let (Ok(shop), Ok(id)) = (shop, item.sk.parse::<ShopOrderId>()) else { continue };
            let stored = self.world.app.ledger.shop_order(&shop, &id).await;
            let Some(Some(stored)) = self.bear(stored)? else { continue };
            let order = stored.order;
            let before = self.mails.known.remove(&(shop.clone(), id.clone())).unwrap_or_default();
            for (kind, mail) in &order.mails {
                let was = before.get(kind).map(|mail| mail.state.name());
                if was == Some(mail.state.name()) {
                    continue;
                }
                let row = Row::of(&order, *kind, mail, None);
                if row.state == "sent" {
                    *sent.entry(shop.clone()).or_default() += 1;
                }
                happened.push(self.mail_event(&order, &row));
            }
            self.mails.known.insert((shop, id), order.mails);
        }
        for event in &happened {
            self.lines.event(event)?;
        }
        if self.lines.style().json {
            return Ok(());
        }
        let now = self.world.app.clock.now();
        for (shop, n) in sent {
            let text =
                text!("{n} mails left, into the folder {OUTBOX}", "{n} 封邮件已发出,位于文件夹 {OUTBOX}");
            let mut event = Event::of_shop(now, "mail", None, text.in_lang(self.lang));
            event.shop_id = Some(shop);
            self.lines.event(&event)?;
        }
        Ok(())
    }

    fn mail_event(&self, order: &ShopOrder, row: &Row) -> Event {
        let (kind, state) = (row.mail.text(), state_text(row.state));
        let why = row.why.as_ref().map_or("", |why| why.in_lang(self.lang));
        let between = if why.is_empty() { "" } else { ": " };
        let text = format!("{}, {}{between}{why}", kind.in_lang(self.lang), state.in_lang(self.lang));
        let mut event = Event::of_shop(self.world.app.clock.now(), "mail", None, text);
        event.shop_id = Some(order.shop.clone());
        event.shop_order_id = Some(order.id.clone());
        event.mail = Some(row.mail);
        event.notable = matches!(row.state, "held" | "refused" | "unknown" | "presumed_sent");
        event
    }

    /// When mails are looked at next; `None`: there is no shop that has one due.
    pub(super) async fn next_mail(&self) -> Result<Option<Timestamp>, Error> {
        let app = &self.world.app;
        if self.mails.shops.is_empty() {
            return Ok(None);
        }
        let reading = app.ledger.control(app.clock.now()).await?;
        let mut earliest = None;
        for shop in self.mails.shops.iter().filter(|shop| reading.control().may_mail(&shop.id)) {
            let first = app.ledger.due_mails(&shop.id, Timestamp::MAX, 1).await?.into_iter().next();
            earliest = earliest.into_iter().chain(first.map(|(at, _)| at.max(self.mails.next))).min();
        }
        Ok(earliest)
    }

    /// When the next tick of the mails is, on the machine's time; `None`: there is no shop.
    pub(super) fn next_mail_tick(&self) -> Option<Timestamp> {
        (!self.mails.shops.is_empty()).then_some(self.mails.next)
    }
}

/// Serves the public pages and hooks at a port of this machine.
async fn serve(port: u16, app: Arc<MailApp>) -> std::io::Result<Web> {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    let router = axum::Router::new().fallback(move |request: axum::extract::Request| {
        let app = Arc::clone(&app);
        async move {
            let (head, body) = request.into_parts();
            let Ok(body) = axum::body::to_bytes(body, MAX_BODY).await else {
                let mut answer = http::Response::new(axum::body::Body::from("the body is too large\n"));
                *answer.status_mut() = http::StatusCode::PAYLOAD_TOO_LARGE;
                return answer;
            };
            let request = http::Request::from_parts(head, body);
            web::handle(&app, &request).await.map(axum::body::Body::from)
        }
    });
    Ok(Web(tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(error = %error, "pages are no longer served");
        }
    })))
}
