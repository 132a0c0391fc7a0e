//! Amazon at fault: a wave of empty answers over several sellers holds everything, and the hold
//! ends by itself.

use jiff::SignedDuration;
use renown_simulator::{Channel, Fault, FaultKind, Operation, Order, OutageAnswer};
use renown_tests::{World, sleep, t};

#[tokio::test(start_paused = true)]
async fn a_wave_of_empty_answers_holds_all_sellers_until_amazon_offers_again() {
    let mut world = World::new(t("2026-10-01T00:00:00Z")).await;
    let sellers = ["A1OUT", "A2OUT", "A3OUT"];
    for (s, id) in sellers.iter().enumerate() {
        let seller = world.add_seller(id, &["DE"]).await;
        world.go_live(&seller.id).await;
        for n in 0..300_i64 {
            // Sixty to be asked on the first day, the others on the second.
            let first = if n < 60 { t("2026-10-01T08:00:00Z") } else { t("2026-10-02T08:00:00Z") };
            let bought = first + SignedDuration::from_mins(n);
            let mut order = Order::new(format!("30{s}-1234567-0000{n:03}"), *id, "A1PA6795UKMFR9", bought);
            order.channel = Channel::Amazon;
            world.simulator.put_order(order).expect("well-formed");
        }
    }
    // A first day as usual, then an afternoon in which nothing is offered.
    let empty = FaultKind::Outage { answer: OutageAnswer::Empty };
    let (from, to) = (t("2026-10-12T10:00:00Z"), t("2026-10-12T14:00:00Z"));
    world.simulator.add_fault(Fault::new(empty).between(from, to));
    world.run_until(t("2026-10-12T09:00:00Z")).await;
    let asked_before = world.posts().len();
    assert!(asked_before > 50, "{asked_before}");

    let mut held_at = None;
    while world.clock.now() < t("2026-10-12T18:00:00Z") {
        world.ingest().await;
        world.tick().await;
        let control = world.app.ledger.control(world.clock.now()).await.expect("readable");
        match (&held_at, control.control().outage.is_some()) {
            (None, true) => held_at = Some(world.clock.now()),
            (Some(_), false) => break,
            _ => {}
        }
        sleep(SignedDuration::from_mins(1)).await;
    }
    let (held_at, released_at) = (held_at.expect("it was held"), world.clock.now());
    println!("held {held_at}, released {released_at}");
    assert!(held_at < to && to <= released_at && released_at < to + SignedDuration::from_mins(30));
    let in_hold = |at: jiff::Timestamp| held_at < at && at < to;
    assert_eq!(world.posts().iter().filter(|call| in_hold(call.at)).count(), 0);
    // Only some orders are probed, to see when it ends.
    let probes = world.calls_of(Operation::GetSolicitationActionsForOrder);
    let canaries = probes.iter().filter(|call| in_hold(call.at)).count();
    let minutes = usize::try_from(to.duration_since(held_at).as_mins()).expect("positive");
    assert!((minutes..=21 * minutes).contains(&canaries), "{canaries} in {minutes} minutes");

    // Every order is asked in the end.
    world.run_until(t("2026-11-10T00:00:00Z")).await;
    for id in sellers {
        let totals = world.totals(&id.parse().expect("valid")).await;
        assert_eq!(totals.asked, 300, "{totals:?}");
    }
    assert_eq!(world.simulator.violations(), vec![]);
}
