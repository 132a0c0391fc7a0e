//! Templates that the operators of a shop wrote.

use renown_core::ids::ShopId;
use renown_core::mail::draft::Draft;

use super::error::ATTEMPTS;
use super::item::{Extra, Freshness, Key, Put, read};
use super::{Error, Ledger};

pub(super) fn pk(shop: &ShopId) -> String {
    format!("TEMPLATES#{shop}")
}

fn key(shop: &ShopId, draft: &Draft) -> Key {
    Key::new(pk(shop), format!("{}#{}#{:05}", draft.kind, draft.language.code(), draft.version))
}

impl Ledger {
    /// Every version of every template of a shop.
    pub async fn templates(&self, shop: &ShopId) -> Result<Vec<Draft>, Error> {
        let items = self.partition("listing templates", &pk(shop), None, Freshness::Latest).await?;
        items.iter().map(|item| Ok(read::<Draft>(item)?.body)).collect()
    }

    /// Writes a new version. Its number is the next one, whatever it says.
    pub async fn add_template(&self, shop: &ShopId, draft: &Draft) -> Result<Draft, Error> {
        let mut draft = draft.clone();
        let all = self.templates(shop).await?;
        let of_it = all.iter().filter(|other| (&other.kind, other.language) == (&draft.kind, draft.language));
        draft.version = of_it.map(|other| other.version).max().unwrap_or(0);
        for _ in 0..ATTEMPTS {
            draft.version += 1;
            if let Put::Done(_) = self.put(&key(shop, &draft), &draft, None, Extra::default()).await? {
                return Ok(draft);
            }
        }
        Err(Error::Contended { key: key(shop, &draft).to_string(), attempts: ATTEMPTS })
    }

    /// Takes a version a step further. `change` may run several times, on what others wrote
    /// meanwhile; what it refuses is not written. `None`: there is no such version.
    pub async fn change_template<E>(
        &self,
        shop: &ShopId,
        draft: &Draft,
        mut change: impl FnMut(&mut Draft) -> Result<(), E>,
    ) -> Result<Option<Result<Draft, E>>, Error> {
        let key = key(shop, draft);
        let mut before = self.get::<Draft>(&key, Freshness::Latest).await?;
        for _ in 0..ATTEMPTS {
            let Some(there) = before else { return Ok(None) };
            let mut draft = there.body;
            if let Err(refused) = change(&mut draft) {
                return Ok(Some(Err(refused)));
            }
            match self.put(&key, &draft, Some(there.revision), Extra::default()).await? {
                Put::Done(_) => return Ok(Some(Ok(draft))),
                Put::Lost(newer) => before = newer,
            }
        }
        Err(Error::Contended { key: key.to_string(), attempts: ATTEMPTS })
    }
}
