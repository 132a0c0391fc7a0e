//! Each kind of fault that strikes posts to chats.

use std::time::Duration;

use renown_simulator::{ChatFault, ChatFaultKind, ChatKind};

use super::{address, key, message, post, said, simulator, try_post};
use crate::support::at;

#[tokio::test(start_paused = true)]
async fn faults_before_processing_show_nothing_and_strike_as_often_as_they_say() {
    let cases = [
        (ChatFaultKind::Error500, ChatKind::WeCom, 500),
        (ChatFaultKind::Error503, ChatKind::DingTalk, 503),
        (ChatFaultKind::Throttle, ChatKind::Teams, 429),
        (ChatFaultKind::Throttle, ChatKind::Feishu, 429),
        (ChatFaultKind::Gone, ChatKind::Webhook, 410),
        (ChatFaultKind::Gone, ChatKind::Slack, 410),
        (ChatFaultKind::Redirect, ChatKind::Webhook, 302),
    ];
    for (fault, kind, status) in cases {
        let simulator = simulator();
        simulator.add_chat_fault(ChatFault::new(fault).of(kind, key(kind)).times(2));
        let path = address(kind, key(kind));
        for _ in 0..2 {
            let reply = post(&simulator, &path, &message(kind)).await;
            assert_eq!(reply.status, status, "{fault:?}");
            assert!(simulator.chat_messages(kind, key(kind)).is_empty(), "{fault:?}");
        }
        let refusal = simulator.chat_refusals(kind, key(kind)).pop().unwrap();
        assert_eq!((refusal.status, &refusal.reason[..]), (Some(status), "a fault struck it"));
        assert!(post(&simulator, &path, &message(kind)).await.status.is_success(), "{fault:?} struck twice");
        assert_eq!(simulator.chat_faults()[0].1, 2);
    }
}

#[tokio::test(start_paused = true)]
async fn gateways_speak_for_the_chats_that_have_their_own_words() {
    let cases = [
        (ChatFaultKind::Throttle, ChatKind::Feishu, "99991400", "x-ogw-ratelimit-reset", "30"),
        (ChatFaultKind::Throttle, ChatKind::Slack, "rate_limited", "retry-after", "30"),
        (ChatFaultKind::Throttle, ChatKind::WeCom, "too many requests", "retry-after", "30"),
        (
            ChatFaultKind::Gone,
            ChatKind::Slack,
            "channel_is_archived",
            "content-type",
            "text/plain; charset=utf-8",
        ),
        (ChatFaultKind::Redirect, ChatKind::Webhook, "", "location", "/hooks/redirected"),
    ];
    for (fault, kind, code, header, value) in cases {
        let simulator = simulator();
        simulator.add_chat_fault(ChatFault::new(fault));
        let reply = post(&simulator, &address(kind, key(kind)), &message(kind)).await;
        assert_eq!(said(&reply).1, code, "{fault:?} {kind:?}");
        assert_eq!(reply.header(header), Some(value), "{fault:?} {kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_reset_before_processing_shows_nothing_and_one_after_it_shows_the_message() {
    let kind = ChatKind::Slack;
    for (fault, n_shown) in [(ChatFaultKind::ResetBefore, 0), (ChatFaultKind::ResetAfter, 1)] {
        let simulator = simulator();
        simulator.add_chat_fault(ChatFault::new(fault).times(1));
        assert!(try_post(&simulator, &address(kind, key(kind)), &message(kind).to_string()).await.is_err());
        assert_eq!(simulator.chat_messages(kind, key(kind)).len(), n_shown, "{fault:?}");
        let refused = simulator.chat_refusals(kind, key(kind));
        assert_eq!(refused.len(), 1 - n_shown);
        assert!(refused.iter().all(|refusal| refusal.status.is_none()));
    }
}

#[tokio::test(start_paused = true)]
async fn stalls_are_longer_than_a_client_waits() {
    let kind = ChatKind::Feishu;
    for (fault, n_shown) in [(ChatFaultKind::StallBefore, 0), (ChatFaultKind::StallAfter, 1)] {
        let simulator = simulator();
        simulator.add_chat_fault(ChatFault::new(fault).times(1));
        let (path, body) = (address(kind, key(kind)), message(kind).to_string());
        let patience = tokio::time::timeout(Duration::from_secs(30), try_post(&simulator, &path, &body));
        assert!(patience.await.is_err(), "the answer must not come within thirty seconds");
        assert_eq!(simulator.chat_messages(kind, key(kind)).len(), n_shown, "{fault:?}");
        assert!(simulator.now() >= at("2026-03-01T00:00:30Z"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_fault_strikes_only_the_chat_and_the_key_it_names() {
    let simulator = simulator();
    let mut of_a_chat = ChatFault::new(ChatFaultKind::Error500);
    of_a_chat.chat = Some(ChatKind::WeCom);
    simulator.add_chat_fault(of_a_chat);
    simulator.add_chat_fault(ChatFault::new(ChatFaultKind::Error503).of(ChatKind::DingTalk, "other"));
    let mut statuses = Vec::new();
    for (kind, key) in [
        (ChatKind::WeCom, "robot-1"),
        (ChatKind::WeCom, "nobody"),
        (ChatKind::DingTalk, "robot-1"),
        (ChatKind::DingTalk, "other"),
    ] {
        statuses.push(post(&simulator, &address(kind, key), &message(kind)).await.status.as_u16());
    }
    assert_eq!(statuses, [500, 500, 200, 503]);
    simulator.clear_chat_faults();
    assert_eq!(
        post(&simulator, &address(ChatKind::WeCom, "robot-1"), &message(ChatKind::WeCom)).await.status,
        200
    );
}
