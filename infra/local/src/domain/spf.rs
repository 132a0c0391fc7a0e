//! SPF: who may send for the domain to which bounces go.
//!
//! Look-ups are counted as receivers count them, through every include whose record is known.
//! Source of the rules: RFC 7208.

use renown_core::text;

use super::answers::{Kind, Look, Silence};
use super::finding::{Check, Finding, State};
use super::name::Domain;

/// Most look-ups that a receiver makes; with one more the record is an error. Source: RFC 7208 4.6.4.
const MAX_LOOKUPS: usize = 10;
/// The name that stands for SES's senders. Its own record names addresses alone, so that it costs
/// one look-up.
const AMAZON: &str = "amazonses.com";
/// What suffices for a name from which SES alone sends.
pub(super) const RECORD: &str = "v=spf1 include:amazonses.com ~all";

/// Judges the record of a name.
pub(super) fn judge(name: &Domain, look: &mut Look<'_>) -> Vec<Finding> {
    let texts = match look.up(name, Kind::Txt) {
        Ok(texts) => texts,
        Err(why) => return vec![Finding::unclear(Check::Spf, name, Kind::Txt, why)],
    };
    let records: Vec<String> = texts.into_iter().filter(|text| is_spf(text)).collect();
    let new = |state, code, text| Finding::new(Check::Spf, state, code, name, text).found(&records);
    let record = match records.as_slice() {
        [] => {
            let text = text!(
                "no SPF record: receivers do not know that Amazon may send for it",
                "没有 SPF 记录:收件方不知道亚马逊可以代为发送"
            );
            return vec![new(State::Wrong, "spf_missing", text).publish(name, Kind::Txt, RECORD)];
        }
        [record] => record,
        several => {
            let n = several.len();
            let text = text!(
                "{n} SPF records: receivers take that for an error, and none counts. Keep this one alone",
                "有 {n} 条 SPF 记录:收件方视为错误,全部无效。只保留这一条"
            );
            return vec![new(State::Wrong, "spf_several", text).publish(name, Kind::Txt, RECORD)];
        }
    };
    let mut tally = Tally::default();
    let allows_amazon = walk(&terms(record), look, &mut tally);
    let mut found: Vec<Finding> = tally
        .problems
        .iter()
        .map(|problem| {
            let (state, code, text) = problem.told();
            new(state, code, text).publish(name, Kind::Txt, RECORD)
        })
        .collect();
    if !allows_amazon {
        let text = text!(
            "{record:?} does not let Amazon send: include:amazonses.com is missing, or stands behind \"all\"",
            "{record:?} 不允许亚马逊发送:缺少 include:amazonses.com,或其位于 all 之后"
        );
        found.push(new(State::Wrong, "spf_without_amazon", text).publish(name, Kind::Txt, RECORD));
    }
    let n = tally.lookups;
    if n > MAX_LOOKUPS {
        let text = text!(
            "{record:?} takes more than {MAX_LOOKUPS} look-ups: receivers take that for an error. Take includes out; SES needs one",
            "{record:?} 需要超过 {MAX_LOOKUPS} 次查询:收件方视为错误。请删减 include;SES 只需一个"
        );
        found.push(new(State::Wrong, "spf_too_many_lookups", text).publish(name, Kind::Txt, RECORD));
    }
    for (target, why) in &tally.unknown {
        let mut finding = Finding::unclear(Check::Spf, target, Kind::Txt, *why);
        let (en, zh) = (finding.text.en, finding.text.zh);
        finding.text = text!(
            "at least {n} look-ups; how many more its include takes is not known: {en}",
            "至少 {n} 次查询;此 include 还需多少次未知:{zh}"
        );
        found.push(finding);
    }
    if found.is_empty() {
        let text = text!(
            "{record:?}: Amazon may send for it; {n} of {MAX_LOOKUPS} look-ups",
            "{record:?}:亚马逊可以代为发送;查询 {n} / {MAX_LOOKUPS} 次"
        );
        found.push(new(State::Ok, "spf_ok", text));
    }
    found
}

/// Whether a text is an SPF record at all.
fn is_spf(text: &str) -> bool {
    let mut words = text.split(' ');
    words.next().is_some_and(|word| word.eq_ignore_ascii_case("v=spf1"))
}

/// What the sign before a mechanism says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Pass,
    Fail,
    SoftFail,
    Neutral,
}

/// A word of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Term {
    All(Sign),
    Include(Sign, String),
    Redirect(String),
    /// Asks DNS once more: a, mx, exists.
    Lookup,
    /// The same, and no longer to be used.
    Ptr,
    /// Asks nobody: addresses, remarks for people.
    Plain,
    Unknown(String),
}

fn terms(record: &str) -> Vec<Term> {
    record.split(' ').skip(1).filter(|word| !word.is_empty()).map(term).collect()
}

