use crate::support::*;
#[tokio::test(start_paused = true)]
async fn bench() {
    let world = World::new().await;
    for n in 0..20000 {
        world.put(order_named(&format!("700-{n:07}-{n:07}")));
    }
    world.go_to("2026-03-08T12:00:00Z");
    let world = World { token: world.token_of("Atzr|one").await, ..world };
    let t = std::time::Instant::now();
    for n in 0..20000 {
        let id = format!("700-{n:07}-{n:07}");
        world.simulator.step_clock(jiff::SignedDuration::from_millis(1));
        world.get(&actions_path(&id)).await;
    }
    eprintln!("GET/POST {:?}", t.elapsed() / 20000);
    world.go_to("2026-03-08T12:10:00Z");
    let t = std::time::Instant::now();
    for n in 0..2000 {
        let id = format!("700-{n:07}-{n:07}");
        world.simulator.step_clock(jiff::SignedDuration::from_secs(1));
        assert_eq!(world.solicit(&id).await.status, 201);
    }
    eprintln!("POST {:?}", t.elapsed() / 3000);
    let t = std::time::Instant::now();
    eprintln!("notes {} {:?}", world.simulator.take_notifications().len(), t.elapsed());
}
