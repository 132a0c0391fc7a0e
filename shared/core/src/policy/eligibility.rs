//! Whether an order may be asked at all: a table over status, programs and flags.
//!
//! Every reason is neutral (promise P2). Amazon forbids asking only the satisfied, so no
//! return, refund, message or rating can be looked up from here: the facts hold none.

use crate::order::{Facts, NotYet, OrderStatus, Program, Skipped};
use crate::rules::Rule;

/// What the facts and rules say of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It may be asked.
    Eligible,
    /// Something is still missing.
    NotYet(NotYet),
    /// It is never to be asked.
    Skip(Skipped),
}

/// The verdict on an order.
pub fn verdict(facts: &Facts, rule: &Rule) -> Verdict {
    // First what can never be undone, so that such an order leaves the list at once.
    if facts.non_amazon {
        return Verdict::Skip(Skipped::NotAmazon);
    }
    if facts.replacement || facts.programs.iter().any(|p| program(p) == OfProgram::Replacement) {
        return Verdict::Skip(Skipped::Replacement);
    }
    let status = match facts.status {
        Some(OrderStatus::Cancelled) => return Verdict::Skip(Skipped::Cancelled),
        Some(OrderStatus::Unfulfillable) => return Verdict::Skip(Skipped::Unfulfillable),
        Some(OrderStatus::Shipped) => Verdict::Eligible,
        Some(OrderStatus::PartiallyShipped) => Verdict::NotYet(NotYet::PartlyShipped),
        Some(
            OrderStatus::PendingAvailability
            | OrderStatus::Pending
            | OrderStatus::Unshipped
            | OrderStatus::InvoiceUnconfirmed,
        )
        | None => Verdict::NotYet(NotYet::NotShipped),
    };
    if let Some(skip) = excluded(facts, rule) {
        return Verdict::Skip(skip);
    }
    match status {
        Verdict::Eligible if facts.marketplace.is_none() => Verdict::NotYet(NotYet::NoMarketplace),
        status => status,
    }
}

fn excluded(facts: &Facts, rule: &Rule) -> Option<Skipped> {
    let exclude = &rule.exclude;
    if facts.skus.iter().any(|sku| exclude.skus.contains(sku)) {
        return Some(Skipped::RuleSku);
    }
    if facts.asins.iter().any(|asin| exclude.asins.contains(asin)) {
        return Some(Skipped::RuleAsin);
    }
    if facts.channel.is_some_and(|channel| exclude.channels.contains(&channel)) {
        return Some(Skipped::RuleChannel);
    }
    if facts.programs.iter().any(|program| exclude.programs.contains(program)) {
        return Some(Skipped::RuleProgram);
    }
    None
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OfProgram {
    Neutral,
    Replacement,
}

/// What a program says of asking. Sources: `programs[]` of orders_2026-01-01.json,
/// `OrderPrograms` and `ShippingPrograms` of OrderChangeNotification.json.
fn program(program: &Program) -> OfProgram {
    match program.as_str() {
        "REPLACEMENT" => OfProgram::Replacement,
        // A business buyer, a Prime buyer and one who picks up in a store are buyers like any
        // other; so is whoever a program of tomorrow brings, until Amazon refuses.
        _ => OfProgram::Neutral,
    }
}

/// Whether a rule can only be applied once the order's ASINs are known.
pub fn needs_asins(facts: &Facts, rule: &Rule) -> bool {
    facts.asins.is_empty() && !(rule.exclude.asins.is_empty() && rule.only_asins.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::FulfillmentChannel;

    fn shipped() -> Facts {
        Facts {
            marketplace: "ATVPDKIKX0DER".parse().ok(),
            status: Some(OrderStatus::Shipped),
            channel: Some(FulfillmentChannel::Amazon),
            skus: ["TEA-1".parse().expect("plain")].into(),
            ..Facts::default()
        }
    }

    fn check(change: impl FnOnce(&mut Facts, &mut Rule), expect: Verdict) {
        let (mut facts, mut rule) = (shipped(), Rule::default());
        change(&mut facts, &mut rule);
        assert_eq!(verdict(&facts, &rule), expect);
    }

    #[test]
    fn each_status_has_its_verdict() {
        for (status, expect) in [
            (OrderStatus::PendingAvailability, Verdict::NotYet(NotYet::NotShipped)),
            (OrderStatus::Pending, Verdict::NotYet(NotYet::NotShipped)),
            (OrderStatus::Unshipped, Verdict::NotYet(NotYet::NotShipped)),
            (OrderStatus::PartiallyShipped, Verdict::NotYet(NotYet::PartlyShipped)),
            (OrderStatus::InvoiceUnconfirmed, Verdict::NotYet(NotYet::NotShipped)),
            (OrderStatus::Shipped, Verdict::Eligible),
            (OrderStatus::Unfulfillable, Verdict::Skip(Skipped::Unfulfillable)),
            (OrderStatus::Cancelled, Verdict::Skip(Skipped::Cancelled)),
        ] {
            check(|f, _| f.status = Some(status), expect);
        }
    }

    #[test]
    fn order_cancelled_after_shipping_is_never_solicited() {
        let mut facts = shipped();
        facts.merge(&Facts { status: Some(OrderStatus::Cancelled), ..Facts::default() });
        facts.merge(&shipped());
        assert_eq!(verdict(&facts, &Rule::default()), Verdict::Skip(Skipped::Cancelled));
    }

    #[test]
    fn replacements_and_foreign_orders_are_left_out_by_flag_and_by_program() {
        check(|f, _| f.replacement = true, Verdict::Skip(Skipped::Replacement));
        check(|f, _| f.programs = ["REPLACEMENT".to_owned()].into(), Verdict::Skip(Skipped::Replacement));
        check(|f, _| f.non_amazon = true, Verdict::Skip(Skipped::NotAmazon));
        check(
            |f, _| f.programs = ["PRIME".to_owned(), "AMAZON_BUSINESS".to_owned()].into(),
            Verdict::Eligible,
        );
        check(|f, _| f.programs = ["SOMETHING_NEW".to_owned()].into(), Verdict::Eligible);
    }

    #[test]
    fn the_sellers_own_rules_leave_out_by_sku_asin_channel_and_program() {
        check(
            |_, r| r.exclude.skus = ["TEA-1".parse().expect("plain")].into(),
            Verdict::Skip(Skipped::RuleSku),
        );
        check(|_, r| r.exclude.skus = ["TEA-2".parse().expect("plain")].into(), Verdict::Eligible);
        check(
            |f, r| {
                f.asins = ["B000000001".parse().expect("plain")].into();
                r.exclude.asins = ["B000000001".parse().expect("plain")].into();
            },
            Verdict::Skip(Skipped::RuleAsin),
        );
        check(
            |_, r| r.exclude.channels = [FulfillmentChannel::Amazon].into(),
            Verdict::Skip(Skipped::RuleChannel),
        );
        check(
            |f, r| {
                f.programs = ["PRIME".to_owned()].into();
                r.exclude.programs = ["PRIME".to_owned()].into();
            },
            Verdict::Skip(Skipped::RuleProgram),
        );
    }

    #[test]
    fn an_order_of_unknown_marketplace_waits() {
        check(|f, _| f.marketplace = None, Verdict::NotYet(NotYet::NoMarketplace));
    }
}
