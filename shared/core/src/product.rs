//! What a seller sells, as its own listings name it: so that a person sees more than a SKU.
//!
//! Titles are the seller's words and say nothing of a buyer. They decide nothing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::{Asin, Sku};
use crate::reports::Speaks;

/// Products that are taken from one file. A name is a convenience: of a seller with more, other
/// files bring the others.
const MAX_OF_A_FILE: usize = 2_000;

/// A product, by one of its listings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// The title of the listing, cut short.
    pub name: String,
    /// Amazon's name of it, where a file has told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asin: Option<Asin>,
}

impl Product {
    /// What is known of a product of which `self` was said after `before`: files of shipments
    /// name no ASIN, and erase none.
    #[must_use]
    pub fn after(self, before: &Self) -> Self {
        Self { asin: self.asin.or_else(|| before.asin.clone()), name: self.name }
    }
}

/// Notes the product of a row. Of several titles in one file the first one stays: the same
/// item has another title in each marketplace.
pub fn note(products: &mut BTreeMap<Sku, Product>, row: &impl Speaks) {
    let Some((sku, product)) = row.product() else { return };
    if products.len() < MAX_OF_A_FILE && !products.contains_key(sku) {
        products.insert(sku.clone(), product);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::{AllOrdersRow, Reader};

    #[test]
    fn the_first_title_of_an_item_is_noted_and_a_row_without_one_is_left() {
        let header = "amazon-order-id\tlast-updated-date\torder-status\tfulfillment-channel\tsales-channel\tproduct-name\tsku\tasin";
        let line = |name: &str, sku: &str| {
            format!(
                "123-1234567-0000001\t2026-10-02T07:00:00Z\tShipped\tAmazon\tAmazon.de\t{name}\t{sku}\tB000000001"
            )
        };
        let file =
            [header.to_owned(), line("Lampe", "L"), line("Lamp", "L"), line("", "M"), line("No SKU", "")];
        let (mut reader, mut rows) = (Reader::<AllOrdersRow>::new("f"), Vec::new());
        reader.push(&file.join("\n"), &mut rows).expect("readable");
        reader.finish(&mut rows).expect("readable");
        let mut products = BTreeMap::new();
        for row in rows {
            note(&mut products, &row.expect("readable"));
        }
        let lamp = Product { name: "Lampe".to_owned(), asin: "B000000001".parse().ok() };
        assert_eq!(products, BTreeMap::from([("L".parse().expect("valid"), lamp)]));
    }

    #[test]
    fn a_file_without_asins_erases_none() {
        let before = Product { name: "Lamp".to_owned(), asin: "B000000001".parse().ok() };
        let after = Product { name: "Lamp, oak".to_owned(), asin: None }.after(&before);
        assert_eq!(after, Product { name: "Lamp, oak".to_owned(), asin: before.asin.clone() });
    }
}
