//! Targets: each chat gets what it wants, at its pace, and once.

use jiff::SignedDuration;
use renown_core::case::Department;
use renown_core::notice::{Channel, Delivery, Notice, Target, Wants};
use renown_core::push::Severity;
use renown_core::say::Lang;
use renown_core::text;
use renown_simulator::{ChatFault, ChatFaultKind, ChatKind};
use renown_tests::World;
use renown_tests::alerts::{by_mail, target};

use crate::shop::{hours, start, with_feedback, world};

const ALL: [(ChatKind, Channel, Option<&str>); 6] = [
    (ChatKind::WeCom, Channel::Wecom, None),
    (ChatKind::DingTalk, Channel::Dingtalk, Some("SECcanary")),
    (ChatKind::Feishu, Channel::Feishu, Some("canary-secret")),
    (ChatKind::Slack, Channel::Slack, None),
    (ChatKind::Teams, Channel::Teams, None),
    (ChatKind::Webhook, Channel::Webhook, Some("whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnktMjQh")),
];

/// A key in the form of each chat's own.
fn key(kind: ChatKind) -> &'static str {
    match kind {
        ChatKind::Slack => "T000/B000/TheHook",
        _ => "key-1",
    }
}

/// A world whose only targets are these.
async fn told_by(targets: &[(ChatKind, Target, Option<&str>)]) -> World {
    let world = World::new(start()).await;
    for (kind, target, secret) in targets {
        world.add_chat(*kind, key(*kind), *secret, target.clone()).await;
    }
    world
}

fn notice(n: u32, severity: Severity) -> Notice {
    let mut notice = Notice::new(format!("test#{n}"), text!("trouble {n}", "问题 {n}"), start());
    notice.severity = severity;
    notice.quote = Some("<@all> [x](http://evil.example) @everyone <!channel>".to_owned());
    notice
}

