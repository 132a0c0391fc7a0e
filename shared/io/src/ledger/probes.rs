//! How many probes offered nothing, by hour over all sellers: what tells an outage.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{SignedDuration, Timestamp};
use renown_core::ids::SellerId;
use renown_core::policy::outage::{Lately, Tally};

use super::item::{Freshness, Item, Key, schema};
use super::{Error, Ledger};

const HOUR: i64 = 3600;
/// Hours of the week that tells what is usual.
const WEEK_HOURS: i64 = 7 * 24;
/// Hours are kept a little longer than they are read.
const KEPT: SignedDuration = SignedDuration::from_hours(9 * 24);

/// Probes counted by one process and not written yet.
#[derive(Debug, Clone, Default)]
pub struct Probes {
    tally: Tally,
    sellers: BTreeSet<SellerId>,
}

impl Probes {
    /// Counts one.
    pub fn count(&mut self, seller: &SellerId, offered: bool) {
        self.tally.add(Tally { probes: 1, empty: u64::from(!offered) });
        self.sellers.insert(seller.clone());
    }

    /// How many there are.
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// What was read from the table, with these added to the hour.
    pub fn added_to(&self, mut lately: Lately) -> Lately {
        lately.hour.add(self.tally);
        // Sellers may be counted twice over two sources; the larger number is never too large.
        lately.sellers = lately.sellers.max(self.sellers.len());
        lately
    }
}

fn hour_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(HOUR)
}

fn key(hour: i64, outages_over: u32) -> Key {
    Key::new("PROBES", format!("{hour:010}#{outages_over:010}"))
}

impl Ledger {
    /// Adds probes to the hour of `now`. If this fails they are simply not counted.
    /// `outages_over` is that of the control record.
    pub async fn add_probes(&self, probes: &Probes, outages_over: u32, now: Timestamp) -> Result<(), Error> {
        if probes.tally.probes == 0 {
            return Ok(());
        }
        let number = |n: u64| AttributeValue::N(n.to_string());
        let sellers = probes.sellers.iter().map(ToString::to_string).collect();
        let expires = now.saturating_add(KEPT).unwrap_or(now).as_second();
        self.client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(hour_of(now), outages_over).attributes()))
            .update_expression("ADD probes :p, empties :e, sellers :s SET expires_at = :x")
            .expression_attribute_values(":p", number(probes.tally.probes))
            .expression_attribute_values(":e", number(probes.tally.empty))
            .expression_attribute_values(":s", AttributeValue::Ss(sellers))
            .expression_attribute_values(":x", AttributeValue::N(expires.to_string()))
            .send()
            .await
            .map_err(Error::table("counting probes"))?;
        Ok(())
    }

    /// What was seen in the last hour and in the seven days before it.
    ///
    /// Hours are counted by the clock: "the last hour" is the one that runs, with the one
    /// before it, without what was counted before the last outage ended.
    pub async fn probes_lately(&self, outages_over: u32, now: Timestamp) -> Result<Lately, Error> {
        let this_hour = hour_of(now);
        let mut lately = Lately { hour: Tally::default(), sellers: 0, week: Tally::default() };
        let mut sellers: BTreeSet<String> = BTreeSet::new();
        let range = (key(this_hour - 1 - WEEK_HOURS, 0).sk, key(this_hour, u32::MAX).sk);
        for item in self.partition("reading probes", "PROBES", Some(range), Freshness::Eventual).await? {
            let sk = item.get(schema::SK).and_then(|sk| sk.as_s().ok()).and_then(|sk| sk.split_once('#'));
            let hour = sk.and_then(|(hour, _)| hour.parse::<i64>().ok());
            let epoch = sk.and_then(|(_, epoch)| epoch.parse::<u32>().ok());
            let tally = Tally { probes: number(&item, "probes"), empty: number(&item, "empties") };
            if hour.is_none_or(|hour| hour < this_hour - 1) {
                lately.week.add(tally);
            } else if epoch == Some(outages_over) {
                lately.hour.add(tally);
                sellers
                    .extend(item.get("sellers").and_then(|v| v.as_ss().ok()).into_iter().flatten().cloned());
            }
        }
        lately.sellers = sellers.len();
        Ok(lately)
    }
}

fn number(item: &Item, name: &str) -> u64 {
    item.get(name).and_then(|v| v.as_n().ok()).and_then(|n| n.parse().ok()).unwrap_or(0)
}
