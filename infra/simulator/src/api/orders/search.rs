//! `searchOrders`: filters and pages.
//!
//! A page token carries everything that fixes the rest of the list, so that the simulator keeps no
//! state for it: when it was given, a fingerprint of the filters, the end of the time range and the
//! last order shown.

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{included_data, render};
use crate::http_reply::Reply;
use crate::marketplace::Marketplace;
use crate::model::{Channel, Order};
use crate::pipeline::Ask;
use crate::state::State;

/// The end of a range must lie this far in the past. Source: the model's text on `createdBefore`.
const SETTLING: SignedDuration = SignedDuration::from_mins(2);

/// Life of a page token. Source: Amazon's page on the operation.
const TOKEN_LIFE: SignedDuration = SignedDuration::from_hours(24);

const STATUSES: [&str; 7] = [
    "PENDING_AVAILABILITY",
    "PENDING",
    "UNSHIPPED",
    "PARTIALLY_SHIPPED",
    "SHIPPED",
    "CANCELLED",
    "UNFULFILLABLE",
];

/// Which time a search goes by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Created,
    Updated,
}

impl By {
    fn of(self, order: &Order, now: Timestamp) -> Timestamp {
        match self {
            Self::Created => order.purchased_at,
            Self::Updated => order.last_updated(now),
        }
    }
}

struct Filters<'ask> {
    by: By,
    after: Timestamp,
    before: Timestamp,
    statuses: Vec<&'ask str>,
    fulfilled_by: Vec<&'ask str>,
    marketplaces: Vec<&'ask str>,
}

struct Cursor {
    issued: Timestamp,
    fingerprint: u64,
    before: Timestamp,
    last: (Timestamp, String),
}

/// `searchOrders`
pub(crate) fn search(state: &State, ask: &Ask<'_>) -> Reply {
    match try_search(state, ask) {
        Ok(body) => Reply::json(200, &body),
        Err(reply) => reply,
    }
}

fn try_search(state: &State, ask: &Ask<'_>) -> Result<Value, Reply> {
    let included = included_data(ask)?;
    let page_size = match ask.incoming.parsed::<usize>("maxResultsPerPage")? {
        None => 100,
        Some(size @ 1..=100) => size,
        Some(_) => return Err(Reply::invalid("Invalid value for parameter: maxResultsPerPage")),
    };
    let mut filters = filters(ask)?;
    let fingerprint = fingerprint(ask);
    let cursor = ask
        .incoming
        .one("paginationToken")
        .map(|token| read_cursor(token, fingerprint, ask.now))
        .transpose()?;
    if let Some(cursor) = &cursor {
        filters.before = cursor.before;
    }

    let mut found: Vec<(Timestamp, &Order)> = state
        .data
        .orders
        .values()
        .filter(|order| order.seller_id == ask.seller && order.is_visible(ask.now))
        .map(|order| (filters.by.of(order, ask.now), order))
        .filter(|(at, order)| filters.let_through(*at, order, ask.now))
        .filter(|(at, order)| {
            cursor.as_ref().is_none_or(|cursor| (*at, &order.order_id) > (cursor.last.0, &cursor.last.1))
        })
        .collect();
    found.sort_by(|a, b| (a.0, &a.1.order_id).cmp(&(b.0, &b.1.order_id)));
    let more = found.len() > page_size;
    found.truncate(page_size);

    let orders: Vec<Value> = found.iter().map(|(_, order)| render(state, order, ask, &included)).collect();
    let name = if filters.by == By::Created { "createdBefore" } else { "lastUpdatedBefore" };
    let mut body = json!({"orders": orders, name: filters.before});
    if let (true, Some((at, order))) = (more, found.last()) {
        let cursor = Cursor {
            issued: ask.now,
            fingerprint,
            before: filters.before,
            last: (*at, order.order_id.clone()),
        };
        body["pagination"] = json!({"nextToken": cursor.to_token()});
    }
    Ok(body)
}

