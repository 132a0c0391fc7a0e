//! An All-Orders report of any length, as Amazon writes it.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use anyhow::Context as _;
use jiff::Timestamp;

use crate::shop::{later, order_id};

/// Source: Amazon's page on order tracking report attributes.
const COLUMNS: &str = "amazon-order-id\tmerchant-order-id\tpurchase-date\tlast-updated-date\torder-status\tfulfillment-channel\tsales-channel\torder-channel\tship-service-level\tproduct-name\tsku\tasin\titem-status\tquantity\tcurrency\titem-price\titem-tax\tshipping-price\tshipping-tax\tgift-wrap-price\tgift-wrap-tax\titem-promotion-discount\tship-promotion-discount\tship-city\tship-state\tship-postal-code\tship-country\tpromotion-ids\tis-business-order\tpurchase-order-number\tprice-designation";
/// Every so many orders one has two items, that is two rows.
const TWO_ITEMS_EVERY: u32 = 10;
/// Days back from the moment of the file over which its orders were bought.
const DAYS: u32 = 45;

/// Writes a file of `n_rows` rows. Tells how many orders they are of.
pub(crate) fn write(path: &Path, n_rows: u32, now: Timestamp) -> anyhow::Result<u64> {
    let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
    let mut file = BufWriter::new(file);
    write!(file, "{COLUMNS}\r\n")?;
    let (mut rows, mut n_orders) = (0, 0);
    while rows < n_rows {
        let items = if n_orders % TWO_ITEMS_EVERY == 0 { 2 } else { 1 };
        for item in 0..items.min(n_rows - rows) {
            row(&mut file, n_orders, item, now)?;
            rows += 1;
        }
        n_orders += 1;
    }
    file.flush()?;
    Ok(n_orders.into())
}

fn row(file: &mut BufWriter<File>, n: u32, item: u32, now: Timestamp) -> anyhow::Result<()> {
    let hours_ago = i64::from(n % (DAYS * 24));
    let bought = later(now, -hours_ago);
    let updated = later(bought, hours_ago.min(40));
    // Ten out of a hundred are on their way to be shipped, or cancelled.
    let status = match n % 100 {
        0..4 => "Pending",
        4..7 => "Unshipped",
        7..10 => "Cancelled",
        _ => "Shipped",
    };
    let channel = if n.is_multiple_of(3) { "Merchant" } else { "Amazon" };
    let (order, product) = (order_id(n / 1_000, n), (n + item) % 500);
    write!(
        file,
        "{order}\t\t{}\t{}\t{status}\t{channel}\tAmazon.de\t\tStandard\tTeekanne für grünen Tee Nr. {product}\tTEA-{product:04}\tB0TEA{product:05}\t{status}\t1\tEUR\t19.99\t3.19\t0.00\t0.00\t\t\t\t\tBerlin\tBerlin\t10115\tDE\t\tfalse\t\t\r\n",
        moment(bought),
        moment(updated),
    )?;
    Ok(())
}

/// Seconds and a zone offset, the form of Amazon's flat files.
fn moment(at: Timestamp) -> impl std::fmt::Display {
    at.strftime("%Y-%m-%dT%H:%M:%S+00:00")
}
