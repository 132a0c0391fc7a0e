//! Report requests: written before Amazon is asked, so that none is forgotten.

use jiff::fmt::serde::timestamp::second::required as secs;
use jiff::{SignedDuration, Timestamp};
use renown_core::ids::SellerId;
use renown_core::marketplace::MarketplaceId;
use renown_core::reports::REPEAT_PURCHASE;
use serde::{Deserialize, Serialize};

use super::item::{Extra, Freshness, Key, Put, read};
use super::{Error, Ledger};

/// A request for orders is remembered until no back-fill (35 days) could reach into its range any
/// more …
const KEPT_OF_ORDERS: SignedDuration = SignedDuration::from_hours(40 * 24);
/// … one for FBA returns until the longest of their ranges is due again, once a week …
const KEPT_OF_FBA_RETURNS: SignedDuration = SignedDuration::from_hours(8 * 24);
/// … one for a week until the next week is over …
const KEPT_OF_WEEKS: SignedDuration = SignedDuration::from_hours(15 * 24);
/// … and one for other signals while the newest of them tells when the next one is due: each of them
/// reads all that is new since weeks. A tick lists them all, so few are kept.
const KEPT_OF_SIGNALS: SignedDuration = SignedDuration::from_hours(2 * 24);

/// What is asked for within this time is underway: a call limit puts it off by a minute or two.
/// Ours.
const SOON: SignedDuration = SignedDuration::from_mins(10);

/// The reports that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportKind {
    /// All orders by last update.
    AllOrders,
    /// Shipments by Amazon.
    FbaShipments,
    /// Seller feedback of one to three stars.
    SellerFeedback,
    /// Returns that reached Amazon's warehouses.
    FbaReturns,
    /// Returns of what the seller ships.
    MerchantReturns,
    /// How the account does by Amazon's measures.
    AccountHealth,
    /// How many buyers of a week had bought a product before.
    RepeatPurchase,
}

impl ReportKind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::AllOrders,
        Self::FbaShipments,
        Self::SellerFeedback,
        Self::FbaReturns,
        Self::MerchantReturns,
        Self::AccountHealth,
        Self::RepeatPurchase,
    ];

    /// Those that orders come from: without them nobody can be asked.
    pub const OF_ORDERS: [Self; 2] = [Self::AllOrders, Self::FbaShipments];

    /// Whether orders come from it.
    pub fn is_of_orders(self) -> bool {
        Self::OF_ORDERS.contains(&self)
    }

    /// Amazon's name.
    pub fn report_type(self) -> &'static str {
        match self {
            Self::AllOrders => "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL",
            Self::FbaShipments => "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL",
            Self::SellerFeedback => "GET_SELLER_FEEDBACK_DATA",
            Self::FbaReturns => "GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA",
            Self::MerchantReturns => "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE",
            Self::AccountHealth => "GET_V2_SELLER_PERFORMANCE_REPORT",
            Self::RepeatPurchase => REPEAT_PURCHASE,
        }
    }

    /// Our word, in keys and output.
    pub fn word(self) -> &'static str {
        match self {
            Self::AllOrders => "all_orders",
            Self::FbaShipments => "fba_shipments",
            Self::SellerFeedback => "seller_feedback",
            Self::FbaReturns => "fba_returns",
            Self::MerchantReturns => "merchant_returns",
            Self::AccountHealth => "account_health",
            Self::RepeatPurchase => "repeat_purchase",
        }
    }

    /// The role of the app by which Amazon gives it out. Source: Amazon's "Report type values" page.
    pub fn role(self) -> &'static str {
        match self {
            Self::AllOrders | Self::MerchantReturns => "Inventory and Order Tracking",
            Self::FbaShipments | Self::FbaReturns => "Amazon Fulfillment",
            Self::SellerFeedback | Self::AccountHealth => "Selling Partner Insights",
            Self::RepeatPurchase => "Brand Analytics",
        }
    }

    /// Whether only owners of a registered brand can have it: without it nothing is amiss.
    pub fn is_of_brands(self) -> bool {
        self == Self::RepeatPurchase
    }

    /// Whether each marketplace is asked for alone: the form of a feedback's date is its
    /// marketplace's and stands nowhere in the file, and Amazon makes repeat purchases of one alone.
    pub fn is_of_one_marketplace(self) -> bool {
        matches!(self, Self::SellerFeedback | Self::RepeatPurchase)
    }
}

/// How far a request has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum ReportState {
    /// To be asked for, from `not_before` on.
    Wanted {
        /// Earliest moment of the next attempt.
        #[serde(with = "secs")]
        not_before: Timestamp,
        /// Attempts so far; counted before Amazon is called.
        attempts: u32,
        /// How often Amazon has cancelled it so far.
        #[serde(default)]
        cancelled: u32,
    },
    /// Amazon works on it.
    Requested {
        /// Amazon's id.
        report: String,
        /// Since when.
        #[serde(with = "secs")]
        at: Timestamp,
        /// Attempts so far, this one included.
        attempts: u32,
        /// How often Amazon has cancelled it so far.
        #[serde(default)]
        cancelled: u32,
    },
    /// Its file is being read.
    Reading {
        /// Amazon's id.
        report: String,
        /// Rows that are taken in for good.
        lines: u64,
        /// Attempts to read on from there, this one included.
        attempts: u32,
        /// Until then nobody else reads it: the process that reads is gone by then.
        #[serde(with = "secs")]
        lease_until: Timestamp,
    },
    /// Read to the end.
    Done {
        /// Amazon's id.
        report: String,
        /// Rows taken in.
        rows: u64,
        /// Rows that could not be read; each is kept as unread input.
        bad_rows: u64,
        /// When.
        #[serde(with = "secs")]
        at: Timestamp,
    },
    /// Amazon cancelled it: there was nothing in the range, or it was asked for too soon again.
    Empty {
        /// When.
        #[serde(with = "secs")]
        at: Timestamp,
    },
    /// The app may not have it; asked again a day later.
    Denied {
        /// When that was heard.
        #[serde(with = "secs")]
        at: Timestamp,
    },
    /// Given up, with the reason; a later request covers its range again.
    Failed {
        /// Why.
        why: String,
        /// When.
        #[serde(with = "secs")]
        at: Timestamp,
    },
}

