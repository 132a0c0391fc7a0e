//! The sellers' secrets: where they are kept and how they are read.
//!
//! A seller's secret lies under `/renown/live/` once the seller is live and under
//! `/renown/listen/` before. The function that asks buyers may read only the first (promise
//! P5), so a listening seller cannot be asked for by accident, whatever the code does.
//!
//! Guarantee: a [`Secret`] shows itself in no `Debug`, no `Display` and no error.

mod folder;
mod seal;
mod seller;
mod ssm;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use renown_core::ids::SellerId;
use renown_core::say::Text;
use tokio::time::Instant;

pub use seal::{KeyFile, Seal};
pub use seller::{Credentials, Scope, Secret};

/// How long a secret that was read is used without reading it again. A rotated secret is
/// therefore in use five minutes later at the latest.
const CACHED_FOR: Duration = Duration::from_mins(5);

/// Why a secret is not at hand. No variant shows any of its content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// There is none.
    #[error(
        "no secret at {path}: `renown connect --seller {}` gives one, and a seller that is only listened to so far has to go live",
        seller_in(path)
    )]
    NotFound {
        /// Its name.
        path: String,
    },
    /// It may not be read or written.
    #[error("no access to the secret at {path}: {remedy}")]
    Denied {
        /// Its name.
        path: String,
        /// What to do about it.
        remedy: Text,
    },
    /// It is encrypted, and the key is not where it lies.
    #[error(
        "the secret at {path} is encrypted, and its key file {} is not there: put the file back, or name where it lies with key_file in renown.toml or RENOWN_KEY_FILE; a seller can also be connected again (`renown connect`)",
        key_file.display()
    )]
    NoKey {
        /// Its name.
        path: String,
        /// Where the key is looked for.
        key_file: PathBuf,
    },
    /// It is not what Renown stores.
    #[error(
        "the secret at {path} is not in Renown's form (JSON with client_id, client_secret and refresh_token): connect the seller again"
    )]
    Unreadable {
        /// Its name.
        path: String,
    },
    /// The store did not answer, or not in a way that says more; trying again may help.
    #[error("the store of secrets did not answer for {path}: {why}")]
    Unavailable {
        /// Its name.
        path: String,
        /// What the store or the network said.
        why: String,
    },
}

#[derive(Debug)]
enum BackEnd {
    Ssm { client: aws_sdk_ssm::Client, key: Option<String> },
    Folder { folder: PathBuf, key: Option<Box<KeyFile>> },
    Memory(Mutex<HashMap<String, String>>),
}

/// The store of secrets. Clones are the same store.
#[derive(Debug, Clone)]
pub struct Secrets {
    back_end: Arc<BackEnd>,
    cache: Arc<Mutex<HashMap<String, (Instant, Secret)>>>,
}

impl Secrets {
    /// SSM Parameter Store, `SecureString`, to read.
    pub fn in_ssm(client: aws_sdk_ssm::Client) -> Self {
        Self::with(BackEnd::Ssm { client, key: None })
    }

    /// The same to write as well: what is stored is encrypted with `key`, the ARN of a KMS key,
    /// which alone the functions may decrypt with.
    pub fn in_ssm_under_key(client: aws_sdk_ssm::Client, key: impl Into<String>) -> Self {
        Self::with(BackEnd::Ssm { client, key: Some(key.into()) })
    }

