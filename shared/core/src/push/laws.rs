//! What holds of every card at every channel: it fits, it is valid, what must stay whole does, and
//! nothing that is not seen goes out.

use jiff::Timestamp;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

use super::card::{Card, Mention, Severity};
use super::examples::feedback;
use super::{digest, dingtalk, feishu, slack, teams, webhook, wecom};
use crate::say::Lang;

/// Texts of marks, of letters of many bytes, of what is not seen; some very long.
fn text() -> impl Strategy<Value = String> {
    let c = prop_oneof![
        3 => any::<char>(),
        4 => proptest::sample::select("<>[]()`*_~#&@!|\\\"'/.:;-=+\n\r\t ".chars().collect::<Vec<_>>()),
        2 => proptest::sample::select("aZ09茶壶é🍵\u{202E}\u{200B}\u{0}".chars().collect::<Vec<_>>()),
    ];
    let times = prop_oneof![6 => Just(1_usize), 2 => 1..60_usize, 1 => 60..800_usize];
    (vec(c, 0..30), times).prop_map(|(chars, times)| chars.into_iter().collect::<String>().repeat(times))
}

fn card() -> impl Strategy<Value = Card> {
    let pair = || (text(), text());
    let link = prop_oneof![text().prop_map(|url| format!("https://x.example/{url}")), text()];
    let mention = (text(), prop_oneof![Just("U0LINA".to_owned()), "[a-zA-Z0-9_.@+-]{1,70}", text()])
        .prop_map(|(name, id)| Mention { name, id });
    (
        proptest::sample::select(vec![Lang::En, Lang::Zh]),
        proptest::sample::select(&Severity::ALL[..]),
        text(),
        vec(pair(), 0..30),
        prop_oneof![4 => vec(text(), 0..6), 1 => vec(text(), 100..250)],
        (proptest::option::of(text()), proptest::option::of(text()), proptest::option::of(text())),
        proptest::option::of((text(), link)),
        vec(mention, 0..12),
    )
        .prop_map(
            |(lang, severity, title, facts, lines, (quote, deadline, next_step), link, mentions)| Card {
                lang,
                severity,
                title,
                facts,
                lines,
                quote,
                deadline,
                next_step,
                link,
                mentions,
            },
        )
}

fn signed() -> feishu::Signed {
    feishu::Signed {
        timestamp: 1_795_334_400,
        sign: "0123456789012345678901234567890123456789012=".to_owned(),
    }
}

/// The message at each channel.
fn all(card: &Card) -> [(&'static str, Value); 6] {
    [
        ("wecom", wecom::body(card)),
        ("dingtalk", dingtalk::body(card)),
        ("feishu", feishu::body(card, Some(&signed()))),
        ("slack", slack::body(card)),
        ("teams", teams::body(card)),
        ("webhook", webhook::body(card, "x#1", Timestamp::UNIX_EPOCH)),
    ]
}

/// All texts of a message.
fn texts<'a>(value: &'a Value, out: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => out.push(text),
        Value::Array(array) => array.iter().for_each(|value| texts(value, out)),
        Value::Object(object) => object.values().for_each(|value| texts(value, out)),
        _ => {}
    }
}

/// Bytes that a channel takes, as the channel counts them.
fn fits(channel: &str, body: &Value) -> bool {
    let json = body.to_string().len();
    match channel {
        "wecom" => body["markdown"]["content"].as_str().is_some_and(|text| text.len() <= 4096),
        "dingtalk" => json <= 15_000,
        "feishu" | "webhook" => json <= 20_000,
        "teams" => json <= 21_000,
        "slack" => {
            let blocks = body["blocks"].as_array().expect("blocks");
            let within = |text: &Value, most| {
                text["text"].as_str().is_some_and(|text| (1..=most).contains(&text.chars().count()))
            };
            blocks.len() <= 50
                && blocks.iter().all(|block| {
                    block.get("text").is_none_or(|text| within(text, 3000))
                        && block["fields"].as_array().is_none_or(|fields| {
                            (1..=10).contains(&fields.len()) && fields.iter().all(|field| within(field, 2000))
                        })
                        && block["elements"].as_array().is_none_or(|buttons| {
                            buttons.iter().all(|button| {
                                within(&button["text"], 75)
                                    && button["url"].as_str().is_some_and(|url| url.len() <= 3000)
                            })
                        })
                })
        }
        other => panic!("{other} is no channel"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_card_fits_every_channel_and_shows_nothing_unseen(card in card()) {
        for (channel, body) in all(&card) {
            prop_assert!(fits(channel, &body), "{channel}: {} bytes", body.to_string().len());
            let mut all = Vec::new();
            texts(&body, &mut all);
            for text in all {
                let unseen = |c: char| (c.is_control() && c != '\n') || "\u{202E}\u{200B}\u{FEFF}".contains(c);
                prop_assert!(!text.contains(unseen), "{channel}: {text:?}");
            }
        }
    }

    #[test]
    fn title_deadline_and_link_stay_whole(quote in text(), line in text(), times in 1..40_usize) {
        for lang in [Lang::En, Lang::Zh] {
            let long = Card { quote: Some(quote.repeat(times)), lines: vec![line.clone(); 30], ..feedback(lang) };
            let (deadline, (_, url)) =
                (long.deadline.clone().expect("a deadline"), long.link.clone().expect("a link"));
            for (channel, body) in all(&long) {
                let body = body.to_string();
                for whole in [&long.title, &deadline, &url] {
                    prop_assert!(body.contains(whole.as_str()), "{channel} lost {whole}");
                }
            }
        }
    }

    #[test]
    fn a_digest_of_any_cards_fits(cards in vec(card(), 0..8)) {
        for (channel, body) in all(&digest(&cards)) {
            prop_assert!(fits(channel, &body), "{channel}");
        }
    }
}

#[test]
fn what_stays_whole_fits_at_its_largest() {
    for mark in ["<", "&", "\"", "@", "茶", "#\n"] {
        let long = || mark.repeat(30_000);
        let mention = |n: usize| Mention { name: long(), id: format!("U{n:063}") };
        let card = Card {
            title: long(),
            facts: vec![(long(), long()); 30],
            lines: vec![long(); 300],
            quote: Some(long()),
            deadline: Some(long()),
            next_step: Some(long()),
            link: Some((long(), format!("https://{}", "x".repeat(1492)))),
            mentions: (0..20).map(mention).collect(),
            ..feedback(Lang::Zh)
        };
        for (channel, body) in all(&card) {
            assert!(fits(channel, &body), "{channel} with {mark}: {}", body.to_string().len());
            assert!(body.to_string().contains(&"x".repeat(1492)), "{channel} lost its link");
        }
    }
}

#[test]
fn a_digest_of_a_hundred_keeps_as_many_lines_as_fit() {
    let cards = vec![feedback(Lang::Zh); 100];
    for (channel, body) in all(&digest(&cards)) {
        let lines = body.to_string().matches("一星反馈").count();
        assert!(fits(channel, &body) && lines >= 20, "{channel}: {lines}");
    }
}

#[test]
fn the_title_of_a_card_is_what_is_read_first() {
    for lang in [Lang::En, Lang::Zh] {
        let card = feedback(lang);
        let wecom = wecom::body(&card)["markdown"]["content"].as_str().expect("a text").to_owned();
        let dingtalk = dingtalk::body(&card)["markdown"]["text"].as_str().expect("a text").to_owned();
        for text in [wecom, dingtalk] {
            assert!(text.lines().next().is_some_and(|line| line.ends_with(&card.title)), "{text}");
        }
    }
}
