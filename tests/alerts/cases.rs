//! Cases: who is called when, what people do, what joins and what does not.

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use renown_core::case::{Act, Kind, Outcome, Owner, Source, State, Subject, Team, figures, of_review};
use renown_core::notice::Channel;
use renown_core::push::Severity;
use renown_core::text::Cause;
use renown_io::bus::raise;
use renown_simulator::{ChatKind, Health, HealthRate, Item, Order, Return, Seller as AtAmazon};
use renown_tests::alerts::target;
use renown_tests::{CLIENT_ID, REFRESH_TOKEN, World};

use crate::shop::{GERMANY, KEY, SELLER, cases, hours, messages, order, seller, start, with_feedback, world};

fn returned(n: u32, reason: &str, hours_ago: i64) -> Order {
    Order { returned: Some(Return::new(start() - hours(hours_ago), reason)), ..order(n) }
}

#[tokio::test(start_paused = true)]
async fn a_case_calls_at_half_at_eighty_and_at_the_end_and_the_lead_joins_in() {
    let world = world(vec![with_feedback(1, 1, "Nie wieder, Ware defekt", 3)]).await;
    let owner = Owner { name: "Wang".to_owned(), ..Owner::default() };
    let team = Team { owners: vec![owner], lead: Some("Chen".to_owned()), ..Team::default() };
    world.app.ledger.put_team(&team).await.expect("written");
    let mut ops = target("ops", Channel::Wecom);
    ops.people = [("Wang", "wangwei"), ("Chen", "chenli")].map(|(a, b)| (a.to_owned(), b.to_owned())).into();
    world.add_chat(ChatKind::WeCom, KEY, None, ops).await;
    world.watch(hours(50)).await;
    let told: Vec<(i64, String)> = messages(&world)
        .into_iter()
        .map(|message| (message.at.duration_since(start()).as_hours(), message.text))
        .collect();
    let at: Vec<i64> = told.iter().map(|(hours, _)| *hours).collect();
    assert_eq!(at, [0, 24, 38, 48], "{told:#?}");
    let calls = |n: usize, who: &str| told[n].1.contains(who);
    assert!(calls(0, "wangwei") && !calls(0, "chenli"), "{}", told[0].1);
    assert!(!calls(1, "chenli") && calls(2, "chenli") && calls(3, "chenli"));
    assert!(told[3].1.contains("已到期"), "{}", told[3].1);
    let case = &cases(&world).await[0];
    assert_eq!((case.escalated, case.next_at), (100, None));
}

