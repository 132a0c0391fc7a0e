//! What is kept secret, and where a seller's lies.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use renown_core::ids::{AppId, SellerId};
use serde::{Deserialize, Serialize};

use super::Error;

/// A text that must not be seen.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one place that sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<secret>")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<secret>")
    }
}

/// What it takes to call Amazon for a seller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The app (LWA client) the seller has authorised.
    pub client_id: AppId,
    /// The app's secret; Amazon has it rotated every 180 days.
    pub client_secret: Secret,
    /// The seller's grant for one region.
    pub refresh_token: Secret,
}

/// Credentials as they are stored: JSON, the same in every back end.
#[derive(Serialize, Deserialize)]
struct Stored {
    client_id: AppId,
    client_secret: String,
    refresh_token: String,
}

impl Credentials {
    pub(super) fn to_json(&self) -> String {
        let stored = Stored {
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.0.clone(),
            refresh_token: self.refresh_token.0.clone(),
        };
        serde_json::to_string(&stored).expect("three strings are JSON")
    }

    pub(super) fn from_json(path: &str, json: &str) -> Result<Self, Error> {
        let stored: Stored =
            // The parser's message is dropped: it may quote what it found.
            serde_json::from_str(json).map_err(|_| Error::Unreadable { path: path.to_owned() })?;
        Ok(Self {
            client_id: stored.client_id,
            client_secret: Secret(stored.client_secret),
            refresh_token: Secret(stored.refresh_token),
        })
    }
}

/// Which of a seller's two places is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The seller is live: buyers may be asked.
    Live,
    /// The seller is only listened to.
    Listen,
}

/// Letters that SSM allows in a name and a file system takes literally.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');

impl Scope {
    /// Where the secret of a seller lies; the same name in every back end.
    pub fn path(self, seller: &SellerId) -> String {
        let folder = match self {
            Self::Live => "live",
            Self::Listen => "listen",
        };
        format!("/renown/{folder}/{}", utf8_percent_encode(seller.as_str(), PLAIN))
    }
}
