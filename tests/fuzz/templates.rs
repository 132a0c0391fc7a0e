//! Templates and what is put into them, up to the mail itself.

use std::fmt::Write as _;

use fastrand::Rng;
use jiff::Timestamp;
use renown_core::mail::template::{Rendered, Template, Values, built_in};
use renown_core::mail::{Addressee, Kind, Language, MailRules, Shop};
use renown_io::mail::Message;

use crate::mutate::{nasty, one, text};
use crate::run::{Verdict, ensure, run_some};

/// Longest text or HTML. Source: the template's own bound.
const MAX_BYTES: usize = 100 * 1024;
const KINDS: [Kind; 4] = [Kind::Invitation, Kind::Reminder(1), Kind::Survey, Kind::Service];
const LANGUAGES: [Language; 7] =
    [Language::De, Language::En, Language::Es, Language::Fr, Language::It, Language::Ja, Language::Zh];
/// Pieces of the language of templates, whole and broken.
const PIECES: [&str; 15] = [
    "{{ customer_name }}",
    "{{ nothing }}",
    "{{ shop_name.x.y }}",
    "{{ 1 / 0 }}",
    "{{ shop_name * 10000 }}",
    "{% if has_consent %}",
    "{% endif %}",
    "{% for a in shop_name %}{% for b in postal_address %}{{ a }}{% endfor %}{% endfor %}",
    "{% for a in range(1000000000) %}x{% endfor %}",
    "{% for a in postal_address %}{% for b in postal_address %}{% for c in postal_address %}{% for d in postal_address %}{% for e in postal_address %}{% for f in postal_address %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}",
    "{% set x = [1, 2, 3] * 10000 %}{{ x }}",
    "{# ",
    "\n---\n",
    "\n\n[button: x]({{ survey_url }})\n\n",
    "subject: ",
];
/// Headers that a mail has.
const HEADERS: [&str; 11] = [
    "from",
    "to",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "list-unsubscribe",
    "list-unsubscribe-post",
];

fn source(rng: &mut Rng) -> (String, Language) {
    let language = LANGUAGES[rng.usize(..LANGUAGES.len())];
    let built_in = built_in(KINDS[rng.usize(..KINDS.len())], language);
    let source = match rng.u8(..3) {
        0 => built_in.to_owned(),
        1 => text(rng, built_in),
        _ => {
            let mut lines: Vec<&str> = built_in.lines().collect();
            for _ in 0..rng.usize(1..4) {
                let at = rng.usize(..=lines.len());
                lines.insert(at, one(rng, &PIECES));
            }
            lines.join("\n")
        }
    };
    (source, language)
}

fn values(rng: &mut Rng) -> Values {
    let mut some = |usual: &str| if rng.u8(..3) == 0 { nasty(rng) } else { usual.to_owned() };
    let customer_name = Some(some("Ana"));
    Values {
        customer_name,
        shop_name: some("Teehaus"),
        order_number: some("#1001"),
        product_name: some("Sencha"),
        review_url: some("https://tea.example/review/1001"),
        survey_url: some("https://r.example/s/1-00ff"),
        support_email: some("help@tea.example"),
        postal_address: some("Lindenweg 5, 10115 Berlin"),
        unsubscribe_url: some("https://r.example/u/1-00ff"),
        is_last: true,
        has_consent: false,
    }
}

fn shop() -> Shop {
    Shop {
        id: "tea".parse().expect("a shop"),
        seller: "A1SELLER".parse().expect("a seller"),
        name: "Teehaus".to_owned(),
        from: "reviews@mail.tea.example".to_owned(),
        reply_to: None,
        postal_address: "Lindenweg 5, 10115 Berlin".to_owned(),
        support_email: None,
        review_url: "https://tea.example/review/{order}".to_owned(),
        locale: "de".to_owned(),
        country: "DE".to_owned(),
        mails: MailRules::default(),
        since: Timestamp::UNIX_EPOCH,
    }
}

fn of_content(rendered: &Rendered) -> Verdict {
    let Rendered { subject, text, html } = rendered;
    ensure(!subject.chars().any(char::is_control), || format!("a subject of lines: {subject:?}"))?;
    ensure(text.len().max(html.len()) <= MAX_BYTES, || format!("{} bytes", text.len().max(html.len())))?;
    let lower = html.to_lowercase();
    ensure(!lower.contains("<script") && !lower.contains("<img"), || format!("HTML of a value: {html}"))
}

/// The head of a mail holds what a mail has, each once, and one recipient.
fn of_mail(bytes: &[u8]) -> Verdict {
    let text = std::str::from_utf8(bytes).map_err(|_| "a mail is not ASCII".to_owned())?;
    let (head, _) = text.split_once("\r\n\r\n").ok_or("a mail without a head")?;
    ensure(!head.replace("\r\n", "").contains(['\r', '\n']), || format!("a bare end of line: {head:?}"))?;
    let mut seen = Vec::new();
    for line in head.split("\r\n").filter(|line| !line.starts_with([' ', '\t'])) {
        let name = line.split(':').next().unwrap_or_default().to_lowercase();
        ensure(HEADERS.contains(&name.as_str()), || format!("a header {line:?}"))?;
        ensure(!seen.contains(&name), || format!("{name} twice"))?;
        seen.push(name);
    }
    Ok(())
}

#[test]
fn templates_are_refused_with_their_place_or_make_a_mail_with_its_own_headers_alone() {
    let shop = shop();
    run_some("templates", 4, move |rng| {
        let (source, language) = source(rng);
        let values = values(rng);
        let rendered = Template::parse(&source).and_then(|template| template.render(language, &values));
        let rendered = match rendered {
            Ok(rendered) => rendered,
            Err(mistake) => {
                let mut said = String::new();
                write!(said, "{mistake}").map_err(|error| error.to_string())?;
                return ensure(!said.is_empty(), || "a mistake without words".to_owned());
            }
        };
        of_content(&rendered)?;
        let email = text(rng, "ana@shop.example");
        let to = Addressee { email, name: values.customer_name.clone() };
        match Message::to_customer(&shop, &to, &rendered, "https://r.example/u/1-00ff", Timestamp::UNIX_EPOCH)
        {
            Ok(mail) => of_mail(&mail.bytes),
            Err(why) => ensure(!why.to_string().is_empty(), || "a refusal without words".to_owned()),
        }
    });
}
