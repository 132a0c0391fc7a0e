//! What an operator calls a seller: a name that means one seller and can be printed.

use renown_core::ids::SellerId;
use renown_core::seller::Seller;

use crate::refuse;

/// Longest name, in characters: it stands in a column of every line.
const MAX_CHARS: usize = 60;

/// Reads a name from the command line.
pub(crate) fn parse(text: &str) -> Result<String, String> {
    let name = text.trim();
    if name.is_empty() {
        return Err("a name must not be empty; leave --alias out to call the seller by its id".to_owned());
    }
    if name.chars().any(char::is_control) || name.chars().count() > MAX_CHARS {
        return Err(format!("a name has at most {MAX_CHARS} characters and no line break"));
    }
    Ok(name.to_owned())
}

/// Refuses a name that would mean another seller too.
///
/// # Errors
///
/// If it is the id or the name of another one.
pub(crate) fn refuse_taken(sellers: &[Seller], id: &SellerId, alias: &str) -> anyhow::Result<()> {
    let is_taken = |other: &&Seller| other.id != *id && (other.id.as_str() == alias || other.alias == alias);
    if let Some(other) = sellers.iter().find(is_taken) {
        let other = &other.id;
        refuse!(
            "{alias:?} means {other} already: give {id} another name with --alias",
            "{alias:?} 已指 {other}:请用 --alias 为 {id} 另取名称"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_be_printed_and_is_not_empty() {
        assert_eq!(parse(" 晨光家居 Morning Home "), Ok("晨光家居 Morning Home".to_owned()));
        for wrong in ["", "  ", "a\u{1b}[2Jb", "a\nb", &"x".repeat(61)] {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
    }
}
