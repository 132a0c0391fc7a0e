//! What Amazon's 403 means. Status and code are the same for all of them: only the text tells.
//!
//! The texts are data, by language; Amazon documents none. Sources: issues #19 and docs#121 of
//! selling-partner-api-models. A text that is not listed is never guessed at: the order is
//! held and a person told.

/// What a 403 on a solicitation means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The request was made before, or is not offered for this order.
    NotAvailable,
    /// Before or after the 5–30 days.
    OutsideWindow,
    /// Token, role or authorisation.
    AccessDenied,
    /// A text that is not known.
    Unknown,
}

/// Parts of texts, folded (see [`fold`]), with the language they are written in.
const TEXTS: &[(&str, &str, Refusal)] = &[
    ("en", "not available for this amazonorderid", Refusal::NotAvailable),
    ("en", "outside the 5-30 day range", Refusal::OutsideWindow),
    ("en", "access to requested resource is denied", Refusal::AccessDenied),
];

/// Reads the text of a 403.
pub fn read(message: &str) -> Refusal {
    let folded = fold(message);
    TEXTS
        .iter()
        .find(|(_, part, _)| folded.contains(part))
        .map_or(Refusal::Unknown, |(_, _, refusal)| *refusal)
}

/// Lower case, typographic apostrophes and dashes made plain, blanks single.
fn fold(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| match c {
            '’' | '‘' | '`' => '\'',
            '–' | '—' | '‑' => '-',
            c => c,
        })
        .collect();
    plain.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amazons_texts_are_told_apart() {
        for (text, expect) in [
            ("The requested solicitation is not available for this amazonOrderId.", Refusal::NotAvailable),
            (
                "You can’t use this feature to request a review outside the 5-30 day range after the order delivery date.",
                Refusal::OutsideWindow,
            ),
            (
                "You can't use this feature to request a review outside the 5–30 day  range after the order delivery date.",
                Refusal::OutsideWindow,
            ),
            ("Access to requested resource is denied.", Refusal::AccessDenied),
            ("", Refusal::Unknown),
            ("Die Anfrage ist nicht möglich.", Refusal::Unknown),
        ] {
            assert_eq!(read(text), expect, "{text}");
        }
    }
}
