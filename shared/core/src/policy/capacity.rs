//! Whether what is planned fits: at one request a second a seller has a known number of
//! requests a day, and an order that does not fit before its window closes is foretold.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::ids::OrderId;
use crate::marketplace::MarketplaceId;
use crate::policy::daytime;
use crate::rules::Rules;

/// Requests a second for one seller. Source: solicitations.json, usage plan.
const PER_SECOND: u64 = 1;

/// An order that is to be asked.
#[derive(Debug, Clone)]
pub struct Planned {
    /// The order.
    pub id: OrderId,
    /// Where.
    pub marketplace: MarketplaceId,
    /// From when on.
    pub due_at: Timestamp,
    /// Until when.
    pub not_after: Timestamp,
}

/// One day of one seller.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Day {
    /// Orders that fall due.
    pub due: u64,
    /// Requests that can be made: hours × 3600, by the marketplace with the longest hours.
    pub capacity: u64,
    /// Orders asked, by this forecast.
    pub asked: u64,
}

/// What the days ahead bring.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forecast {
    /// By day.
    pub days: BTreeMap<Date, Day>,
    /// Orders whose window closes before their turn comes.
    pub will_not_fit: Vec<OrderId>,
}

/// Foretells the days from `now` on for one seller: most urgent first, as the sweep works.
/// The days are those of `zone`.
pub fn forecast(mut planned: Vec<Planned>, rules: &Rules, now: Timestamp, zone: &TimeZone) -> Forecast {
    let date_of = |at: Timestamp| zone.to_datetime(at).date();
    let today = date_of(now);
    let mut days: BTreeMap<Date, Day> = BTreeMap::new();
    for order in &planned {
        days.entry(date_of(order.due_at).max(today)).or_default().due += 1;
    }
    planned.sort_by_key(|order| order.due_at);
    let mut ahead = planned.into_iter().peekable();
    let mut waiting: Vec<Planned> = Vec::new();
    let mut will_not_fit = Vec::new();
    let mut date = today;
    while ahead.peek().is_some() || !waiting.is_empty() {
        while let Some(order) = ahead.next_if(|order| date_of(order.due_at) <= date) {
            waiting.push(order);
        }
        // Most urgent last, so that it is popped first.
        waiting.sort_by_key(|order| std::cmp::Reverse(order.not_after));
        // Once a marketplace, not once an order: a million may wait.
        let marketplaces: BTreeSet<MarketplaceId> = waiting.iter().map(|order| order.marketplace).collect();
        let capacity =
            marketplaces.into_iter().map(|marketplace| capacity(marketplace, rules, date)).max().unwrap_or(0);
        let mut asked = 0;
        while asked < capacity {
            let Some(order) = waiting.pop() else { break };
            if date_of(order.not_after) < date {
                will_not_fit.push(order.id);
            } else {
                asked += 1;
            }
        }
        if capacity > 0 || asked > 0 {
            let day = days.entry(date).or_default();
            day.capacity = capacity;
            day.asked = asked;
        }
        let Ok(next) = date.tomorrow() else { break };
        date = next;
    }
    Forecast { days, will_not_fit }
}

fn capacity(marketplace: MarketplaceId, rules: &Rules, date: Date) -> u64 {
    daytime::open_span(marketplace, rules.of(marketplace).hours, date)
        .and_then(|span| u64::try_from(span.to.as_second() - span.from.as_second()).ok())
        .unwrap_or(0)
        * PER_SECOND
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn days_are_those_of_the_zone_that_was_asked_for() {
        let late: Timestamp = "2026-10-06T20:00:00Z".parse().expect("a timestamp");
        let day = |zone: &str| {
            let zone = TimeZone::get(zone).expect("known");
            let forecast = forecast(vec![order(1, late, 9)], &Rules::default(), late, &zone);
            forecast.days.into_iter().find(|(_, day)| day.due > 0).expect("a day").0.to_string()
        };
        assert_eq!((day("UTC"), day("Asia/Shanghai")), ("2026-10-06".to_owned(), "2026-10-07".to_owned()));
    }

    fn order(n: usize, due_at: Timestamp, days_left: i64) -> Planned {
        Planned {
            id: format!("111-{n:07}-0000000").parse().expect("valid"),
            marketplace: MarketplaceId::of_country("DE").expect("known"),
            due_at,
            not_after: due_at + SignedDuration::from_hours(24 * days_left),
        }
    }

    #[test]
    fn what_fits_is_asked_on_its_day_and_the_rest_on_the_next() {
        let now: Timestamp = "2026-10-10T00:00:00Z".parse().expect("a timestamp");
        // 11 hours a day.
        let orders = (0..50_000).map(|n| order(n, now, 20)).collect();
        let forecast = forecast(orders, &Rules::default(), now, &TimeZone::UTC);
        assert!(forecast.will_not_fit.is_empty());
        let days: Vec<_> = forecast.days.values().map(|day| (day.due, day.capacity, day.asked)).collect();
        assert_eq!(days, [(50_000, 39_600, 39_600), (0, 39_600, 10_400)]);
    }

    #[test]
    fn what_does_not_fit_before_its_window_closes_is_foretold_and_the_urgent_go_first() {
        let now: Timestamp = "2026-10-10T00:00:00Z".parse().expect("a timestamp");
        let mut orders: Vec<_> = (0..40_000).map(|n| order(n, now, 0)).collect();
        orders.extend((40_000..40_010).map(|n| order(n, now, 5)));
        let forecast = forecast(orders, &Rules::default(), now, &TimeZone::UTC);
        assert_eq!(forecast.will_not_fit.len(), 400);
        assert!(forecast.will_not_fit.iter().all(|id| id.as_str() < "111-0040000"));
    }
}
