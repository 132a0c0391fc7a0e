//! From a row of a report to what it says of an order. Pure.
//!
//! One reading for both ways in: files that Amazon makes on request and files that a person
//! brings.

use jiff::{SignedDuration, Timestamp};

use super::{AllOrdersRow, BadRow, Problem, Remedy, Row, ShipmentRow};
use crate::ids::{OrderId, Sku};
use crate::marketplace::MarketplaceId;
use crate::order::{Dated, Facts, FulfillmentChannel, OrderStatus, Shipped};
use crate::product::Product;

/// A row that speaks of an order.
pub trait Speaks: Row {
    /// The order and what is said of it. The file's data are as of `as_of`.
    fn facts(self, as_of: Timestamp) -> (OrderId, Facts);

    /// The order.
    fn order(&self) -> &OrderId;

    /// The latest moment that the row knows of: its file was made then or later.
    fn known_at(&self) -> Timestamp;

    /// Where the order was placed, if that is a marketplace that is known.
    fn marketplace(&self) -> Option<MarketplaceId>;

    /// Why a person who brings the file should look at the row again, if there is a reason: it is
    /// well-formed, but names a marketplace that is not known or a purchase that is still to
    /// come. Amazon's own files are taken at their word.
    fn doubt(&self, now: Timestamp) -> Option<BadRow>;

    /// A cell that is not believed, whoever made the file; the row's other facts are.
    fn bad_cell(&self) -> Option<BadRow>;

    /// The item by the seller's name of it, where the row has both that and a title.
    fn product(&self) -> Option<(&Sku, Product)>;
}

impl Speaks for AllOrdersRow {
    fn facts(self, as_of: Timestamp) -> (OrderId, Facts) {
        // When it was last updated is not when it was shipped. But a change of status is an update,
        // so it was Shipped by then: an order that is first heard of weeks later is not taken for
        // one that was shipped today, and its window is not missed.
        let seen_by = as_of.min(self.last_updated_at);
        let shipped = (self.status == OrderStatus::Shipped).then_some(Shipped::Seen(seen_by));
        let facts = Facts {
            marketplace: self.marketplace,
            purchased_at: self.purchased_at,
            channel: Some(self.channel),
            // The order's; the status of an item says nothing of the others.
            status: Some(self.status),
            shipped,
            skus: self.sku.into_iter().collect(),
            asins: self.asin.into_iter().collect(),
            replacement: self.is_replacement.unwrap_or(false),
            non_amazon: self.non_amazon,
            ..Facts::default()
        };
        (self.order_id, facts)
    }

    fn order(&self) -> &OrderId {
        &self.order_id
    }

    fn known_at(&self) -> Timestamp {
        self.last_updated_at
    }

    fn marketplace(&self) -> Option<MarketplaceId> {
        self.marketplace
    }

    fn doubt(&self, now: Timestamp) -> Option<BadRow> {
        doubt((self.line, &self.order_id), self.unknown_channel.as_ref(), self.purchased_at, now)
    }

    fn bad_cell(&self) -> Option<BadRow> {
        None
    }

    fn product(&self) -> Option<(&Sku, Product)> {
        let name = self.product_name.clone()?;
        Some((self.sku.as_ref()?, Product { name, asin: self.asin.clone() }))
    }
}

impl Speaks for ShipmentRow {
    fn facts(self, _as_of: Timestamp) -> (OrderId, Facts) {
        let facts = Facts {
            marketplace: self.marketplace,
            purchased_at: self.purchased_at,
            channel: Some(FulfillmentChannel::Amazon),
            // One shipment of perhaps several; that all are shipped the order report says.
            status: Some(OrderStatus::PartiallyShipped),
            shipped: Some(Shipped::Reported(self.shipped_at)),
            // Of several items the latest counts: merging takes it.
            estimated_arrival: self.estimated_arrival.filter(|at| may_arrive(self.shipped_at, *at)),
            tracking: self.tracking.map(|value| Dated { at: self.shipped_at, value }),
            skus: self.sku.into_iter().collect(),
            non_amazon: self.non_amazon,
            ..Facts::default()
        };
        (self.order_id, facts)
    }

    fn order(&self) -> &OrderId {
        &self.order_id
    }

    fn known_at(&self) -> Timestamp {
        self.reported_at.unwrap_or(self.shipped_at)
    }

    fn marketplace(&self) -> Option<MarketplaceId> {
        self.marketplace
    }

