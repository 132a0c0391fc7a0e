//! An order with its true history, and what of it is visible at a moment.
//!
//! An order is given once with all its times, also those in the future. What a client may see is a
//! function of the order and the clock and nothing else, so that jumping the clock needs no events
//! to be replayed and can't leave half-changed orders behind.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::aftermath::{Feedback, Return};

/// Minutes an order stays Pending when [`Order::confirmed_at`] is not given. Amazon holds most
/// orders for about half an hour before the seller may ship them.
const PENDING_MINUTES: i64 = 30;

/// First and last moment of delivery that Amazon promised to the buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// `EarliestDeliveryDate`.
    pub earliest: Timestamp,
    /// `LatestDeliveryDate`.
    pub latest: Timestamp,
}

/// Who ships.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Fulfilled by Amazon (AFN): no scans and no promise are shown by the Orders API.
    Amazon,
    /// Fulfilled by the merchant (MFN).
    Merchant,
}

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// The seller's own name of the product.
    pub sku: String,
    /// Amazon's.
    pub asin: String,
    /// Product name; absent: a name in the marketplace's language with letters beyond ASCII.
    #[serde(default)]
    pub title: Option<String>,
    /// Units ordered.
    #[serde(default = "one")]
    pub quantity: u32,
    /// Price of one unit, in the smallest unit of the marketplace's currency.
    #[serde(default = "default_price")]
    pub price_minor: u32,
    /// When this line left, if not together with the order.
    #[serde(default)]
    pub shipped_at: Option<Timestamp>,
    /// When this line's package arrives, if not together with the order.
    #[serde(default)]
    pub delivered_at: Option<Timestamp>,
    /// `estimated-arrival-date` of this line in the FBA shipments report; absent: the order's.
    #[serde(default)]
    pub estimated_arrival: Option<Timestamp>,
}

fn one() -> u32 {
    1
}

fn default_price() -> u32 {
    1999
}

impl Item {
    /// One unit of a product at the default price and with a default name.
    pub fn new(sku: impl Into<String>, asin: impl Into<String>) -> Self {
        Self {
            sku: sku.into(),
            asin: asin.into(),
            title: None,
            quantity: 1,
            price_minor: default_price(),
            shipped_at: None,
            delivered_at: None,
            estimated_arrival: None,
        }
    }
}

/// An order and everything that will ever happen to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Amazon's order id, `NNN-NNNNNNN-NNNNNNN`; unique over all sellers.
    pub order_id: String,
    /// Whose order it is.
    pub seller_id: String,
    /// Where it was placed.
    pub marketplace_id: String,
    /// Who ships it.
    pub channel: Channel,
    /// When it was placed; before that moment nobody can see it.
    pub purchased_at: Timestamp,
    /// When it stops being Pending; absent: 30 minutes after the purchase.
    #[serde(default)]
    pub confirmed_at: Option<Timestamp>,
    /// When it leaves; absent: never.
    #[serde(default)]
    pub shipped_at: Option<Timestamp>,
    /// When it arrives; absent: never.
    #[serde(default)]
    pub delivered_at: Option<Timestamp>,
    /// When it is cancelled, also after shipping; absent: never.
    #[serde(default)]
    pub cancelled_at: Option<Timestamp>,
    /// What was promised to the buyer. Amazon's solicitation window follows from it, for
    /// Amazon-fulfilled orders too, although no API shows it for those.
    pub promise: Promise,
    /// Last moment to ship that the seller was given; absent: two days after the purchase.
    #[serde(default)]
    pub ship_by: Option<Timestamp>,
    /// `estimated-arrival-date` of the FBA shipments report; absent: the end of the promise.
    #[serde(default)]
    pub estimated_arrival: Option<Timestamp>,
    /// The lines; at least one.
    pub items: Vec<Item>,
    /// Programmes in the words of Orders 2026-01-01 (`PRIME`, `AMAZON_BUSINESS`, `PREMIUM` …).
    #[serde(default)]
    pub programs: Vec<String>,
    /// Shipped with Amazon Easy Ship, which tells the seller of the delivery.
    #[serde(default)]
    pub easy_ship: bool,
    /// The order this one replaces free of charge.
    #[serde(default)]
    pub replacement_of: Option<String>,
    /// Placed in the seller's own shop and only fulfilled by Amazon (multi-channel).
    #[serde(default)]
    pub non_amazon: bool,
    /// The buyer can't be asked, for a reason that Amazon does not tell (for example an opt-out).
    #[serde(default)]
    pub ineligible: bool,
    /// When somebody asked by hand in Seller Central or with another tool.
    #[serde(default)]
    pub asked_elsewhere_at: Option<Timestamp>,
    /// Moments at which Amazon touches the order without any visible change: they move
    /// "last updated" and nothing else.
    #[serde(default)]
    pub touched_at: Vec<Timestamp>,
    /// What the buyer says of the seller; it does not touch the order.
    #[serde(default)]
    pub feedback: Option<Feedback>,
    /// Its return; it does not touch the order either.
    #[serde(default)]
    pub returned: Option<Return>,
    /// When a claim on Amazon's guarantee was paid; absent: never. Finances tell of it.
    #[serde(default)]
    pub claimed_at: Option<Timestamp>,
    /// When the payment was taken back by the buyer's bank; absent: never. Finances tell of it.
    #[serde(default)]
    pub charged_back_at: Option<Timestamp>,
}

