//! Signatures, with known answers that were computed with Python's `hmac` and `hashlib`.

use bytes::Bytes;
use http::Request;
use renown_simulator::{Chat, ChatKind, Simulator};
use serde_json::json;

use super::{address, message, post, said, send};
use crate::support::{at, seconds};

/// 1 March 2026, 00:00 UTC, in seconds; the simulator stands there.
const NOW: i64 = 1_772_323_200;

fn with(chat: Chat) -> Simulator {
    let simulator = Simulator::new(at("2026-03-01T00:00:00Z"));
    simulator.add_chat(chat).expect("a robot that can be");
    simulator
}

#[tokio::test(start_paused = true)]
async fn dingtalk_signs_in_the_address_in_milliseconds_with_the_secret_as_key() {
    let good = "CUk4e8iSr2v%2FkUnc%2FZ%2FLdtZfwRcioUykPF9B7NBymEI%3D";
    let cases = [
        (format!("&timestamp=1772323200000&sign={good}"), "0"),
        (
            "&timestamp=1772319600000&sign=WyekgvxAcMHrv%2F8N8TXX5aX%2FIDo%2FWuqTJHLZIgbK0a8%3D".to_owned(),
            "0",
        ),
        // A second over an hour ago, rightly signed.
        (
            "&timestamp=1772319599000&sign=ref5C3MONde68S%2F7YDrlWc0IguwvO5jUg3L79XckTNI%3D".to_owned(),
            "310000",
        ),
        // In seconds, as Feishu wants it.
        (format!("&timestamp=1772323200&sign={good}"), "310000"),
        // The signature of another moment.
        (format!("&timestamp=1772323201000&sign={good}"), "310000"),
        // Key and message the other way round, as Feishu wants them.
        (
            "&timestamp=1772323200000&sign=Q1nVYZOEpzTc8gPEJ8Z5YfussqZBH2zcFDH%2BS8VOYag%3D".to_owned(),
            "310000",
        ),
        ("&timestamp=1772323200000".to_owned(), "310000"),
        (String::new(), "310000"),
    ];
    for (signed, code) in cases {
        let simulator = with(Chat::new(ChatKind::DingTalk, "robot-1").secret("SECf00d"));
        let path = format!("{}{signed}", address(ChatKind::DingTalk, "robot-1"));
        let reply = post(&simulator, &path, &message(ChatKind::DingTalk)).await;
        assert_eq!(said(&reply), (200, code.to_owned()), "{signed}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_plus_sign_that_was_not_encoded_spoils_dingtalks_signature() {
    for (sign, code) in [
        ("FWwHBNO3G5AQFW6ZgXUdxMy043N%2BmXIT43qgqO6Uga8%3D", "0"),
        ("FWwHBNO3G5AQFW6ZgXUdxMy043N+mXIT43qgqO6Uga8%3D", "310000"),
    ] {
        let simulator = with(Chat::new(ChatKind::DingTalk, "robot-1").secret("SECf00d"));
        let path = format!("{}&timestamp=1772323203000&sign={sign}", address(ChatKind::DingTalk, "robot-1"));
        let reply = post(&simulator, &path, &message(ChatKind::DingTalk)).await;
        assert_eq!(said(&reply), (200, code.to_owned()), "{sign}");
    }
}

#[tokio::test(start_paused = true)]
async fn feishu_signs_in_the_body_in_seconds_with_the_secret_in_the_key() {
    let good = json!("o+d60nfWc50OWLvEubbiyRnhTZvBaWf1EBsKKt8gf0I=");
    let cases = [
        (json!("1772323200"), good.clone(), "0"),
        (json!(NOW), good.clone(), "0"),
        (json!("1772319600"), json!("jusK95wack6IzcuS4KoFXT0Cw2ZL93r5TorULh4UefM="), "0"),
        // A second over an hour ago, rightly signed.
        (json!("1772319599"), json!("3YvLktK1SjVuhyoZaJe/eASa1EqVQkN8Pg9mLBGMyFw="), "19021"),
        // In milliseconds, as DingTalk wants it.
        (json!("1772323200000"), good.clone(), "19021"),
        // Key and message the other way round, as DingTalk wants them.
        (json!("1772323200"), json!("hs+2adwrLYuyZAyCx9NBPBKmb8+aCaAPFMPUQL7a9RU="), "19021"),
        (json!("1772323200"), json!(null), "19021"),
        (json!(null), good, "19021"),
    ];
    for (timestamp, sign, code) in cases {
        let simulator = with(Chat::new(ChatKind::Feishu, "robot-1").secret("F00dSecret"));
        let mut body = message(ChatKind::Feishu);
        body["timestamp"] = timestamp;
        body["sign"] = sign;
        let reply = post(&simulator, &address(ChatKind::Feishu, "robot-1"), &body).await;
        assert_eq!(said(&reply), (200, code.to_owned()), "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn teams_takes_the_signature_that_stands_in_the_address_and_no_other() {
    let cases = [
        ("?api-version=1&sig=f00d", 202, ""),
        ("?api-version=1&sig=other", 401, "AuthorizationFailed"),
        ("?api-version=1", 401, "DirectApiAuthorizationRequired"),
        ("?sig=f00d", 400, "MissingApiVersionParameter"),
        ("", 400, "MissingApiVersionParameter"),
    ];
    for (query, status, code) in cases {
        let simulator = with(Chat::new(ChatKind::Teams, "robot-1").secret("f00d"));
        let path = format!("/workflows/robot-1/triggers/manual/paths/invoke{query}");
        let reply = post(&simulator, &path, &message(ChatKind::Teams)).await;
        assert_eq!(said(&reply), (status, code.to_owned()), "{query}");
    }
}

const BODY: &str = r#"{"title":"Order 302-1000003-7654318"}"#;

async fn hook(simulator: &Simulator, id: &str, timestamp: i64, signature: &str, body: &str) -> u16 {
    let mut request = Request::post("/hooks/robot-1")
        .header("content-type", "application/json")
        .header("webhook-id", id)
        .header("webhook-timestamp", timestamp.to_string());
    if !signature.is_empty() {
        request = request.header("webhook-signature", signature);
    }
    let request = request.body(Bytes::from(body.to_owned())).expect("a request");
    send(simulator, request).await.expect("no reset").status.as_u16()
}

fn secured() -> Simulator {
    let secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    with(Chat::new(ChatKind::Webhook, "robot-1").secret(secret))
}

#[tokio::test(start_paused = true)]
async fn a_webhook_is_signed_over_its_id_its_time_and_its_body() {
    let good = "v1,y75TN8ww+jfnAK6lb9X9xaSJnyj0m5UyBg9SHZe/cg8=";
    let rotated = format!("v1,AAAA v1a,BBBB {good}");
    let other_version = good.replace("v1,", "v2,");
    let cases = [
        ("msg_1", NOW, good, BODY, 204),
        ("msg_1", NOW, &rotated, BODY, 204),
        ("msg_1", NOW - 300, "v1,HKO0h+TM09HV7p9iZEVB72/CYJnt2lu8o7Z4j8HSL2w=", BODY, 204),
        // A second over five minutes ago, rightly signed.
        ("msg_1", NOW - 301, "v1,W+HsPuJ0b+59QwaIPsj4yNX2IRJ0bdUQqD2ZzDRK/A0=", BODY, 401),
        ("msg_2", NOW, good, BODY, 401),
        ("msg_1", NOW + 1, good, BODY, 401),
        ("msg_1", NOW, good, "{}", 401),
        ("msg_1", NOW, &other_version, BODY, 401),
        ("msg_1", NOW, "", BODY, 400),
    ];
    for (id, timestamp, signature, body, status) in cases {
        let simulator = secured();
        assert_eq!(hook(&simulator, id, timestamp, signature, body).await, status, "{id} {signature} {body}");
        assert_eq!(simulator.chat_messages(ChatKind::Webhook, "robot-1").len(), usize::from(status == 204));
    }
}

#[tokio::test(start_paused = true)]
async fn the_same_id_again_is_taken_and_known_as_a_repeat() {
    let simulator = secured();
    let good = "v1,y75TN8ww+jfnAK6lb9X9xaSJnyj0m5UyBg9SHZe/cg8=";
    for _ in 0..2 {
        assert_eq!(hook(&simulator, "msg_1", NOW, good, BODY).await, 204);
        simulator.step_clock(seconds(60));
    }
    let messages = simulator.chat_messages(ChatKind::Webhook, "robot-1");
    let repeats: Vec<_> = messages.iter().map(|message| (message.id.as_deref(), message.repeat)).collect();
    assert_eq!(repeats, [(Some("msg_1"), false), (Some("msg_1"), true)]);
}
