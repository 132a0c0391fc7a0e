//! The sellers' secrets: where they are kept and how they are read.
//!
//! A seller's secret lies under `/renown/live/` once the seller is live and under
//! `/renown/listen/` before. The function that asks buyers may read only the first (promise
//! P5), so a listening seller cannot be asked for by accident, whatever the code does.
//!
//! Guarantee: a [`Secret`] shows itself in no `Debug`, no `Display` and no error.

mod seal;

use std::collections::HashMap;
use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_sdk_ssm::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_ssm::types::ParameterType;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use renown_core::ids::{AppId, SellerId};
use renown_core::say::Text;
use renown_core::text;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

pub use seal::{KeyFile, Seal};

/// How long a secret that was read is used without reading it again. A rotated secret is
/// therefore in use five minutes later at the latest.
const CACHED_FOR: Duration = Duration::from_mins(5);

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
    fn to_json(&self) -> String {
        let stored = Stored {
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.0.clone(),
            refresh_token: self.refresh_token.0.clone(),
        };
        serde_json::to_string(&stored).expect("three strings are JSON")
    }

    fn from_json(path: &str, json: &str) -> Result<Self, Error> {
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
        if let Some((read_at, text)) = lock(&self.cache).get(path)
            && read_at.elapsed() < CACHED_FOR
        {
            return Ok(text.clone());
        }
        let text = match &*self.back_end {
            BackEnd::Ssm { client, .. } => read_ssm(client, path).await?,
            BackEnd::Folder { folder, key } => read_file(folder, key.as_deref(), path)?,
            BackEnd::Memory(map) => {
                lock(map).get(path).cloned().ok_or_else(|| Error::NotFound { path: path.to_owned() })?
            }
        };
        let text = Secret(text);
        lock(&self.cache).insert(path.to_owned(), (Instant::now(), text.clone()));
        Ok(text)
    }

    /// Stores a text under a name in place of any that was there.
    pub(crate) async fn write(&self, path: &str, text: &str) -> Result<(), Error> {
        match &*self.back_end {
            BackEnd::Ssm { client, key } => client
                .put_parameter()
                .name(path)
                .value(text)
                .r#type(ParameterType::SecureString)
                .set_key_id(key.clone())
                .overwrite(true)
                .send()
                .await
                .map(drop)
                .map_err(|error| ssm_error(path, &error))?,
            BackEnd::Folder { folder, key } => write_file(folder, key.as_deref(), path, text)?,
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
            BackEnd::Ssm { client, .. } => client
                .delete_parameter()
                .name(path)
                .send()
                .await
                .map(drop)
                .map_err(|error| ssm_error(path, &error)),
            BackEnd::Folder { folder, .. } => {
                std::fs::remove_file(file_of(folder, path)).map_err(|error| file_error(path, &error))
            }
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

async fn read_ssm(client: &aws_sdk_ssm::Client, path: &str) -> Result<String, Error> {
    let answer = client
        .get_parameter()
        .name(path)
        .with_decryption(true)
        .send()
        .await
        .map_err(|error| ssm_error(path, &error))?;
    answer
        .parameter
        .and_then(|parameter| parameter.value)
        .ok_or_else(|| Error::Unreadable { path: path.to_owned() })
}

fn ssm_error<E>(path: &str, error: &SdkError<E>) -> Error
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let path = path.to_owned();
    match error.code() {
        Some("ParameterNotFound") => Error::NotFound { path },
        Some(code) if code.contains("AccessDenied") || code == "InvalidKeyId" => Error::Denied {
            path,
            remedy: text!(
                "the role of this function may read only the paths its template names (scheduled-solicit: /renown/live/ alone) and needs kms:Decrypt on their key",
                "该函数的角色只能读取模板中列出的路径(scheduled-solicit 仅限 /renown/live/),并且需要对其密钥的 kms:Decrypt 权限"
            ),
        },
        Some(code) => Error::Unavailable { path, why: code.to_owned() },
        // No answer of the service, so nothing of the secret can be in it.
        None => Error::Unavailable { path, why: DisplayErrorContext(error).to_string() },
    }
}

fn file_of(folder: &Path, path: &str) -> PathBuf {
    folder.join(path.trim_start_matches('/')).with_extension("json")
}

fn file_error(path: &str, error: &std::io::Error) -> Error {
    let path = path.to_owned();
    match error.kind() {
        std::io::ErrorKind::NotFound => Error::NotFound { path },
        std::io::ErrorKind::PermissionDenied => Error::Denied {
            path,
            remedy: text!(
                "run Renown as the owner of its data folder",
                "请以数据文件夹所有者的身份运行 Renown"
            ),
        },
        _ => Error::Unavailable { path, why: error.to_string() },
    }
}

fn read_file(folder: &Path, key: Option<&KeyFile>, path: &str) -> Result<String, Error> {
    let file = file_of(folder, path);
    let failed = |error: std::io::Error| file_error(path, &error);
    let metadata = std::fs::metadata(&file).map_err(failed)?;
    if is_open_to_others(&metadata) {
        return Err(Error::Denied {
            path: path.to_owned(),
            remedy: text!(
                "other users of this machine can read it: chmod 600 the file, and rotate the secret if they are not trusted",
                "本机其他用户可以读取它:请对该文件执行 chmod 600;若不信任这些用户,请轮换密钥"
            ),
        });
    }
    let Some(key) = key else { return std::fs::read_to_string(&file).map_err(failed) };
    let sealed = std::fs::read(&file).map_err(failed)?;
    let seal = key.to_open().map_err(|error| key_error(path, key, &error))?;
    seal.open(path, &sealed).ok_or_else(|| Error::Denied {
        path: path.to_owned(),
        remedy: text!(
            "it was encrypted with another key, or is damaged: name the right key file, or connect the seller again",
            "它是用另一个密钥文件加密的,或已损坏:请指定正确的密钥文件,或重新连接该卖家"
        ),
    })
}

/// Why the key of a folder is not at hand.
fn key_error(path: &str, key: &KeyFile, error: &std::io::Error) -> Error {
    let (path, key_file) = (path.to_owned(), key.path());
    if error.kind() == std::io::ErrorKind::NotFound {
        return Error::NoKey { path, key_file: key_file.to_owned() };
    }
    let shown = key_file.display();
    Error::Denied {
        path,
        remedy: text!(
            "the key file {shown} cannot be used ({error}); it must be readable and writable by its owner alone (chmod 600)",
            "密钥文件 {shown} 无法使用({error});它只能由其所有者读写(chmod 600)"
        ),
    }
}

#[cfg(unix)]
fn is_open_to_others(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open_to_others(_: &std::fs::Metadata) -> bool {
    false
}

/// Makes a folder that is its owner's alone, if it is not there.
fn private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Written beside and renamed, so that a crash leaves the old secret or the new one.
fn write_file(folder: &Path, key: Option<&KeyFile>, path: &str, json: &str) -> Result<(), Error> {
    let no_key = || Error::Unavailable { path: path.to_owned(), why: "no random numbers".to_owned() };
    let bytes = match key {
        Some(key) => {
            let seal = key.to_store().map_err(|error| key_error(path, key, &error))?;
            seal.seal(path, json).ok_or_else(no_key)?
        }
        None => json.as_bytes().to_vec(),
    };
    let file = file_of(folder, path);
    let beside = file.with_extension("new");
    let parent = file.parent().unwrap_or(folder);
    let written = private_folder(parent).and_then(|()| {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut open = options.open(&beside)?;
        open.write_all(&bytes)?;
        open.sync_all()?;
        std::fs::rename(&beside, &file)
    });
    written.map_err(|error| file_error(path, &error))
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
