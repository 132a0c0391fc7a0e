//! Cases that are joined, counted on, taken on, ended and opened again.

use jiff::SignedDuration;

use super::super::act::MAX_NOTE;
use super::super::figures::figures;
use super::super::telling::{Beside, notice};
use super::super::topic::topic_signal;
use super::*;

fn at(minutes: i64) -> Timestamp {
    let begin: Timestamp = "2026-11-02T09:00:00Z".parse().expect("a time");
    begin + SignedDuration::from_mins(minutes)
}

/// A complaint about a product by the buyer of an order.
fn complaint(n: u32) -> (Signal, Reading) {
    let order = format!("028-1234567-{n:07}").parse().expect("an order");
    let subject = Subject::Order { order };
    let seller = "A1SELLER".parse().expect("valid");
    let mut signal = Signal::new(seller, subject, Kind::Feedback, "x", (at(0), at(0))).saying("kaputt");
    signal.asin = "B0TEAPOT01".parse().ok();
    signal.stars = Some(1);
    let reading = Reading {
        causes: vec![Cause::DefectiveQuality],
        urgency: Urgency::None,
        language: None,
        negative: true,
        translation: None,
        removable: None,
    };
    (signal, reading)
}

/// The signal of a topic that counts so many.
fn count(n: u32) -> (Signal, Reading) {
    let (signal, reading) = complaint(n);
    let n = usize::try_from(n).expect("small");
    (topic_signal(&signal, &reading, n, at(0)).expect("a topic"), reading)
}

fn open() -> (Case, Team) {
    let ((signal, reading), team) = (complaint(1), Team::default());
    (Case::open(signal, reading, &team, at(0)), team)
}

fn resolve(note: &str) -> Act {
    Act::Resolve { outcome: Outcome::Refunded, note: note.to_owned() }
}

#[test]
fn a_topic_holds_its_last_count_once_and_its_history_is_one_step() {
    let ((signal, reading), team) = (count(3), Team::default());
    let mut case = Case::open(signal, reading, &team, at(0));
    // What is counted at one moment comes in any order.
    for n in [5, 4, 21, 20] {
        let (signal, reading) = count(n);
        assert_eq!(case.join(signal, reading, &team, at(n.into())), n == 5 || n == 21, "{n}");
    }
    let [joined] = &case.signals[..] else { panic!("{:#?}", case.signals) };
    assert!(joined.signal.note.as_ref().is_some_and(|note| note.en.starts_with("21 complaints")));
    let events: Vec<_> = case.history.iter().map(|entry| (entry.at, entry.event.clone())).collect();
    let counted = (at(21), Event::Counted { from: 3, to: 21 });
    assert_eq!(events, [(at(0), Event::Opened { by: Kind::Topic }), counted]);
    assert!(!joined.signal.id.contains("028-"), "what a buyer said can be erased: {}", joined.signal.id);
    // What a person does stands between.
    case.act(Act::Acknowledge, "Wang", &team, at(30)).expect("taken on");
    let (signal, reading) = count(22);
    assert!(case.join(signal, reading, &team, at(31)));
    assert_eq!(case.history.last().map(|it| &it.event), Some(&Event::Counted { from: 21, to: 22 }));
    // Ended and counted anew, it begins with what is counted then.
    case.act(resolve(""), "Wang", &team, at(40)).expect("ended");
    let (signal, reading) = count(4);
    assert!(case.join(signal, reading, &team, at(50)));
    assert_eq!(case.signals.iter().map(|it| it.signal.count).collect::<Vec<_>>(), [Some(4)]);
    assert!(case.is_open());
}

#[test]
fn a_topic_keeps_what_amazon_says_of_it_beside_its_count() {
    let ((signal, reading), team) = (count(3), Team::default());
    let of_amazon = Signal { id: "topic#review".to_owned(), count: None, ..signal.clone() };
    let mut case = Case::open(of_amazon, reading.clone(), &team, at(0));
    assert!(case.join(signal, reading, &team, at(1)));
    let (signal, reading) = count(9);
    assert!(case.join(signal, reading, &team, at(2)));
    assert_eq!(case.signals.iter().map(|it| it.signal.count).collect::<Vec<_>>(), [None, Some(9)]);
}

