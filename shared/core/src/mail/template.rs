//! Templates of mails: parsed once, rendered for one customer.
//!
//! ```text
//! subject: Your order {{ order_number }}
//! preheader: one line that mail programs show beside the subject
//! ---
//! Paragraphs, parted by empty lines.
//!
//! [button: Write a review]({{ review_url }})
//! ```
//!
//! A template is taken apart before it is rendered, and each part is rendered by itself: what a
//! variable holds can make no paragraph, no button and no header of its own. HTML is made from
//! the rendered parts by escaping all of them, so it needs no template and cannot be injected.
//! A variable without a value is a mistake, told before anything is sent.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use minijinja::{Environment, UndefinedBehavior, Value};

use super::kind::Kind;
use crate::language::Language;
use crate::say::Text;

/// Longest mail, each of text and HTML, in bytes. Source: Gmail cuts HTML at 102 KB.
const MAX_BYTES: usize = 100 * 1024;
/// Longest value of a variable, in characters: no name or title is longer.
const MAX_VALUE_CHARS: usize = 200;
/// Steps that rendering one part may take: a text has some dozens, and loops in loops have no end.
const MAX_STEPS: u64 = 50_000;
/// Longest address of a link.
const MAX_URL_CHARS: usize = 2000;

/// A template, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    subject: String,
    preheader: String,
    blocks: Vec<Block>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Block {
    Paragraph(String),
    Button { label: String, url: String },
}

/// What a mail says. `None` where a mail of this kind has no such thing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    /// What the customer is called.
    pub customer_name: Option<String>,
    /// What the shop is called.
    pub shop_name: String,
    /// The order's number as its customer knows it.
    pub order_number: String,
    /// What was bought.
    pub product_name: String,
    /// Where to review it.
    pub review_url: String,
    /// Where to answer the survey.
    pub survey_url: String,
    /// Where help is.
    pub support_email: String,
    /// The sender's postal address.
    pub postal_address: String,
    /// Where to unsubscribe.
    pub unsubscribe_url: String,
    /// Nothing more is to come about this order.
    pub is_last: bool,
    /// The customer has said yes to mails.
    pub has_consent: bool,
}

/// A mail's content, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// HTML; without scripts, images or anything fetched.
    pub html: String,
}

/// What is wrong with a template, or with what it was given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    /// A line at the head is missing.
    #[error("the template must begin with the lines `subject:` and `preheader:`, then a line `---`")]
    Head,
    /// There is nothing below the head.
    #[error("the template has no text below `---`")]
    Empty,
    /// A part cannot be rendered: its syntax, or a variable that is not known or has no value.
    #[error("{place}: {problem}")]
    Part {
        /// Which part: `subject`, `paragraph 2`, `button`, `footer`.
        place: String,
        /// What the template engine says.
        problem: String,
    },
    /// A button leads nowhere.
    #[error("{place}: its link is {url:?}, which is no address beginning with https://")]
    Link {
        /// Which part.
        place: String,
        /// What it was, cut short.
        url: String,
    },
    /// The mail is too long.
    #[error("the mail has {bytes} bytes; more than {MAX_BYTES} are cut by mail programs")]
    TooLong {
        /// How long it is.
        bytes: usize,
    },
}

impl Mistake {
    /// What an operator reads.
    pub fn text(&self) -> Text {
        let zh = match self {
            Self::Head => "开头须有 `subject:` 和 `preheader:` 两行,其后一行为 `---`".to_owned(),
            Self::Empty => "`---` 之下没有正文".to_owned(),
            Self::Part { place, problem } => {
                format!("{}:模板语法有误,或变量不存在、没有值({problem})", place_zh(place))
            }
            Self::Link { place, url } => {
                format!("{}:链接为 {url:?},不是以 https:// 开头的地址", place_zh(place))
            }
            Self::TooLong { bytes } => format!("邮件有 {bytes} 字节;超过 {MAX_BYTES} 会被邮件程序截断"),
        };
        Text { en: self.to_string(), zh }
    }
}

