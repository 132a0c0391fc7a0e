//! Encryption of what must not be seen where it lies: secrets in files of one machine, addresses
//! of customers in the table, what a link of a mail stands for.
//!
//! The key lies apart from the data folder, so that a copy of that folder (a backup, a support
//! case, a disk that is passed on) shows no secret. Each file is bound to its name: what was
//! stored for a seller that listens cannot be put in the place of a live one.

use std::fmt;
use std::fs::OpenOptions;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom as _, SystemRandom};

/// Bytes of a key. Source: RFC 8439, ChaCha20-Poly1305.
const KEY_LEN: usize = 32;

/// A key for the files of secrets.
pub struct Seal(LessSafeKey);

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<key>")
    }
}

impl Seal {
    /// The key in a file, which is made (readable by its owner alone) if it is not there.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or made, is open to others, or is no key
    /// (`InvalidData`).
    pub(crate) fn in_file(path: &Path) -> io::Result<Self> {
        match Self::read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::make(path),
            other => other,
        }
    }

    fn read(path: &Path) -> io::Result<Self> {
        let file = std::fs::File::open(path)?;
        if super::folder::is_open_to_others(&file.metadata()?) {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                "other users of this machine can read the key",
            ));
        }
        let mut key = Vec::new();
        file.take(KEY_LEN as u64 + 1).read_to_end(&mut key)?;
        Self::of_bytes(&key).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "it is no key"))
    }

    fn make(path: &Path) -> io::Result<Self> {
        let mut key = [0; KEY_LEN];
        SystemRandom::new().fill(&mut key).map_err(|_| io::Error::other("no random numbers"))?;
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        file.write_all(&key)?;
        file.sync_all()?;
        Self::of_bytes(&key).ok_or_else(|| io::Error::other("a key that was just made does not fit"))
    }

    /// A key of 32 bytes; `None` for any other length.
    pub(crate) fn of_bytes(key: &[u8]) -> Option<Self> {
        Some(Self(LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, key).ok()?)))
    }

    /// Encrypts what is stored under a name. `None`: the system gives no random numbers.
    pub(crate) fn seal(&self, name: &str, plain: &str) -> Option<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).ok()?;
        let mut bytes = plain.as_bytes().to_vec();
        let (aad, number) = (Aad::from(name.as_bytes()), Nonce::assume_unique_for_key(nonce));
        self.0.seal_in_place_append_tag(number, aad, &mut bytes).ok()?;
        Some([&nonce[..], &bytes].concat())
    }

    /// Decrypts what was stored under a name. `None`: with another key, under another name, or
    /// damaged since.
    pub(crate) fn open(&self, name: &str, sealed: &[u8]) -> Option<String> {
        let (nonce, bytes) = sealed.split_at_checked(NONCE_LEN)?;
        let mut bytes = bytes.to_vec();
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let plain = self.0.open_in_place(nonce, Aad::from(name.as_bytes()), &mut bytes).ok()?;
        String::from_utf8(plain.to_vec()).ok()
    }
}

/// Where the key of a folder lies. It is made when something is stored for the first time: a key
/// that is made to read would only hide that the right one is missing.
#[derive(Debug)]
pub struct KeyFile {
    path: PathBuf,
    seal: OnceLock<Seal>,
}

impl KeyFile {
    /// The key in a file, or the place for one.
    ///
    /// # Errors
    ///
    /// If there is a file that cannot be read, is open to others, or is no key (`InvalidData`).
    pub fn at(path: impl Into<PathBuf>) -> io::Result<Self> {
        let key = Self { path: path.into(), seal: OnceLock::new() };
        match key.to_open() {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(key),
        }
    }

    /// The file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The key that is there.
    pub(crate) fn to_open(&self) -> io::Result<&Seal> {
        self.or(Seal::read)
    }

    /// The key that is there, else a new one.
    pub(crate) fn to_store(&self) -> io::Result<&Seal> {
        self.or(Seal::in_file)
    }

    fn or(&self, get: impl FnOnce(&Path) -> io::Result<Seal>) -> io::Result<&Seal> {
        if let Some(seal) = self.seal.get() {
            return Ok(seal);
        }
        let seal = get(&self.path)?;
        Ok(self.seal.get_or_init(|| seal))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_under_its_own_name_and_with_its_own_key_alone() {
        let dir = tempfile::tempdir().expect("a folder");
        let seal = Seal::in_file(&dir.path().join("deep/key")).expect("made");
        let sealed = seal.seal("/renown/listen/A1", "CANARY").expect("sealed");
        assert!(!sealed.windows(6).any(|bytes| bytes == b"CANARY"));
        assert_eq!(seal.open("/renown/listen/A1", &sealed).as_deref(), Some("CANARY"));
        assert_eq!(seal.open("/renown/live/A1", &sealed), None);
        let again = Seal::in_file(&dir.path().join("deep/key")).expect("read");
        assert_eq!(again.open("/renown/listen/A1", &sealed).as_deref(), Some("CANARY"));
        let other = Seal::in_file(&dir.path().join("other")).expect("made");
        assert_eq!(other.open("/renown/listen/A1", &sealed), None);
        assert_eq!(format!("{seal:?}"), "<key>");
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_can_read_or_that_is_none_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("key");
        Seal::in_file(&path).expect("made");
        assert_eq!(std::fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("set");
        let error = Seal::in_file(&path).expect_err("open to others");
        assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("set");
        std::fs::write(&path, "short").expect("written");
        assert_eq!(Seal::in_file(&path).expect_err("no key").kind(), io::ErrorKind::InvalidData);
    }
}
