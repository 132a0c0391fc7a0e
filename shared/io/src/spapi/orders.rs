//! Orders 2026-01-01: one order, or those that are still to be shipped.
//!
//! Only the data sets FULFILLMENT and PACKAGES are asked for. BUYER and RECIPIENT never are,
//! so no name, address or mail of a buyer is in the answer (promise P6); of what is there,
//! only the fields below are read.

use jiff::Timestamp;
use renown_core::ids::{Asin, OrderId, Sku};
use renown_core::marketplace::MarketplaceId;
use renown_core::order::{FulfillmentChannel, OrderStatus, Tracking};
use serde::{Deserialize, Serialize};

use super::errors::Error;
use super::operation::Operation;
use super::request::{Request, Target};
use super::{Caller, SpApi};

/// The data sets that are asked for. Source: `includedData` in Amazon's model.
const INCLUDED: &str = "FULFILLMENT,PACKAGES";

/// What is known of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderDetails {
    /// The order.
    pub order_id: OrderId,
    /// Where it was placed; `None` where Amazon does not say or the id is not known.
    pub marketplace: Option<MarketplaceId>,
    /// It came from another shop (multi-channel fulfilment).
    pub non_amazon: bool,
    /// When it was placed.
    pub created_at: Timestamp,
    /// When anything of it last changed.
    pub last_updated_at: Timestamp,
    /// Where it stands; `None` where Amazon does not say or uses a word that is not known.
    pub status: Option<OrderStatus>,
    /// Who ships it; `None` as for the status.
    pub channel: Option<FulfillmentChannel>,
    /// The delivery that was promised.
    pub deliver_by: Window,
    /// Until when it is to be shipped; of seller-fulfilled orders.
    pub ship_by: Option<Timestamp>,
    /// Its parcels; of seller-fulfilled orders alone.
    pub packages: Vec<Package>,
    /// Amazon's programmes, as written: `PRIME`, `AMAZON_BUSINESS`, …
    pub programs: Vec<String>,
    /// `AMAZON_EASY_SHIP` is among the programmes: Amazon picks the parcel up.
    pub easy_ship: bool,
    /// It replaces another order, or is an exchange for one.
    pub replacement: bool,
    /// What was bought.
    pub items: Vec<Item>,
    /// Values this version does not know, as `field=value`.
    pub unknown: Vec<String>,
}

/// A span of time with open ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Window {
    /// Not before.
    pub earliest: Option<Timestamp>,
    /// Not after.
    pub latest: Option<Timestamp>,
}

/// A parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Where it is. Amazon gives no time of delivery: note when `Delivered` was first seen.
    pub status: PackageStatus,
    /// When it was handed over.
    pub shipped_at: Option<Timestamp>,
    /// What its carrier calls it.
    pub tracking: Option<Tracking>,
}

/// Where a parcel is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackageStatus {
    /// Not handed over.
    Pending,
    /// Handed over.
    Shipped,
    /// On its way.
    InTransit,
    /// With the buyer.
    Delivered,
    /// Never sent.
    Cancelled,
    /// Could not be delivered.
    Undeliverable,
    /// Not told, or a word this version does not know.
    Other(String),
}

/// An item of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The seller's name of it.
    pub sku: Option<Sku>,
    /// Amazon's name of it.
    pub asin: Option<Asin>,
    /// Units ordered.
    pub quantity: Option<u32>,
}

/// Which orders are searched for: those that the seller is to ship itself and has not, or not all of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnshippedOrders {
    /// Where they were placed; at most 50.
    pub marketplaces: Vec<MarketplaceId>,
    /// Placed at or after this time. With a page it must be that of the page before.
    pub created_after: Timestamp,
}

/// Where the next page begins. Good for 24 hours, with the same search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageToken(String);

/// A page of orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderPage {
    /// The orders that could be read.
    pub orders: Vec<OrderDetails>,
    /// Those that could not.
    pub unreadable: Vec<UnreadableOrder>,
    /// The next page; `None` on the last.
    pub next: Option<PageToken>,
}

/// An order that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableOrder {
    /// Which, where that could be read.
    pub order_id: Option<OrderId>,
    /// Why. Names fields, never values.
    pub problem: String,
}

impl SpApi {
    /// One order.
    pub async fn get_order(&self, caller: &Caller, order: &OrderId) -> Result<OrderDetails, Error> {
        let operation = Operation::GetOrder;
        let target =
            Target::path("/orders/2026-01-01/orders").segment(order.as_str()).query("includedData", INCLUDED);
        let reply: OneReply = self.read(caller, &Request::get(operation, target)).await?.parse(operation)?;
        details(&reply.order).map_err(|unreadable| Error::Unclear { operation, why: unreadable.problem })
    }

