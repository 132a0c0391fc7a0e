//! Tokens, user agents, regions and rates.

use bytes::Bytes;
use renown_simulator::{App, Operation, ViolationKind};

use crate::support::{ORDER, World, actions_path, seconds};

/// Fields of a form, and what they replace.
type Fields = &'static [(&'static str, &'static str)];

#[tokio::test(start_paused = true)]
async fn login_with_amazon_answers_in_oauth_words() {
    let world = World::new().await;
    let ok = world.ask_lwa(&[("refresh_token", "Atzr|one")]).await.json();
    assert_eq!((&ok["token_type"], &ok["expires_in"]), (&"bearer".into(), &3600.into()));
    assert_eq!(ok["refresh_token"], "Atzr|one");
    let cases: [(Fields, u16, &str); 8] = [
        (&[("refresh_token", "Atzr|unknown")], 400, "invalid_grant"),
        (&[("refresh_token", "Atzr|one"), ("client_secret", "wrong")], 401, "invalid_client"),
        (&[("refresh_token", "Atzr|one"), ("client_id", "nobody")], 401, "invalid_client"),
        (
            &[
                ("refresh_token", "Atzr|one"),
                ("client_id", "other-client"),
                ("client_secret", "other-secret"),
            ],
            400,
            "invalid_grant",
        ),
        (&[("refresh_token", "Atzr|one"), ("grant_type", "password")], 400, "unsupported_grant_type"),
        (&[], 400, "invalid_request"),
        (&[("grant_type", "client_credentials")], 400, "invalid_request"),
        (&[("grant_type", "client_credentials"), ("scope", "profile")], 400, "invalid_scope"),
    ];
    for (fields, status, error) in cases {
        let reply = world.ask_lwa(fields).await;
        assert_eq!(
            (reply.status.as_u16(), reply.json()["error"].as_str().unwrap()),
            (status, error),
            "{fields:?}"
        );
        assert!(reply.json()["error_description"].is_string());
    }
    let grantless = world
        .ask_lwa(&[("grant_type", "client_credentials"), ("scope", "sellingpartnerapi::notifications")])
        .await;
    assert_eq!(grantless.status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_code_is_exchanged_once_for_a_refresh_token_that_works() {
    let world = World::new().await;
    let code = world.simulator.authorize("client", "A1SELLER");
    let fields = [("grant_type", "authorization_code"), ("code", code.as_str())];
    let reply = world.ask_lwa(&fields).await;
    let refresh_token = reply.json()["refresh_token"].as_str().unwrap().to_owned();
    assert_eq!(world.ask_lwa(&fields).await.json()["error"], "invalid_grant");
    let world = World { token: world.token_of(&refresh_token).await, ..world };
    assert_eq!(world.get("/sellers/v1/marketplaceParticipations").await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_code_dies_after_five_minutes() {
    let world = World::new().await;
    let code = world.simulator.authorize("client", "A1SELLER");
    world.simulator.step_clock(seconds(300));
    let reply = world.ask_lwa(&[("grant_type", "authorization_code"), ("code", code.as_str())]).await;
    assert_eq!(reply.json()["error"], "invalid_grant");
}

#[tokio::test(start_paused = true)]
async fn access_tokens_live_an_hour_by_the_simulators_clock() {
    let world = World::new().await;
    world.simulator.step_clock(seconds(3590));
    assert_eq!(world.get(&actions_path(ORDER)).await.status, 200);
    world.simulator.step_clock(seconds(10));
    let reply = world.get(&actions_path(ORDER)).await;
    assert_eq!(
        (reply.status.as_u16(), reply.message()),
        (403, "Access to requested resource is denied.".to_owned())
    );
    assert!(reply.json()["errors"][0]["details"].as_str().unwrap().contains("expired"));
}

#[tokio::test(start_paused = true)]
async fn missing_and_unknown_tokens_are_denied_with_403() {
    let world = World::new().await;
    let without = http::Request::get(actions_path(ORDER)).header("user-agent", "a (Language=b)");
    let reply = world.send(without.body(Bytes::new()).unwrap()).await.unwrap();
    assert_eq!(reply.status, 403);
    let world = World { token: "Atza|stolen".to_owned(), ..world };
    assert_eq!(world.get(&actions_path(ORDER)).await.status, 403);
}

#[tokio::test(start_paused = true)]
async fn a_grant_that_was_taken_back_ends_its_tokens() {
    let world = World::new().await;
    let mut seller =
        world.simulator.sellers().into_iter().find(|seller| seller.seller_id == "A1SELLER").unwrap();
    seller.grants.clear();
    world.simulator.add_seller(seller);
    assert_eq!(world.get(&actions_path(ORDER)).await.status, 403);
    assert_eq!(world.ask_lwa(&[("refresh_token", "Atzr|one")]).await.json()["error"], "invalid_grant");
}

#[tokio::test(start_paused = true)]
async fn a_token_is_denied_at_another_regions_host() {
    let world = World::new().await;
    for (host, status) in [
        ("sellingpartnerapi-na.amazon.com", 200),
        ("sellingpartnerapi-eu.amazon.com", 403),
        ("127.0.0.1:8480", 200),
    ] {
        let request =
            world.request("GET", &actions_path(ORDER)).header("host", host).body(Bytes::new()).unwrap();
        assert_eq!(world.send(request).await.unwrap().status, status, "{host}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_grantless_token_opens_nothing_of_a_seller() {
    let world = World::new().await;
    let world = World { token: world.token_of_app().await, ..world };
    assert_eq!(world.get(&actions_path(ORDER)).await.status, 403);
}

#[tokio::test(start_paused = true)]
async fn user_agents_are_demanded_and_judged() {
    let world = World::new().await;
    let ask = |agent: Option<String>| {
        let mut request = http::Request::get(actions_path(ORDER)).header("x-amz-access-token", &world.token);
        if let Some(agent) = agent {
            request = request.header("user-agent", agent);
        }
        world.send(request.body(Bytes::new()).unwrap())
    };
    assert_eq!(ask(None).await.unwrap().status, 400);
    assert_eq!(ask(Some("x (Language=Rust)".repeat(40))).await.unwrap().status, 400);
    assert_eq!(ask(Some("python-client/2".to_owned())).await.unwrap().status, 200);
    let kinds: Vec<_> = world.simulator.violations().iter().map(|violation| violation.kind).collect();
    assert_eq!(kinds, [ViolationKind::UserAgent; 3]);
}

#[tokio::test(start_paused = true)]
async fn the_sixth_call_in_a_second_is_throttled_judged_and_carries_no_rate_header() {
    let world = World::new().await;
    for _ in 0..5 {
        let reply = world.get(&actions_path(ORDER)).await;
        assert_eq!((reply.status.as_u16(), reply.header("x-amzn-ratelimit-limit")), (200, Some("1")));
    }
    let throttled = world.get(&actions_path(ORDER)).await;
    assert_eq!(throttled.status, 429);
    assert_eq!(throttled.json()["errors"][0]["code"], "QuotaExceeded");
    assert_eq!(throttled.header("x-amzn-ratelimit-limit"), None);
    assert!(throttled.header("x-amzn-requestid").is_some());
    let violations = world.simulator.violations();
    assert_eq!(violations.len(), 1);
    assert_eq!(
        (violations[0].kind, violations[0].operation),
        (ViolationKind::Rate, Operation::GetSolicitationActionsForOrder)
    );
    // The other operation and the other application have buckets of their own.
    assert_eq!(world.solicit(ORDER).await.status, 403);
    world.simulator.add_app(App::new("client", "secret"));
    world.simulator.step_clock(seconds(1));
    assert_eq!(world.get(&actions_path(ORDER)).await.status, 200);
    assert_eq!(world.get(&actions_path(ORDER)).await.status, 429);
}

#[tokio::test(start_paused = true)]
async fn the_rate_header_comes_with_success_400_and_404_but_never_with_403() {
    let world = World::new().await;
    let header = "x-amzn-ratelimit-limit";
    assert!(world.get("/solicitations/v1/orders/1").await.header(header).is_some());
    assert!(world.get(&actions_path("999-9999999-9999999")).await.header(header).is_some());
    let refused = world.solicit(ORDER).await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.header(header), None);
}

#[tokio::test(start_paused = true)]
async fn the_date_header_shows_the_simulators_clock() {
    let world = World::new().await;
    world.go_to("2026-03-08T12:34:56Z");
    let reply = world.ask_lwa(&[("refresh_token", "Atzr|one")]).await;
    assert_eq!(reply.header("date"), Some("Sun, 08 Mar 2026 12:34:56 GMT"));
}

#[tokio::test(start_paused = true)]
async fn every_call_is_recorded_with_who_when_and_what() {
    let world = World::new().await;
    world.get(&actions_path(ORDER)).await;
    let calls = world.simulator.calls();
    assert_eq!(calls.len(), 2, "the token and the probe; nothing of /_sim/");
    assert_eq!(calls[0].operation, Operation::LwaToken);
    assert_eq!(calls[0].seller.as_deref(), Some("A1SELLER"));
    let probe = &calls[1];
    assert_eq!((probe.n, probe.status), (2, Some(200)));
    assert_eq!(
        (probe.app.as_deref(), probe.seller.as_deref(), probe.subject.as_deref()),
        (Some("client"), Some("A1SELLER"), Some(ORDER))
    );
}
