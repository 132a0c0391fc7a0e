//! The addresses and secrets of targets: who knows them can write into the chat.

use serde::{Deserialize, Serialize};

use crate::secrets::{Error, Secret, Secrets};

/// How a target is called.
#[derive(Clone)]
pub struct Hook {
    /// Its address, which holds the key of most chats.
    pub url: Secret,
    /// What its requests are signed with, where it wants that.
    pub secret: Option<Secret>,
}

impl std::fmt::Debug for Hook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<hook>")
    }
}

#[derive(Serialize, Deserialize)]
struct Stored {
    url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

/// Where a target's lies.
fn path(target: &str) -> String {
    format!("/renown/notify/{target}")
}

impl Secrets {
    /// How a target is called.
    ///
    /// # Errors
    ///
    /// If there is none, or it cannot be read.
    pub async fn hook_of_target(&self, target: &str) -> Result<Hook, Error> {
        let path = path(target);
        let json = self.read(&path).await?;
        let stored: Stored =
            serde_json::from_str(json.expose()).map_err(|_| Error::Unreadable { path: path.clone() })?;
        Ok(Hook { url: Secret::new(stored.url), secret: stored.secret.map(Secret::new) })
    }

    /// Stores how a target is called.
    ///
    /// # Errors
    ///
    /// If the store does not take it.
    pub async fn store_hook_of_target(&self, target: &str, hook: &Hook) -> Result<(), Error> {
        let secret = hook.secret.as_ref().map(|secret| secret.expose().to_owned());
        let stored = Stored { url: hook.url.expose().to_owned(), secret };
        let json = serde_json::to_string(&stored).map_err(|_| Error::Unreadable { path: path(target) })?;
        self.write(&path(target), &json).await
    }

    /// Deletes how a target is called. That there is nothing is no error.
    ///
    /// # Errors
    ///
    /// If the store does not answer.
    pub async fn remove_hook_of_target(&self, target: &str) -> Result<(), Error> {
        self.delete(&path(target)).await
    }
}
