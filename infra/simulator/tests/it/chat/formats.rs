//! What each chat shows, and what it answers then.

use renown_simulator::{ChatKind, Simulator};
use serde_json::{Value, json};

use super::{ORDER, address, key, message, post, said, shown, simulator, teams};

#[tokio::test(start_paused = true)]
async fn each_chat_takes_a_message_and_says_so_in_its_own_way() {
    let cases = [
        (ChatKind::WeCom, 200, r#"{"errcode":0,"errmsg":"ok"}"#),
        (ChatKind::DingTalk, 200, r#"{"errcode":0,"errmsg":"ok"}"#),
        (
            ChatKind::Feishu,
            200,
            r#"{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}"#,
        ),
        (ChatKind::Slack, 200, "ok"),
        (ChatKind::Teams, 202, ""),
        (ChatKind::Webhook, 204, ""),
    ];
    for (kind, status, body) in cases {
        let simulator = simulator();
        let reply = post(&simulator, &address(kind, key(kind)), &message(kind)).await;
        assert_eq!((reply.status.as_u16(), &reply.body[..]), (status, body.as_bytes()), "{kind:?}");
        assert_eq!(reply.header("date"), Some("Sun, 01 Mar 2026 00:00:00 GMT"));
        let messages = simulator.chat_messages(kind, key(kind));
        assert_eq!(messages.len(), 1, "{kind:?}");
        assert_eq!(messages[0].body, message(kind), "{kind:?}");
        assert!(messages[0].text.contains(&format!("Order {ORDER} needs a look")), "{kind:?}");
        assert!(simulator.chat_refusals(kind, key(kind)).is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn posts_to_chats_are_neither_calls_nor_violations() {
    let simulator = simulator();
    for kind in ChatKind::ALL {
        post(&simulator, &address(kind, key(kind)), &message(kind)).await;
        post(&simulator, &address(kind, "nobody"), &message(kind)).await;
    }
    assert!(simulator.calls().is_empty() && simulator.violations().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_person_reads_the_words_of_a_message_without_its_marks() {
    let wecom_card = json!({
        "card_type": "text_notice", "main_title": {"title": "Late", "desc": "two orders"},
        "horizontal_content_list": [{"keyname": "Order", "value": ORDER}],
        "card_action": {"type": 1, "url": "https://example.com"},
    });
    let feishu_v1 = json!({
        "header": {"title": {"tag": "plain_text", "content": "Late"}, "template": "red"},
        "elements": [
            {"tag": "div", "text": {"tag": "lark_md", "content": "**Order** 302&#45;1"},
             "fields": [{"is_short": true, "text": {"tag": "lark_md", "content": "**Shop** A"}}]},
            {"tag": "hr"},
            {"tag": "column_set", "columns": [
                {"tag": "column", "elements": [{"tag": "markdown", "content": "in a column"}]}]},
            {"tag": "action", "actions": [
                {"tag": "button", "text": {"tag": "plain_text", "content": "Open"}, "url": "https://example.com"}]},
            {"tag": "note", "elements": [{"tag": "plain_text", "content": "by itself"}]},
        ],
    });
    let feishu_v2 = json!({
        "schema": "2.0", "header": {"title": {"tag": "plain_text", "content": "Late"}},
        "body": {"elements": [
            {"tag": "markdown", "content": "call <at id=all></at>[it](https://example.com)"},
            {"tag": "button", "text": {"tag": "plain_text", "content": "Open"}},
        ]},
    });
    let rich = json!({"zh_cn": {"title": "Late", "content": [
        [{"tag": "text", "text": "Order "}, {"tag": "a", "text": "one", "href": "https://example.com"}],
        [{"tag": "at", "user_id": "all"}],
    ]}});
    let blocks = json!([
        {"type": "header", "text": {"type": "plain_text", "text": "Late"}},
        {"type": "section", "text": {"type": "mrkdwn", "text": "*Order* <https://example.com|one>"},
         "fields": [{"type": "mrkdwn", "text": "*Shop* A &amp; B"}]},
        {"type": "divider"},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "<@U1>"}]},
        {"type": "actions", "elements": [
            {"type": "button", "text": {"type": "plain_text", "text": "Open"}, "url": "https://example.com"}]},
    ]);
    let card = json!([
        {"type": "TextBlock", "text": "**Late**", "weight": "Bolder"},
        {"type": "FactSet", "facts": [{"title": "Order", "value": "302\\-1"}]},
        {"type": "Container", "items": [{"type": "TextBlock", "text": "within"}]},
        {"type": "ColumnSet", "columns": [{"type": "Column", "items": [{"type": "TextBlock", "text": "column"}]}]},
        {"type": "RichTextBlock", "inlines": ["a ", {"type": "TextRun", "text": "run"}]},
        {"type": "ActionSet", "actions": [{"type": "Action.OpenUrl", "title": "Open", "url": "https://example.com"}]},
    ]);
    let mut mention = teams(&json!([{"type": "TextBlock", "text": "<at>Li Lei</at> please"}]));
    mention["attachments"][0]["content"]["msteams"] = json!({"entities": [
        {"type": "mention", "text": "<at>Li Lei</at>", "mentioned": {"id": "li@example.com", "name": "Li Lei"}}]});

    let cases: [(ChatKind, Value, &str); 16] = [
        (
            ChatKind::WeCom,
            json!({"msgtype": "text", "text": {"content": "late", "mentioned_list": ["@all", "li"]}}),
            "late @all @li",
        ),
        (
            ChatKind::WeCom,
            json!({"msgtype": "markdown", "markdown": {"content": "# <font color=\"warning\">Late</font>\n> **one** <@li>"}}),
            "Late\none @li",
        ),
        (ChatKind::WeCom, json!({"msgtype": "markdown_v2", "markdown_v2": {"content": "a \\* b"}}), "a * b"),
        (
            ChatKind::WeCom,
            json!({"msgtype": "news", "news": {"articles": [
                {"title": "Late", "description": "one", "url": "https://example.com"}]}}),
            "Late\none",
        ),
        (
            ChatKind::WeCom,
            json!({"msgtype": "template_card", "template_card": wecom_card}),
            "Late\ntwo orders\nOrder\n302-1000003-7654318",
        ),
        (ChatKind::DingTalk, json!({"msgtype": "text", "text": {"content": "late"}}), "late"),
        (
            ChatKind::DingTalk,
            json!({"msgtype": "link", "link": {"title": "Late", "text": "one", "messageUrl": "https://example.com"}}),
            "Late\none",
        ),
        (
            ChatKind::DingTalk,
            json!({"msgtype": "actionCard", "actionCard": {"title": "Late", "text": "## one",
                "btns": [{"title": "Open", "actionURL": "https://example.com"}]}, "at": {"isAtAll": true}}),
            "Late\none\nOpen",
        ),
        (
            ChatKind::DingTalk,
            json!({"msgtype": "feedCard", "feedCard": {"links": [
                {"title": "Late", "messageURL": "https://example.com", "picURL": "https://example.com/a.png"}]}}),
            "Late",
        ),
        (
            ChatKind::Feishu,
            json!({"msg_type": "interactive", "card": feishu_v1}),
            "Late\nOrder 302-1\nShop A\nin a column\nOpen\nby itself",
        ),
        (ChatKind::Feishu, json!({"msg_type": "interactive", "card": feishu_v2}), "Late\ncall it\nOpen"),
        (ChatKind::Feishu, json!({"msg_type": "post", "content": {"post": rich}}), "Late\nOrder one\n@all"),
        (
            ChatKind::Slack,
            json!({"text": "for the notification", "blocks": blocks}),
            "Late\nOrder one\nShop A & B\n@U1\nOpen",
        ),
        (ChatKind::Teams, teams(&card), "Late\nOrder 302-1\nwithin\ncolumn\na run\nOpen"),
        (ChatKind::Teams, mention, "Li Lei please"),
        (ChatKind::Webhook, json!({"a": ["x", {"b": "y"}], "n": 1}), "x\ny"),
    ];
    for (kind, body, text) in cases {
        let simulator = simulator();
        let reply = post(&simulator, &address(kind, key(kind)), &body).await;
        assert!(reply.status.is_success(), "{kind:?} {body}");
        assert_eq!(
            shown(&simulator, kind),
            text,
            "{kind:?} {:?} {:?}",
            said(&reply),
            refusals(&simulator, kind)
        );
    }
}

fn refusals(simulator: &Simulator, kind: ChatKind) -> Vec<String> {
    simulator.chat_refusals(kind, key(kind)).into_iter().map(|refusal| refusal.reason).collect()
}

#[tokio::test(start_paused = true)]
async fn a_workflow_is_reached_under_its_newer_address_as_well() {
    let simulator = simulator();
    let path = format!(
        "/powerautomate/automations/direct/workflows/{}/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=f00d",
        key(ChatKind::Teams)
    );
    assert_eq!(post(&simulator, &path, &message(ChatKind::Teams)).await.status, 202);
    assert!(shown(&simulator, ChatKind::Teams).contains(ORDER));
}

#[tokio::test(start_paused = true)]
async fn a_text_of_slack_is_cut_off_and_not_refused() {
    let simulator = simulator();
    let path = address(ChatKind::Slack, key(ChatKind::Slack));
    assert_eq!(
        said(&post(&simulator, &path, &json!({"text": "好".repeat(40_001)})).await),
        (200, "ok".to_owned())
    );
    assert_eq!(shown(&simulator, ChatKind::Slack).chars().count(), 40_000);
}
