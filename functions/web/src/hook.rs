//! Webhooks of shops.
//!
//! A delivery is answered with 200 once it is in the table, or kept as unread: the shop need not
//! send it again. Only what the table did not take is answered with 503; shops send it again then.

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use jiff::{SignedDuration, Timestamp};
use renown_core::ids::ShopId;
use renown_core::mail::news::{News, Unreadable};
use renown_core::mail::{Shop, shopify, webhook};
use renown_core::notice::Notice;
use renown_core::text;
use renown_io::app::MailApp;
use renown_io::ledger::{Error, Unread};
use renown_io::mail::{Keys, forget, is_shopifys, is_standard, take_in};
use renown_io::secrets::Secret;

use crate::page::plain;

/// A webhook of Shopify.
pub(crate) async fn shopify(app: &MailApp, shop: &str, request: &Request<Bytes>) -> Response<String> {
    let signature = text(request, "x-shopify-hmac-sha256");
    let is_theirs = |secret: &Secret| is_shopifys(secret, signature, request.body());
    let (shop, topic) = match believed(app, shop, is_theirs).await {
        Ok(shop) => (shop, text(request, "x-shopify-topic")),
        Err(answer) => return answer,
    };
    let news = shopify::read(topic, request.body(), app.clock.now());
    take(app, &shop, "shopify", text(request, "x-shopify-webhook-id"), request.body(), news).await
}

/// A webhook in Renown's own form.
pub(crate) async fn generic(app: &MailApp, shop: &str, request: &Request<Bytes>) -> Response<String> {
    let [id, at, signatures] =
        ["webhook-id", "webhook-timestamp", "webhook-signature"].map(|name| text(request, name));
    let now = app.clock.now();
    let is_theirs = |secret: &Secret| is_standard(secret, id, at, signatures, request.body(), now);
    let shop = match believed(app, shop, is_theirs).await {
        Ok(shop) => shop,
        Err(answer) => return answer,
    };
    let news = webhook::read(request.body(), now);
    take(app, &shop, "webhook", id, request.body(), news).await
}

fn text<'a>(request: &'a Request<Bytes>, name: &str) -> &'a str {
    request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The shop, if what came is signed with its secret. A shop that is not there and a signature that
/// is wrong are answered alike: nobody learns which shops there are.
async fn believed(
    app: &MailApp,
    shop: &str,
    is_theirs: impl Fn(&Secret) -> bool,
) -> Result<Shop, Response<String>> {
    let refuse = || plain(StatusCode::UNAUTHORIZED, "the signature is not that of this shop");
    let id: ShopId = shop.parse().map_err(|_| refuse())?;
    // Asked first: whoever tries out names costs reads of the table and none of the secrets, of
    // which AWS gives few a second.
    let found = match app.ledger.shop(&id).await {
        Ok(Some(shop)) => shop,
        Ok(None) => return Err(refuse()),
        Err(error) => {
            tracing::error!(shop.id = %id, error = %error, "a webhook was not taken in");
            return Err(later());
        }
    };
    let secrets = match app.secrets.hooks(&id).await {
        Ok(secrets) => secrets,
        Err(renown_io::secrets::Error::NotFound { .. }) => return Err(refuse()),
        Err(error) => {
            tracing::error!(shop.id = %id, error = %error, "the secret of a webhook was not to be had");
            return Err(later());
        }
    };
    if secrets.iter().any(is_theirs) {
        return Ok(found);
    }
    tracing::warn!(shop.id = %id, "a webhook with a wrong signature was refused");
    Err(refuse())
}

fn later() -> Response<String> {
    plain(StatusCode::SERVICE_UNAVAILABLE, "please send it again later")
}

async fn take(
    app: &MailApp,
    shop: &Shop,
    source: &str,
    name: &str,
    body: &[u8],
    news: Result<News, Unreadable>,
) -> Response<String> {
    let done = match news {
        Ok(news) => take_news(app, shop, news).await,
        Err(why) => keep(app, shop, source, name, body, why).await,
    };
    match done {
        Ok(()) => plain(StatusCode::OK, "taken in"),
        Err(error) => {
            tracing::error!(shop.id = %shop.id, error = %error, "a webhook was not taken in; the shop sends it again");
            later()
        }
    }
}

async fn take_news(app: &MailApp, shop: &Shop, news: News) -> Result<(), Error> {
    let now = app.clock.now();
    let keys = || async {
        Keys::read(&app.secrets).await.map_err(|error| {
            tracing::error!(error = %error, "the keys of mail are not to be had");
            Error::Unreadable { key: "keys of mail".to_owned(), problem: error.to_string() }
        })
    };
    match news {
        News::Order(news) => {
            let order = news.id.clone();
            let recorded = take_in(&app.ledger, &keys().await?, shop, *news, now).await?;
            let (new, changed) = (recorded.new, recorded.changed);
            tracing::info!(shop.id = %shop.id, order.id = %order, new, changed, "order of a shop");
        }
        News::Forget { email } => {
            let was = forget(&app.ledger, &keys().await?, shop, &email, now).await?;
            tracing::info!(shop.id = %shop.id, was_known = was, "a customer was forgotten");
        }
        News::DataRequest => {
            tracing::error!(
                shop.id = %shop.id,
                "a customer asks what is stored about them; a person must answer within 30 days: see the shop's admin for who it is"
            );
            app.ledger.tell(&asked_for_data(shop, now)).await?;
        }
        News::Useless(topic) => tracing::info!(shop.id = %shop.id, topic, "webhook is of no use"),
    }
    Ok(())
}

/// What operators are told when a customer asks for their data. Source: GDPR article 12(3), one
/// month; Shopify's `customers/data_request`, 30 days.
fn asked_for_data(shop: &Shop, now: Timestamp) -> Notice {
    let id = &shop.id;
    let deadline = now.saturating_add(SignedDuration::from_hours(30 * 24)).unwrap_or(now);
    Notice::daily(
        &format!("data-request#{id}"),
        text!("{id}: a customer asks what is stored about them", "{id}:有客户要求查询其个人数据"),
        now,
    )
    .line(text!(
        "The shop's admin says who it is. Of customers Renown keeps address and name, encrypted, what they agreed to, and which mails they were sent.",
        "店铺后台会显示是哪位客户。Renown 保存客户的地址和姓名(加密)、其同意记录以及向其发送过的邮件。"
    ))
    .next(text!(
        "answer them; `renown erase --email ADDRESS` erases them if they want that",
        "请答复客户;若其要求删除,执行 `renown erase --email 地址`"
    ))
    .until(deadline)
}

/// Keeps what cannot be read with its reason; its body stays with the shop.
async fn keep(
    app: &MailApp,
    shop: &Shop,
    source: &str,
    name: &str,
    body: &[u8],
    why: Unreadable,
) -> Result<(), Error> {
    let unread = Unread {
        source: source.to_owned(),
        hash: Unread::hash_of(body),
        name: format!("{}#{}", shop.id, name.chars().take(80).collect::<String>()),
        place: why.place,
        problem: why.problem.en,
        problem_zh: why.problem.zh,
        at: app.clock.now(),
        dead_letter: false,
    };
    tracing::warn!(shop.id = %shop.id, place = unread.place, "a webhook could not be read");
    app.ledger.keep_unread(&unread).await
}
