//! The table: storage verbs in the domain's words.

mod grant;

pub use grant::Grant;
