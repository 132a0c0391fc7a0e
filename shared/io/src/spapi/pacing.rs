//! Keeps each seller's operations below Amazon's limits.
//!
//! Amazon counts per seller and operation with token buckets; per app where no seller has a
//! part. So do we, with smaller ones, on tokio's clock, shared by all clones of the client: two
//! handlers in one process cannot exceed together what one may. A bucket is kept as one moment,
//! the one at which it will be full again; exact, and without a timer.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::caller::Account;
use super::errors::Error;
use super::operation::{Limit, Operation};

/// Shortest pause after Amazon said "too many".
const SHORTEST_FREEZE: Duration = Duration::from_secs(1);

/// Longest pause after Amazon said "too many".
const LONGEST_FREEZE: Duration = Duration::from_mins(1);

/// How long a call that was refused unprocessed waits for its second turn.
const SECOND_TURN: Duration = Duration::from_secs(3);

/// The buckets of all sellers and apps.
#[derive(Debug, Default)]
pub(super) struct Pacing {
    buckets: Mutex<HashMap<(Account, Operation), Bucket>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    /// When it will be full again if nothing is taken.
    full_at: Instant,
    /// Nothing is taken before.
    frozen_until: Option<Instant>,
    /// Refusals by Amazon since the last answer.
    n_refusals: u32,
}

impl Bucket {
    fn at_start(limit: Limit, now: Instant) -> Self {
        let missing = limit.capacity.saturating_sub(limit.at_start);
        Self { full_at: now + limit.interval * missing, frozen_until: None, n_refusals: 0 }
    }

    /// When the next call is free.
    fn next_at(&self, limit: Limit, now: Instant) -> Instant {
        let by_rate =
            self.full_at.checked_sub(limit.interval * limit.capacity.saturating_sub(1)).unwrap_or(now);
        self.frozen_until.map_or(by_rate, |thaw| by_rate.max(thaw)).max(now)
    }

    fn take(&mut self, limit: Limit, now: Instant) {
        self.full_at = self.full_at.max(now) + limit.interval;
    }

    /// After a freeze one call is free, not a whole bucket: Amazon has just shown that it
    /// counts more than we do.
    fn freeze(&mut self, limit: Limit, now: Instant, pause: Duration) {
        let thaw = now + pause;
        self.frozen_until = Some(self.frozen_until.map_or(thaw, |earlier| earlier.max(thaw)));
        self.full_at = self.full_at.max(thaw + limit.interval * limit.capacity.saturating_sub(1));
    }
}

impl Pacing {
    /// Waits until the operation may be sent and counts it as sent. [`Error::Throttled`] at
    /// once, and nothing counted, if that would take longer than `wait_at_most`.
    pub(super) async fn acquire(
        &self,
        account: &Account,
        operation: Operation,
        wait_at_most: Duration,
    ) -> Result<(), Error> {
        let give_up_at = Instant::now() + wait_at_most;
        loop {
            let next_at = {
                let (limit, now) = (operation.limit(), Instant::now());
                let mut buckets = self.lock();
                let bucket = bucket(&mut buckets, account, operation, now);
                let next_at = bucket.next_at(limit, now);
                if next_at <= now {
                    bucket.take(limit, now);
                    return Ok(());
                }
                if next_at > give_up_at {
                    return Err(Error::Throttled { operation, retry_in: next_at - now });
                }
                next_at
            };
            // Others may be faster, or freeze the bucket meanwhile: look again.
            tokio::time::sleep_until(next_at).await;
        }
    }

    /// As [`Pacing::acquire`] for the second sending of a call that was refused unprocessed.
    /// Where one call takes minutes to become free it is not waited for but owed: the next
    /// call waits twice as long, and Amazon's burst, larger than ours, has room for one more.
    pub(super) async fn acquire_again(
        &self,
        account: &Account,
        operation: Operation,
        time_left: Duration,
    ) -> Result<(), Error> {
        let (limit, now) = (operation.limit(), Instant::now());
        if limit.interval <= SECOND_TURN {
            return self.acquire(account, operation, SECOND_TURN.min(time_left)).await;
        }
        let mut buckets = self.lock();
        let bucket = bucket(&mut buckets, account, operation, now);
        match bucket.frozen_until {
            Some(thaw) if thaw > now => Err(Error::Throttled { operation, retry_in: thaw - now }),
            _ => {
                bucket.take(limit, now);
                Ok(())
            }
        }
    }

