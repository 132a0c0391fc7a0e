//! What happens after delivery: some buyers are unhappy, some send things back, and one rate of one
//! account drifts over Amazon's limit.

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use renown_simulator::{Channel, Feedback, Health, HealthRate, Order, Return};

/// Orders that come with a feedback of one to three stars, and with a return, in a thousand.
const FEEDBACK: u32 = 30;
const RETURNS: u32 = 25;

/// Feedback by country, each with its stars.
const SAID: [(&str, &[(u8, &str)]); 5] = [
    (
        "A1PA6795UKMFR9",
        &[
            (1, "Die Lampe kam zerbrochen an, der Karton war offen. So etwas verschickt man nicht."),
            (2, "Lieferung kam fünf Tage zu spät und niemand antwortet auf meine Nachricht."),
            (3, "Farbe ganz anders als auf dem Bild, sonst in Ordnung."),
        ],
    ),
    (
        "A1F83G8C2ARO7P",
        &[
            (1, "Never arrived. The tracking has not moved for ten days and nobody answers me."),
            (2, "Stopped working after two days, feels very cheap for the price."),
        ],
    ),
    (
        "A13V1IB3VIYZZH",
        &[
            (1, "Colis jamais reçu, je demande le remboursement."),
            (2, "Il manque une pièce dans le carton, impossible de monter la lampe."),
        ],
    ),
    (
        "A1VC38T7YXB528",
        &[(1, "急須の蓋が割れて届きました。梱包が雑すぎます。"), (3, "説明と違う香りで残念です。")],
    ),
    ("A39IBJ37TRP1C6", &[(2, "Arrived late and the tin was dented. Customer service was no help.")]),
];

/// Why things come back.
const REASONS: [&str; 5] =
    ["DEFECTIVE", "UNWANTED_ITEM", "NOT_AS_DESCRIBED", "MISSING_PARTS", "APPAREL_TOO_SMALL"];

/// Adds what happens after delivery. The orders themselves stay as they were drawn.
pub(super) fn happen(rng: &mut Rng, orders: &mut [Order]) {
    for order in orders {
        let Some(delivered) = order.delivered_at else { continue };
        let said = SAID.iter().find(|(marketplace, _)| *marketplace == order.marketplace_id);
        if let Some((_, said)) = said
            && rng.u32(..1000) < FEEDBACK
        {
            let (stars, words) = said[rng.usize(..said.len())];
            order.feedback = Some(Feedback::new(delivered + hours(rng, 12, 120), stars, words));
        }
        if rng.u32(..1000) < RETURNS {
            let mut back = Return::new(delivered + hours(rng, 24, 140), REASONS[rng.usize(..REASONS.len())]);
            if order.channel == Channel::Amazon {
                back.delivered_at = Some(back.requested_at + hours(rng, 72, 200));
            }
            order.returned = Some(back);
        }
    }
}

fn hours(rng: &mut Rng, from: i64, to: i64) -> SignedDuration {
    SignedDuration::from_mins(rng.i64(from * 60..to * 60))
}

/// The course of an account in Germany: late shipments rise for a month, and pass Amazon's limit.
pub(super) fn health(marketplace: &str, start: Timestamp) -> Vec<Health> {
    let day = |n: i64| start + SignedDuration::from_hours(24 * n);
    (-40..40)
        .map(|n: i32| {
            let rate = 0.012 + 0.0011 * f64::from(n.max(0));
            Health {
                rates: [(HealthRate::LateShipment, rate)].into(),
                ..Health::new(marketplace, day(i64::from(n)))
            }
        })
        .collect()
}
