//! Ids and versions of Amazon's that are handed back as they came.

/// Makes the type of such an id: a text that is kept as Amazon wrote it.
macro_rules! opaque_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The id as Amazon wrote it, in an answer or a notification.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The id as Amazon writes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

pub(super) use opaque_id;
