//! How fast each chat lets its robots speak.

use renown_simulator::{Chat, ChatKind, Simulator};

use super::{address, key, message, post, reason, said, simulator};
use crate::support::{Reply, seconds};

async fn one_more(simulator: &Simulator, kind: ChatKind) -> Reply {
    post(simulator, &address(kind, key(kind)), &message(kind)).await
}

/// Posts at one moment until one is not taken; how many were.
async fn taken_at_once(simulator: &Simulator, kind: ChatKind) -> usize {
    let before = simulator.chat_messages(kind, key(kind)).len();
    for n in 0..200 {
        one_more(simulator, kind).await;
        if simulator.chat_messages(kind, key(kind)).len() == before + n {
            return n;
        }
    }
    200
}

#[tokio::test(start_paused = true)]
async fn a_robot_that_speaks_too_fast_is_told_so_in_the_chats_own_way() {
    let cases = [
        (ChatKind::WeCom, 20, 200, "45009", None),
        (ChatKind::DingTalk, 20, 200, "130101", None),
        (ChatKind::Feishu, 5, 200, "11232", None),
        (ChatKind::Slack, 3, 429, "rate_limited", Some("1")),
        (ChatKind::Teams, 4, 429, "TooManyRequests", Some("1")),
    ];
    for (kind, n_taken, status, code, retry_after) in cases {
        let simulator = simulator();
        assert_eq!(taken_at_once(&simulator, kind).await, n_taken, "{kind:?}");
        let reply = one_more(&simulator, kind).await;
        assert_eq!(said(&reply), (status, code.to_owned()), "{kind:?}");
        assert_eq!(reply.header("retry-after"), retry_after, "{kind:?}");
        assert!(reason(&simulator, kind).contains("too fast"), "{kind:?}");
    }
    assert_eq!(taken_at_once(&simulator(), ChatKind::Webhook).await, 200, "a hook of one's own has no pace");
}

#[tokio::test(start_paused = true)]
async fn wecom_counts_any_sixty_seconds() {
    let simulator = simulator();
    assert_eq!(taken_at_once(&simulator, ChatKind::WeCom).await, 20);
    simulator.step_clock(seconds(59));
    assert_eq!(taken_at_once(&simulator, ChatKind::WeCom).await, 0);
    simulator.step_clock(seconds(1));
    assert_eq!(taken_at_once(&simulator, ChatKind::WeCom).await, 20);
}

#[tokio::test(start_paused = true)]
async fn dingtalk_is_deaf_for_ten_minutes_to_who_was_too_fast() {
    let simulator = simulator();
    assert_eq!(taken_at_once(&simulator, ChatKind::DingTalk).await, 20);
    simulator.step_clock(seconds(599));
    let reply = one_more(&simulator, ChatKind::DingTalk).await;
    assert_eq!(said(&reply), (200, "130101".to_owned()));
    let body = reply.json();
    assert_eq!((&body["status"], &body["punish"], &body["wait"]), (&1111.into(), &"deny".into(), &1.into()));
    simulator.step_clock(seconds(1));
    assert_eq!(said(&one_more(&simulator, ChatKind::DingTalk).await), (200, "0".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn feishu_and_slack_let_no_more_through_over_time_than_at_their_slow_pace() {
    for (kind, n_seconds, n_taken) in [(ChatKind::Feishu, 60, 100), (ChatKind::Slack, 10, 10)] {
        let simulator = simulator();
        for _ in 0..n_seconds {
            taken_at_once(&simulator, kind).await;
            simulator.step_clock(seconds(1));
        }
        assert_eq!(simulator.chat_messages(kind, key(kind)).len(), n_taken, "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn robots_do_not_share_a_pace() {
    let simulator = simulator();
    simulator.add_chat(Chat::new(ChatKind::WeCom, "robot-2")).unwrap();
    assert_eq!(taken_at_once(&simulator, ChatKind::WeCom).await, 20);
    let reply = post(&simulator, &address(ChatKind::WeCom, "robot-2"), &message(ChatKind::WeCom)).await;
    assert_eq!(said(&reply), (200, "0".to_owned()));
}
