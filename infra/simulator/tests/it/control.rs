//! The endpoints under `/_sim/`, above all what they say when something is wrong.

use serde_json::{Value, json};

use crate::support::{ORDER, SELLER, US, World, actions_path};

async fn control(world: &World, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let reply = world.try_call(method, &format!("/_sim/{path}"), &body).await.unwrap();
    (reply.status.as_u16(), reply.json())
}

#[tokio::test(start_paused = true)]
async fn a_bad_order_does_not_take_its_neighbours_down() {
    let world = World::new().await;
    let good = json!({
        "order_id": "222-2222222-2222222", "seller_id": SELLER, "marketplace_id": US, "channel": "merchant",
        "purchased_at": "2026-02-01T00:00:00Z", "shipped_at": "2026-02-02T00:00:00Z",
        "promise": {"earliest": "2026-02-03T00:00:00Z", "latest": "2026-02-05T00:00:00Z"},
        "items": [{"sku": "S", "asin": "B000000001"}],
    });
    let changed = |field: &str, value: Value| {
        let mut order = good.clone();
        order[field] = value;
        order
    };
    let mut without = good.clone();
    without.as_object_mut().unwrap().remove("promise");
    let cases = [
        ("order_id", changed("order_id", json!("12-34"))),
        ("seller_id", changed("seller_id", json!("NOBODY"))),
        ("marketplace_id", changed("marketplace_id", json!("NOWHERE"))),
        ("marketplace_id", changed("marketplace_id", json!("A1F83G8C2ARO7P"))),
        ("shipped_at", changed("shipped_at", json!("2026-01-01T00:00:00Z"))),
        ("delivered_at", changed("delivered_at", json!("2026-02-01T12:00:00Z"))),
        (
            "promise",
            changed("promise", json!({"earliest": "2026-02-05T00:00:00Z", "latest": "2026-02-03T00:00:00Z"})),
        ),
        ("promise.latest", changed("promise", json!({"earliest": "2026-02-05T00:00:00Z", "latest": "soon"}))),
        ("feedback.rating", changed("feedback", json!({"at": "2026-02-05T00:00:00Z", "rating": 6}))),
        ("feedback.at", changed("feedback", json!({"at": "2026-01-05T00:00:00Z", "rating": 1}))),
        (
            "feedback.removed_at",
            changed(
                "feedback",
                json!({"at": "2026-02-05T00:00:00Z", "rating": 1, "removed_at": "2026-02-04T00:00:00Z"}),
            ),
        ),
        (
            "returned.requested_at",
            changed("returned", json!({"requested_at": "2026-01-05T00:00:00Z", "reason": "OTHER"})),
        ),
        (
            "returned.delivered_at",
            changed(
                "returned",
                json!({"requested_at": "2026-02-05T00:00:00Z", "delivered_at": "2026-02-04T00:00:00Z", "reason": "OTHER"}),
            ),
        ),
        ("items", changed("items", json!([]))),
        ("items[0].sku", changed("items", json!([{"asin": "B000000001"}]))),
        ("colour", changed("colour", json!("red"))),
        ("promise", without),
    ];
    for (field, bad) in cases {
        let (status, answer) = control(&world, "POST", "orders", &json!([bad, good])).await;
        assert_eq!(status, 200);
        assert_eq!(answer["accepted"], json!(["222-2222222-2222222"]), "{field}");
        let rejected = &answer["rejected"][0];
        assert_eq!((&rejected["index"], &rejected["field"]), (&json!(0), &json!(field)), "{rejected}");
        assert!(!rejected["remedy"].as_str().unwrap().is_empty());
    }
    assert_eq!(world.simulator.orders().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn errors_name_the_thing_the_place_and_the_remedy() {
    let world = World::new().await;
    let cases = [
        ("POST", "clock", json!({}), 400, "body"),
        ("POST", "clock", json!({"set": "soon"}), 400, "set"),
        ("POST", "clock", json!({"set": "2026-01-01T00:00:00Z", "step_seconds": 1}), 400, "body"),
        ("POST", "faults", json!({"kind": "gremlins"}), 400, "kind"),
        ("POST", "faults", json!({"kind": "throttle", "ordr": "x"}), 400, "ordr"),
        ("POST", "faults", json!({"kind": "throttle", "seconds": 3}), 400, "seconds"),
        ("POST", "faults", json!({"kind": "throttle", "operation": "getEverything"}), 400, "operation"),
        (
            "POST",
            "sellers",
            json!({"seller_id": "X", "region": "na", "marketplaces": ["NOWHERE"]}),
            400,
            "marketplaces",
        ),
        ("POST", "sellers", json!({"seller_id": "X", "region": "mars", "marketplaces": []}), 400, "region"),
        (
            "POST",
            "sellers",
            json!({"seller_id": "X", "region": "na", "marketplaces": [], "charset": "EBCDIC"}),
            400,
            "charset",
        ),
        (
            "POST",
            "sellers",
            json!({"seller_id": "X", "region": "na", "marketplaces": [US],
                "health": [{"marketplace_id": "A1PA6795UKMFR9", "since": "2026-01-01T00:00:00Z"}]}),
            400,
            "health",
        ),
        (
            "POST",
            "sellers",
            json!({"seller_id": "X", "region": "na", "marketplaces": [US],
                "health": [{"marketplace_id": US, "since": "2026-01-01T00:00:00Z", "rates": {"lateRate": 1}}]}),
            400,
            "health[0].rates.?",
        ),
        ("POST", "apps", json!({"client_id": "x"}), 400, "client_secret"),
        ("POST", "codes", json!({"client_id": "client", "seller_id": "NOBODY"}), 400, "seller_id"),
        ("PUT", "settings", json!({"report_delay": 3}), 400, "report_delay"),
        ("PUT", "state", json!({"now": "2026-01-01T00:00:00Z"}), 400, "data"),
        ("DELETE", "faults?id=77", Value::Null, 400, "id"),
        ("GET", "calls?since=now", Value::Null, 400, "since"),
        ("GET", "wishes", Value::Null, 404, "path"),
    ];
    for (method, path, body, status, field) in cases {
        let (answered, error) = control(&world, method, path, &body).await;
        assert_eq!(answered, status, "{method} {path} {body}");
        let error = &error["error"];
        assert_eq!(error["field"], field, "{method} {path} {body}: {error}");
        for part in ["what", "reason", "remedy"] {
            assert!(error[part].as_str().is_some_and(|text| !text.is_empty()), "{error}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_clock_is_set_stepped_and_jumped_over_http() {
    let world = World::new().await;
    let (_, shown) = control(&world, "PUT", "clock", &json!({"set": "2026-03-02T09:00:00Z"})).await;
    assert!(shown["now"].as_str().unwrap().starts_with("2026-03-02T09:00:00"));
    assert_eq!(shown["next_change"], "2026-03-02T10:00:00Z");
    let (_, shown) = control(&world, "POST", "clock", &json!({"to_next_change": true})).await;
    assert!(shown["now"].as_str().unwrap().starts_with("2026-03-02T10:00:00"));
    let (status, error) = control(&world, "POST", "clock", &json!({"to_next_change": true})).await;
    assert_eq!((status, &error["error"]["field"]), (400, &json!("to_next_change")));
    let (_, shown) = control(&world, "POST", "clock", &json!({"step_seconds": 60})).await;
    assert!(shown["now"].as_str().unwrap().starts_with("2026-03-02T10:01:00"));
}

#[tokio::test(start_paused = true)]
async fn faults_are_added_listed_with_their_count_and_taken_away() {
    let world = World::new().await;
    let faults = json!([
        {"kind": "error500", "operation": "getSolicitationActionsForOrder", "order": ORDER, "times": 1},
        {"kind": "stall_after", "seconds": 130},
    ]);
    assert_eq!(control(&world, "POST", "faults", &faults).await.1, json!({"added": [1, 2]}));
    assert_eq!(control(&world, "DELETE", "faults?id=2", &Value::Null).await.0, 200);
    assert_eq!(world.get(&actions_path(ORDER)).await.status, 500);
    let (_, shown) = control(&world, "GET", "faults", &Value::Null).await;
    assert_eq!(shown.as_array().unwrap().len(), 1);
    assert_eq!(
        (&shown[0]["id"], &shown[0]["struck"], &shown[0]["kind"]),
        (&json!(1), &json!(1), &json!("error500"))
    );
    control(&world, "DELETE", "faults", &Value::Null).await;
    assert!(world.simulator.faults().is_empty());
}

#[tokio::test(start_paused = true)]
async fn calls_are_read_from_where_one_left_off() {
    let world = World::new().await;
    world.get(&actions_path(ORDER)).await;
    let (_, all) = control(&world, "GET", "calls", &Value::Null).await;
    assert_eq!(all.as_array().unwrap().len(), 2);
    let (_, later) = control(&world, "GET", "calls?since=1", &Value::Null).await;
    assert_eq!(later.as_array().unwrap().len(), 1);
    assert_eq!(later[0]["operation"], "getSolicitationActionsForOrder");
}

#[tokio::test(start_paused = true)]
async fn a_state_saved_over_http_is_restored_over_http() {
    let world = World::new().await;
    let (_, saved) = control(&world, "GET", "state", &Value::Null).await;
    control(&world, "POST", "reset", &Value::Null).await;
    assert!(world.simulator.orders().is_empty());
    assert_eq!(control(&world, "PUT", "state", &saved).await.0, 200);
    assert_eq!(world.simulator.orders().len(), 1);
    assert_eq!(control(&world, "GET", "health", &Value::Null).await.1["status"], "ok");
}
