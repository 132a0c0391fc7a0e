//! Steering the chats over HTTP, and keeping them.

use http::Request;
use renown_simulator::{ChatKind, Simulator};
use serde_json::{Value, json};

use super::{ORDER, address, message, post, said, send, simulator};
use crate::support::at;

async fn control(simulator: &Simulator, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let request = Request::builder().method(method).uri(format!("/_sim/{path}"));
    let reply = send(simulator, request.body(body.into()).expect("a request")).await.expect("no reset");
    (reply.status.as_u16(), reply.json())
}

#[tokio::test(start_paused = true)]
async fn robots_are_registered_and_what_came_to_them_is_read_over_http() {
    let simulator = Simulator::new(at("2026-03-01T00:00:00Z"));
    let robots = json!([
        {"kind": "wecom", "key": "ops"},
        {"kind": "dingtalk", "key": "ops", "secret": "SECf00d", "keyword": "Order"},
    ]);
    let added = control(&simulator, "POST", "chats", &robots).await;
    assert_eq!(added, (200, json!({"added": ["ops", "ops"]})));
    post(&simulator, &address(ChatKind::WeCom, "ops"), &message(ChatKind::WeCom)).await;
    post(&simulator, &address(ChatKind::DingTalk, "ops"), &message(ChatKind::DingTalk)).await;
    post(&simulator, &address(ChatKind::Slack, "T0/B0/x"), &message(ChatKind::Slack)).await;

    let (_, shown) = control(&simulator, "GET", "chats", &Value::Null).await;
    let kinds: Vec<&str> =
        shown.as_array().unwrap().iter().filter_map(|chat| chat["kind"].as_str()).collect();
    assert_eq!(kinds, ["wecom", "dingtalk", "slack"]);
    assert!(shown[0]["messages"][0]["text"].as_str().unwrap().contains(ORDER));
    assert_eq!(shown[0]["messages"][0]["at"], "2026-03-01T00:00:00Z");
    assert_eq!(shown[0]["messages"][0]["body"], message(ChatKind::WeCom));
    assert!(shown[1]["refused"][0]["reason"].as_str().unwrap().starts_with("310000: "));
    assert_eq!((&shown[1]["registered"], &shown[2]["registered"]), (&json!(true), &json!(false)));
    assert!(!shown.to_string().contains("SECf00d"), "a secret is shown to nobody");
}

#[tokio::test(start_paused = true)]
async fn errors_name_the_thing_the_place_and_the_remedy() {
    let simulator = simulator();
    let cases = [
        ("chats", json!({"kind": "irc", "key": "x"}), "kind"),
        ("chats", json!({"kind": "wecom"}), "key"),
        ("chats", json!({"kind": "wecom", "key": ""}), "key"),
        ("chats", json!({"kind": "wecom", "key": "x", "colour": "red"}), "colour"),
        ("chats", json!({"kind": "slack", "key": "x"}), "key"),
        (
            "chats",
            json!([{"kind": "wecom", "key": "new"}, {"kind": "wecom", "key": "x", "secret": "s"}]),
            "secret",
        ),
        ("chats", json!({"kind": "teams", "key": "x", "keyword": "k"}), "keyword"),
        ("chats/faults", json!({"kind": "gremlins"}), "kind"),
        ("chats/faults", json!({"kind": "gone", "chta": "slack"}), "chta"),
        ("chats/faults", json!({"kind": "gone", "chat": "irc"}), "chat"),
    ];
    for (path, body, field) in cases {
        let (status, error) = control(&simulator, "POST", path, &body).await;
        assert_eq!((status, &error["error"]["field"]), (400, &json!(field)), "{body}: {error}");
        for part in ["what", "reason", "remedy"] {
            assert!(error["error"][part].as_str().is_some_and(|text| !text.is_empty()), "{error}");
        }
    }
    assert!(simulator.chats().iter().all(|chat| chat.key != "new"), "all of them or none");
    assert!(simulator.chat_faults().is_empty());
}

#[tokio::test(start_paused = true)]
async fn faults_are_added_listed_with_their_count_and_taken_away_over_http() {
    let simulator = simulator();
    let fault = json!({"kind": "gone", "chat": "wecom", "key": "robot-1", "times": 2});
    assert_eq!(control(&simulator, "POST", "chats/faults", &fault).await, (200, json!({"added": 1})));
    assert_eq!(post(&simulator, &address(ChatKind::WeCom, "robot-1"), &json!({})).await.status, 410);
    let (_, shown) = control(&simulator, "GET", "chats/faults", &Value::Null).await;
    assert_eq!((&shown[0]["kind"], &shown[0]["struck"]), (&json!("gone"), &json!(1)));
    control(&simulator, "DELETE", "chats/faults", &Value::Null).await;
    assert!(simulator.chat_faults().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_restored_state_knows_robots_messages_pace_and_faults() {
    let simulator = simulator();
    for _ in 0..20 {
        post(&simulator, &address(ChatKind::WeCom, "robot-1"), &message(ChatKind::WeCom)).await;
    }
    let fault = json!({"kind": "error500", "chat": "dingtalk"});
    control(&simulator, "POST", "chats/faults", &fault).await;
    let (_, saved) = control(&simulator, "GET", "state", &Value::Null).await;

    let copy = Simulator::new(at("2020-01-01T00:00:00Z"));
    assert_eq!(control(&copy, "PUT", "state", &saved).await.0, 200);
    assert_eq!(copy.chats(), simulator.chats());
    let reply = post(&copy, &address(ChatKind::WeCom, "robot-1"), &message(ChatKind::WeCom)).await;
    assert_eq!(said(&reply), (200, "45009".to_owned()));
    let reply = post(&copy, &address(ChatKind::DingTalk, "robot-1"), &message(ChatKind::DingTalk)).await;
    assert_eq!(reply.status, 500);

    copy.reset();
    assert!(copy.chats().is_empty() && copy.chat_faults().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_state_saved_before_there_were_chats_is_restored() {
    let simulator = simulator();
    let mut saved = simulator.save();
    saved["data"].as_object_mut().unwrap().remove("chats");
    simulator.restore(&saved).unwrap();
    assert!(simulator.chats().is_empty());
}
