//! A seller with shops of their own, to test with: the real functions of mail over an embedded
//! DynamoDB and SES, in virtual time.

use bytes::Bytes;
use http::{Request, Response};
use jiff::{SignedDuration, Timestamp};
use negative_alert::Wake;
use renown_core::control::Live;
use renown_core::ids::{ShopId, ShopOrderId};
use renown_core::mail::{MailRules, Shop, ShopOrder};
use renown_io::app::MailApp;
use renown_io::bus::Bus;
use renown_io::clock::Clock;
use renown_io::ledger::Ledger;
use renown_io::mail::{Keys, Outbox, Sender};
use renown_io::secrets::{Secret, Secrets};
use renown_local::dynamo::{Dynamo, TABLE};
use renown_simulator::Simulator;
use ring::hmac;
use serde_json::{Value, json};

use crate::alerts::{WayOut, alert};
use crate::ses::{Ses, Taken};
use crate::{INVOCATION, event};

/// The secret of every shop's webhooks.
pub const HOOK_SECRET: &str = "whsec_Q0FOQVJZLWhvb2stc2VjcmV0";
/// Where the public pages are.
pub const PUBLIC_URL: &str = "https://r.example";

/// A seller's shops with their SES.
pub struct MailWorld {
    /// The table.
    pub dynamo: Dynamo,
    /// Time, as the functions see it.
    pub clock: Clock,
    /// SES.
    pub ses: Ses,
    /// The clients of the process that runs now.
    pub app: MailApp,
    /// The way out to customers.
    pub sender: Sender,
    /// The way out to operators; its mails go to the same SES.
    pub way_out: WayOut,
    processes: u32,
}

impl MailWorld {
    /// A world without shops. Time stands at `start` and runs with tokio's (paused) timer.
    pub async fn new(start: Timestamp) -> Self {
        let dynamo = Dynamo::in_memory().expect("memory for a table");
        dynamo.create_table().await.expect("the table is created");
        let clock = Clock::starting_at(start);
        let ses = Ses::new(clock.clone());
        let secrets = Secrets::in_memory();
        Keys::read_or_make(&secrets).await.expect("made");
        let app = MailApp { ledger: ledger(&dynamo, 0), secrets, bus: Bus::Nowhere, clock: clock.clone() };
        let sender = sender(&ses);
        let way_out = WayOut::new(&Simulator::new(start), ses.clone());
        Self { dynamo, clock, ses, app, sender, way_out, processes: 0 }
    }

    /// Adds a shop in listen mode.
    pub async fn add_shop(&self, id: &str, mails: MailRules) -> Shop {
        let shop = Shop {
            id: id.parse().expect("a shop"),
            seller: "A1SELLER".parse().expect("a seller"),
            name: "Teehaus".to_owned(),
            from: "reviews@mail.tea.example".to_owned(),
            reply_to: None,
            postal_address: "Teehaus GmbH, Lindenweg 5, 10115 Berlin, Germany".to_owned(),
            support_email: Some("help@tea.example".to_owned()),
            review_url: "https://tea.example/review/{order}".to_owned(),
            locale: "de".to_owned(),
            country: "DE".to_owned(),
            mails,
            since: self.clock.now(),
        };
        assert_eq!(shop.problems(), []);
        self.app.ledger.put_shop(&shop).await.expect("written");
        self.app.secrets.store_hook(&shop.id, &Secret::new(HOOK_SECRET)).await.expect("stored");
        shop
    }

    /// Adds a shop that is live.
    pub async fn add_live_shop(&self, id: &str, mails: MailRules) -> Shop {
        let shop = self.add_shop(id, mails).await;
        self.go_live(&shop.id).await;
        shop
    }

    /// Lets a shop go live.
    pub async fn go_live(&self, shop: &ShopId) {
        let since = self.clock.now();
        let change = self.app.ledger.change_control(|control| {
            control.shops.entry(shop.clone()).or_default().live = Some(Live { since });
        });
        change.await.expect("written");
    }

    /// Puts a new process in the place of the old one.
    pub fn restart(&mut self) {
        self.processes += 1;
        self.app.ledger = ledger(&self.dynamo, self.processes);
    }

    /// Sends a signed webhook in Renown's own form. All must be taken.
    pub async fn hook(&self, shop: &str, body: &Value) {
        let answer = self.signed(shop, &body.to_string(), HOOK_SECRET).await;
        assert_eq!(answer.status(), 200, "{}", answer.body());
    }