    fn doubt(&self, now: Timestamp) -> Option<BadRow> {
        doubt((self.line, &self.order_id), self.unknown_channel.as_ref(), self.purchased_at, now)
    }

    fn bad_cell(&self) -> Option<BadRow> {
        let (arrival, shipped) = (self.estimated_arrival?, self.shipped_at);
        (!may_arrive(shipped, arrival)).then(|| BadRow {
            line: self.line,
            column: Some("estimated-arrival-date"),
            order_id: Some(self.order_id.clone()),
            problem: Problem::NoArrival { arrival, shipped },
            remedy: Remedy::Arrival,
        })
    }

    fn product(&self) -> Option<(&Sku, Product)> {
        let name = self.product_name.clone()?;
        Some((self.sku.as_ref()?, Product { name, asin: None }))
    }
}

/// No parcel takes longer. Ours, far beyond the slowest post that Amazon's warehouses use.
const ARRIVES_WITHIN: SignedDuration = SignedDuration::from_hours(120 * 24);

/// Whether an arrival can be that of what was shipped then. Of the same day either may be the
/// earlier one: some files round both to a day.
fn may_arrive(shipped: Timestamp, arrival: Timestamp) -> bool {
    let takes = arrival.duration_since(shipped);
    -CLOCKS_DIFFER_BY <= takes && takes <= ARRIVES_WITHIN
}

/// How far a clock may be off before a moment counts as one that is still to come.
const CLOCKS_DIFFER_BY: SignedDuration = SignedDuration::from_hours(24);

