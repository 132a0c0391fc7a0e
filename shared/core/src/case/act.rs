//! What a person does with a case.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::department::Department;
use super::outcome::Outcome;
use super::record::{Case, Event, State};
use super::signal::Kind;
use super::team::Team;
use super::telling::Told;
use crate::say::Text;
use crate::text;

/// Longest note of a person, in characters.
pub(super) const MAX_NOTE: usize = 400;

/// Who acts where nobody was named. Taken on so, a case has no owner yet.
pub const OPERATOR: &str = "operator";

/// What a person does with a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// Takes it on.
    Acknowledge,
    /// Gives it to somebody, or to a department.
    Assign {
        /// The person.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        owner: Option<String>,
        /// The department.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        department: Option<Department>,
    },
    /// Ends it.
    Resolve {
        /// How.
        outcome: Outcome,
        /// A few words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// Opens it again.
    Reopen,
}

/// A person's note in one line, without ways to reach anybody.
fn noted(note: &str) -> Result<String, Text> {
    let n = note.chars().count();
    if n > MAX_NOTE {
        return Err(text!(
            "the note has {n} characters; at most {MAX_NOTE} are kept: shorten it",
            "备注有 {n} 个字符,最多 {MAX_NOTE} 个:请缩短"
        ));
    }
    Ok(crate::lint::without_contacts(&crate::push::line(note)))
}

impl Case {
    /// Whether it can end so: see [`Outcome::fits`]. Of one whose first signals are no longer kept, all can be.
    fn can_end(&self, outcome: Outcome) -> bool {
        let kinds: Vec<Kind> = self.signals.iter().map(|joined| joined.signal.kind).collect();
        self.more_signals > 0 || outcome.fits(&self.subject, &kinds)
    }

    /// A person does something.
    ///
    /// # Errors
    ///
    /// If that makes no sense any more: what a person reads.
    pub fn act(&mut self, act: Act, by: &str, team: &Team, now: Timestamp) -> Result<(), Text> {
        let is_resolved = matches!(self.state, State::Resolved { .. });
        let id = &self.id;
        match &act {
            Act::Reopen if !is_resolved => {
                return Err(text!("case {id} is not resolved", "工单 {id} 尚未结案"));
            }
            Act::Reopen => {}
            _ if is_resolved => {
                return Err(text!(
                    "case {id} is resolved; `renown cases reopen {id}` opens it again",
                    "工单 {id} 已结案;可用 `renown cases reopen {id}` 重新打开"
                ));
            }
            Act::Acknowledge if self.state == State::Acknowledged => {
                let owner = self.owner.as_deref().unwrap_or("—");
                return Err(text!(
                    "case {id} is in hand already ({owner}); `renown cases assign {id} --to NAME` gives it to somebody else",
                    "工单 {id} 已有人受理({owner});可用 `renown cases assign {id} --to 姓名` 转交"
                ));
            }
            Act::Resolve { outcome, .. } if !self.can_end(*outcome) => {
                let fits = Outcome::ALL.into_iter().filter(|outcome| self.can_end(*outcome));
                let fits = fits.map(Outcome::name).collect::<Vec<_>>().join(", ");
                let Text { en, zh } = outcome.text();
                let Text { en: subject, zh: subject_zh } = self.subject.text();
                return Err(text!(
                    "case {id} ({subject}) cannot end as “{en}”; it can as one of: {fits}",
                    "工单 {id}({subject_zh})不能以“{zh}”结案;可选:{fits}"
                ));
            }
            Act::Acknowledge | Act::Assign { .. } | Act::Resolve { .. } => {}
        }
        let act = match act {
            Act::Resolve { outcome, note } => Act::Resolve { outcome, note: noted(&note)? },
            Act::Assign { owner, department } => {
                Act::Assign { owner: owner.map(|owner| owner.trim().to_owned()), department }
            }
            act => act,
        };
        match &act {
            Act::Acknowledge => {
                self.state = State::Acknowledged;
                // Who takes on what is nobody's has it.
                self.owner = self.owner.take().or(Some(by.trim().to_owned()).filter(|by| by != OPERATOR));
            }
            Act::Assign { owner, department } => {
                self.owner = owner.clone().or(self.owner.take());
                self.department = department.unwrap_or(self.department);
                self.untold.push(Told::Assigned);
            }
            Act::Resolve { outcome, .. } => self.end(*outcome, now),
            Act::Reopen => {
                let span = self.deadline.duration_since(self.opened_at);
                self.begin_again(now.saturating_add(span).unwrap_or(now), now);
            }
        }
        if matches!(act, Act::Acknowledge | Act::Resolve { .. }) {
            self.first_response_at = self.first_response_at.or(Some(now));
        }
        self.note(Event::Person { by: by.trim().to_owned(), act }, now);
        self.plan(team, now);
        Ok(())
    }
}
