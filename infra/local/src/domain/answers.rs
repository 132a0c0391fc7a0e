//! What DNS is asked and what it answered.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use renown_core::say::Text;
use renown_core::text;
use serde::Serialize;

use super::name::Domain;

/// Most aliases that are followed one after another; resolvers follow about as many.
const MAX_ALIASES: usize = 8;

/// A kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Kind {
    /// An alias.
    Cname,
    /// Who takes in mail.
    Mx,
    /// A text.
    Txt,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cname => "CNAME",
            Self::Mx => "MX",
            Self::Txt => "TXT",
        })
    }
}

/// A question to DNS.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Question {
    /// Of which name.
    pub name: Domain,
    /// Which records.
    pub kind: Kind,
}

/// Why nobody knows what DNS says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// It was not asked: a file of answers does not say.
    NotInFile,
    /// No name server answered.
    NoReply,
    /// The domain's own servers do not answer as they should (SERVFAIL).
    ServerFailure,
    /// The name server does not answer this question for us (REFUSED and the like).
    Refused,
}

impl Silence {
    /// What it means and what to do about it.
    pub fn text(self, question: &Question) -> Text {
        let Question { name, kind } = question;
        match self {
            Self::NotInFile => text!(
                "the file does not say; add what `dig +noall +answer {kind} {name}` prints, or the line `{name} {kind} -` if it prints nothing",
                "文件中没有;请加入 `dig +noall +answer {kind} {name}` 的输出,若无输出则写一行 `{name} {kind} -`"
            ),
            Self::NoReply => text!(
                "no name server answered; look at the network, or ask elsewhere with `dig +noall +answer {kind} {name}` and give the answers with --answers",
                "没有域名服务器应答;请检查网络,或在别处执行 `dig +noall +answer {kind} {name}` 并用 --answers 提供结果"
            ),
            Self::ServerFailure => text!(
                "the domain's name servers do not answer as they should (SERVFAIL); tell whoever runs its DNS, who should look at the delegation and at DNSSEC",
                "该域名的服务器应答异常(SERVFAIL);请联系 DNS 管理方检查委派和 DNSSEC"
            ),
            Self::Refused => text!(
                "the name server refuses to answer; name another with --server, such as 1.1.1.1",
                "域名服务器拒绝应答;请用 --server 指定另一个,例如 1.1.1.1"
            ),
        }
    }
}

/// What was answered: the records of a name, none of them where there are none.
pub type Answer = Result<Vec<String>, Silence>;

/// Every answer that is there.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    known: BTreeMap<Question, Answer>,
}

impl Answers {
    /// Takes in an answer in the place of what was there.
    pub fn put(&mut self, question: Question, answer: Answer) {
        self.known.insert(question, answer);
    }

    /// Takes in one record beside those that are there.
    pub fn add(&mut self, question: Question, record: String) {
        match self.known.entry(question).or_insert_with(|| Ok(Vec::new())) {
            Ok(records) if !records.contains(&record) => records.push(record),
            Ok(_) => {}
            answer @ Err(_) => *answer = Ok(vec![record]),
        }
    }

    /// The answer to a question, aliases followed.
    fn get(&self, name: &Domain, kind: Kind) -> Option<Answer> {
        let mut name = name.clone();
        for _ in 0..MAX_ALIASES {
            let known = |kind| self.known.get(&Question { name: name.clone(), kind });
            let target = known(Kind::Cname).and_then(|answer| answer.as_ref().ok()?.first()?.parse().ok());
            match (known(kind), target) {
                (Some(Ok(records)), Some(target)) if records.is_empty() && kind != Kind::Cname => {
                    name = target;
                }
                (None, Some(target)) if kind != Kind::Cname => name = target,
                (Some(answer), _) => return Some(answer.clone()),
                // Beside an alias a name has no other records.
                (None, None) if kind == Kind::Cname => {
                    let has_others = |answer: Option<&Answer>| {
                        answer.is_some_and(|answer| answer.as_ref().is_ok_and(|all| !all.is_empty()))
                    };
                    return has_others(known(Kind::Txt)).then(|| Ok(Vec::new()));
                }
                (None, _) => return None,
            }
        }
        Some(Ok(Vec::new()))
    }
}

/// Looks into the answers, and keeps in mind what they do not say.
#[derive(Debug)]
pub(super) struct Look<'a> {
    answers: &'a Answers,
    /// What was asked and is not there.
    pub(super) wanted: BTreeSet<Question>,
}

impl<'a> Look<'a> {
    /// Begins to look.
    pub(super) fn into_answers(answers: &'a Answers) -> Self {
        Self { answers, wanted: BTreeSet::new() }
    }

    /// The records of a name.
    ///
    /// # Errors
    ///
    /// If nobody knows them.
    pub(super) fn up(&mut self, name: &Domain, kind: Kind) -> Answer {
        self.answers.get(name, kind).unwrap_or_else(|| {
            self.wanted.insert(Question { name: name.clone(), kind });
            Err(Silence::NotInFile)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(name: &str, kind: Kind) -> Question {
        Question { name: name.parse().expect("a name"), kind }
    }

    #[test]
    fn an_alias_is_followed_and_one_that_leads_back_ends() {
        let mut answers = Answers::default();
        answers.add(question("a.shop.example", Kind::Cname), "b.shop.example".to_owned());
        answers.add(question("b.shop.example", Kind::Txt), "p=1".to_owned());
        let name = "a.shop.example".parse().expect("a name");
        assert_eq!(answers.get(&name, Kind::Txt), Some(Ok(vec!["p=1".to_owned()])));
        assert_eq!(answers.get(&name, Kind::Cname), Some(Ok(vec!["b.shop.example".to_owned()])));
        answers.put(question("b.shop.example", Kind::Txt), Ok(Vec::new()));
        answers.add(question("b.shop.example", Kind::Cname), "a.shop.example".to_owned());
        assert_eq!(answers.get(&name, Kind::Txt), Some(Ok(Vec::new())));
    }

    #[test]
    fn what_is_not_there_is_kept_in_mind() {
        let mut answers = Answers::default();
        answers.add(question("a.shop.example", Kind::Txt), "x".to_owned());
        let mut look = Look::into_answers(&answers);
        let (a, b) = (question("a.shop.example", Kind::Mx), question("b.shop.example", Kind::Txt));
        assert_eq!(look.up(&a.name, Kind::Cname), Ok(Vec::new()));
        assert_eq!(look.up(&a.name, a.kind), Err(Silence::NotInFile));
        assert_eq!(look.up(&b.name, b.kind), Err(Silence::NotInFile));
        assert_eq!(look.wanted, [a, b].into());
    }
}
