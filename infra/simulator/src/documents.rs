//! Report documents at their presigned addresses, and their charsets.

use std::io::Write as _;

use encoding_rs::Encoding;
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::{SignedDuration, Timestamp};

use crate::http_reply::Reply;
use crate::marketplace::Marketplace;
use crate::model::{OneReport, Seller};
use crate::request::Incoming;
use crate::state::State;

/// Life of a presigned address. Source: the model's text on `url`.
const URL_LIFE: SignedDuration = SignedDuration::from_mins(5);

/// The finished report with this document id.
pub(crate) fn report_of<'state>(state: &'state State, document_id: &str) -> Option<&'state OneReport> {
    let report_id = document_id.rsplit('.').next()?;
    state.data.reports.get(report_id).filter(|report| report.document_id().as_deref() == Some(document_id))
}

/// The seller a document belongs to.
pub(crate) fn owner(state: &State, document_id: &str) -> Option<String> {
    report_of(state, document_id).map(|report| report.seller_id.clone())
}

/// A fresh address for a document.
pub(crate) fn presigned_url(
    base: &str,
    document_id: &str,
    now: Timestamp,
    encoded_by_transport: bool,
) -> String {
    let expires = now.saturating_add(URL_LIFE).unwrap_or(Timestamp::MAX).as_second();
    let encoding = if encoded_by_transport { "&encoding=gzip" } else { "" };
    format!("{}/documents/{document_id}?expires={expires}{encoding}", base.trim_end_matches('/'))
}

/// Answers the download itself, which needs no token.
pub(crate) fn download(state: &State, now: Timestamp, document_id: &str, incoming: &Incoming<'_>) -> Reply {
    let expires = incoming.one("expires").and_then(|text| text.parse::<i64>().ok());
    if expires.is_none_or(|expires| expires < now.as_second()) {
        return store_error(403, "AccessDenied", "Request has expired");
    }
    let found = report_of(state, document_id).and_then(|report| Some((report, report.content.as_ref()?)));
    let Some((report, content)) = found else {
        return store_error(404, "NoSuchKey", "The specified key does not exist.");
    };
    let seller = state.data.sellers.get(&report.seller_id);
    let charset = charset(report, seller);
    let (label, bytes) = encode(content, charset);
    let mut reply = Reply::text(200, "text/plain", String::new());
    if let Some(label) = label {
        reply.content_type = format!("text/plain; charset={label}");
    }
    let gzip = seller.is_some_and(|seller| seller.gzip);
    reply.body = if gzip { compress(&bytes).into() } else { bytes.into() };
    if gzip && incoming.one("encoding") == Some("gzip") {
        reply.content_encoding = Some("gzip");
    }
    reply
}

/// The document store answers in XML, not in the API's shape.
fn store_error(status: u16, code: &str, message: &str) -> Reply {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    );
    Reply::text(status, "application/xml", body)
}

fn charset<'a>(report: &OneReport, seller: Option<&'a Seller>) -> &'a str {
    if let Some(charset) = seller.and_then(|seller| seller.charset.as_deref()) {
        return charset;
    }
    let marketplace = report.marketplaces.first().and_then(|id| Marketplace::by_id(id));
    marketplace.map_or("UTF-8", Marketplace::charset)
}

/// Whether the simulator can write a charset.
pub(crate) fn is_known_charset(name: &str) -> bool {
    matches!(name, "none" | "UTF-8-BOM") || encoding_of(name).is_some()
}

/// Amazon names charsets as Java does; two of those names are no web labels.
fn encoding_of(name: &str) -> Option<&'static Encoding> {
    let label = match name {
        "Cp1252" => "windows-1252",
        "MS932" => "Shift_JIS",
        other => other,
    };
    Encoding::for_label(label.as_bytes())
}

/// The name for the header, and the bytes. A letter that the charset lacks becomes `?`, as in
/// Amazon's own files.
fn encode<'a>(text: &str, charset: &'a str) -> (Option<&'a str>, Vec<u8>) {
    match charset {
        "none" => return (None, text.as_bytes().to_vec()),
        "UTF-8-BOM" => return (Some("UTF-8"), [b"\xEF\xBB\xBF", text.as_bytes()].concat()),
        _ => {}
    }
    let encoding = encoding_of(charset).unwrap_or(encoding_rs::UTF_8);
    let mut bytes = Vec::with_capacity(text.len());
    let mut buffer = [0_u8; 4];
    for letter in text.chars() {
        let (encoded, _, lost) = encoding.encode(letter.encode_utf8(&mut buffer));
        if lost { bytes.push(b'?') } else { bytes.extend_from_slice(&encoded) }
    }
    (Some(charset), bytes)
}

fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing into a vector can't fail.
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_outside_the_charset_become_question_marks() {
        assert_eq!(encode("Łyżka à", "Cp1252"), (Some("Cp1252"), b"?y?ka \xE0".to_vec()));
        assert_eq!(encode("急須①", "MS932").1, [0x8B, 0x7D, 0x90, 0x7B, 0x87, 0x40]);
        assert_eq!(encode("é", "UTF-8-BOM"), (Some("UTF-8"), "\u{feff}é".as_bytes().to_vec()));
        assert_eq!(encode("咖", "GB18030").1, [0xBF, 0xA7]);
        assert_eq!(encode("é", "none"), (None, "é".as_bytes().to_vec()));
    }
}
