//! The account health report: kept day by day, its trouble raised, and the brake pulled where Amazon
//! warns the account.

use renown_core::control::Cause;
use renown_core::event::Event;
use renown_core::health::{Snapshot, brake, signals};
use renown_core::reports::account_health::HealthReport;
use renown_io::bus::raise;
use renown_io::ledger::{Error, ReportItem};
use renown_io::spapi::Download;

use crate::read::{Left, keep, whole};
use crate::seller::Shop;

/// Longest report that is read, in bytes. A block of a marketplace has some 5 kB, and no seller sells
/// in more than 23. Ours.
const MAX_BYTES: usize = 2 * 1024 * 1024;

/// Takes in the report.
///
/// # Errors
///
/// If the table does not answer; the file is read again.
pub(crate) async fn read(shop: &Shop<'_>, item: &ReportItem, download: Download) -> Result<Left, Error> {
    let json = match whole(download, MAX_BYTES).await {
        Ok(json) => json,
        Err(left) => return Ok(left),
    };
    let report = match HealthReport::parse(&json) {
        Ok(report) => report,
        Err(error) => return Ok(Left::Bad(error.text())),
    };
    let (ledger, now) = (&shop.app.ledger, shop.app.clock.now());
    let seller = &shop.seller.id;
    for account in report.accounts {
        let snapshot = Snapshot { at: item.to, account };
        if let Some(why) = brake(&snapshot) {
            ledger.stop_seller(seller, Cause::AccountStatus, &why, now).await?;
            tracing::error!(seller.id = %seller, why = why.en, "account is warned; the seller is stopped, look at Account Health in Seller Central");
            let pulled =
                Event::BrakePulled { seller: Some(seller.clone()), cause: Cause::AccountStatus, at: now };
            shop.app.bus.publish(vec![pulled]).await;
        }
        let history = ledger.health(seller, snapshot.account.marketplace).await?;
        // Raised before it is kept: whoever dies between raises the same again, which is one.
        raise(ledger, &shop.app.bus, &signals(seller, &snapshot, &history, now)).await?;
        ledger.keep_health(seller, &snapshot).await?;
    }
    for unread in report.unread {
        let name = format!("{} {}", item.kind.word(), unread.place);
        let problem = unread.text();
        keep(shop, item.kind, (name, unread.place), problem, now).await?;
    }
    Ok(Left::Ended)
}
