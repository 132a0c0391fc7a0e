//! Workflows of Microsoft Teams: an adaptive card 1.4, judged by status: 202 is taken, not shown.
//!
//! What others wrote stands in text runs, which have no markdown; what must be a text block, to call
//! people, holds nothing else.
//!
//! Sources: learn.microsoft.com, "Create incoming webhooks with Workflows", "Format cards in Teams";
//! adaptivecards.io, schema 1.4.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::answer::{Answer, Name, object};
use super::card::{Card, Severity};
use super::fit::fitted;
use super::look;
use super::plain::{Dialect, MARKDOWN, defused};
use crate::text;

/// Bytes of the body as JSON. Source: "Create incoming webhooks" (28 KB); of which 21 KB are known to
/// arrive, as Teams counts what it makes of the card.
const MAX_BODY: usize = 21_000;

/// Text runs: only the tag that calls people means something.
const RUN: Dialect = Dialect { anywhere: "<>", at_head: "", at_edges: "", emoji: false };

const NAME: Name = Name { en: "Teams", zh: "Teams" };

/// The message of a card.
pub fn body(card: &Card) -> Value {
    fitted(card, is_id, message, |message| message.to_string().len() <= MAX_BODY)
}

/// An object id or a sign-in name (`ana@shop.example`) of Microsoft Entra, or an id of Teams
/// (`29:…`).
fn is_id(id: &str) -> bool {
    id.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-@.:'+".contains(&b))
}

fn message(card: &Card) -> Value {
    let entity = |(who, name): (&super::card::Mention, &String)| json!({ "type": "mention", "text": tag(name), "mentioned": { "id": who.id, "name": name } });
    let names = names(card);
    let actions = card.link.iter().map(
        |(label, address)| json!({ "type": "Action.OpenUrl", "title": defused(label, &RUN), "url": address }),
    );
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.4",
                "body": elements(card, &names),
                "actions": actions.collect::<Vec<_>>(),
                "msteams": {
                    "width": "Full",
                    "entities": card.mentions.iter().zip(&names).map(entity).collect::<Vec<_>>(),
                },
            },
        }],
    })
}

/// What each is called in the tag and in the entity, where it must be the same and be nobody else's.
fn names(card: &Card) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for mention in &card.mentions {
        let name = defused(&mention.name, &MARKDOWN);
        names.push(if names.contains(&name) { format!("{name} {}", names.len() + 1) } else { name });
    }
    names
}

fn tag(name: &str) -> String {
    format!("<at>{name}</at>")
}

fn elements(card: &Card, names: &[String]) -> Vec<Value> {
    let (style, color) = match card.severity {
        Severity::Info => ("accent", "Accent"),
        Severity::Warning => ("warning", "Warning"),
        Severity::Urgent => ("attention", "Attention"),
    };
    let title = json!({ "type": "TextRun", "text": defused(&card.title, &RUN), "weight": "Bolder", "size": "Medium" });
    let word = json!({
        "type": "TextRun", "text": look::severity(card), "weight": "Bolder", "size": "Small", "color": color,
    });
    let mut elements = vec![json!({
        "type": "Container",
        "style": style,
        "bleed": true,
        "items": [rich(&[title]), rich(&[word])],
    })];
    elements.extend(card.facts.iter().map(|(name, value)| row(name, value)));
    elements.extend(card.lines.iter().flat_map(|line| paragraphs(line)));
    if let Some(quote) = &card.quote {
        elements.push(json!({ "type": "Container", "style": "emphasis", "items": paragraphs(quote) }));
    }
    if let Some(deadline) = &card.deadline {
        let text = defused(deadline, &RUN);
        elements
            .push(rich(&[json!({ "type": "TextRun", "text": text, "weight": "Bolder", "color": color })]));
    }
    if let Some(step) = &card.next_step {
        elements.push(row(look::next().in_lang(card.lang), step));
    }
    if !names.is_empty() {
        let names: Vec<_> = names.iter().map(|name| tag(name)).collect();
        elements.push(json!({ "type": "TextBlock", "text": names.join(" "), "wrap": true }));
    }
    elements
}

/// A text block a line: what a line feed does in a run is not documented.
fn paragraphs(text: &str) -> Vec<Value> {
    text.split('\n').map(|line| rich(&[json!({ "type": "TextRun", "text": defused(line, &RUN) })])).collect()
}

fn rich(runs: &[Value]) -> Value {
    json!({ "type": "RichTextBlock", "inlines": runs })
}

/// A name and a value below those of the other rows.
fn row(name: &str, value: &str) -> Value {
    let name = json!({ "type": "TextRun", "text": defused(name, &RUN), "isSubtle": true });
    let column = |width: u8, items: Vec<Value>| json!({ "type": "Column", "width": width, "items": items });
    json!({
        "type": "ColumnSet",
        "spacing": "Small",
        "columns": [column(2, vec![rich(&[name])]), column(5, paragraphs(value))],
    })
}

