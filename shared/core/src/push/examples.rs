//! Cards for the tests of this folder.

use super::card::{Card, Mention, Severity};
use crate::say::Lang;

/// A bad feedback on an order from Germany.
pub(super) fn feedback(lang: Lang) -> Card {
    let facts: [(&str, &str, &str); 7] = [
        ("Store", "店铺", "Teehaus Lindner"),
        ("Marketplace", "站点", "Amazon.de"),
        ("Order", "订单", "303-4455667-7788990"),
        ("Product", "商品", "Teekanne Glas 1,5 l (TEA_POT_15)"),
        ("Cause", "原因", ""),
        ("Rating", "评分", "1/5"),
        ("Owner", "负责人", "Li Na"),
    ];
    let cause = in_lang(lang, "damaged on arrival", "到货损坏");
    Card {
        lang,
        severity: Severity::Urgent,
        title: in_lang(lang, "1-star feedback: damaged on arrival", "一星反馈:到货损坏"),
        facts: facts
            .into_iter()
            .map(|(en, zh, value)| {
                let value = if value.is_empty() { cause.clone() } else { value.to_owned() };
                (in_lang(lang, en, zh), value)
            })
            .collect(),
        lines: vec![in_lang(
            lang,
            "It is the third on this product in seven days.",
            "该商品七天内的第三条差评。",
        )],
        quote: Some("Die Kanne kam zerbrochen an, der Karton war offen.\nNie wieder!".to_owned()),
        deadline: Some(in_lang(
            lang,
            "To be dealt with by 2026-11-24 18:00 CST.",
            "请于 2026-11-24 18:00 CST 之前处理。",
        )),
        next_step: Some(in_lang(
            lang,
            "Offer a replacement in Seller Central, then ask Amazon to strike the feedback: Amazon shipped it.",
            "在卖家平台提出补发,再申请移除该反馈:该订单由亚马逊配送。",
        )),
        link: Some((
            in_lang(lang, "Open in Seller Central", "在卖家平台打开"),
            "https://sellercentral.amazon.de/orders-v3/order/303-4455667-7788990".to_owned(),
        )),
        mentions: vec![Mention { name: "Li Na".to_owned(), id: "U0LINA".to_owned() }],
    }
}

/// The same, called by one id.
pub(super) fn calling(lang: Lang, id: &str) -> Card {
    Card { mentions: vec![Mention { name: "Li Na".to_owned(), id: id.to_owned() }], ..feedback(lang) }
}

/// A card of one text in every place that a person of outside may fill.
pub(super) fn hostile(text: &str) -> Card {
    let text = || text.to_owned();
    Card {
        title: text(),
        facts: vec![(text(), text())],
        lines: vec![text()],
        quote: Some(text()),
        deadline: Some(text()),
        next_step: Some(text()),
        link: None,
        mentions: Vec::new(),
        ..feedback(Lang::En)
    }
}

fn in_lang(lang: Lang, en: &str, zh: &str) -> String {
    match lang {
        Lang::En => en.to_owned(),
        Lang::Zh => zh.to_owned(),
    }
}
