//! What a case costs, by the store's own answers.

use renown_tests::INVOCATION;

use crate::shop::{cases, messages, with_feedback, world};

/// Cases over which the cost is averaged.
const CASES: u32 = 20;

/// Units from the report to the message in one group, and of the same report read again.
#[tokio::test(start_paused = true)]
async fn a_case_costs_at_most_twenty_four_write_units_and_what_is_read_again_few() {
    let orders = (0..CASES).map(|n| with_feedback(n, 1, "Die Kanne kam zerbrochen an", 3)).collect();
    let world = world(orders).await;
    // Orders first, so that their own cost is not counted with their cases.
    let tick = async || {
        let deadline = world.clock.now() + INVOCATION;
        report_sync::handle_tick(&world.app, deadline).await.expect("the table answers");
    };
    world.dynamo.count_units();
    let mut before = world.dynamo.units().expect("counted");
    while world.app.ledger.signals(&crate::shop::seller()).await.expect("listed").is_empty() {
        tick().await;
        renown_tests::sleep(jiff::SignedDuration::from_mins(1)).await;
        if world.app.ledger.signals(&crate::shop::seller()).await.expect("listed").is_empty() {
            before = world.dynamo.units().expect("counted");
        }
    }
    world.take_events().await;
    while world.sweep().await.waiting > 0 {
        renown_tests::sleep(jiff::SignedDuration::from_mins(1)).await;
    }
    let after = world.dynamo.units().expect("counted");
    let open = cases(&world).await.len();
    assert_eq!(open, CASES as usize + 1, "one each, and the topic that they make together");
    assert!(!messages(&world).is_empty());
    let write = (after.write - before.write) / f64::from(CASES);
    let read = (after.read - before.read) / f64::from(CASES);
    println!("a case, from its row in the report to the group: {write:.1} write and {read:.1} read units");
    assert!(write <= 24.0, "{write}");

    // The same rows again, two hours later, cost nothing but reads.
    let n = world.app.ledger.signals(&crate::shop::seller()).await.expect("listed").len();
    renown_tests::sleep(jiff::SignedDuration::from_hours(3)).await;
    world.dynamo.count_units();
    for _ in 0..4 {
        tick().await;
        renown_tests::sleep(jiff::SignedDuration::from_mins(2)).await;
    }
    world.take_events().await;
    let again = world.dynamo.units().expect("counted");
    assert_eq!(world.app.ledger.signals(&crate::shop::seller()).await.expect("listed").len(), n);
    println!("all reports again, {CASES} rows known: {again:?}");
    assert!(again.write < 60.0, "{again:?}");
}