/// A part of a template, in Chinese: `footer paragraph 2` is `页脚第 2 段`.
fn place_zh(place: &str) -> String {
    let (footer, place) = place.strip_prefix("footer ").map_or(("", place), |place| ("页脚", place));
    let place = match place.split_once(' ') {
        Some(("paragraph", n)) => format!("第 {n} 段"),
        _ => match place {
            "subject" => "主题".to_owned(),
            "preheader" => "预览文字".to_owned(),
            "button" => "按钮".to_owned(),
            other => other.to_owned(),
        },
    };
    format!("{footer}{place}")
}

/// The template that Renown brings along.
pub fn built_in(kind: Kind, language: Language) -> &'static str {
    macro_rules! of {
        ($kind:literal) => {
            match language {
                Language::De => include_str!(concat!("templates/", $kind, "/de.txt")),
                Language::En => include_str!(concat!("templates/", $kind, "/en.txt")),
                Language::Es => include_str!(concat!("templates/", $kind, "/es.txt")),
                Language::Fr => include_str!(concat!("templates/", $kind, "/fr.txt")),
                Language::It => include_str!(concat!("templates/", $kind, "/it.txt")),
                Language::Ja => include_str!(concat!("templates/", $kind, "/ja.txt")),
                Language::Zh => include_str!(concat!("templates/", $kind, "/zh.txt")),
            }
        };
    }
    match kind {
        Kind::Invitation => of!("review-invitation"),
        Kind::Reminder(_) => of!("review-reminder"),
        Kind::Survey => of!("survey"),
        Kind::Service => of!("service"),
    }
}

/// Who sends and how to unsubscribe, under every mail to a customer.
pub fn footer(language: Language) -> &'static str {
    match language {
        Language::De => include_str!("templates/footer/de.txt"),
        Language::En => include_str!("templates/footer/en.txt"),
        Language::Es => include_str!("templates/footer/es.txt"),
        Language::Fr => include_str!("templates/footer/fr.txt"),
        Language::It => include_str!("templates/footer/it.txt"),
        Language::Ja => include_str!("templates/footer/ja.txt"),
        Language::Zh => include_str!("templates/footer/zh.txt"),
    }
}

impl Template {
    /// Takes a template apart.
    ///
    /// # Errors
    ///
    /// If its head or its text is missing. Mistakes inside its parts show when it is rendered.
    pub fn parse(source: &str) -> Result<Self, Mistake> {
        let source = source.replace("\r\n", "\n");
        let (head, body) = source.split_once("\n---\n").ok_or(Mistake::Head)?;
        let line = |name: &str| {
            let line = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
            line.map(|value| value.trim().to_owned())
        };
        let subject = line("subject").filter(|subject| !subject.is_empty()).ok_or(Mistake::Head)?;
        let preheader = line("preheader").ok_or(Mistake::Head)?;
        let blocks: Vec<_> = blocks(body).collect();
        if blocks.is_empty() {
            return Err(Mistake::Empty);
        }
        Ok(Self { subject, preheader, blocks })
    }

    /// Everything in it that a buyer may read, with its variables as they stand: for the linter.
    pub fn wording(&self) -> String {
        let mut wording = format!("{}\n{}", self.subject, self.preheader);
        for block in &self.blocks {
            let (Block::Paragraph(text) | Block::Button { label: text, .. }) = block;
            let _ = write!(wording, "\n\n{text}");
        }
        wording
    }

    /// The mail for one customer, with the footer of its language.
    ///
    /// # Errors
    ///
    /// The first mistake, with its place. Nothing may be sent then.
    pub fn render(&self, language: Language, values: &Values) -> Result<Rendered, Mistake> {
        let engine = Engine::new(values);
        let subject = one_line(&engine.render("subject", &self.subject)?);
        let preheader = one_line(&engine.render("preheader", &self.preheader)?);
        let body = engine.blocks("", &self.blocks)?;
        let footer: Vec<_> = blocks(footer(language)).collect();
        let footer = engine.blocks("footer ", &footer)?;
        let rendered = Rendered {
            text: format!("{}\n-- \n{}", as_text(&body), as_text(&footer)),
            html: as_html(language, &subject, &preheader, &body, &footer),
            subject,
        };
        let bytes = rendered.text.len().max(rendered.html.len());
        if bytes > MAX_BYTES {
            return Err(Mistake::TooLong { bytes });
        }
        Ok(rendered)
    }
}