fn term(word: &str) -> Term {
    let lower = word.to_ascii_lowercase();
    if let Some((name, value)) = lower.split_once('=')
        && !name.contains([':', '/'])
    {
        return if name == "redirect" { Term::Redirect(value.to_owned()) } else { Term::Plain };
    }
    let (sign, rest) = match lower.split_at_checked(1) {
        Some(("+", rest)) => (Sign::Pass, rest),
        Some(("-", rest)) => (Sign::Fail, rest),
        Some(("~", rest)) => (Sign::SoftFail, rest),
        Some(("?", rest)) => (Sign::Neutral, rest),
        _ => (Sign::Pass, lower.as_str()),
    };
    let end = rest.find([':', '/']).unwrap_or(rest.len());
    let (name, value) = rest.split_at(end);
    match (name, value.strip_prefix(':')) {
        ("all", None) if value.is_empty() => Term::All(sign),
        ("include", Some(target)) if !target.is_empty() => Term::Include(sign, target.to_owned()),
        ("a" | "mx", _) | ("exists", Some(_)) => Term::Lookup,
        ("ptr", _) => Term::Ptr,
        ("ip4" | "ip6", Some(address)) if !address.is_empty() => Term::Plain,
        _ => Term::Unknown(word.to_owned()),
    }
}

/// What speaks against a record.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Problem {
    Unknown(String),
    IncludesNothing(Domain),
    EverybodyMaySend,
    NobodyIsKeptOut,
    Ptr,
}

impl Problem {
    fn told(&self) -> (State, &'static str, renown_core::say::Text) {
        match self {
            Self::Unknown(word) => (
                State::Wrong,
                "spf_unreadable",
                text!(
                    "{word:?} means nothing in SPF: receivers take the record for an error",
                    "{word:?} 不是 SPF 的内容:收件方将整条记录视为错误"
                ),
            ),
            Self::IncludesNothing(target) => (
                State::Wrong,
                "spf_include_without_record",
                text!(
                    "{target}, which the record includes, has not one SPF record: receivers take that for an error",
                    "被包含的 {target} 没有唯一的 SPF 记录:收件方视为错误"
                ),
            ),
            Self::EverybodyMaySend => (
                State::Wrong,
                "spf_all_may_send",
                text!(
                    "+all lets everybody on the internet send in this name; write ~all",
                    "+all 允许任何人以此域名发送;请改为 ~all"
                ),
            ),
            Self::NobodyIsKeptOut => (
                State::Warn,
                "spf_open_end",
                text!(
                    "the record keeps nobody out: it ends without ~all or -all",
                    "记录没有排除任何人:末尾缺少 ~all 或 -all"
                ),
            ),
            Self::Ptr => (
                State::Warn,
                "spf_ptr",
                text!("ptr is slow and no longer to be used; take it out", "ptr 缓慢且已不应使用;请删除"),
            ),
        }
    }
}

/// What a walk through a record and its includes comes to.
#[derive(Debug, Default)]
struct Tally {
    lookups: usize,
    problems: Vec<Problem>,
    unknown: Vec<(Domain, Silence)>,
    /// How deep below the record itself; its own end alone counts.
    depth: usize,
}

impl Tally {
    fn add(&mut self, problem: Problem) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }
}

/// Walks a record; tells whether Amazon may send by it. Ends where a receiver gives up.
fn walk(terms: &[Term], look: &mut Look<'_>, tally: &mut Tally) -> bool {
    let (mut allows_amazon, mut redirect, mut end) = (false, None, None);
    for term in terms {
        // Receivers read the whole record for mistakes, and evaluate it up to "all".
        match term {
            Term::Unknown(word) => tally.add(Problem::Unknown(word.clone())),
            Term::Ptr => tally.add(Problem::Ptr),
            _ => {}
        }
        match term {
            _ if end.is_some() => {}
            Term::All(sign) => end = Some(*sign),
            _ if tally.lookups > MAX_LOOKUPS => {}
            Term::Lookup | Term::Ptr => tally.lookups += 1,
            Term::Include(sign, target) => {
                tally.lookups += 1;
                let allows = target == AMAZON || below(target, look, tally);
                allows_amazon |= allows && *sign == Sign::Pass;
            }
            Term::Redirect(target) => redirect = Some(target),
            Term::Plain | Term::Unknown(_) => {}
        }
    }
    match (end, redirect) {
        (None, Some(target)) if tally.lookups <= MAX_LOOKUPS => {
            tally.lookups += 1;
            allows_amazon |= target == AMAZON || below(target, look, tally);
        }
        (None, Some(_)) => {}
        (Some(Sign::Pass), _) => tally.add(Problem::EverybodyMaySend),
        // How an included record ends says nothing about the one that includes it.
        (None | Some(Sign::Neutral), _) if tally.depth == 0 => tally.add(Problem::NobodyIsKeptOut),
        (None | Some(Sign::Neutral | Sign::Fail | Sign::SoftFail), _) => {}
    }
    allows_amazon
}

