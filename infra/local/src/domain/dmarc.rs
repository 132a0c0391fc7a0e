//! DMARC: what receivers are to do with mails that carry the domain's name and are not its own.
//!
//! Where a domain has no record, that of the next name above it counts, as receivers look for it.
//! Sources: RFC 7489; for the way up RFC 9989.

use renown_core::text;

use super::answers::{Kind, Look};
use super::finding::{Check, Finding, State};
use super::name::Domain;
use super::tags::Tags;

/// Most names that are looked at on the way up. Source: RFC 9989 4.10.
const MAX_STEPS: usize = 8;

/// The policy that counts for a domain.
#[derive(Debug, Default)]
pub(super) struct Dmarc {
    /// What is told of it.
    pub(super) findings: Vec<Finding>,
    /// SPF speaks for the domain itself alone, not for a name below it.
    pub(super) is_spf_strict: bool,
}

/// Judges the policy.
pub(super) fn judge(domain: &Domain, look: &mut Look<'_>) -> Dmarc {
    let mut at = Some(domain.clone());
    let mut unclear = Vec::new();
    for _ in 0..MAX_STEPS {
        let Some(holder) = at.take() else { break };
        let Some(name) = holder.below("_dmarc") else { break };
        match look.up(&name, Kind::Txt) {
            Ok(texts) => {
                let records: Vec<String> = texts.into_iter().filter(|text| is_dmarc(text)).collect();
                if !records.is_empty() {
                    return of_records(domain, &holder, &name, &records, look);
                }
            }
            Err(why) => unclear.push(Finding::unclear(Check::Dmarc, &name, Kind::Txt, why)),
        }
        // Whether a record stands at a name is known before the next one is asked.
        if !unclear.is_empty() {
            break;
        }
        at = holder.parent();
    }
    if unclear.is_empty() {
        let name = &domain.below("_dmarc").unwrap_or_else(|| domain.clone());
        let text = text!(
            "no policy, here or above: Gmail and Yahoo want one of whoever sends in bulk. Put in an address that you read",
            "此处及上级均无策略:Gmail 和 Yahoo 要求批量发件人具备。请填入您会查看的地址"
        );
        let missing = Finding::new(Check::Dmarc, State::Wrong, "dmarc_missing", name, text);
        unclear.push(missing.publish(
            name,
            Kind::Txt,
            format!("v=DMARC1; p=none; rua={}", reports_to(domain)),
        ));
    }
    Dmarc { findings: unclear, is_spf_strict: false }
}

fn is_dmarc(text: &str) -> bool {
    let first = text.split(';').next().unwrap_or_default();
    first.split_once('=').is_some_and(|(name, value)| name.trim() == "v" && value.trim() == "DMARC1")
}

/// An address for reports, to be replaced.
fn reports_to(domain: &Domain) -> String {
    format!("mailto:dmarc@{domain}")
}

