//! Sellers v1: where the seller sells.

use serde_json::{Value, json};

use crate::http_reply::Reply;
use crate::marketplace::Marketplace;
use crate::pipeline::Ask;
use crate::state::State;

/// `getMarketplaceParticipations`
pub(crate) fn participations(state: &State, ask: &Ask<'_>) -> Reply {
    let Some(seller) = state.data.sellers.get(ask.seller) else { return Reply::denied() };
    let known = seller.marketplaces.iter().filter_map(|id| Marketplace::by_id(id));
    let payload: Vec<Value> = known
        .map(|marketplace| {
            json!({
                "marketplace": {
                    "id": marketplace.id,
                    "countryCode": marketplace.country,
                    "name": marketplace.name(),
                    "defaultCurrencyCode": marketplace.currency,
                    "defaultLanguageCode": marketplace.language,
                    "domainName": format!("www.{}", marketplace.domain),
                },
                "storeName": seller.store_name,
                "participation": {"isParticipating": true, "hasSuspendedListings": false},
            })
        })
        .collect();
    Reply::json(200, &json!({"payload": payload}))
}
