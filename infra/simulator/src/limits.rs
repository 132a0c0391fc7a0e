//! Token buckets: one per operation, application and seller, as Amazon counts.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::operation::{Limit, Operation};

/// Fractions of a token that are rounding noise: the refill of one second at 1/s must make one
/// whole token whatever the binary fractions say.
const ROUNDING: f64 = 1e-6;

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Bucket {
    tokens: f64,
    filled_at: Timestamp,
}

/// All buckets. Nested by operation, application, seller, so that a look-up copies no string.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Buckets(HashMap<Operation, HashMap<String, HashMap<String, Bucket>>>);

impl Buckets {
    /// Takes one token; `seller` is empty where the application calls for itself. `false` when there is none, which leaves the bucket as it is.
    pub(crate) fn take(
        &mut self,
        operation: Operation,
        app: &str,
        seller: &str,
        limit: Limit,
        now: Timestamp,
    ) -> bool {
        let by_seller = self.0.entry(operation).or_default();
        let by_seller = match by_seller.get_mut(app) {
            Some(found) => found,
            None => by_seller.entry(app.to_owned()).or_default(),
        };
        let bucket = match by_seller.get_mut(seller) {
            Some(found) => found,
            None => {
                by_seller.entry(seller.to_owned()).or_insert(Bucket { tokens: limit.burst, filled_at: now })
            }
        };
        // A clock that was set back refills nothing, and the bucket goes on from there.
        let elapsed = now.duration_since(bucket.filled_at).as_secs_f64().max(0.0);
        bucket.tokens = (bucket.tokens + elapsed * limit.rate).min(limit.burst);
        bucket.filled_at = now;
        if bucket.tokens + ROUNDING < 1.0 {
            return false;
        }
        bucket.tokens -= 1.0;
        true
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    const OPERATION: Operation = Operation::GetOrder;
    const LIMIT: Limit = Limit { rate: 1.0, burst: 5.0 };

    #[test]
    fn a_full_bucket_gives_its_burst_and_then_one_call_a_second() {
        let mut buckets = Buckets::default();
        let start: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
        for _ in 0..5 {
            assert!(buckets.take(OPERATION, "app", "seller", LIMIT, start));
        }
        assert!(!buckets.take(OPERATION, "app", "seller", LIMIT, start));
        assert!(!buckets.take(OPERATION, "app", "seller", LIMIT, start + SignedDuration::from_millis(999)));
        assert!(buckets.take(OPERATION, "app", "seller", LIMIT, start + SignedDuration::from_secs(1)));
        assert!(!buckets.take(OPERATION, "app", "seller", LIMIT, start + SignedDuration::from_secs(1)));
    }

    #[test]
    fn sellers_apps_and_operations_do_not_share_a_bucket() {
        let mut buckets = Buckets::default();
        let start: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
        let narrow = Limit { rate: 1.0, burst: 1.0 };
        assert!(buckets.take(OPERATION, "app", "seller", narrow, start));
        assert!(buckets.take(OPERATION, "app", "other seller", narrow, start));
        assert!(buckets.take(OPERATION, "other app", "seller", narrow, start));
        assert!(buckets.take(Operation::GetReport, "app", "seller", narrow, start));
        assert!(!buckets.take(OPERATION, "app", "seller", narrow, start));
    }
}
