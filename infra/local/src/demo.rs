//! The demo shop: two sellers on five marketplaces, some hundred orders with everything that
//! happens to orders, and an Amazon that has bad days.
//!
//! All of it follows from a seed, so that two people who start the same demo see the same.

mod aftermath;
mod orders;
mod post;
mod reviews;
mod scenes;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use renown_core::ids::{AppId, SellerId};
use renown_core::marketplace::{MarketplaceId, Region};
use renown_core::notice::{Channel, Target, Wants};
use renown_core::say::Lang;
use renown_io::secrets::{Credentials, Secret};
use renown_simulator::{App, Chat, ChatKind, ChatMessage, Simulator};

pub use post::deliveries;
pub use scenes::{Scene, scenes};

/// When every demo begins, by the shop's clock.
pub const START: &str = "2026-10-01T00:00:00Z";
/// The seed of a demo that names none.
pub const SEED: u64 = 1;
/// Orders of a demo.
pub const ORDERS: usize = 400;

/// Login of the app that calls for both sellers: the simulator's, not a secret.
const CLIENT_ID: &str = "amzn1.application-oa2-client.demo";
const CLIENT_SECRET: &str = "demo-secret";

/// The marketplace whose account is watched.
const GERMANY: &str = "A1PA6795UKMFR9";
/// The key of the robot in the operators' WeCom group: the simulator's, not a secret.
const CHAT_KEY: &str = "demo-robot";
/// What the target of that group is called.
pub const CHAT: &str = "wecom-group";

/// The target: everything, in Chinese.
pub fn chat() -> Target {
    Target {
        name: CHAT.to_owned(),
        channel: Channel::Wecom,
        lang: Lang::Zh,
        zone: "Asia/Shanghai".to_owned(),
        alerts: true,
        wants: Wants::default(),
        digest_at: None,
        people: BTreeMap::new(),
        off: None,
    }
}

/// Where the robot is called.
pub fn chat_url() -> String {
    format!("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={CHAT_KEY}")
}

/// What the operators' group was shown so far.
pub fn chat_messages(simulator: &Simulator) -> Vec<ChatMessage> {
    simulator.chat_messages(ChatKind::WeCom, CHAT_KEY)
}

/// A seller of the demo.
#[derive(Debug, Clone)]
pub struct DemoSeller {
    /// Amazon's id.
    pub id: SellerId,
    /// What its operator calls it.
    pub alias: &'static str,
    /// The region of its authorisation.
    pub region: Region,
    /// Where it sells.
    pub marketplaces: Vec<MarketplaceId>,
}

impl DemoSeller {
    /// What it takes to call the simulator for it.
    pub fn credentials(&self) -> Credentials {
        Credentials {
            client_id: app_id(),
            client_secret: Secret::new(CLIENT_SECRET),
            refresh_token: Secret::new(grant(&self.id)),
        }
    }
}

/// The app that calls for both sellers.
pub fn app_id() -> AppId {
    CLIENT_ID.parse().expect("written here in the form of an app id")
}

/// When the demo begins.
///
/// # Panics
///
/// Never: [`START`] is a timestamp.
pub fn start() -> Timestamp {
    START.parse().expect("written here as a timestamp")
}

/// The two sellers.
///
/// # Panics
///
/// Never: ids and countries are written here in their form.
pub fn sellers() -> [DemoSeller; 2] {
    let seller = |id: &str, alias, region, countries: &[&str]| DemoSeller {
        id: id.parse().expect("written here in the form of a seller id"),
        alias,
        region,
        marketplaces: countries
            .iter()
            .map(|country| MarketplaceId::of_country(country).expect("a country of the list of marketplaces"))
            .collect(),
    };
    [
        seller("A1MORNINGHOME", "晨光家居 Morning Home", Region::Eu, &["DE", "GB", "FR"]),
        seller("A2KUMOTEA", "雲茶 Kumo Tea", Region::Fe, &["JP", "AU"]),
    ]
}