fn blocks(body: &str) -> impl Iterator<Item = Block> {
    body.split("\n\n").map(str::trim).filter(|text| !text.is_empty()).map(|text| match button(text) {
        Some((label, url)) => Block::Button { label: label.to_owned(), url: url.to_owned() },
        None => Block::Paragraph(text.to_owned()),
    })
}

fn button(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix("[button:")?.strip_suffix(')')?;
    let (label, url) = inner.split_once("](")?;
    (!label.contains('\n') && !url.contains('\n')).then(|| (label.trim(), url.trim()))
}

/// The template engine with the values of one mail.
struct Engine {
    environment: Environment<'static>,
    values: Value,
}

impl Engine {
    fn new(values: &Values) -> Self {
        let mut environment = Environment::empty();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_fuel(Some(MAX_STEPS));
        let plain = |text: &str, most: usize| Value::from(clean(text, most));
        // What a mail of this kind has no value for is not there, so that its use is a mistake.
        let filled = |name: &'static str, text: &str, most: usize| {
            (!text.trim().is_empty()).then(|| (name, plain(text, most)))
        };
        let name = values.customer_name.as_deref().filter(|name| !name.trim().is_empty());
        let always = [
            ("customer_name", name.map_or(Value::from(()), |name| plain(name, MAX_VALUE_CHARS))),
            ("is_last", Value::from(values.is_last)),
            ("has_consent", Value::from(values.has_consent)),
        ];
        let texts = [
            filled("shop_name", &values.shop_name, MAX_VALUE_CHARS),
            filled("order_number", &values.order_number, MAX_VALUE_CHARS),
            filled("product_name", &values.product_name, MAX_VALUE_CHARS),
            filled("review_url", &values.review_url, MAX_URL_CHARS),
            filled("survey_url", &values.survey_url, MAX_URL_CHARS),
            filled("support_email", &values.support_email, MAX_VALUE_CHARS),
            filled("postal_address", &values.postal_address, MAX_VALUE_CHARS),
            filled("unsubscribe_url", &values.unsubscribe_url, MAX_URL_CHARS),
        ];
        let values: BTreeMap<&str, Value> = always.into_iter().chain(texts.into_iter().flatten()).collect();
        Self { environment, values: values.into() }
    }

    fn render(&self, place: &str, source: &str) -> Result<String, Mistake> {
        self.environment.render_str(source, &self.values).map_err(|error| Mistake::Part {
            place: place.trim().to_owned(),
            problem: format!(
                "{} in {:?}; known are customer_name, shop_name, order_number, product_name, review_url, survey_url, support_email, postal_address, unsubscribe_url, is_last and has_consent, as far as a mail of this kind has them",
                error.detail().map_or_else(|| error.kind().to_string(), str::to_owned),
                source.chars().take(80).collect::<String>()
            ),
        })
    }

    fn blocks(&self, within: &str, blocks: &[Block]) -> Result<Vec<Block>, Mistake> {
        let mut rendered = Vec::new();
        for (i, block) in blocks.iter().enumerate() {
            let place = format!("{within}paragraph {}", i + 1);
            match block {
                Block::Paragraph(text) => {
                    let text = self.render(&place, text)?;
                    if !text.trim().is_empty() {
                        rendered.push(Block::Paragraph(text.trim().to_owned()));
                    }
                }
                Block::Button { label, url } => {
                    let label = one_line(&self.render(&place, label)?);
                    let url = self.render(&place, url)?.trim().to_owned();
                    let is_link = url.starts_with("https://") || url.starts_with("http://127.0.0.1:");
                    if !is_link || url.contains(|c: char| c.is_whitespace() || c == '"' || c == '<') {
                        return Err(Mistake::Link { place, url: url.chars().take(80).collect() });
                    }
                    rendered.push(Block::Button { label, url });
                }
            }
        }
        Ok(rendered)
    }
}