    /// A folder of one machine; files are readable by their owner alone.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self::with(BackEnd::Folder { folder: folder.into(), key: None })
    }

    /// The same, encrypted with a key that lies elsewhere. Where there is none it is made with the
    /// first secret that is stored, and never to read one.
    pub fn sealed_in_folder(folder: impl Into<PathBuf>, key: KeyFile) -> Self {
        Self::with(BackEnd::Folder { folder: folder.into(), key: Some(Box::new(key)) })
    }

    /// Nothing but this process: demos and tests.
    pub fn in_memory() -> Self {
        Self::with(BackEnd::Memory(Mutex::default()))
    }

    fn with(back_end: BackEnd) -> Self {
        Self { back_end: Arc::new(back_end), cache: Arc::default() }
    }

    /// The credentials of a seller, at most five minutes old.
    pub async fn seller(&self, scope: Scope, seller: &SellerId) -> Result<Credentials, Error> {
        let path = scope.path(seller);
        let json = self.read(&path).await?;
        Credentials::from_json(&path, json.expose())
    }

    /// Stores the credentials of a seller in place of any that were there.
    pub async fn store(
        &self,
        scope: Scope,
        seller: &SellerId,
        credentials: &Credentials,
    ) -> Result<(), Error> {
        self.write(&scope.path(seller), &credentials.to_json()).await
    }

    /// What is stored under a name, at most five minutes old.
    pub(crate) async fn read(&self, path: &str) -> Result<Secret, Error> {
        self.read_within(CACHED_FOR, path).await
    }

    /// What is stored under a name, at most as old as that.
    pub(crate) async fn read_within(&self, age: Duration, path: &str) -> Result<Secret, Error> {
        if let Some((read_at, text)) = lock(&self.cache).get(path)
            && read_at.elapsed() < age
        {
            return Ok(text.clone());
        }
        let text = match &*self.back_end {
            BackEnd::Ssm { client, .. } => ssm::read(client, path).await?,
            BackEnd::Folder { folder, key } => folder::read(folder, key.as_deref(), path)?,
            BackEnd::Memory(map) => {
                lock(map).get(path).cloned().ok_or_else(|| Error::NotFound { path: path.to_owned() })?
            }
        };
        let text = Secret::new(text);
        lock(&self.cache).insert(path.to_owned(), (Instant::now(), text.clone()));
        Ok(text)
    }

    /// Stores a text under a name in place of any that was there.
    pub(crate) async fn write(&self, path: &str, text: &str) -> Result<(), Error> {
        match &*self.back_end {
            BackEnd::Ssm { client, key } => ssm::write(client, key.as_deref(), path, text).await?,
            BackEnd::Folder { folder, key } => folder::write(folder, key.as_deref(), path, text)?,
            BackEnd::Memory(map) => drop(lock(map).insert(path.to_owned(), text.to_owned())),
        }
        lock(&self.cache).remove(path);
        Ok(())
    }

    /// Deletes the credentials of a seller. That there are none is no error.
    pub async fn remove(&self, scope: Scope, seller: &SellerId) -> Result<(), Error> {
        self.delete(&scope.path(seller)).await
    }

    /// Deletes what is stored under a name. That there is nothing is no error.
    pub(crate) async fn delete(&self, path: &str) -> Result<(), Error> {
        lock(&self.cache).remove(path);
        let removed = match &*self.back_end {
            BackEnd::Ssm { client, .. } => ssm::delete(client, path).await,
            BackEnd::Folder { folder, .. } => folder::delete(folder, path),
            BackEnd::Memory(map) => {
                lock(map).remove(path);
                Ok(())
            }
        };
        match removed {
            Err(Error::NotFound { .. }) => Ok(()),
            other => other,
        }
    }
}

