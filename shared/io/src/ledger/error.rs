//! What can go wrong at the table, by what the caller does next.

use aws_sdk_dynamodb::error::SdkError;

/// An error of the table.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The table did not answer, or refused. The record goes back to its queue; a sweep leaves
    /// the rest to the next tick.
    #[error("the table did not take {operation}")]
    Table {
        /// What was to be done.
        operation: &'static str,
        /// What the SDK said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// An item cannot be read. It is left alone and named to the operator.
    #[error("the item {key} cannot be read ({problem}); it was left as it is")]
    Unreadable {
        /// Its keys.
        key: String,
        /// Why.
        problem: String,
    },
    /// Somebody else wrote the same item again and again. Trying later helps.
    #[error("the item {key} was changed by others {attempts} times in a row")]
    Contended {
        /// Its keys.
        key: String,
        /// How often it was tried.
        attempts: u32,
    },
}

impl Error {
    /// An item without keys of its own is named by the partition it was found in.
    pub(super) fn within(self, pk: &str) -> Self {
        match self {
            Self::Unreadable { key, problem } if key == "/" => {
                Self::Unreadable { key: format!("{pk}/?"), problem }
            }
            other => other,
        }
    }

    pub(super) fn table<E, R>(operation: &'static str) -> impl FnOnce(SdkError<E, R>) -> Self
    where
        SdkError<E, R>: std::error::Error + Send + Sync + 'static,
    {
        move |source| Self::Table { operation, source: Box::new(source) }
    }
}

/// How often a lost race is run again before it counts as contended.
pub(super) const ATTEMPTS: u32 = 8;
