//! What reviews name, as a person and as a program reads it.

use renown_core::say::{Text, counted};
use renown_core::text;
use renown_core::topics::{
    Arrow, LEAST_MENTIONS, Measure, ROLE, Score, Snapshot, Topic, new_since, not_offered, number, score,
};
use serde_json::{Value, json};

use super::{Place, Product, WhyNot, limits, of_score};
use crate::desk::Desk;
use crate::style::padded;

/// A score that moved by less between looks is level. Ours.
const LEVEL: f64 = 2.0;
/// Longest title in a list, in characters.
const MAX_TITLE: usize = 40;

/// What keeps reviews of a marketplace from being known.
pub(super) fn why_not(place: &Place) -> Option<Text> {
    let country = place.marketplace.info().country;
    Some(match place.why_not? {
        WhyNot::NotOffered => not_offered(place.marketplace),
        WhyNot::NoRole => text!(
            "Amazon does not tell in {country}: the app lacks the role {ROLE:?} (of a vendor Brand Analytics); it is tried again within a week",
            "亚马逊在 {country} 站点拒绝提供:应用缺少角色 {ROLE:?}(供应商为 Brand Analytics);一周内会再次尝试"
        ),
        WhyNot::NotYet => text!(
            "{country} was not asked yet: it is once the orders of the last weeks are read, and then once a week",
            "尚未查询 {country} 站点:近几周订单读取完成后开始,此后每周一次"
        ),
    })
}

/// Which way the score goes since the look before.
fn arrow(product: &Product) -> Option<Arrow> {
    let value = |look: &Snapshot| Some(f64::from(score(look)?.value?));
    let (is, was) = (value(product.last())?, value(product.before()?)?);
    Some(Arrow::of(is - was, LEVEL))
}

/// A line for each product, the worst first.
pub(super) fn list(desk: &mut Desk<'_>, products: &mut [Product], places: &[Place]) -> anyhow::Result<()> {
    let value = |product: &Product| score(product.last()).and_then(|score| score.value);
    products.sort_by_key(|product| {
        (value(product).is_none(), value(product), product.last().is_empty(), product.last().asin.clone())
    });
    desk.json(&in_list(desk, products, places))?;
    if products.is_empty() {
        desk.say(&text!("nothing is known of any reviews yet", "尚无任何评论主题"))?;
    }
    for product in products.iter() {
        let look = product.last();
        let (asin, country) = (padded(look.asin.as_str(), 11), look.marketplace.info().country);
        let points = value(product).map_or_else(|| "  –".to_owned(), |value| format!("{value:>3}"));
        let sign = arrow(product).map_or(" ", Arrow::sign);
        let (alias, as_of) = (&product.alias, desk.style.short(look.at));
        let mut title: String = look.title.chars().take(MAX_TITLE).collect();
        if !title.is_empty() {
            title.push_str("  ");
        }
        let Text { en, zh } = match look.worst() {
            None if look.is_empty() => text!("too few reviews", "评论过少"),
            None => text!("no complaint", "无负面主题"),
            Some(worst) => {
                let name = &worst.name;
                let Text { en, zh } = measure(&worst.item);
                text!("worst: {name} ({en})", "最差:{name}({zh})")
            }
        };
        desk.say(&text!(
            "{asin} {country}  {points} {sign}  {en}  {title}{alias}  as of {as_of}",
            "{asin} {country}  {points} {sign}  {zh}  {title}{alias}  数据截至 {as_of}"
        ))?;
    }
    for place in places {
        if let Some(Text { en, zh }) = why_not(place) {
            let alias = &place.alias;
            desk.say(&text!("! {alias}: {en}", "! {alias}:{zh}"))?;
        }
    }
    if products.iter().any(|product| value(product).is_some()) {
        desk.say(&of_score())?;
    }
    desk.say(&limits())
}

fn in_list(desk: &Desk<'_>, products: &[Product], places: &[Place]) -> Value {
    let product = |product: &Product| {
        let look = product.last();
        json!({
            "seller_id": product.seller,
            "marketplace_id": look.marketplace,
            "asin": look.asin,
            "title": look.title,
            "as_of": look.at,
            "score": score(look),
            "arrow": arrow(product),
            "worst": look.worst(),
        })
    };
    let place = |place: &Place| {
        json!({
            "seller_id": place.seller,
            "marketplace_id": place.marketplace,
            "why_not": place.why_not.map(WhyNot::name),
        })
    };
    json!({
        "products": products.iter().map(product).collect::<Vec<_>>(),
        "marketplaces": places.iter().map(place).collect::<Vec<_>>(),
        "note": desk.style.say(&limits()),
    })
}

/// Products whole, one for each seller and marketplace.
pub(super) fn show(desk: &mut Desk<'_>, products: &[Product]) -> anyhow::Result<()> {
    let objects: Vec<Value> = products.iter().map(object).collect();
    desk.json(&json!({"products": objects, "note": desk.style.say(&limits())}))?;
    for product in products {
        one(desk, product)?;
    }
    desk.say(&limits())
}