fn doubt(
    (line, order): (u64, &OrderId),
    unknown_channel: Option<&Problem>,
    purchased_at: Option<Timestamp>,
    now: Timestamp,
) -> Option<BadRow> {
    let bad = |column, problem, remedy| BadRow {
        line,
        column: Some(column),
        order_id: Some(order.clone()),
        problem,
        remedy,
    };
    if let Some(problem) = unknown_channel {
        return Some(bad("sales-channel", problem.clone(), Remedy::UnknownChannel));
    }
    let at = purchased_at.filter(|at| at.duration_since(now) > CLOCKS_DIFFER_BY)?;
    Some(bad("purchase-date", Problem::InFuture { at }, Remedy::Future))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::Reader;

    const AS_OF: &str = "2026-10-06T00:00:00Z";

    fn t(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    fn rows<R: Speaks>(file: &str) -> Vec<R> {
        let (mut reader, mut rows) = (Reader::<R>::new("a file"), Vec::new());
        reader.push(file, &mut rows).expect("readable");
        reader.finish(&mut rows).expect("readable");
        rows.into_iter().map(|row| row.expect("readable")).collect()
    }

    fn facts<R: Speaks>(file: &str) -> Vec<Facts> {
        rows::<R>(file).into_iter().map(|row| row.facts(t(AS_OF)).1).collect()
    }

    fn all_orders(rows: &[&str]) -> Vec<Facts> {
        let header = "amazon-order-id\tpurchase-date\tlast-updated-date\torder-status\tfulfillment-channel\tsales-channel\tsku\tasin\titem-status";
        facts::<AllOrdersRow>(&format!("{header}\n{}\n", rows.join("\n")))
    }

    #[test]
    fn shipped_is_seen_at_the_last_update_of_the_order_however_late_the_file_is() {
        let [facts] = &all_orders(&[
            "123-1234567-0000001\t2026-10-01T07:00:00Z\t2026-10-02T07:00:00Z\tShipped\tAmazon\tAmazon.de\tTEA\tB000000001\tShipped",
        ])[..] else {
            panic!("one row")
        };
        assert_eq!(facts.shipped, Some(Shipped::Seen(t("2026-10-02T07:00:00Z"))));
        assert_eq!(facts.purchased_at, Some(t("2026-10-01T07:00:00Z")));
        assert_eq!(facts.channel, Some(FulfillmentChannel::Amazon));
        assert_eq!((facts.skus.len(), facts.asins.len()), (1, 1));
    }

    #[test]
    fn the_status_of_an_item_says_nothing_of_the_order() {
        let rows = all_orders(&[
            "123-1234567-0000001\t\t2026-10-02T07:00:00Z\tUnshipped\tMerchant\tAmazon.de\tA\tB000000001\tCancelled",
            "123-1234567-0000001\t\t2026-10-02T07:00:00Z\tUnshipped\tMerchant\tAmazon.de\tB\tB000000002\tShipped",
        ]);
        for facts in rows {
            assert_eq!((facts.status, facts.shipped), (Some(OrderStatus::Unshipped), None));
        }
    }

    #[test]
    fn of_several_shipments_the_first_departure_and_the_last_arrival_count() {
        let header = "amazon-order-id\tshipment-date\tsku\testimated-arrival-date\tsales-channel";
        let rows = facts::<ShipmentRow>(&format!(
            "{header}\n123-1234567-0000001\t2026-10-02T00:00:00Z\tA\t2026-10-09T00:00:00Z\tAmazon.de\n123-1234567-0000001\t2026-10-03T00:00:00Z\tB\t2026-10-07T00:00:00Z\tAmazon.de\n"
        ));
        let mut order = Facts::default();
        for row in &rows {
            order.merge(row);
        }
        assert_eq!(order.shipped, Some(Shipped::Reported(t("2026-10-02T00:00:00Z"))));
        assert_eq!(order.estimated_arrival, Some(t("2026-10-09T00:00:00Z")));
    }

    #[test]
    fn an_arrival_before_the_shipment_or_long_after_it_is_told_and_the_rest_of_the_row_is_kept() {
        let header = "amazon-order-id\tshipment-date\testimated-arrival-date\tsales-channel";
        let read = |arrival: &str| {
            let row = format!("{header}\n123-1234567-0000001\t2026-10-02T09:00:00Z\t{arrival}\tAmazon.de\n");
            let row = rows::<ShipmentRow>(&row).remove(0);
            let bad = row.bad_cell().map(|bad| (bad.line, bad.column, bad.remedy));
            let facts = row.facts(t(AS_OF)).1;
            assert_eq!(facts.shipped, Some(Shipped::Reported(t("2026-10-02T09:00:00Z"))));
            (bad, facts.estimated_arrival)
        };
        for good in ["2026-10-02T00:00:00Z", "2026-10-05T20:00:00Z", "2027-01-30T00:00:00Z"] {
            assert_eq!(read(good), (None, Some(t(good))), "{good}");
        }
        let told = Some((2, Some("estimated-arrival-date"), Remedy::Arrival));
        for bad in ["0001-01-01T00:00:00Z", "2026-09-30T00:00:00Z", "2099-01-01T00:00:00Z"] {
            assert_eq!(read(bad), (told, None), "{bad}");
        }
    }

    #[test]
    fn a_row_is_as_recent_as_the_last_moment_it_knows_of() {
        let header = "amazon-order-id\tshipment-date\treporting-date\tsales-channel";
        let file = format!(
            "{header}\n123-1234567-0000001\t2026-10-02T00:00:00Z\t2026-10-03T00:00:00Z\tAmazon.de\n123-1234567-0000001\t2026-10-02T00:00:00Z\t\tAmazon.de\n"
        );
        let known: Vec<Timestamp> = rows::<ShipmentRow>(&file).iter().map(Speaks::known_at).collect();
        assert_eq!(known, [t("2026-10-03T00:00:00Z"), t("2026-10-02T00:00:00Z")]);
    }

    #[test]
    fn a_purchase_more_than_a_day_ahead_and_an_unknown_marketplace_are_doubted() {
        let header = "amazon-order-id\tpurchase-date\tshipment-date\tsales-channel";
        let doubt = |bought: &str, channel: &str| {
            let row = format!("{header}\n123-1234567-0000001\t{bought}\t2026-10-02T00:00:00Z\t{channel}\n");
            rows::<ShipmentRow>(&row)[0].doubt(t(AS_OF)).map(|bad| (bad.line, bad.column, bad.remedy))
        };
        assert_eq!(doubt("2026-10-07T00:00:00Z", "Amazon.de"), None);
        let future = Some((2, Some("purchase-date"), Remedy::Future));
        assert_eq!(doubt("2026-10-07T00:00:01Z", "Amazon.de"), future);
        let unknown = Some((2, Some("sales-channel"), Remedy::UnknownChannel));
        assert_eq!(doubt("2026-10-01T00:00:00Z", "Amazon.xy"), unknown);
        assert_eq!(doubt("", "Non-Amazon"), None);
    }

    #[test]
    fn an_order_of_another_shop_is_marked() {
        let header = "amazon-order-id\tshipment-date\tsales-channel";
        let rows = facts::<ShipmentRow>(&format!(
            "{header}\nS01-1234567-0000001\t2026-10-02T00:00:00Z\tNon-Amazon\n"
        ));
        assert!(rows[0].non_amazon && rows[0].marketplace.is_none());
    }
}