#[tokio::test(start_paused = true)]
async fn every_chat_takes_a_card_in_its_own_form_and_signed_as_it_wants() {
    for lang in [Lang::En, Lang::Zh] {
        let targets: Vec<_> = ALL
            .iter()
            .map(|(kind, channel, secret)| {
                (*kind, Target { lang, ..target("ops", channel.clone()) }, *secret)
            })
            .collect();
        for one in targets {
            let world = told_by(std::slice::from_ref(&one)).await;
            world.app.ledger.tell(&notice(1, Severity::Urgent)).await.expect("written");
            world.sweep().await;
            let (kind, key) = (one.0, key(one.0));
            let refused = world.simulator.chat_refusals(kind, key);
            assert!(refused.is_empty(), "{kind:?}: {refused:#?}");
            let messages = world.simulator.chat_messages(kind, key);
            assert_eq!(messages.len(), 1, "{kind:?}");
            let title = if lang == Lang::En { "trouble 1" } else { "问题 1" };
            assert!(messages[0].text.contains(title), "{kind:?}: {}", messages[0].text);
            // A program reads the words as they were said; Slack's own word is nothing to the others.
            let calls: &[&str] = match kind {
                ChatKind::Webhook => &[],
                ChatKind::Slack => &["<@all>", "](http:/", "@everyone", "<!channel>"],
                _ => &["<@all>", "](http:/", "@everyone"],
            };
            for call in calls {
                assert!(!messages[0].body.to_string().contains(call), "{kind:?}: {}", messages[0].body);
            }
            let told = world.app.ledger.notices().await.expect("listed");
            assert!(matches!(told[0].deliveries["ops"], Delivery::Sent { .. }), "{kind:?}: {told:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_target_hears_what_it_wants_and_nothing_else() {
    let world = world(vec![
        with_feedback(1, 1, "Paket nie angekommen", 3),
        with_feedback(2, 1, "Die Qualität ist furchtbar, nach einem Tag defekt", 3),
    ])
    .await;
    let wants = |wants: Wants, name: &str| Target { wants, ..target(name, Channel::Slack) };
    let departments = |department| Wants { departments: [department].into(), ..Wants::default() };
    let another = Wants { sellers: ["A2OTHER".parse().expect("valid")].into(), ..Wants::default() };
    let urgent = Wants { at_least: Severity::Urgent, ..Wants::default() };
    let targets = [
        wants(departments(Department::Logistics), "logistics"),
        wants(departments(Department::Quality), "quality"),
        wants(another, "another"),
        wants(urgent, "urgent"),
    ];
    for (n, target) in targets.iter().enumerate() {
        world.add_chat(ChatKind::Slack, &format!("T1/B1/{n}"), None, target.clone()).await;
    }
    world.watch(hours(1)).await;
    let heard = |n: usize| world.simulator.chat_messages(ChatKind::Slack, &format!("T1/B1/{n}"));
    assert_eq!([0, 1, 2, 3].map(|n| heard(n).len()), [1, 1, 0, 0]);
    assert!(heard(0)[0].text.contains("0000001") && heard(1)[0].text.contains("0000002"));
    assert_eq!(crate::shop::messages(&world).len(), 2, "who wants everything hears both");
}

#[tokio::test(start_paused = true)]
async fn a_flood_becomes_one_message_and_what_is_urgent_finds_its_slot() {
    let world = told_by(&[(ChatKind::DingTalk, target("ops", Channel::Dingtalk), None)]).await;
    for n in 0..60 {
        world.app.ledger.tell(&notice(n, Severity::Warning)).await.expect("written");
    }
    world.app.ledger.tell(&notice(99, Severity::Urgent)).await.expect("written");
    world.sweep().await;
    let messages = || world.simulator.chat_messages(ChatKind::DingTalk, key(ChatKind::DingTalk));
    assert_eq!(messages().len(), 2);
    assert!(messages()[0].text.contains("问题 99"), "what presses goes first");
    assert!(messages()[1].text.contains("60"), "{}", messages()[1].text);
    // Twenty urgent ones within a minute are more than DingTalk takes: none is lost, none refused.
    for n in 100..125 {
        world.app.ledger.tell(&notice(n, Severity::Urgent)).await.expect("written");
    }
    world.watch(SignedDuration::from_mins(15)).await;
    assert!(world.simulator.chat_refusals(ChatKind::DingTalk, key(ChatKind::DingTalk)).is_empty());
    assert_eq!(messages().len(), 27);
    let told = world.app.ledger.notices().await.expect("listed");
    assert!(told.iter().all(|told| matches!(told.deliveries["ops"], Delivery::Sent { .. })));
}

/// What each fault of a chat leads to: messages shown, and how the notice ends.
#[tokio::test(start_paused = true)]
async fn trouble_with_a_chat_is_waited_out_and_a_dead_one_is_switched_off() {
    let check = async |kind: ChatFaultKind, times: u32, shown: usize, is_sent: bool, is_off: bool| {
        let world = told_by(&[(ChatKind::Webhook, target("ops", Channel::Webhook), ALL[5].2)]).await;
        let key = key(ChatKind::Webhook);
        world.simulator.add_chat_fault(ChatFault::new(kind).of(ChatKind::Webhook, key).times(times));
        world.app.ledger.tell(&notice(1, Severity::Warning)).await.expect("written");
        world.watch(hours(3)).await;
        let messages = world.simulator.chat_messages(ChatKind::Webhook, key);
        let fresh = messages.iter().filter(|message| !message.repeat).count();
        assert_eq!(fresh, shown, "{kind:?}: {messages:#?}");
        let told = world.app.ledger.notices().await.expect("listed");
        let sent = matches!(told[0].deliveries["ops"], Delivery::Sent { .. });
        assert_eq!(sent, is_sent, "{kind:?}: {told:?}");
        let off = world.app.ledger.targets().await.expect("listed")[0].off.is_some();
        assert_eq!(off, is_off, "{kind:?}");
        assert!(world.simulator.chat_messages(ChatKind::Webhook, "redirected").is_empty());
    };
    check(ChatFaultKind::Error500, 3, 1, true, false).await;
    check(ChatFaultKind::Throttle, 2, 1, true, false).await;
    check(ChatFaultKind::ResetBefore, 2, 1, true, false).await;
    // Shown though no answer came: it is sent again under the same id, which the receiver knows.
    check(ChatFaultKind::ResetAfter, 1, 1, true, false).await;
    check(ChatFaultKind::StallAfter, 1, 1, true, false).await;
    check(ChatFaultKind::Redirect, 100, 0, false, false).await;
    check(ChatFaultKind::Gone, 100, 0, false, true).await;
}

#[tokio::test(start_paused = true)]
async fn a_target_without_its_secret_is_told_nothing_and_the_list_says_why() {
    let world = World::new(start()).await;
    world.app.ledger.put_target(&target("ops", Channel::Wecom)).await.expect("written");
    world.app.ledger.put_target(&target("mail", by_mail())).await.expect("written");
    world.app.ledger.tell(&notice(1, Severity::Warning)).await.expect("written");
    world.sweep().await;
    let told = &world.app.ledger.notices().await.expect("listed")[0];
    assert!(
        matches!(&told.deliveries["ops"], Delivery::Failed { why, .. } if why.en.contains("renown notify")),
        "{told:?}"
    );
    assert!(matches!(told.deliveries["mail"], Delivery::Sent { .. }), "its neighbour is told");
    assert_eq!(world.way_out.ses.taken().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn secrets_and_addresses_stand_in_no_item() {
    let world = told_by(&[(ChatKind::DingTalk, target("ops", Channel::Dingtalk), Some("SECcanary"))]).await;
    world.app.ledger.tell(&notice(1, Severity::Warning)).await.expect("written");
    world.sweep().await;
    let items = renown_tests::dump(&world.dynamo, ["TARGETS", "NOTICES", "PACE"]);
    assert!(items.contains("test#1") && !items.contains("SECcanary") && !items.contains("key-1"), "{items}");
}
