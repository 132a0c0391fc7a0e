//! Pages: small, self-contained, with nothing that is fetched and no script.

use http::{Response, StatusCode, header};
use renown_core::mail::{Language, Shop};

pub(crate) use renown_core::mail::template::escape;

/// What stands on a page.
pub(crate) struct Page<'a> {
    pub(crate) language: Language,
    pub(crate) title: &'a str,
    /// HTML made by this crate; every text in it went through [`escape`].
    pub(crate) body: String,
}

/// A line of text.
pub(crate) fn plain(status: StatusCode, text: &str) -> Response<String> {
    answer(status, "text/plain; charset=utf-8", format!("{text}\n"))
}

/// A page.
pub(crate) fn html(status: StatusCode, page: &Page<'_>) -> Response<String> {
    let (lang, title, body) = (page.language.code(), escape(page.title), &page.body);
    let html = format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <title>{title}</title>\n<style>\nbody {{ font: 18px/1.5 sans-serif; max-width: 32em; margin: 3em auto; padding: 0 1em; color: #222 }}\n\
         button {{ font: inherit; padding: .5em 1.2em }}\nlabel {{ margin-right: .6em }}\n\
         textarea {{ width: 100%; font: inherit }}\n</style>\n</head>\n<body>\n<h1>{title}</h1>\n{body}</body>\n</html>\n"
    );
    answer(status, "text/html; charset=utf-8", html)
}

fn answer(status: StatusCode, kind: &'static str, body: String) -> Response<String> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        ),
    ] {
        headers.insert(name, header::HeaderValue::from_static(value));
    }
    response
}

/// The language of whoever looks: the customer's where it is known, else the browser's, else the
/// shop's.
pub(crate) fn language(
    theirs: Option<&str>,
    request: &http::Request<bytes::Bytes>,
    shop: Option<&Shop>,
) -> Language {
    let accepted = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let first = accepted.unwrap_or_default().split([',', ';']).map(str::trim).find_map(Language::of_locale);
    let known = theirs.and_then(Language::of_locale);
    known.or(first).unwrap_or_else(|| Language::for_customer(None, shop.map_or("en", |shop| &shop.locale)))
}
