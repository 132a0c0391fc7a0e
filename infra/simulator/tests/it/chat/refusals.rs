//! What each chat does not show, and what it answers then.

use bytes::Bytes;
use http::Request;
use renown_simulator::{Chat, ChatKind};
use serde_json::{Value, json};

use super::{address, key, message, post, reason, said, send, simulator, teams, try_post};

#[tokio::test(start_paused = true)]
async fn a_key_without_a_robot_is_answered_as_the_chat_does() {
    let cases = [
        (ChatKind::WeCom, 200, "93000"),
        (ChatKind::DingTalk, 200, "300005"),
        (ChatKind::Feishu, 200, "19001"),
        (ChatKind::Slack, 404, "no_service"),
        (ChatKind::Teams, 404, "WorkflowNotFound"),
        (ChatKind::Webhook, 404, "there is no such hook"),
    ];
    for (kind, status, code) in cases {
        let simulator = simulator();
        let reply = post(&simulator, &address(kind, "nobody"), &message(kind)).await;
        assert_eq!(said(&reply), (status, code.to_owned()), "{kind:?}");
        assert!(simulator.chat_messages(kind, "nobody").is_empty());
        let refusal = simulator.chat_refusals(kind, "nobody").pop().unwrap();
        assert_eq!(refusal.status, Some(status));
        assert!(refusal.reason.contains("POST /_sim/chats"), "{}", refusal.reason);
    }
    let simulator = simulator();
    let reply = post(&simulator, "/robot/send", &message(ChatKind::DingTalk)).await;
    assert_eq!(said(&reply), (200, "40035".to_owned()), "the token itself is missing");
}

fn wecom(kind: &str, content: &Value) -> Value {
    json!({"msgtype": kind, kind: content})
}

fn feishu_card(elements: &Value) -> Value {
    json!({"msg_type": "interactive", "card": {"elements": elements}})
}

fn feishu_card_v2(elements: &Value) -> Value {
    json!({"msg_type": "interactive", "card": {"schema": "2.0", "body": {"elements": elements}}})
}

fn slack(block: &Value) -> Value {
    json!({"text": "late", "blocks": [block]})
}

