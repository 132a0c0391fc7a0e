//! Applications, sellers and the settings of the simulator itself.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::health::Health;

/// An LWA client: one registered application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct App {
    /// LWA client id, as sent to the token endpoint.
    pub client_id: String,
    /// LWA client secret; any other secret is answered with `invalid_client`.
    pub client_secret: String,
    /// The application id that notifications carry.
    #[serde(default = "default_application_id")]
    pub application_id: String,
}

fn default_application_id() -> String {
    "amzn1.sp.solution.simulated".to_owned()
}

impl App {
    /// An application with the default application id.
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<String>) -> Self {
        Self {
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            application_id: default_application_id(),
        }
    }
}

/// The three endpoints of the Selling Partner API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Region {
    /// `sellingpartnerapi-na.amazon.com`
    Na,
    /// `sellingpartnerapi-eu.amazon.com`
    Eu,
    /// `sellingpartnerapi-fe.amazon.com`
    Fe,
}

/// A selling account in one region, and who may call for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, told by JSON")]
pub struct Seller {
    /// Amazon's merchant id.
    pub seller_id: String,
    /// The region of the grant; a token used at another region's host is denied.
    pub region: Region,
    /// Marketplaces the seller takes part in.
    pub marketplaces: Vec<String>,
    /// Refresh token → client id of the application it was granted to.
    #[serde(default)]
    pub grants: BTreeMap<String, String>,
    /// Store name shown by getMarketplaceParticipations. Empty: one made of the id.
    #[serde(default)]
    pub store_name: String,
    /// Charset of report documents in Amazon's (Java) spelling: `UTF-8`, `Cp1252`, `MS932`,
    /// `GB18030`, `UTF-8-BOM` (UTF-8 with a byte order mark), `none` (no charset is named).
    /// Absent: by marketplace, as observed: Japan `MS932`, the EU host `Cp1252`, others `UTF-8`.
    #[serde(default)]
    pub charset: Option<String>,
    /// Whether report documents are gzip files.
    #[serde(default)]
    pub gzip: bool,
    /// Whether Orders 2026-01-01 shows the delivery promise of Amazon-fulfilled orders. Amazon's
    /// documents leave it open; the default is the harder case.
    #[serde(default)]
    pub shows_fba_promise: bool,
    /// The moment the notification subscription begins; changes before it are never notified.
    /// Absent: every change of every order is.
    #[serde(default)]
    pub notified_since: Option<Timestamp>,
    /// The application lacks the role of the Customer Feedback API: its calls for this seller are denied.
    #[serde(default)]
    pub lacks_customer_feedback: bool,
    /// The application lacks the role of the Finances API: its calls for this seller are denied.
    #[serde(default)]
    pub lacks_finances: bool,
    /// The seller owns a registered brand, and the application has the role of Brand Analytics.
    #[serde(default)]
    pub has_brand: bool,
    /// How the account stands, by marketplace and time; absent: in the best of health.
    #[serde(default)]
    pub health: Vec<Health>,
}

impl Seller {
    /// A seller without grants, with a store name of its id and the usual charsets.
    pub fn new(seller_id: impl Into<String>, region: Region, marketplaces: &[&str]) -> Self {
        Self {
            seller_id: seller_id.into(),
            region,
            marketplaces: marketplaces.iter().map(|id| (*id).to_owned()).collect(),
            grants: BTreeMap::new(),
            store_name: String::new(),
            charset: None,
            gzip: false,
            shows_fba_promise: false,
            notified_since: None,
            lacks_customer_feedback: false,
            lacks_finances: false,
            has_brand: false,
            health: Vec::new(),
        }
    }

    /// The same seller with one more refresh token, granted to `client_id`.
    #[must_use]
    pub fn granting(mut self, refresh_token: impl Into<String>, client_id: impl Into<String>) -> Self {
        self.grants.insert(refresh_token.into(), client_id.into());
        self
    }

    /// How the account stands in a marketplace at a moment.
    pub(crate) fn health_in(&self, marketplace: &str, now: Timestamp) -> Health {
        let so_far = self.health.iter().filter(|one| one.marketplace_id == marketplace && one.since <= now);
        let last = so_far.max_by_key(|health| health.since);
        last.cloned().unwrap_or_else(|| Health::new(marketplace, Timestamp::MIN))
    }
}

/// How the simulator itself behaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Seconds from createReport to the end of processing; a third of it is spent in the queue.
    pub report_delay_seconds: u32,
    /// Answer every operation from the static sandbox cases of Amazon's models.
    pub sandbox: bool,
    /// Base of report document URLs, for example `http://127.0.0.1:8480`. Absent: taken from the
    /// request's `Host` and `X-Forwarded-Proto`.
    pub public_url: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { report_delay_seconds: 90, sandbox: false, public_url: None }
    }
}