    /// Orders that the seller is to ship itself and has not, page by page. An order that can't be read
    /// does not take its page down.
    pub async fn unshipped_orders(
        &self,
        caller: &Caller,
        search: &UnshippedOrders,
        page: Option<&PageToken>,
    ) -> Result<OrderPage, Error> {
        let operation = Operation::SearchOrders;
        let ids: Vec<&str> = search.marketplaces.iter().map(|marketplace| marketplace.as_str()).collect();
        let mut target = Target::path("/orders/2026-01-01/orders")
            .query("createdAfter", &search.created_after.to_string())
            .query("marketplaceIds", &ids.join(","))
            .query("fulfillmentStatuses", "UNSHIPPED,PARTIALLY_SHIPPED")
            .query("fulfilledBy", "MERCHANT")
            .query("includedData", "FULFILLMENT");
        if let Some(PageToken(token)) = page {
            target = target.query("paginationToken", token);
        }
        let reply: SearchReply =
            self.read(caller, &Request::get(operation, target)).await?.parse(operation)?;
        let mut found = OrderPage {
            orders: Vec::with_capacity(reply.orders.len()),
            unreadable: Vec::new(),
            next: reply.pagination.and_then(|pagination| pagination.next_token).map(PageToken),
        };
        for order in &reply.orders {
            match details(order) {
                Ok(order) => found.orders.push(order),
                Err(unreadable) => found.unreadable.push(unreadable),
            }
        }
        Ok(found)
    }
}

fn details(json: &serde_json::Value) -> Result<OrderDetails, UnreadableOrder> {
    let order_id =
        json.get("orderId").and_then(serde_json::Value::as_str).and_then(|id| id.parse::<OrderId>().ok());
    let unreadable = |problem: &str| UnreadableOrder {
        order_id: order_id.clone(),
        problem: format!("an order whose {problem}"),
    };
    // serde's own message may quote a value, so only its category is kept.
    let wire = WireOrder::deserialize(json)
        .map_err(|_| unreadable("fields have other types than Amazon's model says"))?;
    let time = |text: &str, problem| text.parse::<Timestamp>().map_err(|_| unreadable(problem));

    let mut unknown = Vec::new();
    let fulfillment = wire.fulfillment.unwrap_or_default();
    let deliver_by = fulfillment.deliver_by_window.unwrap_or_default();
    let ship_by = fulfillment.ship_by_window.unwrap_or_default();
    Ok(OrderDetails {
        marketplace: known(&mut unknown, "marketplaceId", wire.sales_channel.marketplace_id, |id| {
            id.parse().ok()
        }),
        non_amazon: wire.sales_channel.channel_name.as_deref() == Some("NON_AMAZON"),
        created_at: time(&wire.created_time, "createdTime is no time")?,
        last_updated_at: time(&wire.last_updated_time, "lastUpdatedTime is no time")?,
        status: known(&mut unknown, "fulfillmentStatus", fulfillment.status, OrderStatus::from_amazon),
        channel: known(
            &mut unknown,
            "fulfilledBy",
            fulfillment.fulfilled_by,
            FulfillmentChannel::from_amazon,
        ),
        deliver_by: Window {
            earliest: known(&mut unknown, "earliestDateTime", deliver_by.earliest_date_time, |time| {
                time.parse().ok()
            }),
            latest: known(&mut unknown, "latestDateTime", deliver_by.latest_date_time, |time| {
                time.parse().ok()
            }),
        },
        ship_by: known(&mut unknown, "latestDateTime", ship_by.latest_date_time, |time| time.parse().ok()),
        packages: wire
            .packages
            .unwrap_or_default()
            .into_iter()
            .map(|package| parcel(package, &mut unknown))
            .collect(),
        easy_ship: wire.programs.iter().flatten().any(|program| program == "AMAZON_EASY_SHIP"),
        programs: wire.programs.unwrap_or_default(),
        replacement: wire.associated_orders.iter().flatten().any(|other| {
            matches!(
                other.association_type.as_deref(),
                Some("REPLACEMENT_ORIGINAL_ID" | "EXCHANGE_ORIGINAL_ID")
            )
        }),
        items: wire
            .order_items
            .unwrap_or_default()
            .into_iter()
            .map(|item| article(item, &mut unknown))
            .collect(),
        order_id: order_id.clone().ok_or_else(|| unreadable("orderId is no order id"))?,
        unknown,
    })
}

fn parcel(wire: WirePackage, unknown: &mut Vec<String>) -> Package {
    let status = wire.package_status.and_then(|status| status.status).unwrap_or_default();
    Package {
        status: match status.as_str() {
            "PENDING" => PackageStatus::Pending,
            "SHIPPED" => PackageStatus::Shipped,
            "IN_TRANSIT" => PackageStatus::InTransit,
            "DELIVERED" => PackageStatus::Delivered,
            "CANCELLED" => PackageStatus::Cancelled,
            "UNDELIVERABLE" => PackageStatus::Undeliverable,
            _ => PackageStatus::Other(status),
        },
        shipped_at: known(unknown, "shipTime", wire.ship_time, |time| time.parse().ok()),
        tracking: Tracking::read(wire.carrier.as_deref(), wire.tracking_number.as_deref()),
    }
}

