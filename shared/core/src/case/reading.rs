//! What is understood of a signal.

use serde::{Deserialize, Serialize};

use super::signal::{Kind, Signal};
use super::subject::Subject;
use crate::prepared::{Sureness, precheck};
use crate::push::Severity;
use crate::say::Text;
use crate::text::{Cause, Hints, Language, Model, Urgency, cause_of_return};

/// What is understood of a signal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// What is complained of, the primary cause first; empty where nothing is said of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<Cause>,
    /// What cannot wait.
    pub urgency: Urgency,
    /// The language of the words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Whether the words are unhappy; a fact without words is.
    pub negative: bool,
    /// The words in the team's language, where somebody translated them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub translation: Option<String>,
    /// Why Amazon would likely remove a feedback, where it would, with what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removable: Option<Text>,
}

impl Reading {
    /// Reads a signal. Amazon's reason decides where it names a cause; then the words.
    pub fn of(signal: &Signal, model: &Model<'_>) -> Self {
        let returned_for = signal.reason.as_deref().and_then(cause_of_return);
        let by_kind = match signal.kind {
            Kind::Undeliverable => Some(Cause::NotReceived),
            Kind::LateToShip | Kind::Stuck => Some(Cause::LateDelivery),
            Kind::OverdueReturn => Some(Cause::RefundReturn),
            Kind::Topic => match signal.subject {
                Subject::Topic { cause, .. } => Some(cause),
                _ => None,
            },
            _ => returned_for,
        };
        let Some(words) = &signal.words else {
            let urgency = of_kind(signal.kind);
            let causes = by_kind.into_iter().collect();
            return Self {
                causes,
                urgency,
                language: None,
                negative: true,
                translation: None,
                removable: None,
            };
        };
        let hints = Hints { language: None, stars: signal.stars, returned_for };
        let said = model.understand(words, hints);
        let urgency = match said.urgency {
            Urgency::None => of_kind(signal.kind),
            urgency => urgency,
        };
        let removable = (signal.kind == Kind::Feedback)
            .then(|| precheck(words, &said, signal.by_amazon == Some(true)))
            .and_then(|grounds| grounds.into_iter().find(|ground| ground.sure == Sureness::Likely))
            .map(|ground| ground.to_do);
        let (language, negative) = (said.language, said.negative);
        Self { causes: said.causes, urgency, language, negative, translation: None, removable }
    }

    /// What would have to be put right first.
    pub fn primary(&self) -> Option<Cause> {
        self.causes.first().copied()
    }

    /// How much the fact presses.
    pub fn severity(&self, signal: &Signal) -> Severity {
        if self.urgency != Urgency::None || self.primary() == Some(Cause::Safety) {
            return Severity::Urgent;
        }
        match signal.kind {
            Kind::Review | Kind::FeedbackGone => Severity::Info,
            Kind::Claim | Kind::Chargeback | Kind::AccountStatus | Kind::Access | Kind::Brake { .. } => {
                Severity::Urgent
            }
            Kind::Feedback | Kind::Survey if signal.stars == Some(3) => Severity::Info,
            Kind::Feedback
            | Kind::Return
            | Kind::OverdueReturn
            | Kind::Survey
            | Kind::Health
            | Kind::Topic
            | Kind::Undeliverable
            | Kind::LateToShip
            | Kind::Stuck => Severity::Warning,
        }
    }

    /// Whether somebody has to deal with it. Most returns are of people who changed their mind, or
    /// whom a size did not fit: they are counted, and nobody is called.
    pub fn opens_case(&self, signal: &Signal) -> bool {
        match signal.kind {
            // For the case that there is.
            Kind::FeedbackGone => return false,
            // Nobody can be answered: a review counts towards what several say. A danger or a threat cannot
            // wait for that.
            Kind::Review => return self.urgency != Urgency::None,
            Kind::Return => {}
            _ => return true,
        }
        let is_serious = matches!(
            self.primary(),
            Some(
                Cause::DefectiveQuality
                    | Cause::NotAsDescribed
                    | Cause::DamagedInTransit
                    | Cause::MissingParts
                    | Cause::NotReceived
                    | Cause::Safety
                    | Cause::Counterfeit
            )
        );
        is_serious || self.urgency != Urgency::None
    }
}

/// What a fact makes urgent without a word.
fn of_kind(kind: Kind) -> Urgency {
    match kind {
        Kind::Claim => Urgency::AToZ,
        Kind::Chargeback => Urgency::Chargeback,
        _ => Urgency::None,
    }
}