#[tokio::test(start_paused = true)]
async fn who_takes_a_case_on_and_ends_it_is_called_no_more_and_counts() {
    let world = world(vec![with_feedback(1, 1, "Ware defekt", 3)]).await;
    world.watch(hours(2)).await;
    let (team, id) = (Team::default(), cases(&world).await[0].id.clone());
    let act = async |act: Act| {
        let now = world.clock.now();
        let changed = world
            .app
            .ledger
            .change_case(&seller(), &id, |case| case.act(act.clone(), "Wang", &team, now))
            .await;
        changed.expect("written").expect("there")
    };
    act(Act::Acknowledge).await.expect("taken on");
    assert!(act(Act::Acknowledge).await.is_err(), "twice makes no sense");
    world.watch(hours(30)).await;
    assert_eq!(messages(&world).len(), 1, "the half is past, and somebody deals with it");
    let note = "Ersatz".to_owned();
    let case = act(Act::Resolve { outcome: Outcome::Replaced, note }).await.expect("ended");
    assert!(act(Act::Acknowledge).await.is_err(), "it is over");
    world.watch(hours(30)).await;
    assert_eq!(messages(&world).len(), 1);
    let figures = figures([&case], &team, world.clock.now());
    assert_eq!((figures.open, figures.resolved, figures.recovered), (0, 1, 1));
    assert!(figures.median_minutes.is_some_and(|minutes| (110..=125).contains(&minutes)), "{figures:?}");
    // What comes later opens it again.
    let changed = with_feedback(1, 2, "Der Ersatz ist auch defekt", 1);
    world.simulator.put_order(changed).expect("an order");
    world.watch(hours(3)).await;
    let case = &cases(&world).await[0];
    assert_eq!((case.state, case.signals.len()), (State::Open, 2));
    assert_eq!(messages(&world).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_serious_return_is_a_case_a_change_of_mind_is_none_and_three_of_one_kind_are_a_topic() {
    let mut orders: Vec<Order> = (1..=3).map(|n| returned(n, "DEFECTIVE", i64::from(n) * 5)).collect();
    orders.push(returned(4, "UNWANTED_ITEM", 5));
    let mut claimed = returned(5, "NEVER_ARRIVED", 5);
    claimed.returned.as_mut().expect("one").a_to_z = true;
    orders.push(claimed);
    let world = world(orders).await;
    world.watch(hours(6)).await;
    let mut cases = cases(&world).await;
    cases.sort_by(|a, b| a.id.cmp(&b.id));
    let ids: Vec<_> = cases.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "order-028-1234567-0000001",
            "order-028-1234567-0000002",
            "order-028-1234567-0000003",
            "order-028-1234567-0000005",
            "topic-B0TEAPOT01-defective_quality"
        ]
    );
    assert_eq!(cases[0].causes, [Cause::DefectiveQuality], "Amazon's reason decides");
    let claim = &cases[3];
    let mut kinds: Vec<_> = claim.signals.iter().map(|joined| joined.signal.kind).collect();
    kinds.sort_unstable();
    assert_eq!((claim.severity, kinds), (Severity::Urgent, vec![Kind::Return, Kind::Claim]));
    assert_eq!(claim.deadline.duration_since(claim.opened_at).as_hours(), 72);
    assert_eq!(world.app.ledger.signals(&seller()).await.expect("listed").len(), 7);
    // Three returns and the topic are each told, the claim as well.
    assert!(messages(&world).iter().any(|message| message.text.contains("B0TEAPOT01")));
}

#[tokio::test(start_paused = true)]
async fn a_return_that_nobody_decides_on_is_overdue_after_three_days() {
    let mut pending = returned(1, "UNWANTED_ITEM", 60);
    pending.returned.as_mut().expect("one").status = Some("Pending".to_owned());
    let world = world(vec![pending]).await;
    world.watch(hours(10)).await;
    assert_eq!(cases(&world).await.len(), 0, "it is not four days yet");
    world.watch(hours(48)).await;
    let cases = cases(&world).await;
    assert_eq!(cases.len(), 1);
    assert_eq!(cases[0].signals.last().map(|joined| joined.signal.kind), Some(Kind::OverdueReturn));
}

/// The seller at Amazon with a course of its account's health.
fn healthy(rates: &[(i64, f64)], status: &str) -> AtAmazon {
    let mut at_amazon = AtAmazon::new(SELLER, renown_simulator::Region::Eu, &[GERMANY])
        .granting(format!("{REFRESH_TOKEN}-{SELLER}"), CLIENT_ID);
    at_amazon.health = rates
        .iter()
        .map(|(hours_on, rate)| {
            let since = start() + hours(*hours_on);
            let rates = [(HealthRate::LateShipment, *rate)].into();
            Health { rates, status: status.to_owned(), ..Health::new(GERMANY, since) }
        })
        .collect();
    at_amazon
}

#[tokio::test(start_paused = true)]
async fn a_metric_that_misses_amazons_target_is_told_once_until_it_is_good_again() {
    let world = world(vec![]).await;
    world.simulator.add_seller(healthy(&[(-9000, 0.01), (24, 0.06), (72, 0.02), (96, 0.07)], "NORMAL"));
    world.watch(hours(20)).await;
    assert_eq!(messages(&world).len(), 0, "{:#?}", messages(&world));
    world.watch(hours(24)).await;
    let bad = cases(&world).await;
    assert_eq!(bad.len(), 1);
    assert_eq!(
        bad[0].subject,
        Subject::Health {
            marketplace: GERMANY.parse().expect("known"),
            metric: "lateShipmentRate".to_owned()
        }
    );
    let note = bad[0].signals[0].signal.note.as_ref().expect("a note");
    assert!(note.en.contains("6 %") && note.en.contains("4 %"), "with Amazon's own target: {note}");
    world.watch(hours(72)).await;
    let again = cases(&world).await;
    assert_eq!((again.len(), again[0].signals.len()), (1, 2), "bad, good, and bad again");
    let kept = world.app.ledger.health(&seller(), GERMANY.parse().expect("known")).await.expect("listed");
    assert_eq!(kept.len(), 6, "a day each");
}

