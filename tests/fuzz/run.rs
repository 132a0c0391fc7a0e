//! Cases in a row: each drawn from its number, watched from outside, told with what runs it again.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use fastrand::Rng;

/// Cases of each reader in a usual run.
const CASES: u64 = 5_000;
/// A case takes some milliseconds; what takes so long has no bound.
const TOO_LONG: Duration = Duration::from_secs(20);

#[expect(clippy::disallowed_methods, reason = "the switches of this test, described above")]
fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name}={text} is not a number")))
}

/// What is wrong with a case, if anything is.
pub(crate) type Verdict = Result<(), String>;

/// Says what is wrong unless it holds.
pub(crate) fn ensure(holds: bool, what: impl FnOnce() -> String) -> Verdict {
    if holds { Ok(()) } else { Err(what()) }
}

/// Runs the cases of a reader.
///
/// # Panics
///
/// With the first case that is wrong, and the command that runs it again.
pub(crate) fn run(reader: &'static str, check: impl FnMut(&mut Rng) -> Verdict + Send + 'static) {
    run_some(reader, 1, check);
}

/// The same for a reader of which a case takes so many times as long as others.
///
/// # Panics
///
/// As [`run`].
pub(crate) fn run_some(
    reader: &'static str,
    weight: u64,
    mut check: impl FnMut(&mut Rng) -> Verdict + Send + 'static,
) {
    let one = number("RENOWN_SEED");
    let n_cases = one.map_or_else(|| number("RENOWN_FUZZ_CASES").unwrap_or(CASES).div_ceil(weight), |_| 1);
    let first = one.or_else(|| number("RENOWN_FIRST_SEED")).unwrap_or(1);
    println!("{reader}: {n_cases} cases from seed {first}");
    let at = Arc::new(AtomicU64::new(first));
    let (tell, told) = channel();
    let under_way = Arc::clone(&at);
    std::thread::spawn(move || {
        for seed in first..first.saturating_add(n_cases) {
            under_way.store(seed, Ordering::SeqCst);
            let case = catch_unwind(AssertUnwindSafe(|| check(&mut Rng::with_seed(seed))));
            let wrong = match case {
                Ok(Ok(())) => continue,
                Ok(Err(wrong)) => wrong,
                Err(_) => "it panicked (see above)".to_owned(),
            };
            // Nobody listens any more once the watch has given up.
            let _ = tell.send((seed, wrong));
            return;
        }
    });
    let again = |seed: u64| {
        format!(
            "seed {seed} (again: RENOWN_SEED={seed} cargo test -p renown-tests --test fuzz -- {reader} --nocapture)"
        )
    };
    loop {
        let before = at.load(Ordering::SeqCst);
        match told.recv_timeout(TOO_LONG) {
            Ok((seed, wrong)) => panic!("{reader}, {}:\n{wrong}", again(seed)),
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {
                assert_ne!(at.load(Ordering::SeqCst), before, "{reader}, {}: does not end", again(before));
            }
        }
    }
}