#[test]
fn a_case_that_is_opened_again_keeps_its_first_response() {
    for by_person in [true, false] {
        let (mut case, team) = open();
        case.act(Act::Acknowledge, "Wang", &team, at(30)).expect("taken on");
        case.act(resolve(""), "Wang", &team, at(60)).expect("ended");
        let minutes = |case: &Case| figures([case], &team, at(2000)).median_minutes;
        assert_eq!(minutes(&case), Some(30));
        for later in [1000, 1200] {
            if by_person {
                case.act(Act::Reopen, "Wang", &team, at(later)).expect("opened again");
            } else {
                let (mut signal, reading) = complaint(1);
                signal.id = format!("later#{later}");
                assert!(case.join(signal, reading, &team, at(later)));
            }
            assert_eq!((case.opened_at, minutes(&case)), (at(later), Some(30)));
            case.act(Act::Acknowledge, "Li", &team, at(later + 50)).expect("taken on");
            assert_eq!(minutes(&case), Some(30), "the first one counts");
            case.act(resolve(""), "Li", &team, at(later + 60)).expect("ended");
        }
    }
}

#[test]
fn a_first_response_that_never_came_is_waited_for_since_it_was_opened_again() {
    let (mut case, team) = open();
    case.end(Outcome::Mended, at(10));
    case.act(Act::Reopen, "Wang", &team, at(100)).expect("opened again");
    assert_eq!(case.first_response(), None);
    case.act(Act::Acknowledge, "Wang", &team, at(120)).expect("taken on");
    assert_eq!(case.first_response(), Some((at(100), at(120))));
}

#[test]
fn a_note_is_one_line_without_ways_to_reach_anybody_and_too_long_a_one_is_refused() {
    let (mut case, team) = open();
    let long = "é".repeat(MAX_NOTE + 1);
    let why = case.act(resolve(&long), "Wang", &team, at(1)).expect_err("too long");
    assert!(why.en.contains("401") && why.en.contains("400"), "{why}");
    assert!(why.zh.contains("401") && why.zh.contains("400"), "{}", why.zh);
    assert_eq!((case.is_open(), case.history.len()), (true, 1));
    let note = " full refund,\n wrote to jo@teehaus.de\tand +49 151 23456789 \u{1b}[2J ";
    case.act(resolve(note), " Wang ", &team, at(2)).expect("ended");
    let Some(Event::Person { by, act: Act::Resolve { note, .. } }) =
        case.history.last().map(|entry| entry.event.clone())
    else {
        panic!("{:?}", case.history)
    };
    assert_eq!((by.as_str(), note.as_str()), ("Wang", "full refund, wrote to [mail] and [phone] [2J"));
}

#[test]
fn a_case_is_opened_once_and_what_joins_it_before_it_is_told_opens_none() {
    let (mut case, team) = open();
    assert!(case.is_just_opened());
    let (mut signal, reading) = complaint(1);
    signal.id = "later".to_owned();
    assert!(case.join(signal.clone(), reading.clone(), &team, at(1)));
    assert!(case.untold.contains(&Told::Opened) && !case.is_just_opened());
    case.act(resolve(""), "Wang", &team, at(2)).expect("ended");
    signal.id = "again".to_owned();
    assert!(case.join(signal, reading, &team, at(3)) && case.is_just_opened());
}

#[test]
fn what_ended_before_anybody_took_it_on_is_none_of_the_teams_doing() {
    let (mut case, team) = open();
    let share = |case: &Case| {
        let figures = figures([case], &team, at(60));
        (figures.resolved, figures.recovered, figures.recoverable)
    };
    case.end(Outcome::Mended, at(10));
    assert_eq!(share(&case), (1, 0, 0));
    case.act(Act::Reopen, "Wang", &team, at(20)).expect("opened again");
    case.act(resolve(""), "Wang", &team, at(30)).expect("ended");
    assert_eq!(share(&case), (1, 1, 1));
}

#[test]
fn a_review_of_a_product_is_called_one_and_no_feedback_of_the_seller() {
    let (mut signal, reading) = complaint(1);
    let (kind, product) = (Kind::Review, "B0TEAPOT01".parse().expect("an ASIN"));
    (signal.kind, signal.subject) = (kind, Subject::Product { asin: product });
    let team = Team::default();
    let case = Case::open(signal, reading, &team, at(0));
    let beside = Beside { store: "Tea", tracking: None, complaints: &[] };
    let title = notice(&case, &Told::Opened, beside, &team, at(0)).title;
    assert!(title.en.starts_with("1-star product review, "), "{title}");
    assert!(title.zh.starts_with("1 星商品评论,"), "{}", title.zh);
}
