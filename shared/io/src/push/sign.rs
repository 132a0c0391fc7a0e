//! Signatures of messages to chats and webhooks, made anew for each attempt.
//!
//! DingTalk's and Feishu's are easily swapped: the one signs time and secret with the secret, the
//! other signs nothing with time and secret.

use renown_core::say::Text;
use renown_core::text;
use ring::hmac;

/// Bytes of a secret. Source: Standard Webhooks specification, "Signature scheme" (24 to 64).
const SECRET_LEN: std::ops::RangeInclusive<usize> = 24..=64;

/// Why a webhook's secret signs nothing. Shows nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.text())]
pub(super) enum BadSecret {
    /// There is none.
    Missing,
    /// It is not base64.
    NotBase64 {
        /// Which, from 1.
        nth: usize,
    },
    /// It is too short or too long.
    Length {
        /// Which, from 1.
        nth: usize,
        /// The bytes that it has.
        bytes: usize,
    },
}

impl BadSecret {
    /// What an operator reads.
    pub(super) fn text(self) -> Text {
        let (least, most) = (SECRET_LEN.start(), SECRET_LEN.end());
        match self {
            Self::Missing => text!(
                "the webhook has no secret to sign with: give it one, whsec_ and base64 of {least} to {most} bytes",
                "该 webhook 没有用于签名的密钥:请设置一个,格式为 whsec_ 加 {least} 到 {most} 字节的 base64"
            ),
            Self::NotBase64 { nth } => text!(
                "secret {nth} of the webhook is not base64 behind whsec_: copy it again, as a whole",
                "该 webhook 的第 {nth} 个密钥在 whsec_ 之后不是 base64:请重新完整复制"
            ),
            Self::Length { nth, bytes } => text!(
                "secret {nth} of the webhook has {bytes} bytes, not {least} to {most}: copy it again, as a whole, or make a new one",
                "该 webhook 的第 {nth} 个密钥有 {bytes} 字节,应为 {least} 到 {most} 字节:请重新完整复制,或新建一个"
            ),
        }
    }
}

fn sign(key: &[u8], signed: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    data_encoding::BASE64.encode(hmac::sign(&key, signed).as_ref())
}

/// The `sign` of DingTalk's address, ready to stand in it beside `timestamp`, which is `now_ms`:
/// milliseconds since 1970. Source: open.dingtalk.com, "Custom robot security settings".
pub(super) fn dingtalk(secret: &str, now_ms: i64) -> String {
    let sign = sign(secret.as_bytes(), format!("{now_ms}\n{secret}").as_bytes());
    form_urlencoded::byte_serialize(sign.as_bytes()).collect()
}

/// The `sign` of Feishu's body, beside `timestamp`, which is `now_s`: seconds since 1970. Source:
/// open.feishu.cn, add-custom-bot, "Signature".
pub(super) fn feishu(secret: &str, now_s: i64) -> String {
    sign(format!("{now_s}\n{secret}").as_bytes(), b"")
}

/// The header `webhook-signature`: a signature by each secret, so that a receiver that knows only
/// one of them, because they change, finds its own. `id` and `timestamp_s` stand in the headers
/// `webhook-id` and `webhook-timestamp`. Source: Standard Webhooks specification 1.0.
///
/// # Errors
///
/// If a secret cannot be one: then none of them signs.
pub(super) fn standard_webhook(
    secrets: &[&str],
    id: &str,
    timestamp_s: i64,
    body: &[u8],
) -> Result<String, BadSecret> {
    if secrets.is_empty() {
        return Err(BadSecret::Missing);
    }
    let signed = [format!("{id}.{timestamp_s}.").as_bytes(), body].concat();
    let signatures = secrets.iter().zip(1..).map(|(secret, nth)| {
        let secret = secret.trim();
        let key = data_encoding::BASE64
            .decode(secret.strip_prefix("whsec_").unwrap_or(secret).as_bytes())
            .map_err(|_| BadSecret::NotBase64 { nth })?;
        if !SECRET_LEN.contains(&key.len()) {
            return Err(BadSecret::Length { nth, bytes: key.len() });
        }
        Ok(format!("v1,{}", sign(&key, &signed)))
    });
    Ok(signatures.collect::<Result<Vec<_>, _>>()?.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    // The expected values were computed with Python's hmac, hashlib, base64 and urllib.parse, but for
    // that of the first secret of Standard Webhooks, which stands in that specification's libraries.

    const SPEC: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const OTHER: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    #[test]
    fn dingtalks_key_is_the_secret_and_the_result_may_stand_in_an_address() {
        let cases = [
            (
                "SECd3b07384d113edec49eaa6238ad5ff00",
                1_795_334_400_000,
                "%2FAe40l6dr1CaqMiiV0shTcpn%2F3DVpPIDErXPZbg57Jo%3D",
            ),
            ("this is secret", 1_577_262_236_757, "hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D"),
        ];
        for (secret, now, expected) in cases {
            assert_eq!(dingtalk(secret, now), expected);
        }
    }

    #[test]
    fn feishus_key_is_time_and_secret_and_it_signs_nothing() {
        let cases = [
            (
                "d3b07384d113edec49eaa6238ad5ff00",
                1_795_334_400,
                "K6L0CAeMJ+CBflQsCSN7/fCS4mHtejZOEaVVw1pDKmg=",
            ),
            ("demo", 100, "jquNHnVOwmDRfw+vqTIrY5dooJAgi5EcRtLsQE4wfXg="),
        ];
        for (secret, now, expected) in cases {
            assert_eq!(feishu(secret, now), expected);
        }
    }

    #[test]
    fn a_webhook_is_signed_by_each_of_its_secrets() {
        let (id, at, body) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        let header = |secrets: &[&str]| standard_webhook(secrets, id, at, body);
        let (spec, other) = (
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            "v1,O4Gjv1HqPqsMrjmczoggs/sWA8gZD0VyHG+fLh4+ktI=",
        );
        assert_eq!(header(&[SPEC]).as_deref(), Ok(spec));
        assert_eq!(header(&[OTHER, SPEC]), Ok(format!("{other} {spec}")));
        assert_eq!(
            header(&[SPEC.trim_start_matches("whsec_")]).as_deref(),
            Ok(spec),
            "the prefix may be missing"
        );
    }

    #[test]
    fn a_secret_that_is_none_is_named_by_its_place_and_not_shown() {
        let header = |secrets: &[&str]| standard_webhook(secrets, "id", 0, b"");
        let long = format!("whsec_{}", "AAAA".repeat(22));
        let cases: [(&[&str], BadSecret); 5] = [
            (&[], BadSecret::Missing),
            (&["whsec_"], BadSecret::Length { nth: 1, bytes: 0 }),
            (&[SPEC, "whsec_AAAA"], BadSecret::Length { nth: 2, bytes: 3 }),
            (&[&long], BadSecret::Length { nth: 1, bytes: 66 }),
            (&["whsec_hush!"], BadSecret::NotBase64 { nth: 1 }),
        ];
        for (secrets, expected) in cases {
            let error = header(secrets).expect_err("no secret");
            assert_eq!(error, expected);
            assert!(!error.to_string().contains("hush") && !error.text().zh.contains("hush"), "{error}");
        }
    }
}
