//! The satisfaction survey: one question, one answer.
//!
//! What is answered goes to the people who look after customers. It moves no invitation and no
//! reminder (promise P2).

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use jiff::{SignedDuration, Timestamp};
use renown_core::case::{Kind, Signal, Subject};
use renown_core::mail::order::Answered;
use renown_core::mail::pages::{Pages, pages};
use renown_core::mail::{Language, Shop};
use renown_core::text;
use renown_io::app::MailApp;
use renown_io::bus::raise;
use renown_io::mail::{Keys, Purpose};

use crate::page::{self, Page, escape, html};
use crate::unsubscribe::{Link, nowhere, open};

/// A link of a survey is good this long. Source: market.md B (judge.me's 180 days are for reviews;
/// what is felt about an order is asked for sooner).
const GOOD_FOR: SignedDuration = SignedDuration::from_hours(60 * 24);
/// Who answers so much or less is unhappy. Source: the net promoter score's detractors.
const UNHAPPY: u8 = 6;
/// Longest comment, in characters.
const MAX_COMMENT: usize = 2000;

/// Shows the question, or takes the answer.
pub(crate) async fn answer(
    app: &MailApp,
    token: &str,
    is_post: bool,
    request: &Request<Bytes>,
) -> Response<String> {
    let (link, keys) = match open(app, Purpose::Survey, token).await {
        Ok(Some(opened)) => opened,
        Ok(None) => return nowhere(request),
        Err(answer) => return answer,
    };
    let language = page::language(None, request, Some(&link.shop));
    let texts = pages(language);
    let is_over = app.clock.now().duration_since(link.at) > GOOD_FOR;
    if is_over {
        return say(language, StatusCode::GONE, texts.survey_title, texts.link_expired_text);
    }
    if !is_post {
        return html(
            StatusCode::OK,
            &Page { language, title: texts.survey_title, body: form(texts, &link.shop) },
        );
    }
    let Some((score, comment)) = read(request.body()) else {
        let page = Page { language, title: texts.survey_title, body: form(texts, &link.shop) };
        return html(StatusCode::BAD_REQUEST, &page);
    };
    match keep(app, &keys, &link, score, &comment).await {
        Ok(true) => say(language, StatusCode::OK, texts.survey_title, texts.survey_thanks),
        Ok(false) => say(language, StatusCode::OK, texts.survey_title, texts.survey_already),
        Err(error) => {
            tracing::error!(shop.id = %link.shop.id, error = %error, "the answer to a survey was not kept");
            page::plain(StatusCode::SERVICE_UNAVAILABLE, "please try again in a minute")
        }
    }
}

fn say(language: Language, status: StatusCode, title: &str, text: &str) -> Response<String> {
    html(status, &Page { language, title, body: format!("<p>{}</p>\n", escape(text)) })
}

fn form(texts: &Pages, shop: &Shop) -> String {
    let radio =
        |n: u8| format!("<label><input type=\"radio\" name=\"score\" value=\"{n}\" required> {n}</label>");
    let scale = (0..=10).map(radio).collect::<Vec<_>>().join("\n");
    let [question, low, high, comment, button] = [
        texts.survey_question,
        texts.survey_scale_low,
        texts.survey_scale_high,
        texts.survey_comment_label,
        texts.survey_button,
    ]
    .map(escape);
    let shop = escape(&shop.name);
    format!(
        "<p>{shop}</p>\n<form method=\"post\">\n<p>{question}</p>\n<p>{scale}</p>\n\
         <p>0 = {low}, 10 = {high}</p>\n<p><label>{comment}<br>\
         <textarea name=\"comment\" rows=\"5\" maxlength=\"{MAX_COMMENT}\"></textarea></label></p>\n\
         <p><button>{button}</button></p>\n</form>\n"
    )
}

fn read(body: &[u8]) -> Option<(u8, String)> {
    let mut score = None;
    let mut comment = String::new();
    for (name, value) in form_urlencoded::parse(body) {
        match name.as_ref() {
            "score" => score = value.parse().ok().filter(|score| *score <= 10),
            "comment" => comment = value.trim().chars().take(MAX_COMMENT).collect(),
            _ => {}
        }
    }
    Some((score?, comment))
}

/// Keeps the answer, the comment encrypted. `false`: there is one already, or the order is gone.
async fn keep(
    app: &MailApp,
    keys: &Keys,
    link: &Link,
    score: u8,
    comment: &str,
) -> Result<bool, renown_io::ledger::Error> {
    if link.is_trial {
        return Ok(true);
    }
    let now = app.clock.now();
    let sealed = if comment.is_empty() { None } else { keys.seal_note(&link.person, comment) };
    let answered = Answered { score, sealed_comment: sealed.unwrap_or_default(), at: now };
    let kept = app.ledger.change_shop_order(&link.shop.id, &link.order, now, |order| {
        if order.survey.is_some() {
            return None;
        }
        order.survey = Some(answered.clone());
        order.replan(&link.shop.mails, now);
        Some(())
    });
    let is_new = kept.await?.is_some();
    if is_new && score <= UNHAPPY {
        raise(&app.ledger, &app.bus, &[unhappy(link, score, now)]).await?;
    }
    Ok(is_new)
}

/// What the people who look after customers hear of. The comment stays where it is, encrypted.
fn unhappy(link: &Link, score: u8, now: Timestamp) -> Signal {
    let (shop, order) = (link.shop.id.clone(), link.order.to_string());
    let subject = Subject::ShopOrder { shop: shop.clone(), order: order.clone() };
    let signal = Signal::new(link.shop.seller.clone(), subject, Kind::Survey, "answer", (now, now));
    signal.noting(text!(
        "{score} of 10; `renown explain {order} --shop {shop}` shows what was written",
        "评分 {score}/10;`renown explain {order} --shop {shop}` 可查看留言"
    ))
}
