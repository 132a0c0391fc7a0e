//! Webhooks: their readers, their signatures, and the whole route that they take.

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use data_encoding::BASE64;
use fastrand::Rng;
use http::Request;
use renown_core::mail::news::{News, Unreadable};
use renown_core::mail::{MailRules, shopify, webhook};
use renown_io::mail::{is_shopifys, is_standard};
use renown_io::secrets::Secret;
use renown_tests::mail::{HOOK_SECRET, MailWorld};
use ring::hmac;
use serde_json::Value;

use crate::mutate::{bytes, json, one, text};
use crate::news::{now, well_formed};
use crate::run::{Verdict, ensure, run, run_some};
use crate::samples::files;

/// The secret that the samples are signed with (events/web/README.md).
const SAMPLES_SECRET: &str = "whsec_c2FtcGxlLXNlY3JldC1vZi10aGlydHktdHdvLWJ5dGU=";
/// What Shopify tells of.
const TOPICS: [&str; 11] = [
    "orders/create",
    "orders/updated",
    "orders/fulfilled",
    "orders/cancelled",
    "fulfillments/create",
    "fulfillments/update",
    "refunds/create",
    "customers/redact",
    "customers/data_request",
    "shop/redact",
    "",
];

/// A request of the samples, as the gateway hands it on.
fn request(sample: &Value) -> Result<Request<bytes::Bytes>, String> {
    let event: ApiGatewayV2httpRequest =
        serde_json::from_value(sample.clone()).map_err(|error| error.to_string())?;
    web::gateway::request(event).map_err(|answer| answer.body().clone())
}

/// Bodies of the samples whose name begins so.
fn bodies(of: &str) -> Vec<Vec<u8>> {
    let samples = files("web").into_iter().filter(|(name, _)| name.starts_with(of));
    let bodies: Vec<_> =
        samples.map(|(name, sample)| request(&sample).expect(&name).body().to_vec()).collect();
    assert!(bodies.len() > 3, "{of}");
    bodies
}

/// A body, changed along its structure or byte by byte.
fn body(rng: &mut Rng, all: &[Vec<u8>]) -> Vec<u8> {
    let sample = &all[rng.usize(..all.len())];
    match serde_json::from_slice::<Value>(sample) {
        Ok(value) if rng.bool() => json(rng, &value).to_string().into_bytes(),
        _ => bytes(rng, sample),
    }
}

fn judge(read: Result<News, Unreadable>) -> Verdict {
    match read {
        Ok(news) => well_formed(&news),
        Err(why) => {
            let said = format!("{why:?}").to_lowercase();
            let has_reason =
                !why.place.is_empty() && !why.problem.en.is_empty() && !why.problem.zh.is_empty();
            ensure(has_reason && !said.contains("canary"), || format!("a refusal says {said}"))
        }
    }
}

#[test]
fn shopify_tells_orders_of_the_form_that_is_kept_or_is_refused_with_a_reason() {
    let all = bodies("shopify");
    run("shopify", move |rng| {
        let topic = if rng.u8(..10) == 0 { text(rng, "orders/create") } else { one(rng, &TOPICS).to_owned() };
        judge(shopify::read(&topic, &body(rng, &all), now()))
    });
}

#[test]
fn webhook_of_ones_own_tells_orders_of_the_form_that_is_kept_or_is_refused_with_a_reason() {
    let all = bodies("generic");
    run("webhook_of", move |rng| judge(webhook::read(&body(rng, &all), now())));
}

#[test]
fn signature_holds_for_the_very_bytes_that_were_signed() {
    let all = [bodies("shopify"), bodies("generic")].concat();
    run("signature", move |rng| {
        let signed = &all[rng.usize(..all.len())];
        let changed = body(rng, &all);
        let is_same = changed == *signed;
        let secret = Secret::new(HOOK_SECRET);
        let sign = |key: &[u8], bytes: &[u8]| {
            BASE64.encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), bytes).as_ref())
        };
        let shopifys = sign(HOOK_SECRET.as_bytes(), signed);
        ensure(is_shopifys(&secret, &shopifys, signed), || "Shopify's own is refused".to_owned())?;
        ensure(is_shopifys(&secret, &shopifys, &changed) == is_same, || {
            format!("Shopify's holds for {:?}", String::from_utf8_lossy(&changed))
        })?;
        let means = |signature: &str| BASE64.decode(signature.trim().as_bytes()).ok();
        let forged = text(rng, &shopifys);
        ensure(!is_shopifys(&secret, &forged, signed) || means(&forged) == means(&shopifys), || {
            format!("Shopify's holds as {forged:?}")
        })?;

        let (id, at) = ("msg-1", now().as_second().to_string());
        let key = HOOK_SECRET.trim_start_matches("whsec_").as_bytes();
        let key = BASE64.decode(key).expect("base64");
        let standard = format!("v1,{}", sign(&key, &[format!("{id}.{at}.").as_bytes(), signed].concat()));
        let holds = |id: &str, at: &str, signatures: &str, body: &[u8]| {
            is_standard(&secret, id, at, signatures, body, now())
        };
        ensure(holds(id, &at, &standard, signed), || "the standard's own is refused".to_owned())?;
        ensure(holds(id, &at, &standard, &changed) == is_same, || {
            format!("the standard's holds for {:?}", String::from_utf8_lossy(&changed))
        })?;
        let (other_id, other_at) = (text(rng, id), text(rng, &at));
        ensure(!holds(&other_id, &at, &standard, signed) || other_id == id, || other_id.clone())?;
        ensure(!holds(id, &other_at, &standard, signed) || other_at == at, || other_at.clone())?;
        // The parts of what is signed are not told apart by what is signed alone.
        let moved = [b".", signed.as_slice()].concat();
        ensure(!holds("msg-1", &format!("{at}."), &standard, &moved), || "the parts may move".to_owned())
    });
}

#[test]
fn route_takes_nothing_that_is_not_signed_and_always_answers() {
    let samples: Vec<Value> = files("web").into_iter().map(|(_, sample)| sample).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let runtime = runtime.expect("a runtime");
    let world = runtime.block_on(async {
        let world = MailWorld::new(now()).await;
        let shop = world.add_live_shop("tea", MailRules::default()).await;
        let secret = Secret::new(SAMPLES_SECRET);
        world.app.secrets.store_hook(&shop.id, &secret).await.expect("stored");
        world
    });
    let secret = Secret::new(SAMPLES_SECRET);
    run_some("route", 10, move |rng| {
        let sample = &samples[rng.usize(..samples.len())];
        let sample = if rng.u8(..5) == 0 { sample.clone() } else { json(rng, sample) };
        // What the gateway itself would not send, or what is no request, has been answered.
        let Ok(request) = request(&sample) else { return Ok(()) };
        let answer = runtime.block_on(Box::pin(web::handle(&world.app, &request)));
        let status = answer.status().as_u16();
        let path = request.uri().path().to_owned();
        ensure(status < 500, || format!("{status} for {path}: {sample}"))?;
        let header = |name: &str| {
            request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
        };
        let body = request.body();
        let is_signed = is_shopifys(&secret, &header("x-shopify-hmac-sha256"), body)
            || is_standard(
                &secret,
                &header("webhook-id"),
                &header("webhook-timestamp"),
                &header("webhook-signature"),
                body,
                world.clock.now(),
            );
        ensure(status != 200 || !path.starts_with("/hooks") || is_signed, || format!("{path} took {sample}"))
    });
}
