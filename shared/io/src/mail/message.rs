//! A mail as it goes out: MIME with text and HTML, and the headers of RFC 8058.

use jiff::Timestamp;
use mail_builder::MessageBuilder;
use mail_builder::headers::address::Address;
use mail_builder::headers::raw::Raw;
use renown_core::mail::shop::is_address;
use renown_core::mail::template::Rendered;

/// Largest mail, in bytes. Source: ours; SES takes 40 MB, but mails of text alone that are larger
/// than this are a mistake.
const MAX_BYTES: usize = 500 * 1024;

/// A mail, ready to be handed over.
#[derive(Clone)]
pub struct Message {
    /// The sender's address, without a name: what SES checks the identity of.
    pub from: String,
    /// The recipient's address.
    pub to: String,
    /// The whole mail as RFC 5322 has it.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<mail of {} bytes>", self.bytes.len())
    }
}

/// A mail cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsendable {
    /// The recipient's address is none.
    #[error("the recipient's address is not one that mail can go to")]
    NoAddress,
    /// It is too large.
    #[error("the mail is larger than {MAX_BYTES} bytes")]
    TooLarge,
}

/// Who sends, to whom.
#[derive(Clone, Copy)]
pub(crate) struct Envelope<'a> {
    pub(crate) from_name: &'a str,
    pub(crate) from: &'a str,
    pub(crate) reply_to: Option<&'a str>,
    pub(crate) to: &'a str,
    pub(crate) to_name: Option<&'a str>,
}

impl Message {
    /// A mail from a shop to a customer. Its recipient can leave with one click (RFC 8058), which
    /// the bulk-sender rules of Gmail and Yahoo ask for.
    ///
    /// # Errors
    ///
    /// If it cannot be made; nothing may be sent then.
    pub fn to_customer(
        shop: &renown_core::mail::Shop,
        to: &renown_core::mail::Addressee,
        rendered: &Rendered,
        unsubscribe_url: &str,
        now: Timestamp,
    ) -> Result<Self, Unsendable> {
        let envelope = Envelope {
            from_name: &shop.name,
            from: &shop.from,
            reply_to: shop.reply_to.as_deref(),
            to: &to.email,
            to_name: to.name.as_deref(),
        };
        Self::build(envelope, rendered, Some(unsubscribe_url), now)
    }

    /// A mail to an operator: the paragraphs of a letter, as text and as HTML.
    ///
    /// # Errors
    ///
    /// If it cannot be made; nothing may be sent then.
    pub fn to_operator(
        from: &str,
        to: &str,
        (title, paragraphs): &(String, Vec<String>),
        now: Timestamp,
    ) -> Result<Self, Unsendable> {
        let envelope = Envelope { from_name: "Renown", from, reply_to: None, to, to_name: None };
        let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let html: Vec<_> =
            paragraphs.iter().map(|text| format!("<p>{}</p>", escape(text).replace('\n', "<br>"))).collect();
        let html = html.join("\n");
        let rendered = Rendered {
            subject: format!("[Renown] {title}"),
            text: format!("{title}\n\n{}\n", paragraphs.join("\n\n")),
            html: format!(
                "<!doctype html>\n<html><body>\n<h2>{}</h2>\n{html}\n</body></html>\n",
                escape(title)
            ),
        };
        Self::build(envelope, &rendered, None, now)
    }

    fn build(
        envelope: Envelope<'_>,
        rendered: &Rendered,
        unsubscribe_url: Option<&str>,
        now: Timestamp,
    ) -> Result<Self, Unsendable> {
        let Envelope { from_name, from, reply_to, to, to_name } = envelope;
        // Everything else that goes into a header is encoded by the builder; an address is not.
        if !is_address(to) || !is_address(from) || reply_to.is_some_and(|address| !is_address(address)) {
            return Err(Unsendable::NoAddress);
        }
        let name = |name: &str| name.split(char::is_control).collect::<Vec<_>>().join(" ");
        let mut mail = MessageBuilder::new()
            .from(Address::new_address(Some(name(from_name)), from))
            .to(Address::new_address(to_name.map(name), to))
            .subject(name(&rendered.subject))
            .date(now.as_second())
            .text_body(rendered.text.as_str())
            .html_body(rendered.html.as_str());
        if let Some(address) = reply_to {
            mail = mail.reply_to(Address::new_address(None::<&str>, address));
        }
        if let Some(url) = unsubscribe_url {
            mail = mail
                .header("List-Unsubscribe", Raw::new(format!("<{url}>")))
                .header("List-Unsubscribe-Post", Raw::new("List-Unsubscribe=One-Click"));
        }
        let bytes = mail.write_to_vec().expect("writing to memory does not fail");
        if bytes.len() > MAX_BYTES {
            return Err(Unsendable::TooLarge);
        }
        Ok(Self { from: from.to_owned(), to: to.to_owned(), bytes })
    }
}

#[cfg(test)]
mod tests {
    use renown_core::mail::Addressee;
    use renown_core::mail::Shop;

    use super::*;

    fn shop() -> Shop {
        serde_json::from_value(serde_json::json!({
            "id": "tea", "seller": "A1", "name": "Teehaus \"Grün\"", "from": "reviews@mail.tea.example",
            "reply_to": "help@tea.example", "postal_address": "Lindenweg 5, 10115 Berlin",
            "review_url": "https://tea.example/r", "locale": "de", "country": "DE", "since": 0,
        }))
        .expect("a shop")
    }

    fn rendered() -> Rendered {
        Rendered {
            subject: "Ihre Meinung – Tee\r\nBcc: evil@x.example".to_owned(),
            text: "Guten Tag\n".to_owned(),
            html: "<p>Guten Tag</p>".to_owned(),
        }
    }

    #[test]
    fn a_mail_has_one_recipient_both_bodies_and_the_one_click_way_out() {
        let to =
            Addressee { email: "ana@x.example".to_owned(), name: Some("Ana\r\nBcc: b@x.example".to_owned()) };
        let url = "https://r.example/u/1-00ff";
        let mail = Message::to_customer(&shop(), &to, &rendered(), url, Timestamp::UNIX_EPOCH).expect("made");
        let text = String::from_utf8(mail.bytes).expect("ASCII");
        let (head, _) = text.split_once("\r\n\r\n").expect("a head");
        assert!(head.contains("List-Unsubscribe: <https://r.example/u/1-00ff>"), "{head}");
        assert!(head.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{head}");
        assert!(head.contains("<help@tea.example>") && head.contains("<reviews@mail.tea.example>"), "{head}");
        assert!(!head.lines().any(|line| line.to_lowercase().starts_with("bcc")), "{head}");
        assert!(text.contains("text/plain") && text.contains("text/html"), "{text}");
        assert!(text.lines().all(|line| line.len() <= 998), "RFC 5322 2.1.1");
    }

    #[test]
    fn what_is_no_address_gets_no_mail() {
        for email in ["a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", ""] {
            let to = Addressee { email: email.to_owned(), name: None };
            let mail = Message::to_customer(&shop(), &to, &rendered(), "https://x", Timestamp::UNIX_EPOCH);
            assert_eq!(mail.err(), Some(Unsendable::NoAddress), "{email:?}");
        }
    }
}
