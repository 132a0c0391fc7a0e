//! Amazon's topics as causes that a department knows.

use crate::text::Cause;

/// Beginnings of words in Amazon's English names of topics, and the cause each speaks of. The first
/// that is found decides: what endangers people or the account stands first, what a broad word says
/// last. Source: the names in Amazon's model ("Weak fragile", "Value for Money", "Quality-Overall");
/// the rest are the words of our own causes.
const WORDS: [(Cause, &[&str]); 11] = [
    (
        Cause::Safety,
        &[
            "safe", "unsafe", "danger", "hazard", "burn", "shock", "injur", "toxic", "allerg", "fire",
            "overheat",
        ],
    ),
    (Cause::Counterfeit, &["counterfeit", "fake", "authentic", "genuine"]),
    (Cause::MissingParts, &["missing", "incomplete"]),
    (Cause::RefundReturn, &["return", "refund", "replacement"]),
    (Cause::CustomerService, &["service", "support", "warranty", "seller"]),
    (Cause::LateDelivery, &["deliver", "shipping", "shipment"]),
    (Cause::DamagedInTransit, &["packag", "damage"]),
    (Cause::PriceValue, &["value", "price", "money", "cost", "expensive"]),
    (
        Cause::NotAsDescribed,
        &["describ", "description", "advertis", "picture", "photo", "color", "colour", "wrong"],
    ),
    (
        Cause::SizeFit,
        &["size", "fit", "dimension", "small", "large", "tight", "loose", "compatib", "length", "width"],
    ),
    (
        Cause::DefectiveQuality,
        &[
            "qualit",
            "durab",
            "weak",
            "fragile",
            "broke",
            "break",
            "defect",
            "malfunction",
            "function",
            "works",
            "working",
            "material",
            "leak",
            "batter",
            "sturd",
            "strong",
            "rust",
            "crack",
            "noise",
            "smell",
            "odor",
            "odour",
            "charg",
            "performance",
            "reliab",
            "construct",
            "stabil",
            "peel",
            "tear",
            "wear",
            "lasting",
        ],
    ),
];

/// The cause that a topic speaks of; [`Cause::Other`] where none is known.
pub fn cause_of(topic: &str) -> Cause {
    let topic = topic.to_lowercase();
    let words: Vec<&str> =
        topic.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let speaks =
        |begins: &[&str]| words.iter().any(|word| begins.iter().any(|begin| word.starts_with(begin)));
    WORDS.iter().find(|(_, begins)| speaks(begins)).map_or(Cause::Other, |(cause, _)| *cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amazons_names_lead_to_causes_and_an_unknown_one_to_other() {
        for (topic, cause) in [
            ("Weak fragile ", Cause::DefectiveQuality),
            ("Quality-Overall", Cause::DefectiveQuality),
            ("Value for Money", Cause::PriceValue),
            ("Size/Fit", Cause::SizeFit),
            ("MISSING PARTS", Cause::MissingParts),
            ("Packaging", Cause::DamagedInTransit),
            ("Color", Cause::NotAsDescribed),
            ("Safety", Cause::Safety),
            ("Burning smell", Cause::Safety),
            ("Authenticity", Cause::Counterfeit),
            ("Customer Service", Cause::CustomerService),
            ("Delivery speed", Cause::LateDelivery),
            ("Assembly/Installation", Cause::Other),
            ("Storage Capacity", Cause::Other),
            ("Benefit", Cause::Other),
            ("", Cause::Other),
        ] {
            assert_eq!(cause_of(topic), cause, "{topic}");
        }
    }
}