#[tokio::test(start_paused = true)]
async fn an_account_at_risk_stops_the_seller_and_is_urgent() {
    let world = world(vec![]).await;
    world.go_live(&seller()).await;
    world.simulator.add_seller(healthy(&[(-9000, 0.01)], "AT_RISK"));
    world.watch(hours(1)).await;
    let control = world.app.ledger.control(world.clock.now()).await.expect("read");
    let stop = control.control().sellers[&seller()].stop.clone().expect("stopped");
    assert_eq!(stop.cause, renown_core::control::Cause::AccountStatus);
    let cases = cases(&world).await;
    assert_eq!((cases.len(), cases[0].id.as_str(), cases[0].severity), (1, "account", Severity::Urgent));
    let messages = messages(&world);
    assert_eq!(messages.len(), 1);
    assert!(messages[0].text.contains("renown resume"), "{}", messages[0].text);
}

#[tokio::test(start_paused = true)]
async fn a_team_that_sleeps_is_called_in_its_hours_but_for_what_is_urgent() {
    let day = Some(renown_core::case::Hours { from: 9, to: 18 });
    let week =
        renown_core::case::Week { mon: day, tue: day, wed: day, thu: day, fri: day, ..Default::default() };
    let team = Team { zone: "Asia/Shanghai".to_owned(), week: Some(week), ..Team::default() };
    let from: Timestamp = "2026-11-20T08:00:00Z".parse().expect("a Friday afternoon in Shanghai");
    let until = from + hours(48);
    let at = |percent, severity| team.gone_by(percent, (from, until), severity).to_string();
    // Half of the time is gone on Saturday: it is told at the end of Friday.
    assert_eq!(at(50, Severity::Warning), "2026-11-20T10:00:00Z");
    assert_eq!(at(50, Severity::Urgent), "2026-11-21T08:00:00Z");
    let long = from + hours(96);
    let at = team.gone_by(50, (from, long), Severity::Warning).to_string();
    assert_eq!(at, "2026-11-23T01:00:00Z", "Monday morning is before the end");
    let worked = team.working_time(from, from + hours(72));
    assert_eq!(worked, SignedDuration::from_hours(9), "two hours on Friday, seven on Monday");
}

#[tokio::test(start_paused = true)]
async fn an_erased_order_leaves_no_case_and_no_words() {
    let world =
        world(vec![with_feedback(1, 1, "Ware defekt, unverschämt", 3), with_feedback(2, 1, "kaputt", 3)])
            .await;
    world.watch(hours(1)).await;
    let order = "028-1234567-0000001".parse().expect("valid");
    assert!(world.app.ledger.forget_case(&seller(), &order).await.expect("deleted") >= 3);
    let left = renown_tests::dump(
        &world.dynamo,
        [&*format!("CASES#{SELLER}"), &format!("SIGNALS#{SELLER}"), "NOTICES"],
    );
    assert!(!left.contains("028-1234567-0000001") && !left.contains("unversch"), "{left}");
    assert!(left.contains("028-1234567-0000002"));
}

#[tokio::test(start_paused = true)]
async fn a_review_of_a_danger_is_told_at_once_unless_it_is_old_and_any_other_waits_for_more() {
    let world = world(vec![]).await;
    let asin = |text: &str| text.parse().expect("an ASIN");
    let source = Source { seller: &seller(), marketplace: None, as_of: start(), seen_at: start() };
    let fire = "The battery exploded and burned my hand";
    let reviews = [
        of_review(&asin("B0TEAPOT01"), Some(1), ("", Some(date(2026, 11, 1))), (fire, fire), 1, source),
        of_review(&asin("B0TEAPOT02"), Some(1), ("", Some(date(2025, 11, 1))), (fire, fire), 1, source),
        of_review(
            &asin("B0TEAPOT03"),
            Some(1),
            ("", Some(date(2026, 11, 1))),
            ("It leaks", "It leaks"),
            1,
            source,
        ),
    ];
    raise(&world.app.ledger, &world.app.bus, &reviews).await.expect("recorded");
    world.watch(hours(1)).await;
    let [case] = &cases(&world).await[..] else { panic!("{:#?}", cases(&world).await) };
    assert_eq!((case.id.as_str(), case.severity), ("product-B0TEAPOT01", Severity::Urgent));
    let [told] = &messages(&world)[..] else { panic!("{:#?}", messages(&world)) };
    assert!(told.text.contains("停售") && told.text.contains("exploded"), "{}", told.text);
}