fn object(product: &Product) -> Value {
    let look = product.last();
    let of = |topics: &[Topic]| {
        let topic = |topic: &Topic| {
            let mut shown = json!(topic);
            shown["to_top"] = json!(topic.to_top());
            shown["slopes"] = json!(topic.slopes());
            shown
        };
        topics.iter().map(topic).collect::<Vec<_>>()
    };
    let history = product.looks.iter().map(|look| json!({"week": look.week, "score": score(look)}));
    json!({
        "seller_id": product.seller,
        "marketplace_id": look.marketplace,
        "asin": look.asin,
        "title": look.title,
        "as_of": look.at,
        "days": look.days,
        "node": look.node,
        "score": score(look),
        "complaints": of(&look.topics.complaints),
        "praise": of(&look.topics.praise),
        "returns": look.returns,
        "history": history.collect::<Vec<_>>(),
        "repeat_purchase": product.weeks,
    })
}

fn one(desk: &mut Desk<'_>, product: &Product) -> anyhow::Result<()> {
    let look = product.last();
    let (asin, country) = (&look.asin, look.marketplace.info().country);
    let node = look.node.as_ref().map_or("", |node| node.name.as_str());
    let named: Vec<&str> =
        [&look.title, node, &product.alias].into_iter().filter(|name| !name.is_empty()).collect();
    let named = named.join("  ");
    desk.say(&text!("{asin}  {country}  {named}", "{asin}  {country}  {named}"))?;
    let as_of = desk.style.moment(look.at);
    let Text { en, zh } = match (look.days.from, look.days.to) {
        (Some(from), Some(to)) => text!(", reviews of {from} to {to}", ",评论日期 {from} 至 {to}"),
        _ => text!("", ""),
    };
    desk.say(&text!("  as of {as_of}{en}", "  数据截至 {as_of}{zh}"))?;
    bought_again(desk, product)?;
    if look.is_empty() {
        return desk.say(&text!(
            "  Amazon has too few reviews of it to name topics",
            "  评论过少,亚马逊没有给出主题"
        ));
    }
    if let Some(score) = score(look) {
        desk.say(&scored(&score))?;
        desk.say(&indented(&of_score()))?;
    }
    let new = product.before().map(|before| new_since(look, before)).unwrap_or_default();
    desk.say(&text!("  complaints", "  负面主题"))?;
    topics(desk, look, &look.topics.complaints, &new.complaints)?;
    desk.say(&text!("  praise", "  正面主题"))?;
    topics(desk, look, &look.topics.praise, &new.praise)?;
    returns(desk, look)?;
    desk.say(&text!("  score over time", "  历史评分"))?;
    for look in &product.looks {
        let (week, value) = (look.week, score(look).and_then(|score| score.value));
        let value = value.map_or_else(|| "–".to_owned(), |value| value.to_string());
        desk.say(&text!("    {week}  {value}", "    {week}  {value}"))?;
    }
    Ok(())
}

/// How many buyers of the last week had bought it before, and of the week before.
fn bought_again(desk: &mut Desk<'_>, product: &Product) -> anyhow::Result<()> {
    let Some(week) = product.weeks.last() else { return Ok(()) };
    let percent = |share: f64| number(share * 100.0);
    let (share, of_money, customers) =
        (percent(week.repeat_customers), percent(week.repeat_share), week.customers);
    let (amount, currency, to) = (number(week.repeat_revenue), &week.currency, week.to);
    let Text { en, zh } = match product.weeks.iter().rev().nth(1) {
        Some(before) => {
            let before = percent(before.repeat_customers);
            text!("; the week before {before} %", ";前一周 {before}%")
        }
        None => text!("", ""),
    };
    desk.say(&text!(
        "  bought again: {share} % of {customers} customers, {of_money} % of revenue ({amount} {currency}), week to {to}{en}",
        "  复购:{customers} 位顾客中的 {share}%,占销售额 {of_money}%({amount} {currency}),截至 {to} 的一周{zh}"
    ))
}

fn indented(text: &Text) -> Text {
    let Text { en, zh } = text;
    text!("  {en}", "  {zh}")
}

/// A score with what it is made of.
fn scored(score: &Score) -> Text {
    let Score { mentions, topics, missing, .. } = score;
    let Text { en, zh } = match score.value {
        Some(value) => text!("  score {value}", "  评分 {value}"),
        None => text!(
            "  no score: below {LEAST_MENTIONS} mentions one review would move it too far",
            "  无评分:提及不足 {LEAST_MENTIONS} 次时,单条评论的影响过大"
        ),
    };
    let (item, all) = (signed(score.item), signed(score.all));
    let (n_mentions, n_topics) =
        (counted(*mentions, "mention", "mentions"), counted(*topics, "topic", "topics"));
    let their = if *topics == 1 { "its" } else { "their" };
    let Text { en: top, zh: top_zh } = match score.to_top.map(signed) {
        Some(gap) => text!(", against the top quarter {gap}", ",与前四分之一相差 {gap}"),
        None => text!("", ""),
    };
    text!(
        "{en}; stars of all topics {item}, in the category {all}{top}; {n_mentions}, {n_topics}, {missing} of them without all {their} stars",
        "{zh};全部主题合计 {item} 星,同类目 {all} 星{top_zh};提及 {mentions} 次,{topics} 个主题,其中 {missing} 个缺少星级影响"
    )
}