/// What the answer of Teams means.
pub fn judge(status: u16, body: &str, retry_after: Option<&str>, now: Timestamp) -> Answer {
    let answer = object(body).unwrap_or_default();
    let code = answer["error"]["code"].as_str().unwrap_or_default();
    let refuses = |meaning| NAME.refuses(code, &meaning);
    match code {
        // Both told of a workflow that was deleted, the first of one switched off as well.
        "WorkflowTriggerIsNotEnabled" | "WorkflowDisabled" | "WorkflowNotFound" => NAME.is_gone(code, &text!(
            "the workflow was deleted or switched off; switch it on in Teams, or make a new one and give the target its address",
            "该工作流已被删除或关闭;请在 Teams 中打开,或新建一个并将其地址填入该目标"
        )),
        "DirectApiAuthorizationRequired" | "InvalidAuthenticationToken" | "AuthorizationFailed"
        | "DirectApiInvalidAuthorizationScheme" => refuses(text!(
            "the workflow takes messages of signed-in people only; let its trigger be used by anyone, then copy its address again",
            "该工作流只接受已登录用户的消息;请将其触发器改为任何人可用,再重新复制地址"
        )),
        "TriggerInputSchemaMismatch" | "InvalidRequestContent" => refuses(text!(
            "the workflow expects messages of another form; make it from the template that posts to a channel when a webhook request is received",
            "该工作流要求其他格式的消息;请使用“收到 webhook 请求时发布到频道”的模板创建"
        )),
        _ => NAME.by_status(status, retry_after, now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::push::card::Mention;
    use crate::push::examples::{calling, feedback, hostile};
    use crate::say::Lang;
    use jiff::SignedDuration;

    const ID: &str = "87d349ed-44d7-43e1-9a83-5f2406dee5bd";

    #[test]
    fn a_card_in_both_languages() {
        insta::assert_json_snapshot!("teams_en", body(&calling(Lang::En, ID)));
        insta::assert_json_snapshot!("teams_zh", body(&calling(Lang::Zh, ID)));
    }

    #[test]
    fn two_of_one_name_are_two_people() {
        let mut card = feedback(Lang::En);
        let mention = |id: &str| Mention { name: "Li [Na]".to_owned(), id: id.to_owned() };
        card.mentions = ["a@shop.example", "b@shop.example"].map(mention).to_vec();
        let body = body(&card);
        let content = &body["attachments"][0]["content"];
        let texts: Vec<_> = (0..2).map(|n| content["msteams"]["entities"][n]["text"].clone()).collect();
        assert_eq!(texts, ["<at>Li ［Na］</at>", "<at>Li ［Na］ 2</at>"]);
        let shown = content["body"].as_array().and_then(|body| body.last()).expect("a block");
        assert_eq!(shown["text"], "<at>Li ［Na］</at> <at>Li ［Na］ 2</at>");
    }

    #[test]
    fn what_others_write_stands_in_runs_and_calls_nobody() {
        for text in ["<at>Li Na</at>", "[x](http://evil)", "**b**", "<b>x</b>"] {
            let body = body(&hostile(text));
            let content = &body["attachments"][0]["content"]["body"];
            let shown = content.to_string();
            assert!(!shown.contains('<') && !shown.contains("://"), "{shown}");
            assert!(!shown.contains("\"TextBlock\"") && !shown.contains("FactSet"), "{shown}");
        }
    }

    #[test]
    fn answers_are_judged_by_status_and_the_workflows_code() {
        let judge = |status, body: &str, retry| judge(status, body, retry, Timestamp::UNIX_EPOCH);
        let error = |code: &str| json!({ "error": { "code": code, "message": "sig=secret" } }).to_string();
        for status in [200, 202] {
            assert_eq!(judge(status, "", None), Answer::Accepted);
        }
        let off = judge(400, &error("WorkflowTriggerIsNotEnabled"), None);
        assert!(
            matches!(&off, Answer::Gone(why) if why.en.contains("Teams answers Workflow") && !why.en.contains("sig"))
        );
        assert!(matches!(judge(404, &error("WorkflowNotFound"), None), Answer::Gone(_)));
        for (status, code) in [
            (401, "DirectApiAuthorizationRequired"),
            (400, "TriggerInputSchemaMismatch"),
            (403, "Other"),
            (413, ""),
            (307, ""),
        ] {
            assert!(matches!(judge(status, &error(code), None), Answer::Refused(_)), "{code}");
        }
        assert_eq!(judge(429, "", Some("4")), Answer::Slow { wait: SignedDuration::from_secs(4) });
        for status in [500, 502, 504] {
            assert_eq!(judge(status, "", None), Answer::Unclear);
        }
    }
}