fn of_records(
    domain: &Domain,
    holder: &Domain,
    name: &Domain,
    records: &[String],
    look: &mut Look<'_>,
) -> Dmarc {
    let new = |state, code, text| Finding::new(Check::Dmarc, state, code, name, text).found(records);
    let only = |finding| Dmarc { findings: vec![finding], is_spf_strict: false };
    let [record] = records else {
        let n = records.len();
        let text = text!(
            "{n} policies: receivers take none of them. Keep one",
            "有 {n} 条策略:收件方全部忽略。请只保留一条"
        );
        let first = records.first().cloned().unwrap_or_default();
        return only(new(State::Wrong, "dmarc_several", text).publish(name, Kind::Txt, first));
    };
    let standard = format!("v=DMARC1; p=none; rua={}", reports_to(domain));
    let tags = match Tags::read(record) {
        Ok(tags) => tags,
        Err(piece) => {
            let text = text!(
                "{record:?} cannot be read at {piece:?}: receivers may pass over all of it",
                "{record:?} 在 {piece:?} 处无法读取:收件方可能忽略整条记录"
            );
            return only(new(State::Wrong, "dmarc_unreadable", text).publish(name, Kind::Txt, standard));
        }
    };
    let asked = if holder == domain { tags.get("p") } else { tags.get("sp").or_else(|| tags.get("p")) };
    let from_above = holder != domain;
    let mut findings = Vec::new();
    let policy = asked.map(str::to_ascii_lowercase);
    findings.push(match policy.as_deref() {
        Some("none") => {
            let text = text!(
                "p=none: receivers watch and let forgeries through. It suffices to begin with; once the reports show your own mails alone, publish p=quarantine",
                "p=none:收件方只观察,伪造邮件照样放行。起步足够;待报告中只有您自己的邮件后,改为 p=quarantine"
            );
            let finding = new(State::Warn, "dmarc_none", text);
            // Without reports nobody can know that it is time.
            if tags.get("rua").is_some() {
                let better = tags.with("p", "quarantine");
                let better = if tags.get("sp").is_some() { better.with("sp", "quarantine") } else { better };
                finding.publish(name, Kind::Txt, better.written())
            } else {
                finding
            }
        }
        Some(policy @ ("quarantine" | "reject")) if from_above => {
            let text = text!(
                "p={policy}, from the record of {holder}: forgeries are kept out",
                "p={policy}(来自 {holder} 的记录):伪造邮件会被拦下"
            );
            new(State::Ok, "dmarc_ok", text)
        }
        Some(policy @ ("quarantine" | "reject")) => {
            let text = text!("p={policy}: forgeries are kept out", "p={policy}:伪造邮件会被拦下");
            new(State::Ok, "dmarc_ok", text)
        }
        Some(other) => {
            let text = text!(
                "p={other} is no policy: none, quarantine or reject",
                "p={other} 不是策略:应为 none、quarantine 或 reject"
            );
            let better = tags.with("p", "none").written();
            new(State::Wrong, "dmarc_no_policy", text).publish(name, Kind::Txt, better)
        }
        None => {
            let text = text!("{record:?} has no policy: p= is missing", "{record:?} 没有策略:缺少 p=");
            new(State::Wrong, "dmarc_no_policy", text).publish(name, Kind::Txt, standard)
        }
    });
    if let Some(percent) = tags.get("pct").and_then(|pct| pct.parse::<u32>().ok()).filter(|pct| *pct < 100) {
        let text = text!(
            "pct={percent}: the policy is for {percent} mails of 100; take pct out when all is well",
            "pct={percent}:策略只用于 {percent}% 的邮件;一切正常后请去掉 pct"
        );
        findings.push(new(State::Warn, "dmarc_part", text));
    }
    findings.extend(reports(holder, name, &tags, records, look));
    let is_spf_strict = tags.get("aspf").is_some_and(|mode| mode.eq_ignore_ascii_case("s"));
    Dmarc { findings, is_spf_strict }
}

