//! A file of answers: lines as `dig +noall +answer` prints them, or shorter.
//!
//! ```text
//! ; a remark
//! bounce.shop.example. 300 IN MX 10 feedback-smtp.eu-central-1.amazonses.com.
//! bounce.shop.example TXT "v=spf1 include:amazonses.com " "~all"
//! _dmarc.shop.example TXT -          ; there is none
//! shop.example TXT SERVFAIL          ; or NOREPLY, REFUSED
//! ```

use renown_core::say::Text;
use renown_core::text;

use super::answers::{Answers, Kind, Question, Silence};
use super::name::Domain;

/// A line that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine {
    /// Its number, from 1.
    pub line: usize,
    /// What is wrong.
    pub why: Text,
}

/// Reads a file. Records of other kinds (A, RRSIG) are passed over.
///
/// # Errors
///
/// With the first line that is none.
pub fn read(text: &str) -> Result<Answers, BadLine> {
    let mut answers = Answers::default();
    for (line, said) in (1..).zip(text.lines()) {
        let words = words(said)
            .ok_or_else(|| BadLine {
                line, why: text!("a quotation mark is not closed", "引号没有闭合")
            })?;
        if !words.is_empty() {
            take_in(&words, &mut answers).map_err(|why| BadLine { line, why })?;
        }
    }
    Ok(answers)
}

fn take_in(words: &[Word], answers: &mut Answers) -> Result<(), Text> {
    let Some((name, rest)) = words.split_first() else { return Ok(()) };
    let shown = &name.text;
    let name: Domain =
        shown.parse().map_err(|_| text!("{shown:?} is no name of a domain", "{shown:?} 不是域名"))?;
    // Seconds to live and the class may stand between.
    let is_between =
        |word: &&Word| word.text.bytes().all(|c| c.is_ascii_digit()) || word.is("IN") || word.is("CH");
    let mut rest = rest.iter().skip_while(is_between);
    let kind = rest
        .next()
        .ok_or_else(|| text!("no kind of record: write NAME TXT …", "缺少记录类型:请写 名称 TXT …"))?;
    let data: Vec<&Word> = rest.collect();
    let kind = match () {
        () if kind.is("TXT") => Kind::Txt,
        () if kind.is("MX") => Kind::Mx,
        () if kind.is("CNAME") => Kind::Cname,
        () if kind.text.bytes().all(|c| c.is_ascii_alphanumeric()) => return Ok(()),
        () => {
            let kind = &kind.text;
            return Err(text!(
                "{kind:?} is no kind of record: TXT, MX or CNAME",
                "{kind:?} 不是记录类型:TXT、MX 或 CNAME"
            ));
        }
    };
    let question = Question { name, kind };
    match (kind, data.as_slice()) {
        (_, []) => {
            return Err(text!(
                "nothing stands after {kind}; write - if there is none",
                "{kind} 之后没有内容;若没有记录请写 -"
            ));
        }
        (_, [one]) if one.is("-") => answers.put(question, Ok(Vec::new())),
        (_, [one]) if one.is("NXDOMAIN") => answers.put(question, Ok(Vec::new())),
        (_, [one]) if one.is("SERVFAIL") => answers.put(question, Err(Silence::ServerFailure)),
        (_, [one]) if one.is("NOREPLY") => answers.put(question, Err(Silence::NoReply)),
        (_, [one]) if one.is("REFUSED") => answers.put(question, Err(Silence::Refused)),
        (Kind::Txt, parts) if parts.iter().any(|part| part.is_quoted) => {
            answers.add(question, parts.iter().map(|part| part.text.as_str()).collect());
        }
        (Kind::Txt, parts) => {
            let parts: Vec<_> = parts.iter().map(|part| part.text.as_str()).collect();
            answers.add(question, parts.join(" "));
        }
        (Kind::Cname, [target]) => answers.add(question, host(&target.text)),
        (Kind::Mx, [priority, target]) if priority.text.parse::<u16>().is_ok() => {
            answers.add(question, format!("{} {}", priority.text, host(&target.text)));
        }
        (Kind::Cname, _) => return Err(text!("a CNAME is one name", "CNAME 应为一个名称")),
        (Kind::Mx, _) => {
            return Err(text!("an MX is a number and a name", "MX 应为一个数字和一个名称"));
        }
    }
    Ok(())
}

/// The name of a host as it is compared.
pub(super) fn host(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}

struct Word {
    text: String,
    is_quoted: bool,
}