/// The seller whose secret lies at a path.
pub(crate) fn seller_in(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // A map that someone panicked over is still a map: each change is one insert or remove.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seller(id: &str) -> SellerId {
        id.parse().expect("a seller id")
    }

    fn credentials(token: &str) -> Credentials {
        Credentials {
            client_id: "amzn1.application-oa2-client.test".parse().expect("an app id"),
            client_secret: Secret::new("CANARY-SECRET"),
            refresh_token: Secret::new(token),
        }
    }

    #[test]
    fn credentials_show_no_secret_when_printed() {
        let shown = format!("{:?} {}", credentials("CANARY-TOKEN"), Secret::new("CANARY"));
        assert!(!shown.contains("CANARY"), "{shown}");
        assert!(shown.contains("amzn1.application-oa2-client.test"));
    }

    #[test]
    fn live_and_listen_are_two_places_and_no_seller_id_leaves_them() {
        assert_eq!(Scope::Live.path(&seller("A2SELLER")), "/renown/live/A2SELLER");
        assert_eq!(Scope::Listen.path(&seller("A2SELLER")), "/renown/listen/A2SELLER");
        assert_eq!(Scope::Listen.path(&seller("../live/A2")), "/renown/listen/%2E%2E%2Flive%2FA2");
    }

    #[tokio::test(start_paused = true)]
    async fn a_secret_is_read_again_after_five_minutes() {
        let secrets = Secrets::in_memory();
        let id = seller("A2SELLER");
        secrets.store(Scope::Live, &id, &credentials("old")).await.expect("stored");
        assert_eq!(secrets.seller(Scope::Live, &id).await, Ok(credentials("old")));
        let BackEnd::Memory(map) = &*secrets.back_end else { unreachable!("made in memory") };
        lock(map).insert(Scope::Live.path(&id), credentials("new").to_json());
        tokio::time::advance(CACHED_FOR.saturating_sub(Duration::from_millis(1))).await;
        assert_eq!(secrets.seller(Scope::Live, &id).await, Ok(credentials("old")));
        tokio::time::advance(Duration::from_millis(1)).await;
        assert_eq!(secrets.seller(Scope::Live, &id).await, Ok(credentials("new")));
    }

    #[tokio::test]
    async fn a_listening_sellers_secret_is_not_found_as_live() {
        let secrets = Secrets::in_memory();
        let id = seller("A2SELLER");
        secrets.store(Scope::Listen, &id, &credentials("t")).await.expect("stored");
        let error = secrets.seller(Scope::Live, &id).await.expect_err("not live");
        assert_eq!(error, Error::NotFound { path: "/renown/live/A2SELLER".to_owned() });
        assert!(error.to_string().contains("go live"), "{error}");
    }

    #[tokio::test]
    async fn a_removed_secret_is_gone_at_once_and_removing_twice_is_harmless() {
        let secrets = Secrets::in_memory();
        let id = seller("A2SELLER");
        secrets.store(Scope::Live, &id, &credentials("t")).await.expect("stored");
        secrets.seller(Scope::Live, &id).await.expect("readable");
        for _ in 0..2 {
            secrets.remove(Scope::Live, &id).await.expect("removed");
            assert!(matches!(secrets.seller(Scope::Live, &id).await, Err(Error::NotFound { .. })));
        }
    }

    #[tokio::test]
    async fn a_broken_secret_names_its_place_and_shows_nothing() {
        let secrets = Secrets::in_memory();
        let BackEnd::Memory(map) = &*secrets.back_end else { unreachable!("made in memory") };
        lock(map).insert("/renown/live/A2".to_owned(), "{\"client_secret\": CANARY".to_owned());
        let error = secrets.seller(Scope::Live, &seller("A2")).await.expect_err("broken");
        let shown = format!("{error} {error:?}");
        assert!(shown.contains("/renown/live/A2") && !shown.contains("CANARY"), "{shown}");
    }

    #[tokio::test]
    async fn a_key_is_made_to_store_a_secret_and_never_to_read_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("keys/key");
        let sealed = || Secrets::sealed_in_folder(folder.path(), KeyFile::at(&file).expect("none yet"));
        let id = seller("A2SELLER");
        assert!(matches!(sealed().seller(Scope::Live, &id).await, Err(Error::NotFound { .. })));
        assert!(!file.exists(), "nothing was stored");
        sealed().store(Scope::Live, &id, &credentials("t")).await.expect("stored");
        assert_eq!(sealed().seller(Scope::Live, &id).await, Ok(credentials("t")));

        std::fs::rename(&file, folder.path().join("elsewhere")).expect("moved");
        let error = sealed().seller(Scope::Live, &id).await.expect_err("no key");
        assert!(matches!(&error, Error::NoKey { key_file, .. } if *key_file == file), "{error}");
        assert!(error.to_string().contains("put the file back") && !file.exists(), "{error}");
        std::fs::rename(folder.path().join("elsewhere"), &file).expect("moved");
        assert_eq!(sealed().seller(Scope::Live, &id).await, Ok(credentials("t")));
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_secret_file_is_its_owners_alone_and_refused_otherwise() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let secrets = Secrets::in_folder(folder.path());
        let id = seller("A2SELLER");
        assert!(matches!(secrets.seller(Scope::Live, &id).await, Err(Error::NotFound { .. })));
        secrets.store(Scope::Live, &id, &credentials("t")).await.expect("stored");
        let file = folder.path().join("renown/live/A2SELLER.json");
        let mode = std::fs::metadata(&file).expect("exists").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(secrets.seller(Scope::Live, &id).await, Ok(credentials("t")));

        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).expect("changed");
        let again = Secrets::in_folder(folder.path());
        let error = again.seller(Scope::Live, &id).await.expect_err("readable by others");
        assert!(matches!(&error, Error::Denied { remedy, .. } if remedy.en.contains("chmod 600")), "{error}");
        again.remove(Scope::Live, &id).await.expect("removed");
        again.remove(Scope::Live, &id).await.expect("removed twice");
    }
}