#[tokio::test(start_paused = true)]
async fn a_body_that_the_chat_does_not_understand_is_refused_with_its_own_code() {
    let article = json!({"title": "t", "url": "https://example.com"});
    let button = json!({"tag": "button", "text": {"tag": "plain_text", "content": "Open"}});
    let in_column = json!([{"tag": "column_set", "columns": [
        {"tag": "column", "elements": [{"tag": "action", "actions": [button]}]}]}]);
    let words = |n: usize| json!({"type": "mrkdwn", "text": "x".repeat(n)});
    let cases: Vec<(ChatKind, Value, u16, &str, &str)> = vec![
        (ChatKind::WeCom, json!([]), 200, "40008", "no JSON object"),
        (ChatKind::WeCom, json!({}), 200, "40008", "msgtype"),
        (ChatKind::WeCom, json!({"msg_type": "text", "text": {"content": "x"}}), 200, "40008", "msgtype"),
        (ChatKind::WeCom, wecom("image", &json!({"base64": ""})), 200, "40008", "image"),
        (
            ChatKind::WeCom,
            json!({"msgtype": "markdown", "text": {"content": "x"}}),
            200,
            "44004",
            "markdown.content",
        ),
        (ChatKind::WeCom, wecom("text", &json!({"content": " "})), 200, "44004", "text.content"),
        (
            ChatKind::WeCom,
            wecom("text", &json!({"content": "x", "mentioned_list": "li"})),
            200,
            "40058",
            "mentioned_list",
        ),
        (ChatKind::WeCom, wecom("news", &json!({"articles": []})), 200, "40058", "0 of 1 to 8"),
        (ChatKind::WeCom, wecom("news", &json!({"articles": vec![article; 9]})), 200, "40058", "9 of 1 to 8"),
        (
            ChatKind::WeCom,
            wecom("news", &json!({"articles": [{"title": "t"}]})),
            200,
            "40058",
            "articles[0].url",
        ),
        (
            ChatKind::WeCom,
            wecom("template_card", &json!({"card_type": "text_notice", "sub_title_text": "x"})),
            200,
            "40058",
            "card_action",
        ),
        (ChatKind::DingTalk, json!("x"), 200, "40035", "json"),
        (ChatKind::DingTalk, json!({}), 200, "40035", "msgtype"),
        (ChatKind::DingTalk, json!({"msgtype": "card"}), 200, "400105", "card"),
        (ChatKind::DingTalk, json!({"msgtype": "text", "text": "x"}), 200, "40035", "text.content"),
        (
            ChatKind::DingTalk,
            json!({"msgtype": "markdown", "markdown": {"text": "x"}}),
            200,
            "40035",
            "markdown.title",
        ),
        (
            ChatKind::DingTalk,
            json!({"msgtype": "markdown", "markdown": {"title": "x"}}),
            200,
            "40035",
            "markdown.text",
        ),
        (
            ChatKind::DingTalk,
            json!({"msgtype": "actionCard", "actionCard": {"title": "t", "text": "x"}}),
            200,
            "40035",
            "singleTitle",
        ),
        (
            ChatKind::DingTalk,
            json!({"msgtype": "text", "text": {"content": "x"}, "at": {"atMobiles": "1"}}),
            200,
            "40035",
            "atMobiles",
        ),
        (ChatKind::Feishu, json!(7), 200, "9499", "no JSON object"),
        (ChatKind::Feishu, json!({"msgtype": "text", "text": {"content": "x"}}), 200, "19002", "msg_type"),
        (ChatKind::Feishu, json!({"msg_type": "audio"}), 200, "9499", "audio"),
        (ChatKind::Feishu, json!({"msg_type": "text", "text": "x"}), 200, "9499", "content.text"),
        (
            ChatKind::Feishu,
            json!({"msg_type": "post", "content": {"post": {"zh_cn": {"content": [{"tag": "text"}]}}}}),
            200,
            "9499",
            "content[0]",
        ),
        (ChatKind::Feishu, json!({"msg_type": "interactive", "card": "{}"}), 200, "11246", "200621"),
        (ChatKind::Feishu, feishu_card(&json!([])), 200, "11246", "card.elements"),
        (
            ChatKind::Feishu,
            feishu_card(&json!([{"tag": "divider"}])),
            200,
            "11246",
            "unsupported type of block; ErrorValue: divider",
        ),
        (
            ChatKind::Feishu,
            feishu_card(&json!([{"tag": "div", "text": "x"}])),
            200,
            "11246",
            "card.elements[0].text",
        ),
        (ChatKind::Feishu, feishu_card(&in_column), 200, "11246", "200410"),
        (ChatKind::Feishu, feishu_card_v2(&json!([{"tag": "note", "elements": []}])), 200, "11246", "200861"),
        (
            ChatKind::Feishu,
            feishu_card_v2(&json!([{"tag": "action", "actions": [button]}])),
            200,
            "11246",
            "unsupported tag action",
        ),
        (ChatKind::Feishu, feishu_card_v2(&json!([])), 200, "11246", "card.body.elements"),
        (ChatKind::Slack, json!([]), 400, "invalid_payload", "no JSON object"),
        (ChatKind::Slack, json!({}), 400, "no_text", "neither"),
        (ChatKind::Slack, json!({"text": 7}), 400, "invalid_payload", "text"),
        (ChatKind::Slack, json!({"text": "", "blocks": []}), 400, "no_text", "neither"),
        (ChatKind::Slack, json!({"blocks": {}}), 400, "invalid_blocks", "no list"),
        (
            ChatKind::Slack,
            json!({"blocks": vec![json!({"type": "divider"}); 51]}),
            400,
            "invalid_blocks",
            "51 blocks of 50",
        ),
        (ChatKind::Slack, slack(&json!({"type": "heading"})), 400, "invalid_blocks", "heading"),
        (
            ChatKind::Slack,
            slack(&json!({"type": "header", "text": {"type": "mrkdwn", "text": "x"}})),
            400,
            "invalid_blocks",
            "mrkdwn",
        ),
        (
            ChatKind::Slack,
            slack(&json!({"type": "header", "text": {"type": "plain_text", "text": "x".repeat(151)}})),
            400,
            "invalid_blocks",
            "151 letters of 150",
        ),
        (
            ChatKind::Slack,
            slack(&json!({"type": "section", "text": words(3001)})),
            400,
            "invalid_blocks",
            "3001 letters of 3000",
        ),
        (
            ChatKind::Slack,
            slack(&json!({"type": "section", "fields": vec![words(1); 11]})),
            400,
            "invalid_blocks",
            "11 of 0 to 10",
        ),
        (
            ChatKind::Slack,
            slack(&json!({"type": "section", "fields": [words(2001)]})),
            400,
            "invalid_blocks",
            "2001 letters of 2000",
        ),
        (
            ChatKind::Slack,
            slack(&json!({"type": "context", "elements": []})),
            400,
            "invalid_blocks",
            "0 of 1 to 10",
        ),
        (ChatKind::Webhook, json!("x"), 400, "the body is no JSON object", "no JSON object"),
    ];
    for (kind, body, status, code, because) in cases {
        let simulator = simulator();
        let reply = post(&simulator, &address(kind, key(kind)), &body).await;
        assert_eq!(said(&reply), (status, code.to_owned()), "{kind:?} {body}");
        assert!(reason(&simulator, kind).contains(because), "{kind:?} {body}: {}", reason(&simulator, kind));
        assert!(simulator.chat_messages(kind, key(kind)).is_empty(), "{kind:?} {body}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_card_that_teams_cannot_show_is_taken_all_the_same_and_never_seen() {
    let text = |text: &str| json!([{"type": "TextBlock", "text": text}]);
    let changed = |place: &str, value: Value| {
        let mut message = teams(&text("late"));
        *message.pointer_mut(place).expect("a member") = value;
        message
    };
    let mut uncalled = teams(&text("Li Lei please"));
    uncalled["attachments"][0]["content"]["msteams"] = json!({"entities": [
        {"type": "mention", "text": "<at>Li Lei</at>", "mentioned": {"id": "li", "name": "Li Lei"}}]});
    let mut submit = teams(&text("late"));
    submit["attachments"][0]["content"]["actions"] = json!([{"type": "Action.Submit", "title": "Done"}]);
    let cases = [
        (json!({"text": "late"}), "type"),
        (json!({"@type": "MessageCard", "text": "late"}), "type"),
        (json!({"type": "message", "text": "late"}), "attachments"),
        (changed("/attachments/0/contentType", json!("application/json")), "contentType"),
        (changed("/attachments/0/content", json!("{}")), "content"),
        (changed("/attachments/0/content/type", json!("Card")), "AdaptiveCard"),
        (changed("/attachments/0/content/version", json!("1.6")), "1.6"),
        (changed("/attachments/0/content/body", json!({})), "body"),
        (teams(&json!([{"type": "TextBlock"}])), "body[0].text"),
        (teams(&json!([{"type": "Marquee"}])), "Marquee"),
        (teams(&text(&"x".repeat(28 * 1024))), "MessageSizeExceeded"),
        (uncalled, "does not stand in the card"),
        (submit, "Action.Submit"),
    ];
    for (body, because) in cases {
        let simulator = simulator();
        let reply = post(&simulator, &address(ChatKind::Teams, "robot-1"), &body).await;
        assert_eq!((reply.status.as_u16(), reply.body.len()), (202, 0), "{because}");
        assert!(simulator.chat_messages(ChatKind::Teams, "robot-1").is_empty(), "{because}");
        let refusal = simulator.chat_refusals(ChatKind::Teams, "robot-1").pop().unwrap();
        assert!(refusal.reason.contains(because), "{because}: {}", refusal.reason);
        assert_eq!(refusal.status, Some(202));
    }
}

#[tokio::test(start_paused = true)]
async fn lengths_are_counted_in_bytes_and_hold_to_the_last() {
    // A character of Chinese has three bytes.
    let wecom = |kind: &str, n_bytes: usize| {
        let content = format!("{}{}", "好".repeat(n_bytes / 3), "x".repeat(n_bytes % 3));
        json!({"msgtype": kind, kind: {"content": content}}).to_string()
    };
    let filled = |around: &str, n_bytes: usize| around.replace('X', &"x".repeat(n_bytes - around.len() + 1));
    let cases = [
        (ChatKind::WeCom, wecom("text", 2048), wecom("text", 2049), "40058"),
        (ChatKind::WeCom, wecom("markdown", 4096), wecom("markdown", 4097), "40058"),
        (ChatKind::WeCom, wecom("markdown_v2", 4096), wecom("markdown_v2", 4097), "40058"),
        (
            ChatKind::DingTalk,
            filled(r#"{"msgtype":"text","text":{"content":"X"}}"#, 20_000),
            filled(r#"{"msgtype":"text","text":{"content":"X"}}"#, 20_001),
            "460101",
        ),
        (
            ChatKind::Feishu,
            filled(r#"{"msg_type":"text","content":{"text":"X"}}"#, 20_480),
            filled(r#"{"msg_type":"text","content":{"text":"X"}}"#, 20_481),
            "9499",
        ),
        (
            ChatKind::Webhook,
            filled(r#"{"text":"X"}"#, 20_480),
            filled(r#"{"text":"X"}"#, 20_481),
            "the body has 20481 bytes of 20480",
        ),
    ];
    for (kind, longest, too_long, code) in cases {
        let simulator = simulator();
        let path = address(kind, key(kind));
        try_post(&simulator, &path, &longest).await.unwrap();
        assert_eq!(
            simulator.chat_messages(kind, key(kind)).len(),
            1,
            "{kind:?} {}",
            reason(&simulator, kind)
        );
        let reply = try_post(&simulator, &path, &too_long).await.unwrap();
        assert_eq!(said(&reply).1, code, "{kind:?}");
        assert_eq!(simulator.chat_messages(kind, key(kind)).len(), 1, "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_no_post_or_not_declared_as_json_is_refused_where_the_chat_looks() {
    let cases = [
        (ChatKind::WeCom, (200, "43002"), (200, "0")),
        (ChatKind::DingTalk, (200, "43002"), (200, "43004")),
        (ChatKind::Feishu, (200, "9499"), (200, "9499")),
        (ChatKind::Slack, (400, "invalid_payload"), (400, "invalid_payload")),
        (ChatKind::Teams, (404, "NotFound"), (400, "InvalidRequestContent")),
        (ChatKind::Webhook, (405, "it is no POST"), (400, "the header `webhook-id` is missing")),
    ];
    for (kind, to_get, to_form) in cases {
        let simulator = simulator();
        let body = Bytes::from(message(kind).to_string());
        for (method, expected) in [("GET", to_get), ("POST", to_form)] {
            let request = Request::builder().method(method).uri(address(kind, key(kind)));
            let reply = send(&simulator, request.body(body.clone()).unwrap()).await.unwrap();
            assert_eq!(said(&reply), (expected.0, expected.1.to_owned()), "{method} {kind:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_without_the_robots_keyword_is_not_shown() {
    for (kind, code) in [(ChatKind::DingTalk, "310000"), (ChatKind::Feishu, "19024")] {
        let simulator = simulator();
        simulator.add_chat(Chat::new(kind, "picky").keyword("Renown")).unwrap();
        let reply = post(&simulator, &address(kind, "picky"), &message(kind)).await;
        assert_eq!(said(&reply), (200, code.to_owned()));
        assert!(simulator.chat_messages(kind, "picky").is_empty());
        let with_it = message(kind).to_string().replace("Order", "Renown: order");
        try_post(&simulator, &address(kind, "picky"), &with_it).await.unwrap();
        assert_eq!(simulator.chat_messages(kind, "picky").len(), 1, "{kind:?}");
    }
}
