//! Signatures of webhooks, over the raw bytes of their bodies.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use renown_core::ids::ShopId;
use ring::hmac;

use crate::secrets::{Error, Secret, Secrets};

/// A signed time may be this far from now, before or after. Source: Standard Webhooks
/// specification, "Verifying timestamp" (five minutes).
const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// A new secret is in use after this long, and one that became known is believed no longer. So
/// seldom are they read, of which AWS allows forty a second.
const IN_USE_WITHIN: Duration = Duration::from_secs(10);

/// Secrets of a shop that are believed: the one in use and the one before it.
const LIVE_SECRETS: usize = 2;

/// Where the secret of a shop's webhooks lies.
fn path(shop: &ShopId) -> String {
    format!("/renown/hooks/{shop}")
}

impl Secrets {
    /// The secrets that a shop may sign its webhooks with, the newest first.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`]: the shop has none; nothing it sends is believed.
    pub async fn hooks(&self, shop: &ShopId) -> Result<Vec<Secret>, Error> {
        let text = self.read_within(IN_USE_WITHIN, &path(shop)).await?;
        Ok(text.expose().lines().take(LIVE_SECRETS).map(Secret::new).collect())
    }

    /// Stores the secret that a shop signs its webhooks with; no other is believed any more.
    pub async fn store_hook(&self, shop: &ShopId, secret: &Secret) -> Result<(), Error> {
        self.write(&path(shop), secret.expose()).await
    }

    /// Puts a secret before the one that was in use, which is believed too until the next one
    /// comes: the shop changes over without losing a delivery.
    pub async fn add_hook(&self, shop: &ShopId, secret: &Secret) -> Result<(), Error> {
        let before = match self.hooks(shop).await {
            Ok(secrets) => secrets.into_iter().next(),
            Err(Error::NotFound { .. }) => None,
            Err(error) => return Err(error),
        };
        let before = before.as_ref().map_or("", Secret::expose);
        self.write(&path(shop), format!("{}\n{before}", secret.expose()).trim_end()).await
    }

    /// Deletes the secret that a shop signs its webhooks with.
    pub async fn remove_hook(&self, shop: &ShopId) -> Result<(), Error> {
        self.delete(&path(shop)).await
    }
}

/// A new secret for webhooks of one's own, as the Standard Webhooks specification writes them:
/// 32 bytes behind `whsec_`. `None`: the system gives no random numbers.
pub fn new_hook_secret() -> Option<Secret> {
    use ring::rand::{SecureRandom as _, SystemRandom};
    let mut bytes = [0; 32];
    SystemRandom::new().fill(&mut bytes).ok()?;
    Some(Secret::new(format!("whsec_{}", data_encoding::BASE64.encode(&bytes))))
}

/// Whether Shopify signed a body: `X-Shopify-Hmac-Sha256` is the HMAC of the raw bytes with the
/// app's secret, in base64. Compared in constant time.
pub fn is_shopifys(secret: &Secret, header: &str, body: &[u8]) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
    data_encoding::BASE64
        .decode(header.trim().as_bytes())
        .is_ok_and(|signature| hmac::verify(&key, body, &signature).is_ok())
}

/// Whether a body was signed by the Standard Webhooks scheme: `webhook-signature` lists versions
/// and signatures (`v1,base64 …`) of `webhook-id.webhook-timestamp.body`; the secret is base64
/// behind `whsec_`. Compared in constant time. Source: standard-webhooks specification 1.0.
pub fn is_standard(
    secret: &Secret,
    id: &str,
    timestamp: &str,
    signatures: &str,
    body: &[u8],
    now: Timestamp,
) -> bool {
    let signed_at = timestamp.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    let Some(signed_at) = signed_at else { return false };
    if signed_at.duration_since(now).abs() > TOLERANCE {
        return false;
    }
    let text = secret.expose();
    let Ok(key) = data_encoding::BASE64.decode(text.strip_prefix("whsec_").unwrap_or(text).as_bytes()) else {
        return false;
    };
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    let signed = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body].concat();
    signatures.split(' ').filter_map(|each| each.strip_prefix("v1,")).any(|signature| {
        data_encoding::BASE64
            .decode(signature.as_bytes())
            .is_ok_and(|signature| hmac::verify(&key, &signed, &signature).is_ok())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard_webhooks_specification_holds_within_five_minutes() {
        // From the specification's own libraries: secret, id, timestamp, payload, signature.
        let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let (id, at) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330");
        let (body, signature) =
            (br#"{"test": 2432232314}"#, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        let now = |seconds: i64| Timestamp::from_second(1_614_265_330 + seconds).expect("a time");
        assert!(is_standard(&secret, id, at, signature, body, now(0)));
        assert!(is_standard(&secret, id, at, &format!("v1,AAAA {signature}"), body, now(299)));
        assert!(!is_standard(&secret, id, at, signature, body, now(301)));
        assert!(!is_standard(&secret, id, at, signature, body, now(-301)));
        assert!(!is_standard(&secret, id, at, signature, br#"{"test": 2432232315}"#, now(0)));
        assert!(!is_standard(&secret, "msg_other", at, signature, body, now(0)));
        assert!(!is_standard(&secret, id, at, &signature.replace("v1,", "v2,"), body, now(0)));
        assert!(!is_standard(&Secret::new("whsec_AAAA"), id, at, signature, body, now(0)));
        assert!(!is_standard(&Secret::new("not base64!"), id, at, signature, body, now(0)));
    }

    #[test]
    fn shopifys_signature_is_that_of_the_raw_bytes() {
        let (secret, body) = (Secret::new("hush"), br#"{"id": 1}"#);
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"hush");
        let header = data_encoding::BASE64.encode(hmac::sign(&key, body).as_ref());
        assert!(is_shopifys(&secret, &header, body));
        assert!(!is_shopifys(&secret, &header, br#"{"id":1}"#));
        assert!(!is_shopifys(&Secret::new("other"), &header, body));
        for wrong in ["", "AAAA", "not base64!"] {
            assert!(!is_shopifys(&secret, wrong, body), "{wrong}");
        }
    }
}
