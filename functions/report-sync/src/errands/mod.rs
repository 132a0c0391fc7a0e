//! What is looked after from time to time beside the reports: orders that are late to ship, and
//! disputes about orders that have a case.
//!
//! It comes after the reports, so that no order waits for it. Whatever fails is left to the next time.

mod disputes;
mod unshipped;

use jiff::SignedDuration;
use renown_core::text;
use renown_io::ledger::{Errand, ErrandKind, Error};
use renown_io::spapi::{self, Operation};

use crate::seller::{Next, Shop, brake, lacks_role};
use crate::step::is_of_seller;
use crate::summary::Summary;

/// The errands, the more pressing first.
const KINDS: [ErrandKind; 2] = [ErrandKind::Unshipped, ErrandKind::Claims];
/// An errand that the app may not run is tried again after this long: roles change seldom.
const AFTER_DENIED: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Pause after a call that came to nothing. Ours.
const AFTER_FAILURE: SignedDuration = SignedDuration::from_mins(30);

/// Why an errand broke off.
enum Trouble {
    Table(Error),
    Call(spapi::Error),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Table(error)
    }
}

impl From<spapi::Error> for Trouble {
    fn from(error: spapi::Error) -> Self {
        Self::Call(error)
    }
}

/// Runs the errands of a seller that are due.
///
/// # Errors
///
/// If the table does not answer; an errand that was taken is taken again when its time is over.
pub(crate) async fn run(shop: &Shop<'_>, summary: &mut Summary) -> Result<Next, Error> {
    for kind in KINDS {
        if !shop.has_time() {
            break;
        }
        let (ledger, seller, until) = (&shop.app.ledger, &shop.seller.id, shop.times.lease_until);
        let Some(mut errand) = ledger.take_errand(seller, kind, until, shop.app.clock.now()).await? else {
            continue;
        };
        let ran = match kind {
            ErrandKind::Unshipped => unshipped::run(shop, &mut errand, summary).await,
            ErrandKind::Claims => disputes::run(shop, &mut errand, summary).await,
        };
        match ran {
            Ok(next) => ledger.leave_errand(errand, next).await?,
            Err(Trouble::Table(error)) => return Err(error),
            Err(Trouble::Call(error)) => {
                if broke_off(shop, errand, error, summary).await? == Next::Stop {
                    return Ok(Next::Stop);
                }
            }
        }
    }
    Ok(Next::GoOn)
}

/// Puts an errand off that a call of Amazon ended.
async fn broke_off(
    shop: &Shop<'_>,
    errand: Errand,
    error: spapi::Error,
    summary: &mut Summary,
) -> Result<Next, Error> {
    let now = shop.app.clock.now();
    let later = |by: SignedDuration| now.saturating_add(by).unwrap_or(now);
    let not_before = match &error {
        // The turn had not come.
        spapi::Error::Throttled { retry_in, .. } => {
            later(SignedDuration::try_from(*retry_in).unwrap_or(AFTER_FAILURE))
        }
        spapi::Error::Denied { .. } | spapi::Error::Forbidden { .. } if errand.kind == ErrandKind::Claims => {
            denied(shop, summary).await?;
            later(AFTER_DENIED)
        }
        error if is_of_seller(error) => {
            shop.app.ledger.leave_errand(errand, later(AFTER_FAILURE)).await?;
            return brake(shop, error, summary).await;
        }
        error => {
            tracing::warn!(seller.id = %shop.seller.id, errand = ?errand.kind, error = %error, "an errand is run again later");
            later(AFTER_FAILURE)
        }
    };
    shop.app.ledger.leave_errand(errand, not_before).await?;
    Ok(Next::GoOn)
}

/// The app may not see an order's money: said once.
async fn denied(shop: &Shop<'_>, summary: &mut Summary) -> Result<(), Error> {
    let role = Operation::OrderFinances.roles();
    let text = text!(
        "Amazon does not tell of claims and chargebacks: the app lacks the role {role:?}; add it to the app in the Solution Provider Portal and authorise again, it is tried again within a week",
        "亚马逊不提供索赔与拒付信息:应用缺少角色 {role:?};请在解决方案提供商门户中为应用添加该角色并重新授权,一周内会再次尝试"
    );
    lacks_role(shop, "finances", text, summary).await
}