#[tokio::test(start_paused = true)]
async fn the_message_of_a_topic_quotes_its_buyers() {
    let said = |n: u32| format!("Die Kanne kam zerbrochen an, Scherbe {n}");
    let world = world((1..=3).map(|n| with_feedback(n, 1, &said(n), i64::from(n))).collect()).await;
    world.watch(hours(2)).await;
    let told: Vec<_> = messages(&world).into_iter().filter(|it| it.text.contains("B0TEAPOT01:")).collect();
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!(told[0].text.matches("Scherbe").count(), 3, "{told:#?}");
}

#[tokio::test(start_paused = true)]
async fn a_topic_counts_once_quotes_its_buyers_and_an_erased_one_is_quoted_no_more() {
    let said = |n: u32| format!("Die Kanne kam zerbrochen an, Scherbe {n}");
    let world = world((1..=6).map(|n| with_feedback(n, 1, &said(n), i64::from(n))).collect()).await;
    world.watch(hours(2)).await;
    let topic = async || {
        let found =
            cases(&world).await.into_iter().find(|case| matches!(case.subject, Subject::Topic { .. }));
        found.expect("a topic")
    };
    let case = topic().await;
    let notes: Vec<_> = case.signals.iter().filter_map(|joined| joined.signal.note.clone()).collect();
    assert_eq!((notes.len(), notes[0].en.as_str()), (1, "6 complaints of this kind within 7 days"));
    assert!(case.history.len() <= 2, "{:#?}", case.history);
    let words = async |most| {
        let complaints = world.app.ledger.complaints_of(&case, most).await.expect("listed");
        complaints.into_iter().filter_map(|joined| joined.signal.words).collect::<Vec<_>>()
    };
    let all = words(20).await;
    assert!((1..=6).all(|n| all.contains(&said(n))) && all.len() == 6, "{all:?}");
    assert_eq!(words(2).await.len(), 2);
    let of_topic = |text: &str| text.contains("B0TEAPOT01:");
    let told: Vec<_> = messages(&world).into_iter().filter(|message| of_topic(&message.text)).collect();
    assert_eq!(told.len(), 1, "{told:#?}");

    for n in [1, 2, 3, 4] {
        let order = format!("028-1234567-{n:07}").parse().expect("valid");
        world.app.ledger.forget_case(&seller(), &order).await.expect("deleted");
    }
    let left = words(20).await;
    assert_eq!(left.len(), 2, "{left:?}");
    let items = renown_tests::dump(
        &world.dynamo,
        [&*format!("CASES#{SELLER}"), &format!("SIGNALS#{SELLER}"), &format!("TOPICS#{SELLER}"), "NOTICES"],
    );
    for n in [1, 2, 3, 4] {
        let (order, words) = (format!("028-1234567-{n:07}"), said(n));
        assert!(!items.contains(&order) && !items.contains(&words), "{n}: {items}");
    }
    assert!(items.contains(&said(5)) && items.contains("028-1234567-0000006"));
}

/// A case in one world never shows in another seller's list.
#[tokio::test(start_paused = true)]
async fn cases_of_sellers_are_apart() {
    let mut world: World = world(vec![with_feedback(1, 1, "kaputt", 3)]).await;
    world.add_seller("A2OTHER", &["DE"]).await;
    let mut other = with_feedback(2, 1, "kaputt", 3);
    other.seller_id = "A2OTHER".to_owned();
    other.items = vec![Item::new("CUP", "B0CUP00001")];
    world.simulator.put_order(other).expect("an order");
    world.watch(hours(1)).await;
    let of = async |id: &str| world.app.ledger.cases(&id.parse().expect("valid")).await.expect("listed");
    assert_eq!((of(SELLER).await.len(), of("A2OTHER").await.len()), (1, 1));
    assert_eq!(of("A2OTHER").await[0].id, "order-028-1234567-0000002");
}