impl Word {
    fn is(&self, other: &str) -> bool {
        !self.is_quoted && self.text.eq_ignore_ascii_case(other)
    }
}

/// The words of a line: quotation marks hold one together, a semicolon outside of them begins a
/// remark where a word would begin. None if a mark is not closed.
fn words(line: &str) -> Option<Vec<Word>> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() && !rest.starts_with(';') {
        if let Some(quoted) = rest.strip_prefix('"') {
            let (mut text, mut chars) = (String::new(), quoted.char_indices());
            let end = loop {
                match chars.next()? {
                    (at, '"') => break at,
                    (_, '\\') => text.push(escaped(&mut chars)?),
                    (_, c) => text.push(c),
                }
            };
            words.push(Word { text, is_quoted: true });
            rest = &quoted[end + 1..];
        } else {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            words.push(Word { text: rest[..end].to_owned(), is_quoted: false });
            rest = &rest[end..];
        }
        rest = rest.trim_start();
    }
    Some(words)
}

/// What a backslash stands for: three digits are a byte, anything else is itself.
fn escaped(chars: &mut std::str::CharIndices<'_>) -> Option<char> {
    let (_, first) = chars.next()?;
    if !first.is_ascii_digit() {
        return Some(first);
    }
    let digits: String = std::iter::once(first).chain(chars.by_ref().take(2).map(|(_, c)| c)).collect();
    digits.parse::<u8>().ok().map(char::from)
}

#[cfg(test)]
mod tests {
    use super::super::answers::Look;
    use super::*;

    #[test]
    fn what_dig_prints_and_what_a_person_writes_come_to_the_same() {
        let dig = "bounce.shop.example.\t300\tIN\tMX\t10 Feedback-SMTP.eu-central-1.amazonses.com.\n\
                   bounce.shop.example. 300 IN TXT \"v=spf1 include:amazonses.com \" \"~all\"\n";
        let person = "; asked on Monday\n\nbounce.shop.example MX 10 feedback-smtp.eu-central-1.amazonses.com\n\
                      bounce.shop.example TXT v=spf1 include:amazonses.com ~all ; by Li";
        let all = |text: &str| {
            let answers = read(text).expect("readable");
            let (mut look, name) =
                (Look::into_answers(&answers), "bounce.shop.example".parse().expect("valid"));
            (look.up(&name, Kind::Mx), look.up(&name, Kind::Txt))
        };
        assert_eq!(all(dig), all(&person.replace(" ; by Li", "")));
        let (mx, txt) = all(dig);
        assert_eq!(mx, Ok(vec!["10 feedback-smtp.eu-central-1.amazonses.com".to_owned()]));
        assert_eq!(txt, Ok(vec!["v=spf1 include:amazonses.com ~all".to_owned()]));
    }

    #[test]
    fn that_there_is_none_and_that_nobody_knows_can_be_said() {
        let text = "a.example TXT -\nb.example TXT SERVFAIL\nc.example TXT noreply\nd.example TXT REFUSED\ne.example TXT nxdomain\na.example A 10.0.0.1";
        let answers = read(text).expect("readable");
        let mut look = Look::into_answers(&answers);
        let mut of = |name: &str| look.up(&name.parse().expect("valid"), Kind::Txt);
        assert_eq!(of("a.example"), Ok(Vec::new()));
        assert_eq!(of("b.example"), Err(Silence::ServerFailure));
        assert_eq!(of("c.example"), Err(Silence::NoReply));
        assert_eq!(of("d.example"), Err(Silence::Refused));
        assert_eq!(of("e.example"), Ok(Vec::new()));
    }

    #[test]
    fn a_line_that_is_none_is_named_by_its_number() {
        for (text, line) in [
            ("a.example TXT", 1),
            ("\nexample TXT x", 2),
            ("a.example", 1),
            ("a.example TXT \"open", 1),
            ("a.example MX feedback", 1),
            ("a.example CNAME b.example c.example", 1),
            ("a.example T-X x", 1),
        ] {
            assert_eq!(read(text).expect_err(text).line, line, "{text}");
        }
    }

    #[test]
    fn escapes_stand_for_what_dig_means_by_them() {
        let answers = read(r#"a.example TXT "a\"b\\c\059d; e""#).expect("readable");
        let mut look = Look::into_answers(&answers);
        let name = "a.example".parse().expect("valid");
        assert_eq!(look.up(&name, Kind::Txt), Ok(vec![r#"a"b\c;d; e"#.to_owned()]));
    }
}