    /// Sends a webhook in Renown's own form, signed with a secret.
    pub async fn signed(&self, shop: &str, body: &str, secret: &str) -> Response<String> {
        let at = self.clock.now().as_second().to_string();
        let key = secret.trim_start_matches("whsec_").as_bytes();
        let key = hmac::Key::new(hmac::HMAC_SHA256, &data_encoding::BASE64.decode(key).expect("base64"));
        let signed = format!("msg-1.{at}.{body}");
        let signature = data_encoding::BASE64.encode(hmac::sign(&key, signed.as_bytes()).as_ref());
        let headers = [
            ("webhook-id", "msg-1".to_owned()),
            ("webhook-timestamp", at),
            ("webhook-signature", format!("v1,{signature}")),
        ];
        self.call("POST", &format!("/hooks/generic/{shop}"), &headers, body.as_bytes()).await
    }

    /// Calls a public route.
    pub async fn call(
        &self,
        method: &str,
        path: &str,
        headers: &[(&'static str, String)],
        body: &[u8],
    ) -> Response<String> {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request.body(Bytes::copy_from_slice(body)).expect("a request");
        Box::pin(web::handle(&self.app, &request)).await
    }

    /// Delivers events of SES; all must be taken.
    pub async fn deliver(&self, bodies: &[String]) {
        for batch in bodies.chunks(10) {
            let answer = bounce_handler::handle(&self.app, event(batch)).await.expect("handled");
            assert!(answer.batch_item_failures.is_empty(), "{answer:?}");
        }
    }

    /// One tick of the sending, and of telling operators.
    pub async fn tick(&self) -> ses_send::Summary {
        let deadline = self.clock.now() + INVOCATION;
        Box::pin(alert(&self.app, &self.way_out, Wake::Tick)).await;
        Box::pin(ses_send::handle(&self.app, &self.sender, deadline)).await.expect("the table answers")
    }

    /// Lets time pass, with a tick every ten minutes.
    pub async fn pass(&self, time: SignedDuration) {
        let until = self.clock.now() + time;
        while self.clock.now() < until {
            self.tick().await;
            tokio::time::sleep(std::time::Duration::from_mins(10)).await;
        }
    }

    /// The same in days.
    pub async fn pass_days(&self, days: i64) {
        self.pass(SignedDuration::from_hours(24 * days)).await;
    }

    /// One order as the table has it.
    pub async fn order(&self, shop: &str, order: &str) -> ShopOrder {
        let shop = shop.parse().expect("a shop");
        let order: ShopOrderId = order.parse().expect("an order");
        self.app.ledger.shop_order(&shop, &order).await.expect("read").expect("it is there").order
    }

    /// What SES took, as order and kind.
    pub fn sent(&self) -> Vec<String> {
        self.ses
            .taken()
            .iter()
            .map(|mail| format!("{} {}", mail.tag("renown-order"), mail.tag("renown-kind")))
            .collect()
    }

    /// The link of a mail that leads to a page.
    pub fn link(mail: &Taken, page: &str) -> String {
        // Quoted-printable: a line that is too long goes on after "=".
        let text = mail.raw.replace("=\r\n", "").replace("=3D", "=");
        let from = text.find(&format!("{PUBLIC_URL}/{page}/")).expect("the link is in the mail");
        let url = &text[from..];
        let end = url.find(|c: char| !c.is_ascii_alphanumeric() && !"-:/.".contains(c)).unwrap_or(url.len());
        url[PUBLIC_URL.len()..end].trim_end_matches('.').to_owned()
    }
}

/// An order of a customer who said yes to mails, delivered at a moment.
pub fn order(id: &str, email: &str, delivered_at: Timestamp) -> Value {
    json!({"type": "order", "order": {"id": id, "number": format!("#{id}"),
        "placed_at": (delivered_at - SignedDuration::from_hours(72)).to_string(),
        "fulfilled_at": (delivered_at - SignedDuration::from_hours(48)).to_string(),
        "delivered_at": delivered_at.to_string(), "updated_at": delivered_at.to_string(),
        "total": "25.50", "currency": "EUR",
        "items": [{"id": format!("T-{id}"), "title": "Sencha"}],
        "customer": {"email": email, "name": "Ana Muster", "locale": "de-DE", "country": "DE",
            "consent": {"given": true, "at": "2026-01-01T00:00:00Z"}}}})
}

fn ledger(dynamo: &Dynamo, process: u32) -> Ledger {
    Ledger::new(dynamo.client(), TABLE, &format!("process-{process}"))
}

fn sender(ses: &Ses) -> Sender {
    let outbox = Outbox::Ses { client: ses.client(), configuration_set: "customers".to_owned() };
    Sender { outbox, public_url: PUBLIC_URL.to_owned() }
}