/// A value as it may stand in a mail: one line, of bounded length, without characters that
/// control the direction of writing or anything else.
fn clean(text: &str, most: usize) -> String {
    let is_unseen = |c: char| {
        c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
    };
    let words: String = text.chars().map(|c| if is_unseen(c) { ' ' } else { c }).take(most).collect();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

fn as_text(blocks: &[Block]) -> String {
    blocks.iter().fold(String::new(), |mut text, block| {
        // Writing to a String cannot fail.
        let _ = match block {
            Block::Paragraph(paragraph) => write!(text, "{paragraph}\n\n"),
            Block::Button { label, url } => write!(text, "{label}:\n{url}\n\n"),
        };
        text
    })
}

fn as_html(language: Language, subject: &str, preheader: &str, body: &[Block], footer: &[Block]) -> String {
    let (lang, subject, preheader) = (language.code(), escape(subject), escape(preheader));
    let mut html = format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{subject}</title>\n</head>\n\
         <body style=\"margin:0;padding:24px;font-family:sans-serif;font-size:16px;line-height:1.5;color:#222\">\n\
         <div style=\"display:none\">{preheader}</div>\n<div style=\"max-width:36em;margin:0 auto\">\n"
    );
    push_html(&mut html, body, "margin:0 0 16px");
    html.push_str("<hr style=\"border:0;border-top:1px solid #ddd;margin:24px 0\">\n");
    push_html(&mut html, footer, "margin:0 0 12px;font-size:13px;color:#666");
    html.push_str("</div>\n</body>\n</html>\n");
    html
}

fn push_html(html: &mut String, blocks: &[Block], style: &str) {
    for block in blocks {
        // Writing to a String cannot fail.
        let _ = match block {
            Block::Paragraph(text) => {
                let lines: Vec<_> = text.lines().map(linked).collect();
                writeln!(html, "<p style=\"{style}\">{}</p>", lines.join("<br>\n"))
            }
            Block::Button { label, url } => writeln!(
                html,
                "<p style=\"{style}\"><a href=\"{}\" style=\"display:inline-block;padding:10px 18px;\
                 background:#1f5fbf;color:#fff;text-decoration:none;border-radius:4px\">{}</a></p>",
                escape(url),
                escape(label)
            ),
        };
    }
}

/// A line of text, its web addresses made links.
fn linked(line: &str) -> String {
    let mut html = String::new();
    let mut rest = line;
    while let Some(at) = rest.find("https://").or_else(|| rest.find("http://127.0.0.1:")) {
        let (before, from) = rest.split_at(at);
        let end = from.find(|c: char| c.is_whitespace() || "<>\"'）】」".contains(c)).unwrap_or(from.len());
        let (url, after) = from.split_at(end);
        let url_html = escape(url);
        // The way out must stay as it is: SES, told to count clicks, would replace it by its own
        // address. The attribute is SES's, which takes it out.
        let _ = write!(html, "{}<a ses:no-track href=\"{url_html}\">{url_html}</a>", escape(before));
        rest = after;
    }
    html + &escape(rest)
}

