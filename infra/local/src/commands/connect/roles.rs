//! Which roles the app has: one harmless call to each interface, about a thing that does not
//! exist. An app without the role is denied before Amazon looks for the thing.

use renown_core::ids::{Asin, OrderId};
use renown_core::marketplace::MarketplaceId;
use renown_core::say::Text;
use renown_core::text;
use renown_core::topics::offers;
use renown_io::spapi::{Caller, Error, ReportId, SpApi};

use crate::desk::Desk;
use crate::refuse;

/// An id that no order has.
const NO_ORDER: &str = "000-0000000-0000000";

/// What a call about a thing that does not exist says of the role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Role {
    /// Granted: Amazon looked for the thing.
    Granted,
    /// Denied before Amazon looked.
    Missing,
    /// No answer that tells.
    Unclear(Text),
}

/// Checks every role that Renown needs, and tells.
pub(super) async fn check(
    desk: &mut Desk<'_>,
    spapi: &SpApi,
    caller: &Caller,
    marketplace: MarketplaceId,
) -> anyhow::Result<()> {
    let mut missing = Vec::new();
    for (name, role) in all(spapi, caller, marketplace).await {
        match role {
            Role::Granted => super::step(desk, &text!("role {name}: granted", "角色 {name}:已授予"))?,
            Role::Missing => missing.push(name),
            Role::Unclear(Text { en, zh }) => desk
                .say(&text!("! role {name}: could not be checked ({en})", "! 角色 {name}:无法检查({zh})"))?,
        }
    }
    if missing.is_empty() {
        return without(desk, spapi, caller, marketplace).await;
    }
    let missing = missing.join(", ");
    refuse!(
        "the app lacks a role for {missing}: request it in the developer console, then authorise the app again (a role counts only for authorisations made after it) and run this again",
        "应用缺少所需角色:{missing};请在开发者后台申请,然后重新授权该应用(角色只对此后的授权生效),再次运行本命令"
    );
}

/// Tells of roles that Renown does without, and what it cannot tell then.
async fn without(
    desk: &mut Desk<'_>,
    spapi: &SpApi,
    caller: &Caller,
    marketplace: MarketplaceId,
) -> anyhow::Result<()> {
    for (name, for_what, role) in useful(spapi, caller, marketplace).await {
        match role {
            Role::Granted => super::step(desk, &text!("role {name}: granted", "角色 {name}:已授予"))?,
            Role::Missing => {
                let Text { en, zh } = for_what;
                desk.say(&text!(
                    "! role {name}: missing; {en} are not known without it, all else works",
                    "! 角色 {name}:缺失;没有它就无法获知{zh},其余照常"
                ))?;
            }
            Role::Unclear(Text { en, zh }) => desk
                .say(&text!("! role {name}: could not be checked ({en})", "! 角色 {name}:无法检查({zh})"))?,
        }
    }
    Ok(())
}

/// A product that there is not.
const NO_PRODUCT: &str = "B000000000";

/// Roles that Renown does without, with what they are for and what was found.
pub(crate) async fn useful(
    spapi: &SpApi,
    caller: &Caller,
    marketplace: MarketplaceId,
) -> Vec<(&'static str, Text, Role)> {
    let order: OrderId = NO_ORDER.parse().expect("written here in the form of an order id");
    let asin: Asin = NO_PRODUCT.parse().expect("written here in the form of an ASIN");
    let finances = spapi.disputes(caller, &order).await.map(drop);
    let for_finances = text!("claims and chargebacks", "索赔与拒付");
    let mut found = vec![("Finance and Accounting", for_finances, of_useful(&finances))];
    // Elsewhere everybody is refused.
    if offers(marketplace) {
        let feedback = spapi.item_browse_node(caller, &asin, marketplace).await.map(drop);
        let for_feedback =
            text!("what reviews name, feedback and account health", "评论主题、店铺反馈与账户状况");
        found.push(("Selling Partner Insights", for_feedback, of_useful(&feedback)));
    }
    found
}

/// These interfaces refuse in both ways.
fn of_useful(answer: &Result<(), Error>) -> Role {
    match answer {
        Err(Error::Forbidden { .. }) => Role::Missing,
        answer => of_answer(answer),
    }
}

/// Every role that is needed, with what was found.
pub(crate) async fn all(
    spapi: &SpApi,
    caller: &Caller,
    marketplace: MarketplaceId,
) -> Vec<(&'static str, Role)> {
    let order: OrderId = NO_ORDER.parse().expect("written here in the form of an order id");
    let solicitations = spapi.actions(caller, &order, marketplace).await.map(drop);
    let orders = spapi.get_order(caller, &order).await.map(drop);
    let reports = spapi.report(caller, &ReportId::new("0")).await.map(drop);
    vec![
        ("Buyer Solicitation", of_answer(&solicitations)),
        ("Inventory and Order Tracking (orders)", of_answer(&orders)),
        ("Inventory and Order Tracking (reports)", of_answer(&reports)),
    ]
}

fn of_answer(answer: &Result<(), Error>) -> Role {
    match answer {
        Ok(()) | Err(Error::NotFound { .. } | Error::Invalid { .. } | Error::Forbidden { .. }) => {
            Role::Granted
        }
        Err(Error::Denied { .. } | Error::AppDenied { .. }) => Role::Missing,
        Err(error) => Role::Unclear(renown_io::say::call(error)),
    }
}
