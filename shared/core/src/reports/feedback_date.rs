//! The date of a feedback, which Amazon writes in the form of the marketplace.
//!
//! Source of the forms: what other readers of the report (Airbyte's connector) have found in
//! sellers' files; Amazon documents none. `3/4/26` is March in one country and April in another,
//! so a date that does not fit its marketplace's form is none: nothing is guessed.

use jiff::civil::Date;

use crate::marketplace::MarketplaceId;

/// How a marketplace writes a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `10/5/26`, the month first.
    MonthFirst,
    /// `5/10/26`.
    DayFirst,
    /// `5.10.26`.
    Dotted,
    /// `26/10/5`.
    YearFirst,
    /// `2026-10-05`.
    Iso,
}

fn form_in(marketplace: MarketplaceId) -> Option<Form> {
    match marketplace.info().country {
        "US" => Some(Form::MonthFirst),
        "DE" => Some(Form::Dotted),
        "SE" => Some(Form::Iso),
        "JP" => Some(Form::YearFirst),
        "GB" | "FR" | "IT" | "ES" | "NL" | "BE" | "PL" | "IE" | "AE" | "SA" | "EG" | "TR" | "IN" | "AU"
        | "SG" | "BR" | "CA" | "MX" => Some(Form::DayFirst),
        // Nobody has told what South Africa's files look like.
        _ => None,
    }
}

/// The day that a feedback's date means in its marketplace; `None` if it does not fit the form
/// used there, or if that form is not known.
pub fn feedback_date(raw: &str, marketplace: MarketplaceId) -> Option<Date> {
    let form = form_in(marketplace)?;
    let separator = match form {
        Form::MonthFirst | Form::DayFirst | Form::YearFirst => '/',
        Form::Dotted => '.',
        Form::Iso => '-',
    };
    let parts: Vec<&str> = raw.trim().split(separator).collect();
    let [first, second, third] = parts[..] else { return None };
    let (year, month, day) = match form {
        Form::MonthFirst => (short_year(third)?, first, second),
        Form::DayFirst | Form::Dotted => (short_year(third)?, second, first),
        Form::YearFirst => (short_year(first)?, second, third),
        Form::Iso if [first, second, third].map(str::len) == [4, 2, 2] => (number(first)?, second, third),
        Form::Iso => return None,
    };
    Date::new(year, day_or_month(month)?, day_or_month(day)?).ok()
}

/// `26` is 2026: Amazon has sold nothing in any other century.
fn short_year(text: &str) -> Option<i16> {
    (text.len() == 2).then(|| number(text)).flatten().map(|year: i16| 2000 + year)
}

fn day_or_month(text: &str) -> Option<i8> {
    if text.len() <= 2 { number(text) } else { None }
}

/// A number without a sign.
fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    if text.bytes().all(|b| b.is_ascii_digit()) { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marketplace::ALL;

    fn read(raw: &str, country: &str) -> Option<String> {
        let marketplace = MarketplaceId::of_country(country).expect("a marketplace");
        feedback_date(raw, marketplace).map(|date| date.to_string())
    }

    #[test]
    fn a_date_is_read_in_the_form_of_its_marketplace() {
        for (raw, country, expect) in [
            ("10/5/26", "US", "2026-10-05"),
            ("3/4/26", "US", "2026-03-04"),
            ("3/4/26", "GB", "2026-04-03"),
            ("03/04/26", "FR", "2026-04-03"),
            ("5.10.26", "DE", "2026-10-05"),
            ("05.10.26", "DE", "2026-10-05"),
            ("26/10/5", "JP", "2026-10-05"),
            ("2026-10-05", "SE", "2026-10-05"),
            ("29/2/28", "IT", "2028-02-29"),
            (" 31/12/26 ", "CA", "2026-12-31"),
        ] {
            assert_eq!(read(raw, country).as_deref(), Some(expect), "{raw} {country}");
        }
    }

    #[test]
    fn a_date_that_does_not_fit_its_marketplace_is_not_guessed() {
        for (raw, country) in [
            ("13/10/26", "US"),
            ("10/13/26", "GB"),
            ("5/10/26", "DE"),
            ("5.10.26", "FR"),
            ("2026-10-05", "US"),
            ("26-10-05", "SE"),
            ("2026-1-5", "SE"),
            ("2026/10/5", "JP"),
            ("5/10/2026", "ES"),
            ("29/2/26", "IT"),
            ("0/0/26", "IT"),
            ("+5/10/26", "ES"),
            ("-5/10/26", "ES"),
            ("5/10", "ES"),
            ("5/10/26/1", "ES"),
            ("5/10/2x", "ES"),
            ("５/10/26", "ES"),
            ("", "ES"),
            ("5/10/26", "ZA"),
            ("2026/10/05", "ZA"),
            ("2026-10-05", "ZA"),
        ] {
            assert_eq!(read(raw, country), None, "{raw} {country}");
        }
    }

    #[test]
    fn only_south_africas_form_is_unknown() {
        let without: Vec<_> = ALL
            .iter()
            .filter(|known| MarketplaceId::of_country(known.country).and_then(form_in).is_none())
            .map(|known| known.country)
            .collect();
        assert_eq!(without, ["ZA"]);
    }
}
