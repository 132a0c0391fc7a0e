//! Where an order stands at Amazon, and who ships it.

use serde::{Deserialize, Serialize};

/// Amazon's order status. One spelling for the three that Amazon uses: `Canceled`
/// (notifications, Orders v0), `CANCELLED` (Orders 2026-01-01), `Cancelled` (reports).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    /// Ordered ahead of release.
    PendingAvailability,
    /// Ordered; payment is not authorised yet.
    Pending,
    /// Paid; nothing is shipped.
    Unshipped,
    /// Some items are shipped.
    PartiallyShipped,
    /// Brazil: everything is shipped, the invoice awaits confirmation.
    InvoiceUnconfirmed,
    /// Everything is shipped.
    Shipped,
    /// Amazon cannot fulfil it (multi-channel orders only).
    Unfulfillable,
    /// Cancelled by buyer, seller or Amazon.
    Cancelled,
}

impl OrderStatus {
    /// The status that Amazon's text means; compared without case, blanks, `-` and `_`.
    /// `None` for a text that is not known: the caller keeps the record with its reason.
    pub fn from_amazon(text: &str) -> Option<Self> {
        let folded: String =
            text.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect();
        Some(match folded.as_str() {
            "pendingavailability" => Self::PendingAvailability,
            "pending" => Self::Pending,
            "unshipped" | "shipping" => Self::Unshipped,
            "partiallyshipped" => Self::PartiallyShipped,
            "invoiceunconfirmed" => Self::InvoiceUnconfirmed,
            // The reports of seller-fulfilled orders add what became of the parcel:
            // "Shipped - Delivered to Buyer", "Shipped - Picked Up", …
            "complete" => Self::Shipped,
            shipped if shipped.starts_with("shipped") => Self::Shipped,
            "unfulfillable" => Self::Unfulfillable,
            "canceled" | "cancelled" => Self::Cancelled,
            _ => return None,
        })
    }
}

/// Who ships an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FulfillmentChannel {
    /// Amazon (`AFN`, `AMAZON`).
    Amazon,
    /// The seller (`MFN`, `MERCHANT`).
    Merchant,
}

impl FulfillmentChannel {
    /// The channel that Amazon's text means in notifications (`AFN`, `MFN`), Orders 2026-01-01
    /// (`AMAZON`, `MERCHANT`) and reports (`Amazon`, `Merchant`, `Seller`).
    pub fn from_amazon(text: &str) -> Option<Self> {
        match text.trim().to_ascii_lowercase().as_str() {
            "afn" | "amazon" => Some(Self::Amazon),
            "mfn" | "merchant" | "seller" => Some(Self::Merchant),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_three_spellings_of_cancelled_are_one() {
        for text in ["Canceled", "CANCELLED", "Cancelled"] {
            assert_eq!(OrderStatus::from_amazon(text), Some(OrderStatus::Cancelled));
        }
    }

    #[test]
    fn report_texts_that_go_on_after_shipped_are_shipped() {
        for text in ["Shipped", "SHIPPED", "Shipped - Delivered to Buyer", "Shipped - Picked Up"] {
            assert_eq!(OrderStatus::from_amazon(text), Some(OrderStatus::Shipped), "{text}");
        }
        assert_eq!(OrderStatus::from_amazon("PARTIALLY_SHIPPED"), Some(OrderStatus::PartiallyShipped));
        assert_eq!(OrderStatus::from_amazon("Teleported"), None);
    }
}
