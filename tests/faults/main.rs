//! Fault histories: short lives of a shop in which everything goes wrong that can, thousands
//! of them, each drawn from a seed.
//!
//! ```text
//! cargo test -p renown-tests --test faults                                  # all of them
//! RENOWN_SEED=123 cargo test -p renown-tests --test faults -- --nocapture   # one again
//! RENOWN_HISTORIES=500 cargo test -p renown-tests --test faults             # fewer
//! ```

#![expect(
    clippy::large_futures,
    reason = "a handler's future is dropped here as a whole; on the stack is as good as anywhere"
)]
#![expect(clippy::print_stdout, reason = "progress and replay are for whoever runs it")]

mod branches;
mod flaky;
mod history;
mod judge;
mod plan;

use std::sync::atomic::{AtomicU64, Ordering};

use branches::Branches;
use history::History;

/// Histories of a full run.
const HISTORIES: u64 = 10_000;
/// From this many on every rare branch must have been reached.
const ENOUGH_FOR_RARE: u64 = 2_000;

#[expect(clippy::disallowed_methods, reason = "the switches of this test, described above")]
fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name}={text} is not a number")))
}

/// Runs one history on a clock of its own. What is wrong with it, if anything is.
fn run(seed: u64, branches: &Branches) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let history = Box::pin(History::run(seed, branches.clone())).await;
        let wrong = judge::judge(&history).await;
        if number("RENOWN_SEED").is_some() {
            tell(&history).await;
        }
        wrong
    })
}

/// Prints a history.
async fn tell(history: &History) {
    println!("{:#?}", history.plan);
    for call in history.simulator.calls() {
        println!(
            "{} {:?} {:?} {:?} fault {:?} accepted {}",
            call.at, call.operation, call.subject, call.status, call.fault, call.accepted
        );
    }
    for stored in history.ledger().all_orders(&history.seller).await.expect("readable").into_iter().flatten()
    {
        println!("{} {:?}\n{:#?}", stored.order.id, stored.order.state, stored.order.trail);
    }
}

#[test]
fn no_history_asks_twice_loses_an_order_or_breaks_a_rule() {
    let branches = Branches::default();
    if let Some(seed) = number("RENOWN_SEED") {
        let wrong = run(seed, &branches);
        assert!(wrong.is_empty(), "seed {seed}:\n{}", wrong.join("\n"));
        return;
    }
    let n_histories = number("RENOWN_HISTORIES").unwrap_or(HISTORIES);
    let first = number("RENOWN_FIRST_SEED").unwrap_or(1);
    println!("{n_histories} histories from seed {first}");
    let next = AtomicU64::new(first);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let failures: Vec<String> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut failures = Vec::new();
                    loop {
                        let seed = next.fetch_add(1, Ordering::Relaxed);
                        if seed >= first + n_histories || failures.len() > 5 {
                            return failures;
                        }
                        if (seed - first) % 1000 == 999 {
                            println!("{} of {n_histories}", seed - first + 1);
                        }
                        let wrong = run(seed, &branches);
                        if !wrong.is_empty() {
                            failures.push(format!(
                                "seed {seed} (again: RENOWN_SEED={seed} cargo test -p renown-tests --test faults -- --nocapture)\n  {}",
                                wrong.join("\n  ")
                            ));
                        }
                    }
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker ends")).collect()
    });
    println!("branches reached:\n{}", branches.report());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    if n_histories >= ENOUGH_FOR_RARE {
        let missing = branches.missing();
        assert!(missing.is_empty(), "never reached: {missing:?}");
    }
}
