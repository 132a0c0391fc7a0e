//! The way out of a shop's mails.

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use renown_core::ids::Person;
use renown_core::mail::pages::pages;
use renown_core::mail::ses::What;
use renown_core::mail::suppression::{Reason, Scope};
use renown_core::mail::{Kind, Shop, Suppression};
use renown_io::app::MailApp;
use renown_io::ledger::Error;
use renown_io::mail::{Keys, Purpose};

use crate::page::{self, Page, escape, html};

/// What a link of a mail stands for.
pub(crate) struct Link {
    pub(crate) shop: Shop,
    pub(crate) person: Person,
    pub(crate) order: renown_core::ids::ShopOrderId,
    pub(crate) kind: Kind,
    /// When the mail was written.
    pub(crate) at: jiff::Timestamp,
    /// Of a preview or a trial: nothing that is done by it counts.
    pub(crate) is_trial: bool,
}

/// Opens a link. `Ok(None)`: it was not made here, for something else, with keys that are gone, or
/// it was changed on the way.
///
/// # Errors
///
/// The answer when keys or table are not to be had.
pub(crate) async fn open(
    app: &MailApp,
    purpose: Purpose,
    token: &str,
) -> Result<Option<(Link, Keys)>, Response<String>> {
    let later = |error: &dyn std::fmt::Display| {
        tracing::error!(error = %error, "a link of a mail could not be opened");
        page::plain(StatusCode::SERVICE_UNAVAILABLE, "please try again in a minute")
    };
    let keys = Keys::read(&app.secrets).await.map_err(|error| later(&error))?;
    let Some(content) = keys.open_token(purpose, token) else { return Ok(None) };
    let parts: Vec<&str> = content.split('|').collect();
    let [shop, person, order, kind, at] = parts[..] else { return Ok(None) };
    let (Ok(shop), Ok(person), Ok(order), Ok(kind)) =
        (shop.parse(), person.parse(), order.parse(), kind.parse())
    else {
        return Ok(None);
    };
    let at = at.parse().ok().and_then(|at| jiff::Timestamp::from_second(at).ok());
    let (Some(shop), Some(at)) = (app.ledger.shop(&shop).await.map_err(|error| later(&error))?, at) else {
        return Ok(None);
    };
    let is_trial = person == keys.nobody();
    Ok(Some((Link { shop, person, order, kind, at, is_trial }, keys)))
}

/// The page for a link that leads nowhere.
pub(crate) fn nowhere(request: &Request<Bytes>) -> Response<String> {
    let language = page::language(None, request, None);
    let texts = pages(language);
    let body = format!("<p>{}</p>\n", escape(texts.link_invalid_text));
    html(StatusCode::NOT_FOUND, &Page { language, title: texts.link_invalid_title, body })
}

/// Shows the question, or does it.
pub(crate) async fn answer(
    app: &MailApp,
    token: &str,
    is_post: bool,
    request: &Request<Bytes>,
) -> Response<String> {
    let link = match open(app, Purpose::Unsubscribe, token).await {
        Ok(Some((link, _))) => link,
        Ok(None) => return nowhere(request),
        Err(answer) => return answer,
    };
    let language = page::language(None, request, Some(&link.shop));
    let texts = pages(language);
    if !is_post {
        let question = escape(texts.unsubscribe_question).replace("{shop}", &escape(&link.shop.name));
        let body = format!(
            "<p>{question}</p>\n<form method=\"post\"><button>{}</button></form>\n",
            escape(texts.unsubscribe_button)
        );
        return html(StatusCode::OK, &Page { language, title: texts.unsubscribe_title, body });
    }
    if !link.is_trial
        && let Err(error) = unsubscribe(app, &link).await
    {
        tracing::error!(shop.id = %link.shop.id, error = %error, "an unsubscription was not written down");
        return page::plain(StatusCode::SERVICE_UNAVAILABLE, "please try again in a minute");
    }
    let body = format!("<p>{}</p>\n", escape(texts.unsubscribed_text));
    html(StatusCode::OK, &Page { language, title: texts.unsubscribed_title, body })
}

async fn unsubscribe(app: &MailApp, link: &Link) -> Result<(), Error> {
    let now = app.clock.now();
    let Link { shop, person, order, kind, .. } = link;
    let note = format!("by the link of {kind} of order {order}, shop {}", shop.id);
    let entry = Suppression { reason: Reason::Unsubscribed, at: now, note };
    let is_new = app.ledger.suppress(&Scope::Seller(shop.seller.clone()), person, &entry).await?;
    if is_new {
        tracing::info!(shop.id = %shop.id, order.id = %order, mail = %kind, "unsubscribed");
    }
    // Beside the mail it came by, for whoever compares texts; the suppression is what counts.
    app.ledger
        .change_shop_order(&shop.id, order, now, |order| {
            let mail = order.mails.get_mut(kind)?;
            let before = mail.heard.clone();
            mail.heard.take(What::Unsubscribed, now);
            (mail.heard != before).then_some(())
        })
        .await?;
    Ok(())
}
