//! Orders that went wrong before any buyer said so, and what only their money tells.

use jiff::SignedDuration;
use renown_core::case::{Kind, Outcome, State, Subject};
use renown_core::push::Severity;
use renown_core::text::Cause;
use renown_simulator::{Channel, Fault, FaultKind, Operation, Order, Seller as AtAmazon};
use renown_tests::{CLIENT_ID, REFRESH_TOKEN};

use crate::shop::{GERMANY, SELLER, cases, hours, messages, order, seller, start, with_feedback, world};

/// An order that its seller is to ship until so many hours after the start.
fn to_ship(n: u32, in_hours: i64) -> Order {
    Order { shipped_at: None, delivered_at: None, ship_by: Some(start() + hours(in_hours)), ..order(n) }
}

#[tokio::test(start_paused = true)]
async fn an_order_that_its_seller_did_not_ship_in_time_is_one_case_and_one_message() {
    let mut by_amazon = to_ship(2, 3);
    by_amazon.channel = Channel::Amazon;
    let mut in_time = to_ship(3, 3);
    in_time.shipped_at = Some(start() + hours(1));
    let mut cancelled = to_ship(4, 3);
    cancelled.cancelled_at = Some(start() + hours(1));
    let world = world(vec![to_ship(1, 3), by_amazon, in_time, cancelled]).await;
    world.watch(hours(3)).await;
    assert_eq!(cases(&world).await.len(), 0, "there is still time");
    world.watch(hours(2)).await;
    let open = cases(&world).await;
    assert_eq!(open.len(), 1, "{open:#?}");
    let late = &open[0];
    assert_eq!(late.subject.id(), "order-028-1234567-0000001");
    assert_eq!(late.signals[0].signal.kind, Kind::LateToShip);
    assert_eq!((late.causes.first(), late.severity), (Some(&Cause::LateDelivery), Severity::Warning));
    let told = messages(&world);
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(
        told[0].text.contains("未按时发货") && told[0].text.contains("2026-11-02 20:00 CST"),
        "{}",
        told[0].text
    );
    world.watch(hours(20)).await;
    assert_eq!(cases(&world).await.len(), 1);
    // A search an hour, and one that begins with the process.
    let searches = world.calls_of(Operation::SearchOrders).len();
    assert!((20..=28).contains(&searches), "{searches}");
    assert_eq!(world.simulator.violations(), []);
}

#[tokio::test(start_paused = true)]
async fn a_late_order_that_was_shipped_after_all_ends_its_case_and_calls_nobody_again() {
    let mut late = to_ship(1, 3);
    late.shipped_at = Some(start() + hours(8));
    let world = world(vec![late]).await;
    world.watch(hours(6)).await;
    assert_eq!((cases(&world).await.len(), messages(&world).len()), (1, 1));
    world.watch(hours(30)).await;
    let case = &cases(&world).await[0];
    assert!(matches!(case.state, State::Resolved { outcome: Outcome::Mended, .. }), "{case:#?}");
    assert_eq!(messages(&world).len(), 1, "half of its time is over, and there is nothing to be done");
}

#[tokio::test(start_paused = true)]
async fn many_unshipped_orders_are_read_page_by_page_within_amazons_rate() {
    let world = world((1..=250).map(|n| to_ship(n, -1)).collect()).await;
    world.watch(hours(2)).await;
    assert_eq!(cases(&world).await.len(), 250);
    assert!(messages(&world).len() < 100, "one digest tells of many");
    assert_eq!(world.simulator.violations(), []);
}

#[tokio::test(start_paused = true)]
async fn a_claim_and_a_chargeback_that_only_the_money_tells_join_the_case_of_their_order() {
    let mut claimed = with_feedback(1, 1, "Nie angekommen", 3);
    claimed.claimed_at = Some(start() + hours(30));
    let mut charged_back = with_feedback(2, 2, "Ware defekt", 3);
    charged_back.charged_back_at = Some(start() + hours(30));
    // Nobody said a word: no case, and nothing that Amazon could be asked by.
    let mut quiet = order(3);
    quiet.claimed_at = Some(start() + hours(30));
    let world = world(vec![claimed, charged_back, quiet]).await;
    world.watch(hours(24)).await;
    let before = messages(&world).len();
    world.watch(hours(24 * 4)).await;
    let mut cases = cases(&world).await;
    cases.sort_by(|a, b| a.id.cmp(&b.id));
    let kinds = |n: usize| cases[n].signals.iter().map(|joined| joined.signal.kind).collect::<Vec<_>>();
    assert_eq!(cases.len(), 2);
    assert_eq!(kinds(0), [Kind::Feedback, Kind::Claim]);
    assert_eq!(kinds(1), [Kind::Feedback, Kind::Chargeback]);
    assert!(cases.iter().all(|case| case.severity == Severity::Urgent));
    let told = &messages(&world)[before..];
    for words in ["A-to-Z 索赔", "拒付"] {
        assert!(told.iter().any(|message| message.text.contains(words)), "{words}: {told:#?}");
    }
    // A round a day, of the orders without a dispute.
    let asked = world.calls_of(Operation::ListFinancialEventsByOrderId).len();
    assert!((4..=10).contains(&asked), "{asked}");
    assert_eq!(world.simulator.violations(), []);
}