    /// Sends nothing of this kind for `pause`.
    pub(super) fn freeze(&self, account: &Account, operation: Operation, pause: Duration) {
        let now = Instant::now();
        bucket(&mut self.lock(), account, operation, now).freeze(operation.limit(), now, pause);
    }

    /// Amazon has refused a call for its pace: freezes the operation, longer with each refusal
    /// in a row, and returns for how long.
    pub(super) fn throttled(&self, account: &Account, operation: Operation) -> Duration {
        let now = Instant::now();
        let mut buckets = self.lock();
        let bucket = bucket(&mut buckets, account, operation, now);
        bucket.n_refusals = bucket.n_refusals.saturating_add(1);
        let pause = back_off(account, operation, bucket.n_refusals);
        bucket.freeze(operation.limit(), now, pause);
        pause
    }

    /// Amazon has answered a call: the next refusal is a first one again.
    pub(super) fn answered(&self, account: &Account, operation: Operation) {
        bucket(&mut self.lock(), account, operation, Instant::now()).n_refusals = 0;
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(Account, Operation), Bucket>> {
        // A bucket is changed in one assignment, so it is whole even after a panic.
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn bucket<'a>(
    buckets: &'a mut HashMap<(Account, Operation), Bucket>,
    account: &Account,
    operation: Operation,
    now: Instant,
) -> &'a mut Bucket {
    buckets.entry((account.clone(), operation)).or_insert_with(|| Bucket::at_start(operation.limit(), now))
}

/// Exponential with full jitter between one second and 2, 4, … 60. The jitter is drawn from
/// what is paused and how often, so that a run can be repeated, and so that the operations of
/// one account do not all come back at once.
fn back_off(account: &Account, operation: Operation, n_refusals: u32) -> Duration {
    let ceiling = Duration::from_secs(1 << n_refusals.min(6)).min(LONGEST_FREEZE);
    let mut hasher = DefaultHasher::new();
    (account.as_str(), operation.name(), n_refusals).hash(&mut hasher);
    let span_ms = ceiling.saturating_sub(SHORTEST_FREEZE).as_millis();
    let drawn_ms = u128::from(hasher.finish()) % (span_ms + 1);
    SHORTEST_FREEZE + Duration::from_millis(u64::try_from(drawn_ms).expect("less than a minute"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const POST: Operation = Operation::CreateSolicitation;

    fn seller(id: &str) -> Account {
        Account::Seller(id.parse().expect("a seller id"))
    }

    /// How many calls get through within `span`, asked for as fast as possible.
    async fn n_within(pacing: &Pacing, id: &str, span: Duration) -> u32 {
        let end = Instant::now() + span;
        let mut n = 0;
        while pacing.acquire(&seller(id), POST, end.saturating_duration_since(Instant::now())).await.is_ok() {
            n += 1;
        }
        n
    }

    #[tokio::test(start_paused = true)]
    async fn a_fresh_process_sends_one_call_at_once_and_then_one_a_second() {
        let pacing = Pacing::default();
        assert_eq!(n_within(&pacing, "A", Duration::ZERO).await, 1);
        assert_eq!(n_within(&pacing, "A", Duration::from_secs(10)).await, 10);
    }

    #[tokio::test(start_paused = true)]
    async fn a_quiet_time_allows_three_at_once_and_no_more() {
        let pacing = Pacing::default();
        n_within(&pacing, "A", Duration::ZERO).await;
        tokio::time::advance(Duration::from_hours(1)).await;
        assert_eq!(n_within(&pacing, "A", Duration::ZERO).await, 3);
        assert_eq!(n_within(&pacing, "A", Duration::from_millis(999)).await, 0);
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(n_within(&pacing, "A", Duration::ZERO).await, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn sellers_and_operations_do_not_wait_for_each_other() {
        let pacing = Pacing::default();
        let none = Duration::ZERO;
        pacing.acquire(&seller("A"), POST, none).await.expect("free");
        pacing.acquire(&seller("B"), POST, none).await.expect("free");
        pacing.acquire(&seller("A"), Operation::SolicitationActions, none).await.expect("free");
        let error = pacing.acquire(&seller("A"), POST, none).await.expect_err("taken");
        assert_eq!(error, Error::Throttled { operation: POST, retry_in: Duration::from_secs(1) });
    }

    #[tokio::test(start_paused = true)]
    async fn many_waiting_at_once_get_through_one_a_second() {
        let pacing = std::sync::Arc::new(Pacing::default());
        let start = Instant::now();
        let waiting = (0..5).map(|_| {
            let pacing = std::sync::Arc::clone(&pacing);
            async move {
                pacing.acquire(&seller("A"), POST, Duration::from_secs(3)).await.map(|()| start.elapsed())
            }
        });
        let mut passed: Vec<_> =
            futures_util::future::join_all(waiting).await.into_iter().flatten().collect();
        passed.sort_unstable();
        let expected: Vec<_> = (0..4).map(Duration::from_secs).collect();
        assert_eq!(passed, expected);
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_by_amazon_freezes_the_operation_ever_longer_and_an_answer_resets_it() {
        let pacing = Pacing::default();
        let id = seller("A");
        let mut longest = Duration::ZERO;
        for n in 1..=12_u32 {
            let pause = pacing.throttled(&id, POST);
            assert!(
                pause >= SHORTEST_FREEZE && pause <= Duration::from_secs(1 << n.min(6)).min(LONGEST_FREEZE),
                "{n}: {pause:?}"
            );
            longest = longest.max(pause);
            assert!(matches!(
                pacing.acquire(&id, POST, pause.saturating_sub(Duration::from_millis(2))).await,
                Err(Error::Throttled { .. })
            ));
            // Afterwards one call is free, and only one.
            assert_eq!(n_within(&pacing, "A", pause).await, 1);
        }
        assert!(longest > Duration::from_secs(20), "{longest:?}");
        pacing.answered(&id, POST);
        assert!(pacing.throttled(&id, POST) <= Duration::from_secs(2));
    }

    #[tokio::test(start_paused = true)]
    async fn a_second_sending_waits_a_second_but_owes_a_minute() {
        let pacing = Pacing::default();
        let (id, turn, slow) = (seller("A"), Duration::from_mins(1), Operation::SearchOrders);
        let start = Instant::now();
        pacing.acquire(&id, POST, Duration::ZERO).await.expect("free");
        pacing.acquire_again(&id, POST, turn).await.expect("in time");
        assert_eq!(start.elapsed(), Duration::from_secs(1));
        pacing.acquire(&id, slow, Duration::ZERO).await.expect("free");
        pacing.acquire_again(&id, slow, turn).await.expect("owed");
        assert_eq!(start.elapsed(), Duration::from_secs(1));
        let retry_in = slow.limit().interval * 2;
        assert_eq!(
            pacing.acquire(&id, slow, turn).await,
            Err(Error::Throttled { operation: slow, retry_in })
        );
        pacing.freeze(&id, slow, Duration::from_secs(9));
        assert!(matches!(pacing.acquire_again(&id, slow, turn).await, Err(Error::Throttled { .. })));
    }

    #[tokio::test(start_paused = true)]
    async fn a_freeze_reaches_those_already_waiting() {
        let pacing = Pacing::default();
        let id = seller("A");
        pacing.acquire(&id, POST, Duration::ZERO).await.expect("free");
        let start = Instant::now();
        let (waited, ()) = futures_util::join!(pacing.acquire(&id, POST, Duration::from_secs(30)), async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            pacing.freeze(&id, POST, Duration::from_secs(10));
        });
        waited.expect("in time");
        assert_eq!(start.elapsed(), Duration::from_millis(10_500));
    }
}