fn topics(desk: &mut Desk<'_>, look: &Snapshot, all: &[Topic], new: &[&Topic]) -> anyhow::Result<()> {
    if all.is_empty() {
        return desk.say(&text!("    none", "    无"));
    }
    for topic in all {
        let name = padded(&topic.name, 24);
        let Text { en: mark, zh: mark_zh } = if new.iter().any(|other| other.name == topic.name) {
            text!("  new", "  新出现")
        } else {
            text!("", "")
        };
        let Text { en, zh } = measure(&topic.item);
        desk.say(&text!("    {name} {en}{mark}", "    {name} {zh}{mark_zh}"))?;
        let beside = beside(look, topic);
        if !beside.is_empty() {
            let en: Vec<&str> = beside.iter().map(|text| text.en.as_str()).collect();
            let zh: Vec<&str> = beside.iter().map(|text| text.zh.as_str()).collect();
            let (en, zh) = (en.join("; "), zh.join(";"));
            desk.say(&text!("      {en}", "      {zh}"))?;
        }
        if let Some(snippet) = &topic.snippet {
            desk.say(&text!("      “{snippet}”", "      “{snippet}”"))?;
        }
    }
    Ok(())
}

/// What stands beside a topic's own numbers.
fn beside(look: &Snapshot, topic: &Topic) -> Vec<Text> {
    let mut beside = Vec::new();
    if !topic.all.is_empty() {
        let Text { en, zh } = measure(&topic.all);
        beside.push(text!("category {en}", "同类目 {zh}"));
    }
    if !topic.top.is_empty() {
        let Text { en, zh } = measure(&topic.top);
        beside.push(text!("top quarter {en}", "前四分之一 {zh}"));
    }
    if let Some(slopes) = topic.slopes() {
        let (sign, item) = (slopes.arrow().sign(), signed(slopes.item));
        let Text { en, zh } = match slopes.all.map(signed) {
            Some(all) => text!(", category {all}", ",同类目 {all}"),
            None => text!("", ""),
        };
        beside.push(text!("{sign} {item} points a month{en}", "{sign} 每月 {item} 个百分点{zh}"));
    }
    if let Some((place, returned)) = look.in_returns(&topic.name) {
        let (place, share) = (place + 1, percent(returned.share));
        beside.push(text!(
            "no. {place} of the category's returns ({share})",
            "同类目退货原因第 {place} 位({share})"
        ));
    }
    if !topic.subtopics.is_empty() {
        let one = |subtopic: &renown_core::topics::Subtopic| match subtopic.measure.mentions {
            Some(mentions) => format!("{} ({mentions})", subtopic.name),
            None => subtopic.name.clone(),
        };
        let all = topic.subtopics.iter().map(one).collect::<Vec<_>>().join(", ");
        beside.push(text!("{all}", "{all}"));
    }
    if let Some(most) = topic.most.as_ref().filter(|most| most.asin != look.asin) {
        let (asin, mentions) = (&most.asin, most.mentions);
        beside.push(text!("most often of {asin} ({mentions})", "提及最多的变体 {asin}({mentions})"));
    }
    beside
}

fn returns(desk: &mut Desk<'_>, look: &Snapshot) -> anyhow::Result<()> {
    if look.returns.is_empty() {
        return Ok(());
    }
    desk.say(&text!(
        "  named in returns of the category (there are none of a single product)",
        "  同类目退货中提到的原因(亚马逊不提供单个商品的数据)"
    ))?;
    for returned in &look.returns {
        let (name, share) = (padded(&returned.name, 24), percent(returned.share));
        let Text { en, zh } = match returned.slope.map(signed) {
            Some(slope) => text!(", {slope} points a month", ",每月 {slope} 个百分点"),
            None => text!("", ""),
        };
        desk.say(&text!("    {name} {share}{en}", "    {name} {share}{zh}"))?;
    }
    Ok(())
}

/// Mentions, share and stars, as far as they are known.
fn measure(measure: &Measure) -> Text {
    if measure.is_empty() {
        return text!("no data", "无数据");
    }
    let mentions = measure.mentions.map(|n| {
        let mentions = counted(n, "mention", "mentions");
        text!("{mentions}", "提及 {n} 次")
    });
    let share = measure.share.map(|share| percent(Some(share))).map(|share| text!("{share}", "{share}"));
    let impact = measure.impact.map(signed).map(|impact| text!("{impact} stars", "{impact} 星"));
    let parts: Vec<Text> = mentions.into_iter().chain(share).chain(impact).collect();
    let join = |of: fn(&Text) -> &str, comma: &str| parts.iter().map(of).collect::<Vec<_>>().join(comma);
    Text { en: join(|text| &text.en, ", "), zh: join(|text| &text.zh, ",") }
}

fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{} %", number(share)))
}

/// A number with its sign: `+0.4`, `-0.25`, `0`.
fn signed(value: f64) -> String {
    let text = number(value);
    if value > 0.0 && text != "0" { format!("+{text}") } else { text }
}