#[tokio::test(start_paused = true)]
async fn an_answer_about_an_orders_money_that_nobody_understands_leaves_out_that_order_alone() {
    let world = world((1..=3).map(|n| with_feedback(n, 1, "Nie angekommen", 3)).collect()).await;
    let broken = Fault::new(FaultKind::TruncatedJson).on(Operation::ListFinancialEventsByOrderId);
    world.simulator.add_fault(broken.times(1));
    // The first round finds no case yet; the second one is a day later.
    world.watch(hours(30)).await;
    let asked = world.calls_of(Operation::ListFinancialEventsByOrderId).len();
    assert_eq!(asked, 3, "the round goes on with the others, and asks nobody twice");
    let unread = world.app.ledger.unread("report-sync").await.expect("read");
    let [left_out] = &unread[..] else { panic!("{unread:#?}") };
    assert!(left_out.name.starts_with("028-1234567-"), "{left_out:?}");
    assert!(left_out.problem.contains("claims and chargebacks") && left_out.problem_zh.contains("索赔"));
    // A day later it is asked with the others.
    world.watch(hours(24)).await;
    assert_eq!(world.calls_of(Operation::ListFinancialEventsByOrderId).len(), 6);
}

#[tokio::test(start_paused = true)]
async fn without_the_role_of_finances_it_is_said_once_and_all_else_goes_on() {
    let world = world(vec![with_feedback(1, 1, "Ware defekt", 3)]).await;
    let at_amazon = AtAmazon::new(SELLER, renown_simulator::Region::Eu, &[GERMANY])
        .granting(format!("{REFRESH_TOKEN}-{SELLER}"), CLIENT_ID);
    world.simulator.add_seller(AtAmazon { lacks_finances: true, ..at_amazon });
    world.watch(hours(24 * 3)).await;
    let cases = cases(&world).await;
    let access: Vec<_> = cases.iter().filter(|case| case.subject == Subject::Access).collect();
    assert_eq!(access.len(), 1);
    let note = access[0].signals[0].signal.note.as_ref().expect("a note");
    assert!(note.en.contains("Finance and Accounting"), "{note}");
    // Once, and once more with a new token.
    assert_eq!(world.calls_of(Operation::ListFinancialEventsByOrderId).len(), 2, "a week is not over");
    let control = world.app.ledger.control(world.clock.now()).await.expect("read");
    assert!(
        control.control().sellers.get(&seller()).is_none_or(|one| one.stop.is_none()),
        "nobody is stopped"
    );
}

#[tokio::test(start_paused = true)]
async fn the_card_of_an_order_names_its_parcel() {
    let mut by_amazon = with_feedback(1, 1, "Nie angekommen", 3);
    by_amazon.channel = Channel::Amazon;
    let world = world(vec![by_amazon]).await;
    world.watch(hours(3)).await;
    let stored = world.app.ledger.order(&seller(), &"028-1234567-0000001".parse().expect("valid")).await;
    let tracking = stored.expect("read").expect("there").order.facts.tracking.expect("a parcel").value;
    assert_eq!(tracking.carrier.as_deref(), Some("AMZN"));
    let told = messages(&world);
    assert!(told[0].text.contains(&tracking.number), "{}", told[0].text);
}

#[tokio::test(start_paused = true)]
async fn an_errand_that_a_process_left_behind_is_taken_again() {
    use renown_io::ledger::ErrandKind;
    let world = world(vec![]).await;
    let (ledger, now) = (&world.app.ledger, world.clock.now());
    let until = now + SignedDuration::from_mins(5);
    let take =
        async |at| ledger.take_errand(&seller(), ErrandKind::Unshipped, until, at).await.expect("answered");
    assert!(take(now).await.is_some());
    assert!(take(now).await.is_none(), "somebody has it");
    let again = take(until).await.expect("its time is over");
    ledger.leave_errand(again, until + hours(1)).await.expect("written");
    assert!(take(until + hours(1) - SignedDuration::from_secs(1)).await.is_none());
    assert!(take(until + hours(1)).await.is_some());
}