/// The same for a record that another one names.
fn below(target: &str, look: &mut Look<'_>, tally: &mut Tally) -> bool {
    // A name with a macro in it is another one for each mail.
    let Ok(target) = target.parse::<Domain>() else { return false };
    let texts = match look.up(&target, Kind::Txt) {
        Ok(texts) => texts,
        Err(why) => {
            tally.unknown.push((target, why));
            return false;
        }
    };
    let records: Vec<String> = texts.into_iter().filter(|text| is_spf(text)).collect();
    let [record] = records.as_slice() else {
        tally.add(Problem::IncludesNothing(target));
        return false;
    };
    tally.depth += 1;
    let allows = walk(&terms(record), look, tally);
    tally.depth -= 1;
    allows
}

#[cfg(test)]
mod tests {
    use super::super::file;
    use super::*;

    /// What is told of a record, with others beside it, as stable words.
    fn check(records: &str, expected: &[&str]) {
        let lines = records.lines().map(str::trim).filter(|line| !line.is_empty());
        let lines = lines.map(|line| match line.split_once(" TXT ") {
            Some(_) => format!("{line}\n"),
            None => format!("b.shop.example TXT \"{line}\"\n"),
        });
        let answers = file::read(&lines.collect::<String>()).expect("readable");
        let name = "b.shop.example".parse().expect("valid");
        let codes: Vec<_> =
            judge(&name, &mut Look::into_answers(&answers)).into_iter().map(|finding| finding.code).collect();
        assert_eq!(codes, expected, "{records}");
    }

    #[test]
    fn records_are_judged_as_receivers_read_them() {
        check(RECORD, &["spf_ok"]);
        check("V=SPF1 ip4:10.0.0.0/8 +include:AmazonSES.com -all", &["spf_ok"]);
        check(
            "v=spf1 a mx/24 a:x.example exists:y.example include:amazonses.com exp=z.example ~all",
            &["spf_ok"],
        );
        check("b.shop.example TXT -", &["spf_missing"]);
        check("v=spf10 include:amazonses.com ~all", &["spf_missing"]);
        check("a text of somebody else\nv=spf1 include:amazonses.com ~all", &["spf_ok"]);
        check("v=spf1 include:amazonses.com ~all\nv=spf1 mx -all", &["spf_several"]);
        check("v=spf1 mx ~all", &["spf_without_amazon"]);
        check("v=spf1 -include:amazonses.com ~all", &["spf_without_amazon"]);
        check("v=spf1 -all include:amazonses.com", &["spf_without_amazon"]);
        check("v=spf1 include:amazonses.com +all", &["spf_all_may_send"]);
        check("v=spf1 include:amazonses.com all", &["spf_all_may_send"]);
        check("v=spf1 include:amazonses.com ?all", &["spf_open_end"]);
        check("v=spf1 include:amazonses.com", &["spf_open_end"]);
        check("v=spf1 ptr include:amazonses.com ~all", &["spf_ptr"]);
        check("v=spf1 ipv4:10.0.0.1 include:amazonses.com ~all", &["spf_unreadable"]);
        check("v=spf1 include: include:amazonses.com ~all", &["spf_unreadable"]);
        check("b.shop.example TXT SERVFAIL", &["unknown"]);
    }

    #[test]
    fn look_ups_are_counted_through_includes_and_the_eleventh_is_too_many() {
        let ten =
            "v=spf1 include:x.example include:amazonses.com ~all\nx.example TXT v=spf1 a a a a a a a a ~all";
        check(ten, &["spf_ok"]);
        check(&ten.replace("a ~all", "a a ~all"), &["spf_too_many_lookups"]);
        check("v=spf1 a a a a a a a a a a include:amazonses.com ~all", &["spf_too_many_lookups"]);
    }

    #[test]
    fn an_include_may_lead_to_amazon_to_nothing_in_a_circle_or_into_the_dark() {
        let through = "v=spf1 include:x.example -all\nx.example TXT v=spf1 include:amazonses.com ?all";
        check(through, &["spf_ok"]);
        check("v=spf1 redirect=x.example\nx.example TXT v=spf1 include:amazonses.com -all", &["spf_ok"]);
        check(
            "v=spf1 include:x.example include:amazonses.com ~all\nx.example TXT -",
            &["spf_include_without_record"],
        );
        check(
            "v=spf1 include:b.shop.example include:amazonses.com ~all",
            &["spf_without_amazon", "spf_too_many_lookups"],
        );
        check("v=spf1 include:x.example include:amazonses.com ~all", &["unknown"]);
        check("v=spf1 include:%{i}.x.example include:amazonses.com ~all", &["spf_ok"]);
    }
}