fn article(wire: WireItem, unknown: &mut Vec<String>) -> Item {
    let product = wire.product.unwrap_or_default();
    Item {
        sku: known(unknown, "sellerSku", product.seller_sku, |sku| sku.parse().ok()),
        asin: known(unknown, "asin", product.asin, |asin| asin.parse().ok()),
        quantity: wire.quantity_ordered,
    }
}

/// What a text means; a text that means nothing is noted instead.
fn known<T>(
    unknown: &mut Vec<String>,
    field: &str,
    text: Option<String>,
    meaning: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    let text = text.filter(|text| !text.trim().is_empty())?;
    let value = meaning(text.trim());
    if value.is_none() {
        unknown.push(format!("{field}={}", text.chars().take(60).collect::<String>()));
    }
    value
}

// Wire structs: Amazon's JSON, as far as it is read.
#[derive(Deserialize)]
struct OneReply {
    order: serde_json::Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SearchReply {
    // One by one, so that a broken order does not hide the others.
    orders: Vec<serde_json::Value>,
    pagination: Option<Pagination>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Pagination {
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireOrder {
    created_time: String,
    last_updated_time: String,
    sales_channel: SalesChannel,
    programs: Option<Vec<String>>,
    associated_orders: Option<Vec<AssociatedOrder>>,
    fulfillment: Option<Fulfillment>,
    order_items: Option<Vec<WireItem>>,
    packages: Option<Vec<WirePackage>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SalesChannel {
    channel_name: Option<String>,
    marketplace_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AssociatedOrder {
    association_type: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Fulfillment {
    #[serde(rename = "fulfillmentStatus")]
    status: Option<String>,
    fulfilled_by: Option<String>,
    deliver_by_window: Option<DateTimeRange>,
    ship_by_window: Option<DateTimeRange>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct DateTimeRange {
    earliest_date_time: Option<String>,
    latest_date_time: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireItem {
    quantity_ordered: Option<u32>,
    product: Option<Product>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Product {
    asin: Option<String>,
    seller_sku: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WirePackage {
    package_status: Option<WirePackageStatus>,
    ship_time: Option<String>,
    carrier: Option<String>,
    tracking_number: Option<String>,
}

#[derive(Deserialize)]
struct WirePackageStatus {
    status: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spapi::fake::{Fake, Reply, caller};
    use serde_json::{Value, json};

    fn order(id: &str) -> Value {
        json!({
            "orderId": id,
            "createdTime": "2026-09-20T09:15:00Z",
            "lastUpdatedTime": "2026-09-25T16:30:00Z",
            "programs": ["PRIME", "AMAZON_EASY_SHIP"],
            "salesChannel": {"channelName": "AMAZON", "marketplaceId": "A1F83G8C2ARO7P"},
            "buyer": {"buyerName": "CANARY-NAME", "buyerEmail": "CANARY-MAIL"},
            "recipient": {"deliveryAddress": {"city": "CANARY-CITY"}},
            "fulfillment": {
                "fulfillmentStatus": "SHIPPED",
                "fulfilledBy": "MERCHANT",
                "deliverByWindow": {"earliestDateTime": "2026-09-27T00:00:00Z", "latestDateTime": "2026-09-30T23:59:59Z"},
                "shipByWindow": {"earliestDateTime": "2026-09-21T00:00:00Z", "latestDateTime": "2026-09-22T23:59:59Z"},
            },
            "orderItems": [{"orderItemId": "1", "quantityOrdered": 3, "product": {"asin": "B0TEST0001", "sellerSku": "蓝色 大", "title": "x"}}],
            "packages": [{"packageReferenceId": "1", "packageStatus": {"status": "DELIVERED"}, "shipTime": "2026-09-26T14:00:00Z", "carrier": "DHL", "trackingNumber": "0034"}],
        })
    }

    async fn get(order: Value) -> Result<OrderDetails, Error> {
        let body = json!({"order": order}).to_string();
        let fake = Fake::with_tokens(move |_| Reply::json(200, &body));
        fake.api().get_order(&caller(), &"202-1234567-8901234".parse().expect("an order id")).await
    }

    #[tokio::test(start_paused = true)]
    async fn an_order_is_read_without_its_buyer() {
        let details = get(order("202-1234567-8901234")).await.expect("readable");
        assert!(!format!("{details:?}").contains("CANARY"));
        let time = |text: &str| text.parse::<Timestamp>().expect("a time");
        assert_eq!(
            details,
            OrderDetails {
                order_id: "202-1234567-8901234".parse().expect("an order id"),
                marketplace: MarketplaceId::of_country("GB"),
                non_amazon: false,
                created_at: time("2026-09-20T09:15:00Z"),
                last_updated_at: time("2026-09-25T16:30:00Z"),
                status: Some(OrderStatus::Shipped),
                channel: Some(FulfillmentChannel::Merchant),
                deliver_by: Window {
                    earliest: Some(time("2026-09-27T00:00:00Z")),
                    latest: Some(time("2026-09-30T23:59:59Z"))
                },
                ship_by: Some(time("2026-09-22T23:59:59Z")),
                packages: vec![Package {
                    status: PackageStatus::Delivered,
                    shipped_at: Some(time("2026-09-26T14:00:00Z")),
                    tracking: Tracking::read(Some("DHL"), Some("0034")),
                }],
                programs: vec!["PRIME".to_owned(), "AMAZON_EASY_SHIP".to_owned()],
                easy_ship: true,
                replacement: false,
                items: vec![Item {
                    sku: "蓝色 大".parse().ok(),
                    asin: "B0TEST0001".parse().ok(),
                    quantity: Some(3)
                }],
                unknown: vec![],
            }
        );
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_not_known_is_kept_as_text_and_what_is_absent_is_none() {
        let mut odd = order("202-1234567-8901234");
        odd["fulfillment"] = json!({"fulfillmentStatus": "TELEPORTED", "fulfilledBy": "ALIENS"});
        odd["packages"] = json!([{"packageReferenceId": "1", "packageStatus": {"status": "AT_NEIGHBOUR"}}, {"packageReferenceId": "2"}]);
        odd["associatedOrders"] = json!([{"orderId": "x", "associationType": "EXCHANGE_ORIGINAL_ID"}]);
        odd["salesChannel"] = json!({"channelName": "NON_AMAZON"});
        odd["programs"] = Value::Null;
        let details = get(odd).await.expect("readable");
        assert_eq!((details.status, details.channel, details.marketplace), (None, None, None));
        assert_eq!(details.unknown, ["fulfillmentStatus=TELEPORTED", "fulfilledBy=ALIENS"]);
        assert!(details.replacement && details.non_amazon && !details.easy_ship);
        let statuses: Vec<_> = details.packages.into_iter().map(|package| package.status).collect();
        assert_eq!(
            statuses,
            [PackageStatus::Other("AT_NEIGHBOUR".to_owned()), PackageStatus::Other(String::new())]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_broken_order_does_not_take_its_page_down() {
        let mut broken = order("202-1234567-0000002");
        broken["createdTime"] = json!("CANARY yesterday");
        let mut shapeless = order("202-1234567-0000003");
        shapeless["orderItems"] = json!("CANARY");
        let page = json!({
            "orders": [order("202-1234567-0000001"), broken, shapeless, {"orderId": 7}, order("202-1234567-0000005")],
            "pagination": {"nextToken": "a+b/c=="},
            "lastUpdatedBefore": "2026-10-05T11:58:00Z",
        });
        let fake = Fake::with_tokens(move |_| Reply::json(200, &page.to_string()));
        let api = fake.api();
        let search = UnshippedOrders {
            marketplaces: vec![
                MarketplaceId::of_country("GB").expect("known"),
                MarketplaceId::of_country("DE").expect("known"),
            ],
            created_after: "2026-10-01T00:00:00Z".parse().expect("a time"),
        };
        let first = api.unshipped_orders(&caller(), &search, None).await.expect("readable");
        assert_eq!(first.orders.len(), 2);
        let ids: Vec<_> = first
            .unreadable
            .iter()
            .map(|order| order.order_id.as_ref().map_or("?", OrderId::as_str))
            .collect();
        assert_eq!(ids, ["202-1234567-0000002", "202-1234567-0000003", "?"]);
        assert!(!format!("{:?}", first.unreadable).contains("CANARY"));

        tokio::time::advance(std::time::Duration::from_mins(3)).await;
        api.unshipped_orders(&caller(), &search, first.next.as_ref()).await.expect("readable");
        let targets: Vec<_> = fake.calls().into_iter().map(|seen| seen.target).collect();
        let common = "/orders/2026-01-01/orders?createdAfter=2026-10-01T00%3A00%3A00Z&marketplaceIds=A1F83G8C2ARO7P,A1PA6795UKMFR9&fulfillmentStatuses=UNSHIPPED,PARTIALLY_SHIPPED&fulfilledBy=MERCHANT&includedData=FULFILLMENT";
        assert_eq!(targets, [common.to_owned(), format!("{common}&paginationToken=a%2Bb%2Fc%3D%3D")]);
    }
}