/// A text as it may stand in HTML, in an attribute too.
pub fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut html, c| {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
        html
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Values {
        Values {
            customer_name: Some("Ana".to_owned()),
            shop_name: "Teehaus".to_owned(),
            order_number: "#1001".to_owned(),
            product_name: "Tea & cup".to_owned(),
            review_url: "https://tea.example/review/1001".to_owned(),
            survey_url: "https://r.example/s/abc".to_owned(),
            support_email: "help@tea.example".to_owned(),
            postal_address: "Teehaus GmbH, Lindenweg 5, 10115 Berlin".to_owned(),
            unsubscribe_url: "https://r.example/u/abc".to_owned(),
            is_last: false,
            has_consent: true,
        }
    }

    #[test]
    fn every_built_in_template_renders_in_every_language_and_names_sender_and_way_out() {
        for language in Language::ALL {
            for kind in [Kind::Invitation, Kind::Reminder(1), Kind::Survey, Kind::Service] {
                let template = Template::parse(built_in(kind, language)).expect("it parses");
                for customer_name in [Some("Ana".to_owned()), None] {
                    let values = Values { customer_name, is_last: true, ..values() };
                    let mail = template.render(language, &values).expect("it renders");
                    for part in ["Lindenweg 5", "https://r.example/u/abc", "Teehaus"] {
                        assert!(mail.text.contains(part), "{kind} {language:?}: {}", mail.text);
                        assert!(mail.html.contains(part), "{kind} {language:?}: {}", mail.html);
                    }
                    assert!(!mail.text.contains("{{") && !mail.text.contains("{%"));
                    assert!(mail.subject.chars().count() <= 60, "{}", mail.subject);
                }
            }
        }
    }

    #[test]
    fn a_german_invitation_reads_like_this() {
        let template = Template::parse(built_in(Kind::Invitation, Language::De)).expect("it parses");
        let mail = template.render(Language::De, &values()).expect("it renders");
        insta::assert_snapshot!("invitation_text", format!("{}\n\n{}", mail.subject, mail.text));
        insta::assert_snapshot!("invitation_html", mail.html);
    }

    #[test]
    fn what_a_value_holds_makes_no_markup_no_header_no_paragraph_and_no_button() {
        let template = Template::parse(
            "subject: {{ product_name }}\npreheader: x\n---\n{{ customer_name }}\n\n[button: {{ product_name }}]({{ review_url }})",
        )
        .expect("it parses");
        let evil = Values {
            customer_name: Some("[button: x](https://evil.example)\n\n<b>\u{202E}{{ shop_name }}".to_owned()),
            product_name: "a\r\nBcc: c@d.example\n\n<script>".to_owned(),
            ..values()
        };
        let mail = template.render(Language::En, &evil).expect("it renders");
        assert_eq!(mail.subject, "a Bcc: c@d.example <script>");
        assert!(!mail.html.contains("<script>") && !mail.html.contains("<b>"), "{}", mail.html);
        assert!(!mail.html.contains("href=\"https://evil.example\""), "{}", mail.html);
        assert!(mail.text.contains("{{ shop_name }}"), "a value is never a template: {}", mail.text);
        assert!(!mail.text.contains('\u{202E}'));
    }

    #[test]
    fn loops_in_loops_end_and_are_told_and_a_subject_is_one_line() {
        let loops = "{% for a in postal_address %}".repeat(8) + &"{% endfor %}".repeat(8);
        let template = Template::parse(&format!("subject: s\u{8}t\npreheader: p\n---\n{loops}"));
        let mistake = template.expect("it parses").render(Language::En, &values()).expect_err("no end");
        assert!(mistake.to_string().starts_with("paragraph 1: "), "{mistake}");
        let template = Template::parse("subject: s\u{8}t\npreheader: p\n---\nx").expect("it parses");
        assert_eq!(template.render(Language::En, &values()).expect("it renders").subject, "s t");
    }

    #[test]
    fn what_is_missing_or_wrong_is_named_with_its_place_before_anything_is_sent() {
        let render = |source: &str, values: &Values| {
            Template::parse(source).and_then(|t| t.render(Language::En, values)).map_err(|e| e.to_string())
        };
        let head = "subject: s\npreheader: p\n---\n";
        for (source, part) in [
            ("Hello", "must begin with"),
            ("subject: s\npreheader: p\n---\n\n", "no text"),
            ("subject: {{ nam }}\npreheader: p\n---\nx", "subject: "),
            (&format!("{head}one\n\n{{{{ order_numbr }}}}"), "paragraph 2: "),
            (&format!("{head}{{% if customer_name %}}x"), "paragraph 1: "),
            (&format!("{head}[button: go]({{{{ shop_name }}}})"), "no address beginning with https://"),
            (&format!("{head}{}", "x".repeat(MAX_BYTES)), "bytes"),
        ] {
            let error = render(source, &values()).expect_err(source);
            assert!(error.contains(part), "{error}");
        }
        let without = Values { review_url: String::new(), ..values() };
        let error = render(built_in(Kind::Invitation, Language::En), &without).expect_err("no page");
        assert!(error.contains("review_url"), "{error}");
    }
}
