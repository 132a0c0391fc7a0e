//! The public pages and hooks: the same router on Lambda and on one machine.
//!
//! | route | does |
//! |---|---|
//! | `GET /u/{token}` | shows a page with a button, and nothing else: scanners follow links |
//! | `POST /u/{token}` | unsubscribes, by the button or by one click of a mail program (RFC 8058) |
//! | `GET /s/{token}`, `POST /s/{token}` | the survey, answered once |
//! | `POST /hooks/shopify/{shop}` | a webhook of Shopify |
//! | `POST /hooks/generic/{shop}` | a webhook in Renown's own form, signed by Standard Webhooks |
//!
//! Nothing is believed that is not signed: a link by the keys of mail, a webhook by the shop's
//! secret over the raw bytes. Safe to run twice (P7): facts merge as a join, an unsubscription is
//! added once, a survey takes one answer.

pub mod gateway;
mod hook;
mod page;
mod survey;
mod unsubscribe;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use renown_io::app::MailApp;

/// Largest body that is read, in bytes. Source: ours; Shopify's largest orders stay below 256 KB.
const MAX_BODY: usize = 512 * 1024;

/// Answers a request. It always has an answer: what goes wrong is logged and told by its status.
pub async fn handle(app: &MailApp, request: &Request<Bytes>) -> Response<String> {
    if request.body().len() > MAX_BODY {
        return page::plain(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large");
    }
    let path = request.uri().path().to_owned();
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let (get, post) = (request.method() == Method::GET, request.method() == Method::POST);
    match parts[..] {
        ["u", token] if get || post => unsubscribe::answer(app, token, post, request).await,
        ["s", token] if get || post => survey::answer(app, token, post, request).await,
        ["hooks", "shopify", shop] if post => hook::shopify(app, shop, request).await,
        ["hooks", "generic", shop] if post => hook::generic(app, shop, request).await,
        ["u" | "s", _] | ["hooks", "shopify" | "generic", _] => {
            page::plain(StatusCode::METHOD_NOT_ALLOWED, "this address takes no such request")
        }
        _ => page::plain(StatusCode::NOT_FOUND, "there is nothing at this address"),
    }
}
