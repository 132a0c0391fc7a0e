//! The repeat purchase report: kept product by product, week by week.

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use renown_core::reports::RepeatPurchases;
use renown_core::text;
use renown_io::ledger::{Error, ReportItem};
use renown_io::spapi::Download;

use crate::read::{Left, keep, whole};
use crate::seller::Shop;

/// Longest report that is read, in bytes: some 25,000 products. Ours.
const MAX_BYTES: usize = 8 * 1024 * 1024;
/// Products that are written at once.
const WRITES_AT_ONCE: usize = 8;

/// Takes in the report.
///
/// # Errors
///
/// If the table does not answer; the file is read again.
pub(crate) async fn read(shop: &Shop<'_>, item: &ReportItem, download: Download) -> Result<Left, Error> {
    let Some(marketplace) = item.marketplaces.first().copied() else { return Ok(Left::Ended) };
    let json = match whole(download, MAX_BYTES).await {
        Ok(json) => json,
        Err(left) => return Ok(left),
    };
    let report = match RepeatPurchases::parse(&json) {
        Ok(report) => report,
        Err(error) => return Ok(Left::Bad(error.text())),
    };
    let (ledger, seller, now) = (&shop.app.ledger, &shop.seller.id, shop.app.clock.now());
    stream::iter(&report.products)
        .map(|product| ledger.keep_repeat_purchase(seller, marketplace, product, now))
        .buffer_unordered(WRITES_AT_ONCE)
        .try_collect::<Vec<()>>()
        .await?;
    for place in report.unread {
        let name = format!("{} dataByAsin[{place}] of {}", item.kind.word(), item.to);
        let problem = text!(
            "the product is not as Amazon describes it; look at the report in Seller Central",
            "该商品的数据与亚马逊的说明不符;请在卖家平台查看此报告"
        );
        keep(shop, item.kind, (name, format!("dataByAsin[{place}]")), problem, now).await?;
    }
    Ok(Left::Ended)
}