fn filters<'ask>(ask: &'ask Ask<'_>) -> Result<Filters<'ask>, Reply> {
    let incoming = ask.incoming;
    let created = (incoming.moment("createdAfter")?, incoming.moment("createdBefore")?);
    let updated = (incoming.moment("lastUpdatedAfter")?, incoming.moment("lastUpdatedBefore")?);
    let (by, after, before) = match (created, updated) {
        ((Some(after), before), (None, None)) => (By::Created, after, before),
        ((None, None), (Some(after), before)) => (By::Updated, after, before),
        _ => {
            return Err(Reply::invalid(
                "Exactly one of createdAfter and lastUpdatedAfter is required, with its own end.",
            ));
        }
    };
    let latest = ask.now.saturating_sub(SETTLING).unwrap_or(Timestamp::MIN);
    if before.is_some_and(|before| before > latest || before < after) {
        return Err(Reply::invalid(
            "The end of the range must not lie before its start and must be at least two minutes in the past.",
        ));
    }
    let statuses = known(incoming.list("fulfillmentStatuses"), &STATUSES, "fulfillmentStatuses")?;
    let fulfilled_by = known(incoming.list("fulfilledBy"), &["MERCHANT", "AMAZON"], "fulfilledBy")?;
    let marketplaces = incoming.list("marketplaceIds");
    if marketplaces.len() > 50 || marketplaces.iter().any(|id| Marketplace::by_id(id).is_none()) {
        return Err(Reply::invalid("Invalid value for parameter: marketplaceIds"));
    }
    Ok(Filters { by, after, before: before.unwrap_or(latest), statuses, fulfilled_by, marketplaces })
}

fn known<'ask>(given: Vec<&'ask str>, allowed: &[&str], name: &str) -> Result<Vec<&'ask str>, Reply> {
    if given.iter().all(|value| allowed.contains(value)) {
        Ok(given)
    } else {
        Err(Reply::invalid(&format!("Invalid value for parameter: {name}")))
    }
}

impl Filters<'_> {
    fn let_through(&self, at: Timestamp, order: &Order, now: Timestamp) -> bool {
        let channel = match order.channel {
            Channel::Amazon => "AMAZON",
            Channel::Merchant => "MERCHANT",
        };
        let any = |list: &[&str], value: &str| list.is_empty() || list.contains(&value);
        self.after <= at
            && at <= self.before
            && any(&self.statuses, order.status(now).screaming())
            && any(&self.fulfilled_by, channel)
            && any(&self.marketplaces, &order.marketplace_id)
    }
}

/// Of the parameters that must stay the same from page to page.
fn fingerprint(ask: &Ask<'_>) -> u64 {
    let changeable = ["paginationToken", "maxResultsPerPage", "includedData"];
    let mut kept: Vec<_> =
        ask.incoming.query.iter().filter(|(name, _)| !changeable.contains(&name.as_str())).collect();
    kept.sort();
    let mut hasher = DefaultHasher::new();
    (kept, ask.seller).hash(&mut hasher);
    hasher.finish()
}

impl Cursor {
    fn to_token(&self) -> String {
        let plain =
            format!("{}~{:x}~{}~{}~{}", self.issued, self.fingerprint, self.before, self.last.0, self.last.1);
        plain.bytes().fold(String::new(), |mut token, byte| {
            // Writing into a string can't fail.
            let _ = write!(token, "{byte:02x}");
            token
        })
    }

    fn from_token(token: &str) -> Option<Self> {
        let bytes: Vec<u8> = token
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
            .collect::<Option<_>>()?;
        let plain = String::from_utf8(bytes).ok()?;
        let mut parts = plain.split('~');
        Some(Self {
            issued: parts.next()?.parse().ok()?,
            fingerprint: u64::from_str_radix(parts.next()?, 16).ok()?,
            before: parts.next()?.parse().ok()?,
            last: (parts.next()?.parse().ok()?, parts.next()?.to_owned()),
        })
    }
}

fn read_cursor(token: &str, fingerprint: u64, now: Timestamp) -> Result<Cursor, Reply> {
    let invalid = || Reply::invalid("Invalid value for parameter: paginationToken");
    let cursor = Cursor::from_token(token).ok_or_else(invalid)?;
    let expired = now.duration_since(cursor.issued) > TOKEN_LIFE;
    if cursor.fingerprint != fingerprint || expired { Err(invalid()) } else { Ok(cursor) }
}
