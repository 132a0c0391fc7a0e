//! Sellers v1: where a seller sells.

use renown_core::marketplace::MarketplaceId;
use serde::Deserialize;

use super::errors::Error;
use super::operation::Operation;
use super::request::{Request, Target};
use super::{Caller, SpApi};

/// Where a seller may sell, in the caller's region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participations {
    /// Marketplaces this version knows.
    pub known: Vec<Participation>,
    /// Ids of marketplaces it does not know, such as those of Amazon's invoicing.
    pub unknown_ids: Vec<String>,
}

/// One marketplace of a seller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participation {
    /// The marketplace.
    pub marketplace: MarketplaceId,
    /// What the store is called there; empty if Amazon does not say.
    pub store_name: String,
    /// The seller sells there.
    pub participating: bool,
    /// Amazon has suspended listings of the seller there.
    pub suspended_listings: bool,
}

impl SpApi {
    /// Where the seller sells. Proves at the same time that app, grant and region fit
    /// together. To be kept by the caller: one call a minute is allowed.
    pub async fn marketplace_participations(&self, caller: &Caller) -> Result<Participations, Error> {
        let operation = Operation::MarketplaceParticipations;
        let target = Target::path("/sellers/v1/marketplaceParticipations");
        let reply: Reply = self.read(caller, &Request::get(operation, target)).await?.parse(operation)?;
        let mut found = Participations { known: Vec::new(), unknown_ids: Vec::new() };
        for entry in reply.payload {
            match entry.marketplace.id.parse() {
                Ok(marketplace) => found.known.push(Participation {
                    marketplace,
                    store_name: entry.store_name,
                    participating: entry.participation.is_participating,
                    suspended_listings: entry.participation.has_suspended_listings,
                }),
                Err(_) => found.unknown_ids.push(entry.marketplace.id),
            }
        }
        Ok(found)
    }
}

// Wire structs.
#[derive(Deserialize)]
struct Reply {
    #[serde(default)]
    payload: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(default, rename = "storeName")]
    store_name: String,
    marketplace: Marketplace,
    participation: WireParticipation,
}

#[derive(Deserialize)]
struct Marketplace {
    id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireParticipation {
    is_participating: bool,
    has_suspended_listings: bool,
}

#[cfg(test)]
mod tests {
    use crate::spapi::fake::{Fake, Reply, caller};

    #[tokio::test(start_paused = true)]
    async fn marketplaces_that_are_not_known_are_told_apart() {
        let entry = |id: &str, participating: bool| {
            serde_json::json!({
                "marketplace": {"id": id, "name": "x", "countryCode": "DE"},
                "storeName": "x",
                "participation": {"isParticipating": participating, "hasSuspendedListings": !participating},
            })
        };
        let body = serde_json::json!({"payload": [entry("A1PA6795UKMFR9", true), entry("A1ZFFQZ3HTUKT9", true), entry("A13V1IB3VIYZZH", false)]});
        let fake = Fake::with_tokens(move |_| Reply::json(200, &body.to_string()));
        let found = fake.api().marketplace_participations(&caller()).await.expect("answered");
        let known: Vec<_> = found
            .known
            .iter()
            .map(|p| (p.marketplace.info().country, p.participating, p.suspended_listings))
            .collect();
        assert_eq!(known, [("DE", true, false), ("FR", false, true)]);
        assert_eq!(found.unknown_ids, ["A1ZFFQZ3HTUKT9"]);
        let seen = &fake.calls()[0];
        assert_eq!(
            (seen.method.as_str(), seen.target.as_str()),
            ("GET", "/sellers/v1/marketplaceParticipations")
        );
        assert_eq!(seen.header("x-amz-access-token"), "token-1");
        assert!(seen.header("user-agent").starts_with("Renown/"));
    }
}
