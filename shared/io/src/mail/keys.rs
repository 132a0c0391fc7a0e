//! The keys of everything about a shop's customers: the hash that stands for an address, the
//! encryption of the address itself, and the links in mails.

use renown_core::ids::Person;
use renown_core::mail::{Addressee, Contact};
use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};
use serde::{Deserialize, Serialize};

use crate::secrets::{Error, Seal, Secret, Secrets};

/// Where the keys lie; the same name in every back end.
const PATH: &str = "/renown/mail/keys";
/// Bytes of a key. Source: RFC 8439 (ChaCha20-Poly1305); as much for HMAC-SHA256.
const KEY_LEN: usize = 32;
/// Keys of links that are read: the one in use and the one before it.
const LIVE_LINK_KEYS: usize = 2;

/// The keys. They show themselves in no output.
pub struct Keys {
    identity: hmac::Key,
    contacts: Seal,
    /// The newest first.
    links: Vec<(String, Seal)>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<keys>")
    }
}

/// What a link of a mail is for. A link made for one purpose opens for no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Leads out of the mails of a shop.
    Unsubscribe,
    /// Leads to the survey.
    Survey,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::Unsubscribe => "unsubscribe",
            Self::Survey => "survey",
        }
    }
}

/// The keys as they are stored: JSON with hexadecimal numbers.
#[derive(Serialize, Deserialize)]
struct Stored {
    /// Never changed: suppressions stand under what it makes of an address.
    identity: String,
    /// Never changed: contacts open with it alone.
    contacts: String,
    /// The newest first. A new one goes before the others; the third is not read any more.
    links: Vec<StoredLink>,
}

#[derive(Serialize, Deserialize)]
struct StoredLink {
    id: String,
    key: String,
}

impl Keys {
    /// The keys in use.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] until a shop was added; the others as of any secret.
    pub async fn read(secrets: &Secrets) -> Result<Self, Error> {
        let text = Self::stored(secrets).await?;
        Self::of_stored(&text).ok_or_else(|| Error::Unreadable { path: PATH.to_owned() })
    }

    /// The keys as they are stored, to be moved to another place.
    ///
    /// # Errors
    ///
    /// As [`Keys::read`].
    pub async fn stored(secrets: &Secrets) -> Result<Secret, Error> {
        secrets.read(PATH).await
    }

    /// Reads keys as they are stored. `None`: they are none.
    pub fn of_stored(text: &Secret) -> Option<Self> {
        Self::of(&serde_json::from_str(text.expose()).ok()?)
    }

    /// Stores keys that were moved from another place; `text` is what they were read from.
    ///
    /// # Errors
    ///
    /// If they cannot be stored.
    pub async fn store(&self, secrets: &Secrets, text: &Secret) -> Result<(), Error> {
        secrets.write(PATH, text.expose().trim()).await
    }

    /// The keys in use; made if there are none yet.
    ///
    /// # Errors
    ///
    /// If they cannot be read or stored, or the system gives no random numbers.
    pub async fn read_or_make(secrets: &Secrets) -> Result<Self, Error> {
        match Self::read(secrets).await {
            Err(Error::NotFound { .. }) => {}
            other => return other,
        }
        let key = || {
            let mut key = [0; KEY_LEN];
            SystemRandom::new().fill(&mut key).map_err(|_| Error::Unavailable {
                path: PATH.to_owned(),
                why: "the system gives no random numbers".to_owned(),
            })?;
            Ok(hex(&key))
        };
        let links = vec![StoredLink { id: "1".to_owned(), key: key()? }];
        let stored = Stored { identity: key()?, contacts: key()?, links };
        let text = serde_json::to_string(&stored).expect("texts are JSON");
        secrets.write(PATH, &text).await?;
        Self::read(secrets).await
    }

    fn of(stored: &Stored) -> Option<Self> {
        let identity = hmac::Key::new(hmac::HMAC_SHA256, &unhex(&stored.identity)?);
        let contacts = Seal::of_bytes(&unhex(&stored.contacts)?)?;
        let link = |link: &StoredLink| Some((link.id.clone(), Seal::of_bytes(&unhex(&link.key)?)?));
        let links: Option<Vec<_>> = stored.links.iter().take(LIVE_LINK_KEYS).map(link).collect();
        let links = links.filter(|links| !links.is_empty())?;
        Some(Self { identity, contacts, links })
    }

    /// Who stands behind an address: the same for each way of writing it that reaches the same
    /// mailbox everywhere, which is letter case and blanks around it.
    pub fn person(&self, address: &str) -> Person {
        let tag = hmac::sign(&self.identity, address.trim().to_lowercase().as_bytes());
        hex(&tag.as_ref()[..16]).parse().expect("16 bytes are 32 hexadecimal digits")
    }

    /// Who stands behind links of previews and trials: nobody. Such a link shows its page, and what is
    /// done there leaves no trace.
    pub fn nobody(&self) -> Person {
        self.person("nobody@renown.invalid")
    }

    /// Tells these keys from others, and nothing about them: it lies in the table beside what
    /// was made with them.
    pub fn mark(&self) -> String {
        // No address is so short that it could be taken for this.
        hex(&hmac::sign(&self.identity, b"mark").as_ref()[..8])
    }

    /// Encrypts an address for its contact. `None`: the system gives no random numbers.
    pub fn seal(&self, person: &Person, addressee: &Addressee) -> Option<String> {
        let text = serde_json::to_string(addressee).expect("texts are JSON");
        self.contacts.seal(person.as_str(), &text).map(|bytes| hex(&bytes))
    }