/// Fills an empty simulator with the demo: app, sellers, orders, and Amazon's bad days.
///
/// # Panics
///
/// Never: orders are drawn within the simulator's rules, which a test holds for many seeds.
pub fn load(simulator: &Simulator, seed: u64) {
    simulator.add_app(App::new(CLIENT_ID, CLIENT_SECRET));
    let mut rng = fastrand::Rng::with_seed(seed);
    let sellers = sellers();
    for seller in &sellers {
        let marketplaces: Vec<&str> = seller.marketplaces.iter().map(|m| m.as_str()).collect();
        let region = match seller.region {
            Region::Na => renown_simulator::Region::Na,
            Region::Eu => renown_simulator::Region::Eu,
            Region::Fe => renown_simulator::Region::Fe,
        };
        let mut known = renown_simulator::Seller::new(seller.id.as_str(), region, &marketplaces)
            .granting(grant(&seller.id), CLIENT_ID);
        seller.alias.clone_into(&mut known.store_name);
        known.gzip = seller.region == Region::Fe;
        // Before the seller is connected nothing is notified: that part is back-filled.
        known.notified_since = Some(start());
        if let Some(germany) = marketplaces.iter().find(|id| **id == GERMANY) {
            known.health = aftermath::health(germany, start());
        }
        simulator.add_seller(known);
    }
    let first = start() - SignedDuration::from_hours(12 * 24);
    let mut orders = orders::draw(&mut rng, &sellers, first, ORDERS);
    aftermath::happen(&mut rng, &mut orders);
    let group = Chat::new(ChatKind::WeCom, CHAT_KEY);
    simulator.add_chat(group).expect("a robot without a secret");
    for order in orders {
        simulator.put_order(order).expect("orders of the demo are drawn within the simulator's rules");
    }
    for topics in reviews::topics(start()) {
        simulator.put_topics(topics).expect("what reviews name is written here within the simulator's rules");
    }
    for fault in scenes::faults(start()) {
        simulator.add_fault(fault);
    }
}

fn grant(seller: &SellerId) -> String {
    format!("Atzr|demo-{seller}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn orders(seed: u64) -> Vec<renown_simulator::Order> {
        let simulator = Simulator::new(start());
        load(&simulator, seed);
        simulator.orders()
    }

    #[tokio::test(start_paused = true)]
    async fn a_seed_makes_the_same_shop_again_and_another_seed_another() {
        assert_eq!(orders(1), orders(1));
        assert_ne!(orders(1), orders(2));
    }

    #[tokio::test(start_paused = true)]
    async fn the_shop_has_of_everything_that_happens_to_orders() {
        for seed in 1..6 {
            let orders = orders(seed);
            let count =
                |is: &dyn Fn(&renown_simulator::Order) -> bool| orders.iter().filter(|o| is(o)).count();
            assert_eq!(orders.len(), ORDERS);
            for country in ["DE", "GB", "FR", "JP", "AU"] {
                let id = MarketplaceId::of_country(country).expect("known").as_str();
                assert!(count(&|o| o.marketplace_id == id) >= 20, "{country} with seed {seed}");
            }
            let fba = count(&|o| o.channel == renown_simulator::Channel::Amazon);
            assert!((220..300).contains(&fba), "{fba} of Amazon's own with seed {seed}");
            for (what, n) in [
                ("late", count(&|o| o.delivered_at.is_some_and(|at| at > o.promise.latest))),
                ("never delivered", count(&|o| o.shipped_at.is_some() && o.delivered_at.is_none())),
                ("cancelled before shipping", count(&|o| o.cancelled_at.is_some() && o.shipped_at.is_none())),
                ("cancelled after shipping", count(&|o| o.cancelled_at.is_some() && o.shipped_at.is_some())),
                ("replacements", count(&|o| o.replacement_of.is_some())),
                ("not of Amazon", count(&|o| o.non_amazon)),
                ("not eligible", count(&|o| o.ineligible)),
                ("asked by hand", count(&|o| o.asked_elsewhere_at.is_some())),
            ] {
                assert!(n > 0, "none {what} with seed {seed}");
            }
        }
    }
}
