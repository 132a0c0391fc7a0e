//! Second stage: permission, claim, call, settle. One call at a time for a seller.

use std::time::Duration;

use jiff::SignedDuration;
use renown_core::ids::SellerId;
use renown_core::marketplace::MarketplaceId;
use renown_core::order::Answer;
use renown_core::policy::timing::Decision;
use renown_core::text;
use renown_io::ledger::{Claimed, Error, Grant, Settled, Stored};
use renown_io::spapi::{self, POST_TIMEOUT, PostSlot};
use tokio::sync::mpsc::Receiver;

use crate::answer;
use crate::seller::{Next, Shop};

/// Asks for what the first stage hands over, until it ends or something stops the seller.
pub(crate) async fn stage(shop: &Shop<'_>, mut to_ask: Receiver<Stored>) {
    while let Some(stored) = to_ask.recv().await {
        let order = stored.order.id.clone();
        match ask(shop, stored).await {
            Ok(Next::GoOn) => {}
            Ok(Next::Stop) => return,
            Err(error) => {
                // Whatever was claimed is cleared up when its lease ends.
                tracing::warn!(order.id = %order, error = %error, "order is left to a later tick");
            }
        }
    }
}

async fn ask(shop: &Shop<'_>, stored: Stored) -> Result<Next, Error> {
    let (tick, app) = (shop.tick, shop.tick.app);
    let left = tick.until.duration_since(app.clock.now());
    let Ok(slot) = tick.spapi.post_slot(&shop.seller.id, Duration::try_from(left).unwrap_or_default()).await
    else {
        return Ok(Next::Stop);
    };
    // Waiting for the slot took time: night may have fallen.
    let now = app.clock.now();
    let order = &stored.order;
    let still = order.decide(shop.context(), 0, now);
    if !matches!(still, Decision::Ask(_) | Decision::LookUp { required: false, .. }) {
        return Ok(Next::GoOn);
    }
    let Some(marketplace) = order.marketplace() else { return Ok(Next::GoOn) };
    let Some(permit) = tick.permit(&shop.seller.id, marketplace).await? else {
        // Paused, braked or held: the order stays due. If only this marketplace stands still,
        // the others go on.
        return Ok(if tick.may_work(&shop.seller.id).await && !tick.is_outage().await {
            Next::GoOn
        } else {
            Next::Stop
        });
    };
    let beside = tick.beside(&shop.seller.id, marketplace);
    let lease_until = tick.lease_until;
    let claimed = app.ledger.claim(&stored, permit, &beside, lease_until, shop.context(), &app.clock).await?;
    let (grant, stored) = match claimed {
        Claimed::Granted { grant, stored } => (grant, stored),
        Claimed::Elsewhere(other) => {
            tell_of_twin(shop, &other);
            return Ok(Next::GoOn);
        }
        Claimed::Lost | Claimed::TooLate => return Ok(Next::GoOn),
    };
    let (answer, failure) = call(shop, grant, slot).await;
    let settled = app.ledger.settle(*stored, &answer, shop.context(), app.clock.now()).await?;
    count(shop, &answer, &settled);
    if let (Answer::Accepted, Settled::Written(order)) = (&answer, &settled) {
        tick.asked(order).await;
    }
    alarm(shop, &answer, marketplace).await;
    match failure {
        Some(error) => Ok(answer::brake(shop, &error).await),
        None => Ok(Next::GoOn),
    }
}

/// Two ids for one account: each order is asked once all the same, but a person should end one.
fn tell_of_twin(shop: &Shop<'_>, other: &SellerId) {
    shop.tick.count(|summary| summary.moved += 1);
    shop.tick.problem(
        &shop.seller.id,
        text!(
            "orders of it are known under {other} as well, so the same Amazon account is here twice; each is asked once all the same: end the wrong id with `renown disconnect --seller`",
            "它的订单也出现在 {other} 之下,即同一亚马逊账户在此出现了两次;每个订单仍只请求一次:请用 `renown disconnect --seller` 停用错误的 ID",
        ),
    );
}

/// Makes the call, if the lease leaves time for it. Never a second time.
async fn call(shop: &Shop<'_>, grant: Grant, slot: PostSlot) -> (Answer, Option<spapi::Error>) {
    let call_takes = SignedDuration::try_from(POST_TIMEOUT).unwrap_or(SignedDuration::MAX);
    let ends = shop.tick.app.clock.now().saturating_add(call_takes).unwrap_or(jiff::Timestamp::MAX);
    if ends > grant.lease_until() {
        return (Answer::NotSent("the lease had run out"), None);
    }
    answer::read(shop.tick.spapi.create(&shop.caller, grant, slot).await)
}

fn count(shop: &Shop<'_>, answer: &Answer, settled: &Settled) {
    let (Settled::Written(order) | Settled::Overtaken(order)) = settled;
    tracing::info!(
        order.id = %order.id,
        seller.id = %order.seller,
        answer = answer::word(answer),
        rules.version = order.rules_version,
        "asked"
    );
    shop.tick.count(|summary| match answer {
        Answer::Accepted => summary.asked += 1,
        Answer::Unclear(_) => summary.unclear += 1,
        Answer::Throttled => summary.throttled += 1,
        Answer::UnknownRefusal(_) | Answer::Invalid(_) => summary.held += 1,
        Answer::NotAvailable | Answer::OutsideWindow | Answer::NotFound => summary.ended += 1,
        // The last two are counted where their claim was not granted.
        Answer::Denied | Answer::NotSent(_) | Answer::Elsewhere(_) | Answer::GiveWay(_) => {}
    });
}

/// An answer that is not understood: one alarm for each marketplace and text.
async fn alarm(shop: &Shop<'_>, answer: &Answer, marketplace: MarketplaceId) {
    let (Answer::UnknownRefusal(text) | Answer::Invalid(text)) = answer else { return };
    let (app, country) = (shop.tick.app, marketplace.info().country);
    let news = app.ledger.is_news(&format!("answer#{marketplace}#{text}"), app.clock.now()).await;
    // When the table does not say, twice is better than never.
    if news.unwrap_or(true) {
        shop.tick.problem(
            &shop.seller.id,
            text!(
                "Amazon answered in {country} with a text that is not known: {text:?}; such orders are held and not tried again; look at one in Seller Central, where you can still ask by hand",
                "亚马逊在 {country} 以未知的文字答复:{text:?};此类订单已暂缓,不会再试;请在卖家平台查看其中一个订单,仍可在那里手动请求",
            ),
        );
    }
}