/// Whether anybody is told what becomes of the domain's mails.
fn reports(
    holder: &Domain,
    name: &Domain,
    tags: &Tags,
    records: &[String],
    look: &mut Look<'_>,
) -> Vec<Finding> {
    let new = |state, code, text| Finding::new(Check::Dmarc, state, code, name, text).found(records);
    let Some(rua) = tags.get("rua") else {
        let text = text!(
            "no address for reports (rua): nobody would see that mails fail. Put in one that you read",
            "没有报告地址(rua):邮件验证失败也无人知晓。请填入您会查看的地址"
        );
        let better = tags.with("rua", &reports_to(holder)).written();
        return vec![new(State::Warn, "dmarc_without_reports", text).publish(name, Kind::Txt, better)];
    };
    let mut found = Vec::new();
    for address in rua.split(',').map(str::trim) {
        let host = address
            .strip_prefix("mailto:")
            .and_then(|address| address.rsplit_once('@'))
            .and_then(|(_, host)| host.split('!').next()?.parse::<Domain>().ok());
        let Some(host) = host else {
            let text = text!(
                "rua={address} is no address: write mailto:you@shop.example",
                "rua={address} 不是地址:请写成 mailto:you@shop.example"
            );
            let better = tags.with("rua", &reports_to(holder)).written();
            found.push(new(State::Wrong, "dmarc_bad_reports", text).publish(name, Kind::Txt, better));
            continue;
        };
        if host.is_akin_to(holder) {
            continue;
        }
        let Some(leave) = host.below(&format!("{holder}._report._dmarc")) else { continue };
        match look.up(&leave, Kind::Txt) {
            Ok(texts) if texts.iter().any(|text| is_dmarc(text)) => {}
            Ok(_) => {
                let text = text!(
                    "reports are to go to {host}, which has not said that it takes them: none will be sent. It has to publish this, or name an address of your own",
                    "报告应发往 {host},但对方未声明接收:不会发送。须由对方发布此记录,或改用自己的地址"
                );
                let finding = new(State::Warn, "dmarc_reports_not_taken", text);
                found.push(finding.publish(&leave, Kind::Txt, "v=DMARC1"));
            }
            Err(why) => found.push(Finding::unclear(Check::Dmarc, &leave, Kind::Txt, why)),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::file;
    use super::*;

    /// What is told of a record at the domain itself, or of lines for other names.
    fn check(lines: &str, expected: &[&str]) -> Dmarc {
        let line = |line: &str| match line.split_once(" TXT ") {
            Some(_) => format!("{line}\n"),
            None => format!("_dmarc.mail.shop.example TXT \"{line}\"\n"),
        };
        let answers = file::read(&lines.lines().map(line).collect::<String>()).expect("readable");
        let dmarc = judge(&"mail.shop.example".parse().expect("valid"), &mut Look::into_answers(&answers));
        let codes: Vec<_> = dmarc.findings.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, expected, "{lines}");
        dmarc
    }

    #[test]
    fn policies_are_judged_by_what_receivers_do() {
        let reports = "rua=mailto:a@shop.example";
        check(&format!("v=DMARC1; p=reject; {reports}"), &["dmarc_ok"]);
        check(&format!("v = DMARC1; P=Quarantine; {reports};"), &["dmarc_ok"]);
        let dmarc = check(&format!("v=DMARC1; p=none; {reports}"), &["dmarc_none"]);
        assert_eq!(dmarc.findings[0].publish[0].value, format!("v=DMARC1; p=quarantine; {reports}"));
        check("v=DMARC1; p=reject", &["dmarc_ok", "dmarc_without_reports"]);
        check("v=DMARC1; p=reject; rua=a@shop.example", &["dmarc_ok", "dmarc_bad_reports"]);
        check(&format!("v=DMARC1; p=reject; pct=20; {reports}"), &["dmarc_ok", "dmarc_part"]);
        check(&format!("v=DMARC1; p=block; {reports}"), &["dmarc_no_policy"]);
        check(&format!("v=DMARC1; {reports}"), &["dmarc_no_policy"]);
        check("v=DMARC1; reject", &["dmarc_unreadable"]);
        check("v=DMARC1; p=none\nv=DMARC1; p=reject", &["dmarc_several"]);
        let strict = check(&format!("v=DMARC1; p=reject; aspf=s; {reports}"), &["dmarc_ok"]);
        assert!(strict.is_spf_strict);
    }

    #[test]
    fn without_a_record_of_its_own_a_domain_has_that_of_the_name_above() {
        let above =
            |record: &str| format!("_dmarc.mail.shop.example TXT -\n_dmarc.shop.example TXT \"{record}\"");
        check(&above("v=DMARC1; p=reject; rua=mailto:a@shop.example"), &["dmarc_ok"]);
        check(&above("v=DMARC1; p=reject; sp=none; rua=mailto:a@shop.example"), &["dmarc_none"]);
        check(&above("v=spf1 -all"), &["dmarc_missing"]);
        check("_dmarc.mail.shop.example TXT some text\n_dmarc.shop.example TXT -", &["dmarc_missing"]);
        check("_dmarc.mail.shop.example TXT -", &["unknown"]);
        check("_dmarc.mail.shop.example TXT SERVFAIL", &["unknown"]);
    }

    #[test]
    fn reports_to_a_stranger_want_the_strangers_leave() {
        let policy = "v=DMARC1; p=reject; rua=mailto:x@reports.test!10m";
        let leave = "mail.shop.example._report._dmarc.reports.test TXT";
        check(&format!("{policy}\n{leave} v=DMARC1"), &["dmarc_ok"]);
        check(&format!("{policy}\n{leave} -"), &["dmarc_ok", "dmarc_reports_not_taken"]);
        check(policy, &["dmarc_ok", "unknown"]);
    }
}
