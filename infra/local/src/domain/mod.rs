//! Whether a domain is ready to send mails through Amazon SES, by what DNS says of it.
//!
//! Judging is pure: answers in, findings out, with the questions whose answers are not there. Live,
//! they are asked until none is left; a file of answers says what it says.

mod answers;
mod dkim;
mod dmarc;
pub mod file;
mod finding;
pub mod live;
mod mail_from;
mod name;
mod spf;
mod tags;

use std::collections::BTreeSet;

use renown_core::text;

pub use answers::{Answer, Answers, Kind, Question, Silence};
pub use finding::{Check, Finding, Record, State};
pub use name::{Domain, NotADomain};

use answers::Look;

/// What is to be judged.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The domain that readers see in the sender's address, an identity of SES.
    pub domain: Domain,
    /// The name below it to which bounces go.
    pub mail_from: Option<Domain>,
    /// The names of its keys.
    pub selectors: Vec<String>,
    /// The region in which SES sends.
    pub region: Option<String>,
}

/// What came out.
#[derive(Debug)]
pub struct Judged {
    /// A line for each thing.
    pub findings: Vec<Finding>,
    /// What is not known and would tell more.
    pub wanted: BTreeSet<Question>,
}

/// Judges a domain by the answers that are there.
pub fn judge(subject: &Subject, answers: &Answers) -> Judged {
    let look = &mut Look::into_answers(answers);
    let Subject { domain, mail_from, selectors, region } = subject;
    let region = region.as_deref();
    let mut findings = Vec::new();
    let mut spf = None;
    match mail_from {
        Some(name) => {
            findings.push(mail_from::judge(name, region, look));
            let of_spf = spf::judge(name, look);
            // What SES does not use, speaks for nobody.
            spf = Some(worst(&findings).max(worst(&of_spf)));
            findings.extend(of_spf);
        }
        None => findings.push(mail_from::none_named(domain, region)),
    }
    let keys = dkim::judge(domain, selectors, look);
    let dmarc = dmarc::judge(domain, look);
    let spf = if dmarc.is_spf_strict { None } else { spf };
    findings.extend(keys.findings);
    findings.extend(dmarc.findings);
    findings.push(alignment(domain, spf, keys.best, dmarc.is_spf_strict));
    Judged { findings, wanted: std::mem::take(&mut look.wanted) }
}

fn worst(findings: &[Finding]) -> State {
    findings.iter().map(|finding| finding.state).max().unwrap_or(State::Ok)
}

/// Whether a mail passes DMARC: by SPF or by DKIM, each for the domain that a reader sees. What
/// could be better passes; what nobody looked at (none) or knows, does not.
fn alignment(domain: &Domain, spf: Option<State>, dkim: Option<State>, is_spf_strict: bool) -> Finding {
    let passes = |state: Option<State>| state.is_some_and(|state| state <= State::Warn);
    let is_open = dkim.is_none_or(|state| state == State::Unclear) || spf == Some(State::Unclear);
    let (state, code, text) = match (passes(dkim), passes(spf)) {
        (true, true) => (
            State::Ok,
            "aligned",
            text!(
                "mails pass by DKIM and by SPF, both for {domain}",
                "邮件可经 DKIM 和 SPF 通过,两者均对应 {domain}"
            ),
        ),
        (true, false) if is_spf_strict => (
            State::Warn,
            "aligned_by_dkim_alone",
            text!(
                "mails pass by DKIM alone: aspf=s wants the very same name for SPF, which SES never uses. Take aspf=s out",
                "邮件只能经 DKIM 通过:aspf=s 要求 SPF 名称完全相同,而 SES 从不如此。请去掉 aspf=s"
            ),
        ),
        (true, false) => (
            State::Warn,
            "aligned_by_dkim_alone",
            text!(
                "mails pass by DKIM alone; with MAIL FROM and SPF in order they would also pass where a signature breaks",
                "邮件只能经 DKIM 通过;MAIL FROM 与 SPF 就绪后,签名损坏时也能通过"
            ),
        ),
        (false, true) => (
            State::Warn,
            "aligned_by_spf_alone",
            text!(
                "mails pass by SPF alone, which no forwarding survives; Gmail and Yahoo want DKIM too",
                "邮件只能经 SPF 通过,转发后即失效;Gmail 和 Yahoo 还要求 DKIM"
            ),
        ),
        (false, false) if is_open => (
            State::Unclear,
            "alignment_unknown",
            text!(
                "whether mails pass cannot be said before DKIM and SPF are known (see above)",
                "DKIM 与 SPF 尚不明确(见上),无法判断邮件能否通过"
            ),
        ),
        (false, false) => (
            State::Wrong,
            "not_aligned",
            text!(
                "mails pass by neither: Gmail, Yahoo and Microsoft refuse them. Put DKIM in order first",
                "邮件两者均无法通过:Gmail、Yahoo 和微软会拒收。请先处理 DKIM"
            ),
        ),
    };
    Finding::new(Check::Alignment, state, code, domain, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_is_told_by_what_speaks_for_the_domain() {
        use State::{Ok, Unclear, Warn, Wrong};
        let domain = "shop.example".parse().expect("valid");
        for (spf, dkim, code) in [
            (Some(Ok), Some(Ok), "aligned"),
            (Some(Warn), Some(Warn), "aligned"),
            (None, Some(Ok), "aligned_by_dkim_alone"),
            (Some(Wrong), Some(Ok), "aligned_by_dkim_alone"),
            (Some(Unclear), Some(Ok), "aligned_by_dkim_alone"),
            (Some(Ok), Some(Wrong), "aligned_by_spf_alone"),
            (Some(Ok), None, "aligned_by_spf_alone"),
            (None, None, "alignment_unknown"),
            (Some(Unclear), Some(Wrong), "alignment_unknown"),
            (None, Some(Wrong), "not_aligned"),
            (Some(Wrong), Some(Wrong), "not_aligned"),
        ] {
            assert_eq!(alignment(&domain, spf, dkim, false).code, code, "{spf:?} {dkim:?}");
        }
    }
}
