//! Adaptive cards, as far as Teams shows them. Sources: adaptivecards.io (elements and actions);
//! learn.microsoft.com "cards format" (mentions).

use serde_json::Value;

use crate::chat::plain;

/// Versions that Teams shows. Source: learn.microsoft.com "cards reference".
const VERSIONS: [&str; 6] = ["1.0", "1.1", "1.2", "1.3", "1.4", "1.5"];

/// What a person reads on a card, or what is wrong with it.
pub(super) fn read(card: &Value, place: &str) -> Result<String, String> {
    if card["type"] != "AdaptiveCard" {
        return Err(format!("`{place}.type` is not `AdaptiveCard`"));
    }
    let version = card["version"].as_str().unwrap_or_default();
    if !VERSIONS.contains(&version) {
        return Err(format!("`{place}.version` is `{version}`: Teams shows 1.0 to 1.5"));
    }
    let mut shown = Vec::new();
    elements(&card["body"], &format!("{place}.body"), &mut shown)?;
    if card.get("actions").is_some() {
        actions(&card["actions"], &format!("{place}.actions"), &mut shown)?;
    }
    let text = shown.join("\n");
    mentions(card, place, &text)?;
    Ok(plain::markdown(&text, true))
}

fn list<'card>(value: &'card Value, place: &str) -> Result<&'card [Value], String> {
    value.as_array().map(Vec::as_slice).ok_or_else(|| format!("`{place}` is no list"))
}

fn string<'card>(value: &'card Value, place: &str) -> Result<&'card str, String> {
    value.as_str().ok_or_else(|| format!("`{place}` is no text"))
}

fn elements(value: &Value, place: &str, shown: &mut Vec<String>) -> Result<(), String> {
    for (n, element) in list(value, place)?.iter().enumerate() {
        one(element, &format!("{place}[{n}]"), shown)?;
    }
    Ok(())
}

fn one(element: &Value, place: &str, shown: &mut Vec<String>) -> Result<(), String> {
    let kind = string(&element["type"], &format!("{place}.type"))?;
    match kind {
        "TextBlock" => shown.push(string(&element["text"], &format!("{place}.text"))?.to_owned()),
        "FactSet" => {
            for (n, fact) in list(&element["facts"], &format!("{place}.facts"))?.iter().enumerate() {
                let place = format!("{place}.facts[{n}]");
                let title = string(&fact["title"], &format!("{place}.title"))?;
                shown.push(format!("{title} {}", string(&fact["value"], &format!("{place}.value"))?));
            }
        }
        "Container" | "Column" => elements(&element["items"], &format!("{place}.items"), shown)?,
        "ColumnSet" => {
            for (n, column) in list(&element["columns"], &format!("{place}.columns"))?.iter().enumerate() {
                elements(&column["items"], &format!("{place}.columns[{n}].items"), shown)?;
            }
        }
        "RichTextBlock" => {
            let mut line = String::new();
            for (n, run) in list(&element["inlines"], &format!("{place}.inlines"))?.iter().enumerate() {
                let text = run
                    .as_str()
                    .map_or_else(|| string(&run["text"], &format!("{place}.inlines[{n}].text")), Ok)?;
                line.push_str(text);
            }
            shown.push(line);
        }
        "ActionSet" => actions(&element["actions"], &format!("{place}.actions"), shown)?,
        "Image" => drop(string(&element["url"], &format!("{place}.url"))?),
        _ => return Err(format!("`{place}.type` is `{kind}`, which the simulator does not know")),
    }
    Ok(())
}

/// A workflow has nobody to answer a `Action.Submit`: buttons that open an address or a further card
/// remain.
fn actions(value: &Value, place: &str, shown: &mut Vec<String>) -> Result<(), String> {
    for (n, action) in list(value, place)?.iter().enumerate() {
        let place = format!("{place}[{n}]");
        shown.push(string(&action["title"], &format!("{place}.title"))?.to_owned());
        match string(&action["type"], &format!("{place}.type"))? {
            "Action.OpenUrl" => drop(string(&action["url"], &format!("{place}.url"))?),
            "Action.ShowCard" => elements(&action["card"]["body"], &format!("{place}.card.body"), shown)?,
            kind => return Err(format!("`{place}.type` is `{kind}`, which a workflow can't post")),
        }
    }
    Ok(())
}

/// Who is called: each with the words that stand for them in the card, `<at>name</at>`.
fn mentions(card: &Value, place: &str, text: &str) -> Result<(), String> {
    let place = format!("{place}.msteams.entities");
    let Some(entities) = card["msteams"].get("entities") else { return Ok(()) };
    for (n, entity) in list(entities, &place)?.iter().enumerate() {
        let place = format!("{place}[{n}]");
        if entity["type"] != "mention" {
            return Err(format!("`{place}.type` is not `mention`"));
        }
        let words = string(&entity["text"], &format!("{place}.text"))?;
        if !words.starts_with("<at>") || !words.ends_with("</at>") {
            return Err(format!("`{place}.text` is not `<at>…</at>`"));
        }
        if !text.contains(words) {
            return Err(format!("`{place}.text` does not stand in the card"));
        }
        string(&entity["mentioned"]["id"], &format!("{place}.mentioned.id"))?;
        string(&entity["mentioned"]["name"], &format!("{place}.mentioned.name"))?;
    }
    Ok(())
}
