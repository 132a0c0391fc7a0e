//! A feedback of one star, from Amazon's report to the group.

use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use renown_core::case::{Event, Kind, Outcome, State, Team};
use renown_core::ids::Asin;
use renown_core::push::Severity;
use renown_core::text::{Cause, Language};
use renown_simulator::Operation;
use renown_tests::alerts::{alert, translator};

use crate::shop::{cases, hours, messages, order, seller, start, with_feedback, world};

const BROKEN: &str =
    "Die Kanne kam komplett zerbrochen an, der Karton war offen. Schreiben Sie an jo@teefreund.de";

#[tokio::test(start_paused = true)]
async fn a_feedback_of_one_star_is_one_case_and_one_message_whatever_is_read_again() {
    let world = world(vec![with_feedback(1, 1, BROKEN, 3), order(2)]).await;
    world.watch(hours(26)).await;
    let cases = cases(&world).await;
    assert_eq!(cases.len(), 1, "{cases:#?}");
    let case = &cases[0];
    assert_eq!(case.id, "order-028-1234567-0000001");
    assert!(case.causes.contains(&Cause::DamagedInTransit), "{:?}", case.causes);
    assert_eq!((case.severity, case.state, case.signals.len()), (Severity::Warning, State::Open, 1));
    let signal = &case.signals[0].signal;
    assert_eq!((signal.kind, signal.stars), (Kind::Feedback, Some(1)));
    assert_eq!(signal.day.map(|day| day.to_string()).as_deref(), Some("2026-11-02"));
    assert_eq!(signal.asin.as_ref().map(Asin::as_str), Some("B0TEAPOT01"), "the order's");
    let words = signal.words.as_deref().expect("words");
    assert!(words.contains("zerbrochen") && !words.contains("teefreund"), "{words}");

    let messages = messages(&world);
    let opened: Vec<_> = messages.iter().filter(|message| !message.text.contains("时限")).collect();
    assert_eq!(opened.len(), 1, "{messages:#?}");
    for expect in ["028-1234567-0000001", "1 星", "Shop A1SELLER", "zerbrochen", "下一步"] {
        assert!(opened[0].text.contains(expect), "{expect} in {}", opened[0].text);
    }
    assert!(!opened[0].text.contains("teefreund"), "{}", opened[0].text);
    let reports = world.simulator.reports();
    let n = reports.iter().filter(|report| report.report_type == "GET_SELLER_FEEDBACK_DATA").count();
    assert!(n > 10, "the report was read {n} times");
    assert!(world.calls_of(Operation::CreateProductReviewAndSellerFeedbackSolicitation).is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_changes_later_joins_the_case_and_what_is_good_opens_none() {
    let world = world(vec![with_feedback(1, 1, BROKEN, 3), with_feedback(2, 5, "Alles bestens!", 3)]).await;
    world.watch(hours(1)).await;
    let mut changed = with_feedback(1, 3, "Ersatz kam schnell, danke", 1);
    changed.order_id = "028-1234567-0000001".to_owned();
    world.simulator.put_order(changed).expect("an order");
    world.watch(hours(4)).await;
    let cases = cases(&world).await;
    assert_eq!(cases.len(), 1);
    assert_eq!(cases[0].signals.len(), 2);
    assert_eq!(cases[0].severity, Severity::Warning, "it is not better for what came later");
    let kinds: Vec<_> = cases[0].history.iter().map(|entry| entry.event.clone()).collect();
    assert_eq!(kinds, [Event::Opened { by: Kind::Feedback }, Event::Joined { by: Kind::Feedback }]);
    assert_eq!(messages(&world).len(), 1, "more of the same calls nobody");
}

/// From the moment at which Amazon has a report to the message, in seconds of simulated time.
#[tokio::test(start_paused = true)]
async fn the_message_comes_with_the_report_by_the_bus_and_within_two_minutes_by_the_sweep_alone() {
    for (by_bus, at_most) in [(true, 15), (false, 75)] {
        let world = world(vec![with_feedback(1, 1, BROKEN, 3)]).await;
        let mut n = 0_u32;
        while messages(&world).is_empty() {
            let deadline = world.clock.now() + renown_tests::INVOCATION;
            // Every 15 seconds what Amazon notifies of; on the hour, so to say, the clocks.
            let finished = world.simulator.take_notifications().into_iter().map(|it| it.body);
            let finished: Vec<String> =
                finished.filter(|body| body.contains("REPORT_PROCESSING_FINISHED")).collect();
            if !finished.is_empty() {
                let event = renown_tests::event(&finished);
                report_sync::handle_queue(&world.app, event, deadline).await.expect("read");
            }
            if n.is_multiple_of(20) {
                report_sync::handle_tick(&world.app, deadline).await.expect("asked for");
            }
            if by_bus {
                world.take_events().await;
            }
            if n.is_multiple_of(4) {
                world.sweep().await;
            }
            renown_tests::sleep(SignedDuration::from_secs(15)).await;
            n += 1;
            assert!(n < 400, "no message came");
        }
        let reports = world.simulator.reports();
        let of_feedback = reports.iter().find(|it| it.report_type == "GET_SELLER_FEEDBACK_DATA");
        let ready: Timestamp = of_feedback.expect("asked for").ends_at;
        let took = messages(&world)[0].at.duration_since(ready).as_secs();
        println!("by the bus: {by_bus}; {took} s from the report to the message");
        assert!((0..=at_most).contains(&took), "by the bus: {by_bus}, {took} s");
    }
}

#[tokio::test(start_paused = true)]
async fn an_event_that_comes_twice_or_late_or_of_nothing_is_harmless() {
    let world = world(vec![with_feedback(1, 1, BROKEN, 3)]).await;
    world.watch(hours(1)).await;
    let signal = cases(&world).await[0].signals[0].signal.id.clone();
    for id in [signal.as_str(), signal.as_str(), "order-1#feedback#nothing"] {
        let wake = negative_alert::Wake::Signal { seller: seller(), id: id.to_owned() };
        let summary = alert(&world.app.mail(), &world.way_out, wake).await;
        assert_eq!((summary.signals, summary.opened, summary.sent), (0, 0, 0), "{id}");
    }
    assert_eq!((cases(&world).await.len(), messages(&world).len()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn what_is_older_than_the_team_wants_is_history_and_no_case() {
    let world = world(vec![]).await;
    let mut old = with_feedback(1, 1, BROKEN, 24 * 20);
    old.purchased_at = start() - hours(24 * 40);
    world.simulator.put_order(old).expect("an order");
    let team = renown_core::case::Team { news_days: 14, ..Default::default() };
    world.app.ledger.put_team(&team).await.expect("written");
    world.watch(hours(1)).await;
    assert_eq!(cases(&world).await.len(), 0);
    let signals = world.app.ledger.signals(&seller()).await.expect("listed");
    assert_eq!(signals.len(), 1);
    assert!(signals[0].read_at.is_some() && !signals[0].in_case);
}

#[tokio::test(start_paused = true)]
async fn a_feedback_that_amazon_lists_no_more_ends_its_case_and_calls_nobody() {
    let mut order = with_feedback(1, 1, "Ware defekt", 24 * 3);
    order.feedback.as_mut().expect("one").removed_at = Some(start() + hours(10));
    // One that stays, so that the report is not empty.
    let world = world(vec![order, with_feedback(2, 2, "Zu spät", 24 * 3)]).await;
    world.watch(hours(9)).await;
    let told = messages(&world).len();
    assert_eq!(told, 2);
    world.watch(hours(36)).await;
    let cases = cases(&world).await;
    let of = |n: u32| {
        let id = format!("order-028-1234567-{n:07}");
        cases.iter().find(|case| case.id == id).expect("there")
    };
    assert!(matches!(of(1).state, State::Resolved { outcome: Outcome::Removed, .. }), "{:#?}", of(1));
    assert!(of(2).is_open());
    let of_first = |message: &&renown_simulator::ChatMessage| message.text.contains("028-1234567-0000001");
    let late: Vec<_> = messages(&world)[told..].iter().filter(of_first).map(|it| it.at).collect();
    assert_eq!(late, [], "its half would have been over at the 24th hour");
}

#[tokio::test(start_paused = true)]
async fn a_team_that_asks_for_it_reads_the_buyers_words_in_its_language() {
    for (status, translate_to, expect) in [
        (200, None, 0),
        (200, Some(Language::Zh), 1),
        (200, Some(Language::De), 0),
        (429, Some(Language::Zh), 1),
    ] {
        let mut world = world(vec![with_feedback(1, 1, BROKEN, 3)]).await;
        let asked = Arc::new(Mutex::new(Vec::new()));
        world.way_out.translator = translator(status, "茶壶碎了", &asked);
        world.app.ledger.put_team(&Team { translate_to, ..Team::default() }).await.expect("written");
        world.watch(hours(3)).await;
        let asked = asked.lock().expect("no holder panics").clone();
        assert_eq!(asked.len(), expect, "{status} {translate_to:?}");
        assert!(
            asked.iter().all(|body| body.contains("zerbrochen") && !body.contains("teefreund")),
            "{asked:?}"
        );
        let told = messages(&world);
        assert_eq!(told.len(), 1, "whatever becomes of it, operators are told");
        let is_translated = expect == 1 && status == 200;
        assert_eq!(told[0].text.contains("机器翻译:“茶壶碎了”"), is_translated, "{}", told[0].text);
        assert!(told[0].text.contains("zerbrochen"), "the buyer's own words stand there all the same");
    }
}
