//! Cards of Feishu, of the first schema and of 2.0. Sources: open.feishu.cn "feishu-cards" (the
//! components), the list of its errors, and the errors that clients have published.

use serde_json::Value;

use crate::chat::plain;

/// Why a card can't be shown.
pub(super) struct Broken {
    pub(super) code: u32,
    pub(super) message: &'static str,
    /// The value at fault.
    pub(super) value: String,
    /// Where it stands.
    pub(super) place: String,
}

/// The errors of the list.
const UNREADABLE: (u32, &str) = (200_621, "parse card json err");
const UNKNOWN: (u32, &str) = (11_310, "unsupported type of block");
const MISPLACED: (u32, &str) = (200_410, "action components are not allowed in the column");
const OUTDATED: (u32, &str) = (200_861, "cards of schema V2 no longer support this capability");

fn broken((code, message): (u32, &'static str), value: &str, place: &str) -> Broken {
    Broken { code, message, value: value.to_owned(), place: place.to_owned() }
}

/// A card under reading.
struct Reader {
    is_v2: bool,
    shown: Vec<String>,
}

/// What a person reads on a card.
pub(super) fn read(card: &Value) -> Result<String, Broken> {
    if !card.is_object() {
        return Err(broken(UNREADABLE, "card", "card"));
    }
    let is_v2 = match card.get("schema").map(Value::as_str) {
        None | Some(Some("1.0")) => false,
        Some(Some("2.0")) => true,
        Some(_) => return Err(broken(UNREADABLE, "schema", "card.schema")),
    };
    let mut reader = Reader { is_v2, shown: vec![] };
    if let Some(header) = card.get("header") {
        reader.words(&header["title"], "card.header.title")?;
        if header.get("subtitle").is_some() {
            reader.words(&header["subtitle"], "card.header.subtitle")?;
        }
    }
    let (elements, place) = if is_v2 {
        (&card["body"]["elements"], "card.body.elements")
    } else {
        (&card["elements"], "card.elements")
    };
    if elements.as_array().is_none_or(Vec::is_empty) {
        return Err(broken(UNREADABLE, "elements", place));
    }
    reader.elements(elements, place, false)?;
    Ok(reader.shown.join("\n"))
}

impl Reader {
    fn elements(&mut self, elements: &Value, place: &str, in_column: bool) -> Result<(), Broken> {
        let list = elements.as_array().ok_or_else(|| broken(UNREADABLE, "elements", place))?;
        for (n, element) in list.iter().enumerate() {
            self.element(element, &format!("{place}[{n}]"), in_column)?;
        }
        Ok(())
    }

    fn element(&mut self, element: &Value, place: &str, in_column: bool) -> Result<(), Broken> {
        let tag = element["tag"].as_str().ok_or_else(|| broken(UNREADABLE, "tag", place))?;
        match tag {
            "markdown" => self.text(&element["content"], true, &format!("{place}.content")),
            "div" => self.division(element, place),
            "hr" => Ok(()),
            "img" => match element["img_key"].as_str() {
                Some(_) => Ok(()),
                None => Err(broken(UNREADABLE, "img_key", place)),
            },
            "note" | "action" if self.is_v2 => {
                Err(broken(OUTDATED, &format!("unsupported tag {tag}"), place))
            }
            "note" => self.elements(&element["elements"], &format!("{place}.elements"), in_column),
            "plain_text" | "lark_md" => self.words(element, place),
            "action" if in_column => Err(broken(MISPLACED, tag, place)),
            "action" => self.elements(&element["actions"], &format!("{place}.actions"), in_column),
            "button" => self.words(&element["text"], &format!("{place}.text")),
            "column_set" => self.elements(&element["columns"], &format!("{place}.columns"), in_column),
            "column" => self.elements(&element["elements"], &format!("{place}.elements"), true),
            "collapsible_panel" if self.is_v2 => {
                self.words(&element["header"]["title"], &format!("{place}.header.title"))?;
                self.elements(&element["elements"], &format!("{place}.elements"), in_column)
            }
            _ => Err(broken(UNKNOWN, tag, place)),
        }
    }

    /// A text, fields in two columns, or both.
    fn division(&mut self, element: &Value, place: &str) -> Result<(), Broken> {
        let fields = element["fields"].as_array().map(Vec::as_slice).unwrap_or_default();
        if element.get("text").is_some() || fields.is_empty() {
            self.words(&element["text"], &format!("{place}.text"))?;
        }
        for (n, field) in fields.iter().enumerate() {
            self.words(&field["text"], &format!("{place}.fields[{n}].text"))?;
        }
        Ok(())
    }

    /// A text object: plain, or with marks.
    fn words(&mut self, object: &Value, place: &str) -> Result<(), Broken> {
        match object["tag"].as_str() {
            Some("plain_text") => self.text(&object["content"], false, place),
            Some("lark_md") => self.text(&object["content"], true, place),
            other => Err(broken(UNREADABLE, other.unwrap_or("tag"), place)),
        }
    }

    fn text(&mut self, content: &Value, is_marked: bool, place: &str) -> Result<(), Broken> {
        let text = content.as_str().ok_or_else(|| broken(UNREADABLE, "content", place))?;
        // Marks are made letters by entities there, not by backslashes.
        self.shown.push(if is_marked { plain::markdown(text, false) } else { text.to_owned() });
        Ok(())
    }
}
