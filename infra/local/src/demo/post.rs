//! How notifications travel: most at once, some twice, some late, a few never.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use jiff::{SignedDuration, Timestamp};
use renown_core::notification::{Notification, read};

/// What arrives of one notification: bodies with their moments. The same message with the same
/// seed always travels the same way.
///
/// - All messages about one order in sixty are lost; the next report finds the order.
/// - One message in twenty comes twice, one in fifteen comes up to three hours late.
/// - One in five hundred is cut in half on the way, and cannot be read.
pub fn deliveries(seed: u64, body: &str, at: Timestamp) -> Vec<(Timestamp, String)> {
    if let Ok(Notification::OrderChange { order, .. }) = read(body)
        && order.draw(&format!("lost {seed}")) % 60 == 0
    {
        return Vec::new();
    }
    let mut hasher = DefaultHasher::new();
    (seed, body).hash(&mut hasher);
    let mut rng = fastrand::Rng::with_seed(hasher.finish());
    let later = |rng: &mut fastrand::Rng, most: i64| at + SignedDuration::from_mins(rng.i64(1..=most));
    match rng.u32(..1000) {
        0..50 => vec![(at, body.to_owned()), (later(&mut rng, 90), body.to_owned())],
        50..115 => vec![(later(&mut rng, 180), body.to_owned())],
        115..117 => vec![(at, half(body))],
        _ => vec![(at, body.to_owned())],
    }
}

fn half(body: &str) -> String {
    body.chars().take(body.chars().count() / 2).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_repeated_late_cut_and_always_alike_for_a_seed() {
        let at: Timestamp = "2026-10-10T10:00:00Z".parse().expect("a timestamp");
        let all: Vec<_> = (0..3000).map(|n| deliveries(1, &format!("message {n}"), at)).collect();
        let again: Vec<_> = (0..3000).map(|n| deliveries(1, &format!("message {n}"), at)).collect();
        assert_eq!(all, again);
        let twice = all.iter().filter(|d| d.len() == 2).count();
        let late = all.iter().filter(|d| d.len() == 1 && d[0].0 > at).count();
        let cut = all.iter().filter(|d| d[0].1.len() < 8).count();
        assert!((100..220).contains(&twice) && (130..270).contains(&late) && (1..20).contains(&cut));
    }
}