    /// The address of a contact. `None`: it was made with other keys, or damaged.
    pub fn open(&self, contact: &Contact) -> Option<Addressee> {
        let text = self.contacts.open(contact.person.as_str(), &unhex(&contact.sealed)?)?;
        serde_json::from_str(&text).ok()
    }

    /// Encrypts a note about a person, like the comment of a survey.
    pub fn seal_note(&self, person: &Person, note: &str) -> Option<String> {
        self.contacts.seal(&format!("note#{person}"), note).map(|bytes| hex(&bytes))
    }

    /// A note about a person.
    pub fn open_note(&self, person: &Person, sealed: &str) -> Option<String> {
        self.contacts.open(&format!("note#{person}"), &unhex(sealed)?)
    }

    /// What stands in a link: nothing can be read from it, and nothing in it can be changed.
    /// `None`: the system gives no random numbers.
    pub fn token(&self, purpose: Purpose, content: &str) -> Option<String> {
        let (id, seal) = self.links.first()?;
        Some(format!("{id}-{}", hex(&seal.seal(purpose.name(), content)?)))
    }

    /// What a link stands for. `None`: it was not made here, for another purpose, with a key that
    /// is no longer in use, or it was changed.
    pub fn open_token(&self, purpose: Purpose, token: &str) -> Option<String> {
        let (id, sealed) = token.split_once('-')?;
        let (_, seal) = self.links.iter().find(|(known, _)| known == id)?;
        seal.open(purpose.name(), &unhex(sealed)?)
    }
}

/// Adds a new key of links before the others. Links of the one before stay good; those of the one
/// before that end.
///
/// # Errors
///
/// As [`Keys::read_or_make`].
pub async fn rotate_links(secrets: &Secrets) -> Result<(), Error> {
    let text = secrets.read(PATH).await?;
    let unreadable = || Error::Unreadable { path: PATH.to_owned() };
    let mut stored: Stored = serde_json::from_str(text.expose()).map_err(|_| unreadable())?;
    let newest = stored.links.first().and_then(|link| link.id.parse::<u32>().ok()).unwrap_or(0);
    let mut key = [0; KEY_LEN];
    SystemRandom::new().fill(&mut key).map_err(|_| Error::Unavailable {
        path: PATH.to_owned(),
        why: "the system gives no random numbers".to_owned(),
    })?;
    stored.links.insert(0, StoredLink { id: (newest + 1).to_string(), key: hex(&key) });
    stored.links.truncate(LIVE_LINK_KEYS);
    secrets.write(PATH, &serde_json::to_string(&stored).expect("texts are JSON")).await
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || text.len() % 2 == 1 {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn keys() -> (Secrets, Keys) {
        let secrets = Secrets::in_memory();
        let keys = Keys::read_or_make(&secrets).await.expect("made");
        (secrets, keys)
    }

    #[tokio::test]
    async fn a_person_is_the_same_however_the_address_is_written_and_only_with_these_keys() {
        let (secrets, keys) = keys().await;
        let person = keys.person("Ana@Shop.example");
        assert_eq!(keys.person(" ana@shop.example\n"), person);
        assert_ne!(keys.person("anna@shop.example"), person);
        let again = Keys::read_or_make(&secrets).await.expect("read");
        assert_eq!((again.person("ana@shop.example"), again.mark()), (person.clone(), keys.mark()));
        let other = Keys::read_or_make(&Secrets::in_memory()).await.expect("made");
        assert_ne!(other.person("ana@shop.example"), person);
        assert_ne!(other.mark(), keys.mark());
        assert_eq!(format!("{keys:?}"), "<keys>");
    }

    #[tokio::test]
    async fn a_link_opens_for_its_purpose_as_long_as_its_key_lives() {
        let (secrets, keys) = keys().await;
        let token = keys.token(Purpose::Unsubscribe, "tea|1001").expect("made");
        assert!(token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'), "{token}");
        assert!(!token.contains("1001"));
        let open = |keys: &Keys, token: &str| keys.open_token(Purpose::Unsubscribe, token);
        assert_eq!(open(&keys, &token).as_deref(), Some("tea|1001"));
        assert_eq!(keys.open_token(Purpose::Survey, &token), None);
        let mut forged = token.clone();
        let last = forged.pop().expect("a digit");
        forged.push(if last == '0' { '1' } else { '0' });
        for wrong in [forged.as_str(), "", "1-", "2-00", "1-zz", "1-é0", &token[2..]] {
            assert_eq!(open(&keys, wrong), None, "{wrong}");
        }
        rotate_links(&secrets).await.expect("rotated");
        let newer = Keys::read(&secrets).await.expect("read");
        assert_eq!(open(&newer, &token).as_deref(), Some("tea|1001"));
        assert!(newer.token(Purpose::Unsubscribe, "x").expect("made").starts_with("2-"));
        rotate_links(&secrets).await.expect("rotated");
        assert_eq!(open(&Keys::read(&secrets).await.expect("read"), &token), None);
    }

    #[tokio::test]
    async fn an_address_opens_for_its_own_person_alone() {
        let (_, keys) = keys().await;
        let (ana, bob) = (keys.person("ana@x.example"), keys.person("bob@x.example"));
        let addressee = Addressee { email: "ana@x.example".to_owned(), name: Some("Ana".to_owned()) };
        let sealed = keys.seal(&ana, &addressee).expect("sealed");
        let contact = |person: &Person| Contact {
            person: person.clone(),
            sealed: sealed.clone(),
            locale: None,
            country: None,
            consent: None,
            as_of: jiff::Timestamp::UNIX_EPOCH,
        };
        assert_eq!(keys.open(&contact(&ana)), Some(addressee.clone()));
        assert_eq!(keys.open(&contact(&bob)), None);
        assert_eq!(format!("{addressee:?}"), "<addressee>");
    }
}
