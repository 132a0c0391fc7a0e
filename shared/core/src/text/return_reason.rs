//! What Amazon's reason of a return says: it decides where there is one.
//!
//! Sources: the reasons of the report FBA Customer Returns (`GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA`,
//! column `reason`), listed in Seller Central's help "FBA customer returns report"; those of the
//! seller-fulfilled returns report (`GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE`, column
//! `Return Reason`), which carry the prefixes `CR-`, `AMZ-PG-` and `UND-`. Amazon publishes no
//! full list of the latter.

use super::cause::Cause;

/// The prefixes of seller-fulfilled returns.
const PREFIXES: [&str; 3] = ["AMZ-PG-", "CR-", "UND-"];

/// The cause of a reason; `None` where it is none of the seller's making (ordered by mistake, not
/// wanted any more) or is not known.
pub fn cause_of_return(reason: &str) -> Option<Cause> {
    let reason = reason.trim().to_ascii_uppercase();
    let bare = PREFIXES.iter().find_map(|prefix| reason.strip_prefix(prefix)).unwrap_or(&reason);
    let bare = bare.replace('-', "_");
    CAUSES.iter().find(|(code, _)| *code == bare).map(|(_, cause)| *cause)
}

/// The reasons that name a cause. Two mean other than they say, says Seller Central's help:
/// `DAMAGED_BY_FC` is chosen by buyers whose item failed after it came, and `SWITCHEROO` where the
/// wrong item came.
const CAUSES: [(&str, Cause); 28] = [
    ("APPAREL_STYLE", Cause::NotAsDescribed),
    ("APPAREL_TOO_LARGE", Cause::SizeFit),
    ("APPAREL_TOO_SMALL", Cause::SizeFit),
    ("APP_STYLE", Cause::NotAsDescribed),
    ("APP_TOO_LARGE", Cause::SizeFit),
    ("APP_TOO_LATE", Cause::LateDelivery),
    ("APP_TOO_SMALL", Cause::SizeFit),
    ("BAD_DESC", Cause::NotAsDescribed),
    ("DAMAGED_BY_CARRIER", Cause::DamagedInTransit),
    ("DAMAGED_BY_FC", Cause::DefectiveQuality),
    ("DEFECTIVE", Cause::DefectiveQuality),
    ("FOUND_BETTER_PRICE", Cause::PriceValue),
    ("JEWELRY_BAD_CLASP", Cause::DefectiveQuality),
    ("JEWELRY_BATTERY", Cause::DefectiveQuality),
    ("JEWELRY_LOOSE_STONE", Cause::DefectiveQuality),
    ("JEWELRY_NO_CERT", Cause::MissingParts),
    ("JEWELRY_NO_DOCS", Cause::MissingParts),
    ("JEWELRY_TOO_LARGE", Cause::SizeFit),
    ("JEWELRY_TOO_SMALL", Cause::SizeFit),
    ("MISSED_ESTIMATED_DELIVERY", Cause::LateDelivery),
    ("MISSING_PARTS", Cause::MissingParts),
    ("NEVER_ARRIVED", Cause::NotReceived),
    ("NOT_AS_DESCRIBED", Cause::NotAsDescribed),
    ("NOT_COMPATIBLE", Cause::SizeFit),
    ("PRODUCT_NOT_ITALIAN", Cause::NotAsDescribed),
    ("PRODUCT_NOT_SPANISH", Cause::NotAsDescribed),
    ("QUALITY_UNACCEPTABLE", Cause::DefectiveQuality),
    ("SWITCHEROO", Cause::NotAsDescribed),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_names_its_cause_with_and_without_a_prefix() {
        for (reason, expect) in [
            ("DEFECTIVE", Some(Cause::DefectiveQuality)),
            ("CR-DEFECTIVE", Some(Cause::DefectiveQuality)),
            ("AMZ-PG-BAD-DESC", Some(Cause::NotAsDescribed)),
            ("AMZ-PG-APP-TOO-SMALL", Some(Cause::SizeFit)),
            ("AMZ-PG-APP-TOO-LATE", Some(Cause::LateDelivery)),
            ("cr-missed_estimated_delivery", Some(Cause::LateDelivery)),
            ("DAMAGED_BY_FC", Some(Cause::DefectiveQuality)),
            ("SWITCHEROO", Some(Cause::NotAsDescribed)),
            ("UNWANTED_ITEM", None),
            ("AMZ-PG-MISORDERED", None),
            ("UND-UNKNOWN", None),
            ("", None),
        ] {
            assert_eq!(cause_of_return(reason), expect, "{reason}");
        }
    }
}
