//! The performance report has the shape of Amazon's schema, which demands of every marketplace what
//! the United States alone have.

use renown_simulator::{Health, HealthRate, PolicyIssue};
use serde_json::{Value, json};

use super::models::Models;
use crate::reports::{document, download, put_seller};
use crate::support::{US, World, at, seconds};

#[tokio::test(start_paused = true)]
async fn the_performance_report_has_the_schemas_shape() {
    let Some(models) = Models::given() else { return };
    let schema = models.report("accountHealthReport-2020-11-18.json");
    let world = World::new().await;
    put_seller(&world, |seller| {
        let mut bad = Health::new(US, at("2026-01-01T00:00:00Z"));
        "AT_RISK".clone_into(&mut bad.status);
        "WARNED".clone_into(&mut bad.rating);
        bad.rates.insert(HealthRate::LateShipment, 0.08);
        bad.violations.insert(PolicyIssue::ListingPolicy, 4);
        bad.warnings.push("spammingSellerMessaging".to_owned());
        seller.health.push(bad);
    });
    let body = json!({"reportType": "GET_V2_SELLER_PERFORMANCE_REPORT", "marketplaceIds": [US]});
    let reply = world.post("/reports/2021-06-30/reports", &body.to_string()).await;
    let id = reply.json()["reportId"].as_str().expect("an id").to_owned();
    world.simulator.step_clock(seconds(90));
    let report = world.get(&format!("/reports/2021-06-30/reports/{id}")).await.json();
    let file = download(&world, &document(&world, &report, "").await).await;
    let shown: Value = serde_json::from_slice(&file.body).expect("JSON");
    let errors: Vec<String> =
        schema.iter_errors(&shown).map(|error| format!("{}: {error}", error.instance_path)).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{shown:#}");
}
