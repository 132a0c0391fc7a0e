//! What a person must know of: logged as an error and carried in a handler's summary, once.

use renown_core::ids::SellerId;
use renown_core::say::Text;
use serde::Serialize;

/// Something an operator must know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Whose.
    pub seller: SellerId,
    /// What, and what to do.
    pub text: Text,
}

/// Adds a problem to those of a summary and logs it, unless it is there already.
pub fn tell(problems: &mut Vec<Problem>, seller: &SellerId, text: Text) {
    let problem = Problem { seller: seller.clone(), text };
    if !problems.contains(&problem) {
        tracing::error!(seller.id = %seller, problem = %problem.text.en, "a person must look");
        problems.push(problem);
    }
}
