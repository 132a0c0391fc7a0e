//! Real crashes: the running binary is ended with SIGKILL at scripted points, then started again.
//!
//! The simulator runs as a process of its own, so what it accepted outlives the crash. A fault
//! holds one call where it is (before or after it was processed); when the simulator has seen the
//! call, the process that made it is killed. Then time passes and the shop goes on.
//!
//! The same invariants as in the fault histories: nobody asked twice, no rule broken, every order
//! asked in the end, and sums that add up.

mod http;
mod processes;

use serde_json::{Value, json};

use processes::{Renown, Simulator};

const ORDERS: usize = 6;
const PROBE: &str = "getSolicitationActionsForOrder";
const POST: &str = "createProductReviewAndSellerFeedbackSolicitation";

/// Where the process is killed.
#[derive(Debug, Clone, Copy)]
enum Cut {
    /// While a call hangs that this operation made: before it is processed, or after.
    In(&'static str, &'static str),
    /// As soon as so many requests are accepted: most likely between reply and settling.
    AfterAccepted(usize),
}

fn survives(cut: Cut) {
    let simulator = Simulator::start("2026-10-12T10:00:00Z");
    let folder = tempfile::tempdir().expect("a folder");
    fill(&simulator, folder.path());
    let renown = Renown { folder: folder.path(), simulator: &simulator };

    // Orders come in and are planned; four days later all of them are due.
    renown.run("3s");
    simulator.post("clock", &json!({ "step_seconds": 4 * 86_400 }));
    if let Cut::In(operation, fault) = cut {
        simulator.post("faults", &json!({ "kind": fault, "operation": operation, "times": 1, "skip": 1 }));
    }
    let child = renown.start("60s");
    simulator.wait_until(|simulator| match cut {
        Cut::In(operation, _) => {
            calls(simulator).iter().any(|c| c["operation"] == operation && !c["fault"].is_null())
        }
        Cut::AfterAccepted(n) => simulator.get("accepted").as_object().expect("a map").len() >= n,
    });
    child.kill();
    simulator.delete("faults");

    // Half an hour later, an hour after that, the next day and the day after.
    for step in [1800, 4200, 86_400, 7200, 86_400] {
        simulator.post("clock", &json!({ "step_seconds": step }));
        renown.run("3s");
    }

    let accepted = simulator.get("accepted");
    let accepted = accepted.as_object().expect("a map");
    assert_eq!(accepted.len(), ORDERS, "{cut:?}: {accepted:#?}");
    assert!(
        accepted.values().all(|times| times.as_array().is_some_and(|t| t.len() == 1)),
        "{cut:?}: {accepted:#?}"
    );
    assert_eq!(simulator.get("violations"), json!([]), "{cut:?}");
    let totals = &renown.plan()["totals"];
    assert_eq!(totals["asked"], ORDERS, "{cut:?}: {totals:#}");
    assert_eq!(totals["orders"], ORDERS, "{cut:?}: {totals:#}");
}

fn calls(simulator: &Simulator) -> Vec<Value> {
    simulator.get("calls").as_array().cloned().unwrap_or_default()
}

/// A seller with six orders, at the simulator and in the folder.
fn fill(simulator: &Simulator, folder: &std::path::Path) {
    simulator
        .post("apps", &json!({ "client_id": "client", "client_secret": "secret", "application_id": "app" }));
    simulator.post(
        "sellers",
        &json!({ "seller_id": "A1KILL", "region": "eu", "marketplaces": ["A1PA6795UKMFR9"], "grants": { "refresh": "client" } }),
    );
    let orders: Vec<Value> = (0..ORDERS)
        .map(|n| {
            json!({
                "order_id": format!("302-1234567-000000{n}"), "seller_id": "A1KILL",
                "marketplace_id": "A1PA6795UKMFR9", "channel": "amazon",
                "purchased_at": "2026-09-28T08:00:00Z", "shipped_at": "2026-09-29T08:00:00Z",
                "promise": { "earliest": "2026-10-01T08:00:00Z", "latest": "2026-10-03T08:00:00Z" },
                "items": [{ "sku": "TEA", "asin": "B000000001" }]
            })
        })
        .collect();
    let answer = simulator.post("orders", &Value::Array(orders));
    assert_eq!(answer["rejected"], json!([]), "{answer}");
    let sellers = json!([{
        "seller": "A1KILL", "alias": "Kill", "app": "client", "region": "eu",
        "marketplaces": ["A1PA6795UKMFR9"], "client_secret": "secret", "refresh_token": "refresh", "live": true
    }]);
    processes::write_secret(&folder.join("sellers.json"), &sellers.to_string());
}

#[test]
fn killed_while_amazon_is_asked_what_it_offers() {
    survives(Cut::In(PROBE, "stall_before"));
}

#[test]
fn killed_while_a_call_hangs_that_was_not_processed() {
    survives(Cut::In(POST, "stall_before"));
}

#[test]
fn killed_while_a_call_hangs_that_was_processed() {
    survives(Cut::In(POST, "stall_after"));
}

#[test]
fn killed_right_after_the_first_acceptance() {
    survives(Cut::AfterAccepted(1));
}

#[test]
fn killed_right_after_the_third_acceptance() {
    survives(Cut::AfterAccepted(3));
}
