//! A seller as Renown knows it: who calls for it, where it sells, since when it is heard.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::fmt::serde::timestamp::second::{optional as opt_secs, required as secs};
use serde::{Deserialize, Serialize};

use crate::ids::{AppId, SellerId, SubscriptionId};
use crate::marketplace::{MarketplaceId, Region};

/// Settings of a seller. Whether it may send stands in [`crate::control::Control`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seller {
    /// Amazon's id.
    pub id: SellerId,
    /// What the operator calls it.
    pub alias: String,
    /// The LWA client that calls for it.
    pub app: AppId,
    /// The region whose host serves it. A seller in two regions has two authorisations and is
    /// connected twice.
    pub region: Region,
    /// Where it sells.
    pub marketplaces: Vec<MarketplaceId>,
    /// What its store is called there, by Amazon's word: two ids with one store are one account.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub store_names: BTreeMap<MarketplaceId, String>,
    /// When it was connected; reports reach back 35 days from here.
    #[serde(with = "secs")]
    pub connected_at: Timestamp,
    /// Since when notifications are subscribed; `None` = reports alone. An order placed later
    /// and first heard of in a report shows a gap.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "opt_secs")]
    pub notified_since: Option<Timestamp>,
    /// Its subscriptions: `ACCOUNT_STATUS_CHANGED` names its seller only by these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subscriptions: Vec<SubscriptionId>,
    /// The version of its rules in force; 0 = the defaults.
    #[serde(default)]
    pub rules_version: u32,
    /// Since when the app's secret is in use; Amazon has it rotated every 180 days.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "opt_secs")]
    pub secret_since: Option<Timestamp>,
    /// When the seller authorised the app; it has to be renewed every year.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "opt_secs")]
    pub authorised_at: Option<Timestamp>,
}
