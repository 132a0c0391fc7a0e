//! Every operation of the client, called with everything it can be called with.

use std::time::Duration;

use renown_core::ids::OrderId;
use renown_core::marketplace::MarketplaceId;
use renown_core::reports::{AllOrdersRow, Row as _, ShipmentRow};
use renown_io::spapi::{
    DestinationId, DocumentId, Error, NotificationType, Operation, PageToken, ReportId, ReportRequest,
    SortBy, UnshippedOrders,
};

use crate::grant;
use crate::wire::{Wire, caller};

/// A browse node.
const NODE: &str = "123456789";

fn countries(codes: &[&str]) -> Vec<MarketplaceId> {
    codes.iter().map(|code| MarketplaceId::of_country(code).expect("a country")).collect()
}

/// Calls an operation once. `Ok` holds what was understood of the answer.
pub(crate) async fn call(wire: &Wire, operation: Operation) -> Result<String, Error> {
    let (api, caller) = (wire.api(), caller());
    let order: OrderId = "123-1234567-1234567".parse().expect("an order id");
    let asin = "B08PD3JNPF".parse().expect("an ASIN");
    let germany = countries(&["DE"])[0];
    let time = |text: &str| text.parse().expect("a time");
    let shown = match operation {
        Operation::SolicitationActions => {
            format!("{:?}", api.actions(&caller, &order, germany).await?)
        }
        Operation::CreateSolicitation => {
            let grant = grant::grant(&caller.seller, &order, germany, &Wire::clock()).await;
            let slot = api.post_slot(&caller.seller, Duration::ZERO).await?;
            format!("{:?}", api.create(&caller, grant, slot).await?)
        }
        Operation::GetOrder => format!("{:?}", api.get_order(&caller, &order).await?),
        Operation::SearchOrders => {
            let search = UnshippedOrders {
                marketplaces: countries(&["DE", "FR", "GB"]),
                created_after: time("2026-09-01T00:00:00Z"),
            };
            let page: PageToken = serde_json::from_str(r#""next page/+=""#).expect("a token");
            let page = api.unshipped_orders(&caller, &search, Some(&page)).await?;
            assert_eq!(page.unreadable, [], "every order that the model shows can be read");
            format!("{page:?}")
        }
        Operation::CreateReport => {
            let mut ids = Vec::new();
            for report_type in [AllOrdersRow::REPORT_TYPE, ShipmentRow::REPORT_TYPE] {
                let request = ReportRequest {
                    report_type,
                    marketplaces: countries(&[
                        "DE", "FR", "GB", "IT", "ES", "NL", "SE", "PL", "BE", "IE", "TR",
                    ]),
                    from: time("2026-09-01T00:00:00Z"),
                    to: time("2026-10-01T00:00:00Z"),
                    options: Some(("reportPeriod", "WEEK")),
                };
                ids.push(api.create_report(&caller, &request).await?);
            }
            format!("{ids:?}")
        }
        Operation::GetReport => format!("{:?}", api.report(&caller, &ReportId::new("ID323")).await?),
        Operation::GetReportDocument => {
            let id = DocumentId::new("0356cf79-b8b0-4226-b4b9-0ee058ea5760");
            format!("{:?}", api.document(&caller, &id).await?)
        }
        Operation::MarketplaceParticipations => {
            format!("{:?}", api.marketplace_participations(&caller).await?)
        }
        Operation::CreateDestination => {
            let queue = "arn:aws:sqs:eu-west-1:123456789012:renown-orders".parse().expect("an ARN");
            format!("{:?}", api.create_destination(&caller.app(), "renown", &queue).await?)
        }
        Operation::Destinations => format!("{:?}", api.destinations(&caller.app()).await?),
        Operation::DeleteDestination => {
            let destination = DestinationId::new("9e7a83ee-7730-11e9-8f9e-2a86e4085a59");
            format!("{:?}", api.delete_destination(&caller.app(), &destination).await?)
        }
        Operation::CreateSubscription => {
            let destination = DestinationId::new("9e7a83ee-7730-11e9-8f9e-2a86e4085a59");
            let mut subscriptions = Vec::new();
            for kind in NotificationType::ALL {
                let version = kind.usual_payload_version();
                subscriptions.push(api.create_subscription(&caller, kind, &destination, &version).await?);
            }
            format!("{subscriptions:?}")
        }
        Operation::Subscription => {
            format!("{:?}", api.subscription(&caller, NotificationType::OrderChange).await?)
        }
        Operation::DeleteSubscription => {
            let id = "7fcacc7e-727b-11e9-8848-1681be663d3e".parse().expect("a subscription id");
            let kind = NotificationType::OrderChange;
            format!("{:?}", api.delete_subscription(&caller.app(), kind, &id).await?)
        }
        Operation::ItemReviewTopics => {
            let mut found = Vec::new();
            for sort in SortBy::ALL {
                found.push(api.item_review_topics(&caller, &asin, germany, sort).await?);
            }
            format!("{found:?}")
        }
        Operation::ItemBrowseNode => format!("{:?}", api.item_browse_node(&caller, &asin, germany).await?),
        Operation::ItemReviewTrends => {
            format!("{:?}", api.item_review_trends(&caller, &asin, germany).await?)
        }
        Operation::NodeReviewTopics => {
            let mut found = Vec::new();
            for sort in SortBy::ALL {
                found.push(api.node_review_topics(&caller, NODE, germany, sort).await?);
            }
            format!("{found:?}")
        }
        Operation::OrderFinances => format!("{:?}", api.disputes(&caller, &order).await?),
        Operation::NodeReviewTrends => {
            format!("{:?}", api.node_review_trends(&caller, NODE, germany).await?)
        }
        Operation::NodeReturnTopics => {
            format!("{:?}", api.node_return_topics(&caller, NODE, germany).await?)
        }
        Operation::NodeReturnTrends => {
            format!("{:?}", api.node_return_trends(&caller, NODE, germany).await?)
        }
    };
    Ok(shown)
}