/// The status of an order as the APIs tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Pending,
    Unshipped,
    PartiallyShipped,
    Shipped,
    Cancelled,
}

impl Status {
    /// The word of Orders 2026-01-01.
    pub(crate) fn screaming(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Unshipped => "UNSHIPPED",
            Self::PartiallyShipped => "PARTIALLY_SHIPPED",
            Self::Shipped => "SHIPPED",
            Self::Cancelled => "CANCELLED",
        }
    }

    /// The word of Orders v0, notifications and flat files. One L: Amazon's spelling there.
    pub(crate) fn pascal(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Unshipped => "Unshipped",
            Self::PartiallyShipped => "PartiallyShipped",
            Self::Shipped => "Shipped",
            Self::Cancelled => "Canceled",
        }
    }
}

impl Order {
    /// A merchant-fulfilled order of one item: shipped a day after the purchase, promised between
    /// day 3 and day 5, arriving on day 4. Change any field afterwards.
    ///
    /// # Panics
    /// When `purchased_at` is so close to the end of time that a week can't be added to it.
    pub fn new(
        order_id: impl Into<String>,
        seller_id: impl Into<String>,
        marketplace_id: impl Into<String>,
        purchased_at: Timestamp,
    ) -> Self {
        let day = |n: i64| purchased_at + SignedDuration::from_hours(24 * n);
        Self {
            order_id: order_id.into(),
            seller_id: seller_id.into(),
            marketplace_id: marketplace_id.into(),
            channel: Channel::Merchant,
            purchased_at,
            confirmed_at: None,
            shipped_at: Some(day(1)),
            delivered_at: Some(day(4)),
            cancelled_at: None,
            promise: Promise { earliest: day(3), latest: day(5) },
            ship_by: None,
            estimated_arrival: None,
            items: vec![Item::new("SKU-1", "B000000001")],
            programs: Vec::new(),
            easy_ship: false,
            replacement_of: None,
            non_amazon: false,
            ineligible: false,
            asked_elsewhere_at: None,
            touched_at: Vec::new(),
            feedback: None,
            returned: None,
            claimed_at: None,
            charged_back_at: None,
        }
    }

    /// Opening of the window in which Amazon accepts a solicitation: 5 days after the promise's
    /// first moment. Source: Amazon's set-up page of the Solicitations API.
    pub fn window_opens(&self) -> Timestamp {
        self.promise.earliest.saturating_add(SignedDuration::from_hours(5 * 24)).unwrap_or(Timestamp::MAX)
    }

    /// Last moment of the window: 30 days after the promise's last moment. Same source.
    pub fn window_closes(&self) -> Timestamp {
        self.promise.latest.saturating_add(SignedDuration::from_hours(30 * 24)).unwrap_or(Timestamp::MAX)
    }

    /// When the order stops being Pending.
    pub(crate) fn confirmed(&self) -> Timestamp {
        let by_default = after(self.purchased_at, SignedDuration::from_mins(PENDING_MINUTES));
        let confirmed = self.confirmed_at.unwrap_or(by_default);
        self.first_shipment().map_or(confirmed, |shipped| confirmed.min(shipped))
    }

    /// The last moment to ship.
    pub(crate) fn ship_by(&self) -> Timestamp {
        self.ship_by.unwrap_or_else(|| after(self.purchased_at, SignedDuration::from_hours(48)))
    }

