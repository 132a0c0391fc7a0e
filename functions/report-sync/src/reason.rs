//! Why Amazon could not make a report: what the document of a FATAL one says.
//!
//! Amazon agrees on no form. Seen are JSON with `errorDetails` and plain text; either is kept as
//! one short line.

use renown_core::reports::Charset;
use renown_io::spapi::{self, DocumentId};
use serde::Deserialize;

use crate::seller::Shop;

/// Longest document that is looked at, in characters. Ours: reasons are a sentence or two.
const MAX_READ: usize = 4_096;
/// Longest reason that is kept, in characters. Ours: it ends up in an item and in a log line.
const MAX_KEPT: usize = 300;

/// What the document says, on one line; `None` where it says nothing or cannot be fetched. That
/// is no trouble of its own: the report is asked for again either way.
pub(crate) async fn read(shop: &Shop<'_>, document: &DocumentId) -> Option<String> {
    match fetch(shop, document).await {
        Ok(text) => said(&text),
        Err(error) => {
            tracing::warn!(seller.id = %shop.seller.id, error = %error, "reason of a failed report cannot be read");
            None
        }
    }
}

async fn fetch(shop: &Shop<'_>, document: &DocumentId) -> Result<String, spapi::Error> {
    let document = shop.spapi.document(&shop.caller, document).await?;
    let mut download = shop.spapi.download(&document, Charset::UTF_8).await?;
    let mut text = String::new();
    let mut n_chars = 0;
    while n_chars < MAX_READ {
        let Some(piece) = download.next().await? else { break };
        text.extend(piece.chars().take(MAX_READ - n_chars));
        n_chars += piece.chars().count();
    }
    Ok(text)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Details {
    error_details: String,
}

fn said(text: &str) -> Option<String> {
    let details = serde_json::from_str::<Details>(text.trim_start_matches('\u{feff}'));
    let reason = details.map_or_else(|_| text.to_owned(), |details| details.error_details);
    // Line breaks and tabs become blanks, other control characters go.
    let words: Vec<&str> = reason.split(|c: char| c.is_whitespace() || c.is_control()).collect();
    let line = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let kept: String = line.chars().take(MAX_KEPT).collect();
    (!kept.is_empty()).then_some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_becomes_one_short_line_whatever_its_form() {
        let check = |text: &str, expect: Option<&str>| assert_eq!(said(text).as_deref(), expect, "{text}");
        check(r#"{"errorDetails":"Too long a\n range."}"#, Some("Too long a range."));
        check("\u{feff}{\"errorDetails\":\"No.\"}", Some("No."));
        check("Report failed\r\n\tfor a reason\u{7}", Some("Report failed for a reason"));
        check(r#"{"error":"x"}"#, Some(r#"{"error":"x"}"#));
        check(" \n", None);
        assert_eq!(said(&"long ".repeat(1_000)).map(|kept| kept.chars().count()), Some(MAX_KEPT));
    }
}
