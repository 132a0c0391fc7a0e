//! Who is read, with which secret, and who is stopped.

use renown_core::control::{Cause, Live, Stop};
use renown_core::text;
use renown_io::secrets::Scope;
use renown_simulator as sim;

use crate::cycle::tick;
use crate::world::{World, credentials, hours};

const START: &str = "2026-11-20T12:00:00Z";

async fn stop(world: &World) -> Option<Stop> {
    let control = world.app.ledger.control(world.clock.now()).await.expect("read");
    control.control().sellers.get(&world.seller())?.stop.clone()
}

#[tokio::test(start_paused = true)]
async fn a_revoked_grant_stops_the_seller_and_no_more_calls_are_made() {
    let world = World::at(START, "DE").await;
    world.simulator.add_fault(sim::Fault::new(sim::FaultKind::Revoked));
    let summary = tick(&world.app).await;
    let stopped = stop(&world).await.expect("stopped");
    assert_eq!(stopped.cause, Cause::Access);
    assert!(stopped.note.contains("authorise the app again"), "{}", stopped.note);
    assert_eq!(summary.problems.len(), 1);
    let calls = world.simulator.calls().len();
    assert_eq!(world.run(hours(1)).await.problems, [], "said once");
    assert_eq!(world.simulator.calls().len(), calls);
}

#[tokio::test(start_paused = true)]
async fn any_other_stop_is_one_of_asking_and_not_of_reading() {
    let world = World::at(START, "DE").await;
    world.simulator.put_order(world.order(1, "2026-11-17T10:00:00Z")).expect("valid");
    for cause in [Cause::Person, Cause::AccountStatus] {
        world
            .app
            .ledger
            .stop_seller(&world.seller(), cause, &text!("stop", "停"), world.clock.now())
            .await
            .expect("written");
    }
    let everything = Stop::new(Cause::Person, world.clock.now());
    world
        .app
        .ledger
        .change_control(|control| control.stop = Some(everything.clone()))
        .await
        .expect("written");
    assert_eq!(world.run(hours(1)).await.new, 1);
}

#[tokio::test(start_paused = true)]
async fn a_live_seller_is_read_with_its_live_secret_and_without_one_it_is_said() {
    let world = World::at(START, "DE").await;
    let live = Live { since: world.clock.now() };
    let seller = world.seller();
    world
        .app
        .ledger
        .change_control(|control| control.sellers.entry(seller.clone()).or_default().live = Some(live))
        .await
        .expect("written");
    let summary = tick(&world.app).await;
    assert_eq!((summary.asked_for, summary.problems.len()), (0, 1));
    assert!(summary.problems[0].text.en.contains("/renown/live/"), "{:?}", summary.problems);
    world.app.secrets.store(Scope::Live, &world.seller(), &credentials()).await.expect("stored");
    assert_eq!(tick(&world.app).await.asked_for, 2);
    assert_eq!(stop(&world).await, None);
}

#[tokio::test(start_paused = true)]
async fn trouble_with_one_seller_does_not_keep_another_from_being_read() {
    let world = World::at(START, "DE").await;
    world.simulator.put_order(world.order(1, "2026-11-17T10:00:00Z")).expect("valid");
    let seller = world.app.ledger.seller(&world.seller()).await.expect("read").expect("there");
    // It comes first, and nobody has stored its secret.
    let other = renown_core::seller::Seller { id: "A0OTHER".parse().expect("valid"), ..seller };
    world.app.ledger.put_seller(&other).await.expect("written");
    let summary = world.run(hours(1)).await;
    assert_eq!(summary.new, 1);
    assert!(summary.problems.iter().all(|problem| problem.seller == other.id));
}