    /// When one line leaves; what is cancelled before never does.
    pub(crate) fn item_shipped_at(&self, item: &Item) -> Option<Timestamp> {
        item.shipped_at
            .or(self.shipped_at)
            .filter(|at| self.cancelled_at.is_none_or(|cancelled| *at < cancelled))
    }

    /// When one line's package arrives.
    pub(crate) fn item_delivered_at(&self, item: &Item) -> Option<Timestamp> {
        self.item_shipped_at(item).and(item.delivered_at.or(self.delivered_at))
    }

    /// The number Amazon gives to a line, made from the order's and the line's place.
    pub(crate) fn item_id(&self, idx: usize) -> String {
        let digits: String =
            self.order_id.bytes().skip(4).filter(u8::is_ascii_digit).take(12).map(char::from).collect();
        format!("{digits}{:02}", idx + 1)
    }

    fn first_shipment(&self) -> Option<Timestamp> {
        self.items.iter().filter_map(|item| self.item_shipped_at(item)).min()
    }

    /// When the last line leaves, if every line does.
    fn last_shipment(&self) -> Option<Timestamp> {
        self.items
            .iter()
            .map(|item| self.item_shipped_at(item))
            .collect::<Option<Vec<_>>>()?
            .into_iter()
            .max()
    }

    pub(crate) fn is_visible(&self, now: Timestamp) -> bool {
        self.purchased_at <= now
    }

    /// Whether Easy Ship knows the order to have arrived.
    pub(crate) fn is_delivered(&self, now: Timestamp) -> bool {
        self.first_shipment().is_some() && self.delivered_at.is_some_and(|at| at <= now)
    }

    /// The status at a moment.
    pub(crate) fn status(&self, now: Timestamp) -> Status {
        let passed = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
        if passed(self.cancelled_at) {
            Status::Cancelled
        } else if passed(self.last_shipment()) {
            Status::Shipped
        } else if passed(self.first_shipment()) {
            Status::PartiallyShipped
        } else if self.confirmed() <= now {
            Status::Unshipped
        } else {
            Status::Pending
        }
    }

    /// Units that have left at a moment.
    pub(crate) fn units_shipped(&self, now: Timestamp) -> u32 {
        self.items
            .iter()
            .filter(|item| self.item_shipped_at(item).is_some_and(|at| at <= now))
            .map(|item| item.quantity)
            .sum()
    }

    /// Units ordered.
    pub(crate) fn units(&self) -> u32 {
        self.items.iter().map(|item| item.quantity).sum()
    }

    /// Every moment at which a report changes by what came after the order: feedback and return.
    pub(crate) fn aftermath(&self) -> Vec<Timestamp> {
        let mut moments = self.feedback.as_ref().map(Feedback::changes).unwrap_or_default();
        if let Some(returned) = &self.returned {
            match self.channel {
                Channel::Amazon => moments.extend(returned.listed_by_amazon()),
                Channel::Merchant => moments.extend(returned.changes_at_merchant()),
            }
        }
        moments
    }

    /// Every moment, in order, at which something visible of the order itself changes.
    pub(crate) fn changes(&self) -> Vec<Timestamp> {
        let mut moments = vec![self.purchased_at, self.confirmed()];
        moments.extend(self.items.iter().filter_map(|item| self.item_shipped_at(item)));
        // Deliveries are visible for merchant-fulfilled orders only (package status).
        if self.channel == Channel::Merchant {
            moments.extend(self.items.iter().filter_map(|item| self.item_delivered_at(item)));
        }
        moments.extend(self.cancelled_at);
        moments.retain(|at| *at >= self.purchased_at);
        moments.sort_unstable();
        moments.dedup();
        moments
    }

    /// Whether an `ORDER_CHANGE` goes out for the change at this moment: the status has changed, or
    /// Easy Ship has delivered.
    pub(crate) fn notifies(&self, at: Timestamp) -> bool {
        let just_before = at.saturating_sub(SignedDuration::from_nanos(1)).unwrap_or(Timestamp::MIN);
        at == self.purchased_at
            || self.status(at) != self.status(just_before)
            || (self.easy_ship && self.delivered_at == Some(at))
    }

    /// "Last updated" at a moment.
    pub(crate) fn last_updated(&self, now: Timestamp) -> Timestamp {
        self.changes()
            .into_iter()
            .chain(self.touched_at.iter().copied())
            .filter(|at| *at <= now)
            .max()
            .unwrap_or(self.purchased_at)
    }
}

fn after(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_add(by).unwrap_or(Timestamp::MAX)
}
