//! The signatures of the chats: HMAC-SHA256 in base64, over different things.

use data_encoding::BASE64;
use jiff::{SignedDuration, Timestamp};
use ring::hmac;

/// Whether `given` is the signature of `message` under `key`.
pub(super) fn fits(key: &[u8], message: &[u8], given: &str) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    BASE64.decode(given.as_bytes()).is_ok_and(|given| hmac::verify(&key, message, &given).is_ok())
}

/// Whether a moment lies within `tolerance` of the present, on either side.
pub(super) fn is_near(at: Timestamp, now: Timestamp, tolerance: SignedDuration) -> bool {
    now.duration_since(at).abs() <= tolerance
}

/// The key behind a secret of the Standard Webhooks: `whsec_` and 24 to 64 bytes in base64. Source:
/// the specification, "Signature scheme".
pub(super) fn webhook_key(secret: &str) -> Option<Vec<u8>> {
    let key = BASE64.decode(secret.strip_prefix("whsec_")?.as_bytes()).ok()?;
    (24..=64).contains(&key.len()).then_some(key)
}
