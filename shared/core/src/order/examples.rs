//! Orders for the tests of this folder.

use jiff::Timestamp;

use super::call::Answer;
use super::{Facts, FulfillmentChannel, Order, OrderStatus, SeenIn, State};
use crate::marketplace::MarketplaceId;
use crate::policy::timing::Context;
use crate::rules::Rules;

pub(super) fn t(text: &str) -> Timestamp {
    text.parse().expect("a timestamp")
}

pub(super) fn facts() -> Facts {
    Facts {
        marketplace: MarketplaceId::of_country("DE"),
        status: Some(OrderStatus::Shipped),
        channel: Some(FulfillmentChannel::Amazon),
        estimated_arrival: Some(t("2026-10-10T12:00:00Z")),
        ..Facts::default()
    }
}

pub(super) fn context(rules: &Rules) -> Context<'_> {
    Context { rules, live_since: Some(t("2026-01-01T00:00:00Z")), soon: false }
}

pub(super) fn planned() -> Order {
    let rules = Rules::default();
    let mut order = Order::new(
        "SELLER".parse().expect("valid"),
        "111-1234567-1234567".parse().expect("valid"),
        SeenIn::Notification,
        t("2026-10-05T00:00:00Z"),
    );
    assert!(order.observe(&facts(), context(&rules), t("2026-10-05T00:00:00Z")));
    order
}

pub(super) fn claimed() -> Order {
    let mut order = planned();
    assert!(order.claim("c1".to_owned(), t("2026-10-17T10:15:00Z"), context(&Rules::default())));
    order
}

pub(super) const NOW: &str = "2026-10-17T10:00:00Z";

pub(super) fn settled(answer: &Answer) -> State {
    let mut order = claimed();
    order.settle(answer, context(&Rules::default()), t(NOW));
    order.state
}