/// A report request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportItem {
    /// Whose.
    pub seller: SellerId,
    /// What.
    pub kind: ReportKind,
    /// Where.
    pub marketplaces: Vec<MarketplaceId>,
    /// Beginning of its range.
    #[serde(with = "secs")]
    pub from: Timestamp,
    /// End of its range: its data are "as of" here.
    #[serde(with = "secs")]
    pub to: Timestamp,
    /// It reaches back to before the seller was connected.
    #[serde(default)]
    pub back_fill: bool,
    /// How far it has come.
    pub state: ReportState,
    /// Revision in the table; 0 = not written yet.
    #[serde(skip)]
    revision: u64,
}

impl ReportItem {
    /// A request that is not written yet. Its range has whole seconds: the end names it.
    pub fn wanted(
        seller: SellerId,
        kind: ReportKind,
        marketplaces: Vec<MarketplaceId>,
        (from, to): (Timestamp, Timestamp),
        back_fill: bool,
        now: Timestamp,
    ) -> Self {
        let state = ReportState::Wanted { not_before: now, attempts: 0, cancelled: 0 };
        let whole = |at: Timestamp| Timestamp::from_second(at.as_second()).unwrap_or(at);
        Self { seller, kind, marketplaces, from: whole(from), to: whole(to), back_fill, state, revision: 0 }
    }

    /// Whether something is still to be done for it.
    pub fn is_open(&self) -> bool {
        match self.state {
            ReportState::Wanted { .. } | ReportState::Requested { .. } | ReportState::Reading { .. } => true,
            ReportState::Done { .. }
            | ReportState::Empty { .. }
            | ReportState::Denied { .. }
            | ReportState::Failed { .. } => false,
        }
    }

    /// Whether it is asked for again only later, because Amazon had nothing or failed.
    pub fn is_put_off(&self, now: Timestamp) -> bool {
        let soon = now.saturating_add(SOON).unwrap_or(now);
        matches!(self.state, ReportState::Wanted { not_before, .. } if not_before > soon)
    }

    /// Amazon's id, where there is one.
    pub fn report(&self) -> Option<&str> {
        match &self.state {
            ReportState::Requested { report, .. }
            | ReportState::Reading { report, .. }
            | ReportState::Done { report, .. } => Some(report),
            ReportState::Wanted { .. }
            | ReportState::Empty { .. }
            | ReportState::Denied { .. }
            | ReportState::Failed { .. } => None,
        }
    }

    fn key(&self) -> Key {
        let mut sk = format!("{}#{}", self.kind.word(), self.to);
        if let (true, [marketplace]) = (self.kind.is_of_one_marketplace(), self.marketplaces.as_slice()) {
            sk = format!("{sk}#{}", marketplace.info().country);
        }
        Key::new(pk(&self.seller), sk)
    }
}

pub(super) fn pk(seller: &SellerId) -> String {
    format!("REPORTS#{seller}")
}

impl Ledger {
    /// Writes a request: a new one, or a step of one that was read before. `false`: somebody
    /// else wrote it meanwhile, and nothing was changed.
    pub async fn save_report(&self, item: &mut ReportItem) -> Result<bool, Error> {
        let expected = (item.revision > 0).then_some(item.revision);
        let kept = match item.kind {
            ReportKind::AllOrders | ReportKind::FbaShipments => KEPT_OF_ORDERS,
            ReportKind::FbaReturns => KEPT_OF_FBA_RETURNS,
            ReportKind::SellerFeedback | ReportKind::MerchantReturns | ReportKind::AccountHealth => {
                KEPT_OF_SIGNALS
            }
            ReportKind::RepeatPurchase => KEPT_OF_WEEKS,
        };
        let expires_at = item.to.saturating_add(kept).ok();
        match self.put(&item.key(), &*item, expected, Extra { due: None, expires_at }).await? {
            Put::Done(revision) => {
                item.revision = revision;
                Ok(true)
            }
            Put::Lost(_) => Ok(false),
        }
    }

    /// The requests of a seller, the newest range first within each kind.
    pub async fn reports(&self, seller: &SellerId) -> Result<Vec<ReportItem>, Error> {
        let mut all = Vec::new();
        for item in self.partition("listing reports", &pk(seller), None, Freshness::Latest).await? {
            let versioned = read::<ReportItem>(&item)?;
            all.push(ReportItem { revision: versioned.revision, ..versioned.body });
        }
        all.reverse();
        Ok(all)
    }
}
