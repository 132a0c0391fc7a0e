//! The performance report: one block for each marketplace asked for, as the account stands there.

use renown_simulator::{Health, HealthRate, PolicyIssue};
use serde_json::Value;

use crate::reports::{document, download, ended, put_seller};
use crate::support::{DE, US, World, at};

const PERFORMANCE: &str = "GET_V2_SELLER_PERFORMANCE_REPORT";

/// What the report says of the one marketplace asked for: its status, and its block.
async fn health(world: &World, marketplace: &str) -> (Value, Value) {
    let report = ended(world, PERFORMANCE, marketplace, "2026-02-01T00:00:00Z").await;
    assert_eq!(report["processingStatus"], "DONE");
    let file = download(world, &document(world, &report, "").await).await;
    let shown: Value = serde_json::from_slice(&file.body).unwrap();
    assert_eq!(shown["performanceMetrics"].as_array().unwrap().len(), 1);
    assert_eq!(shown["accountStatuses"][0]["marketplaceId"], marketplace);
    (shown["accountStatuses"][0]["status"].clone(), shown["performanceMetrics"][0].clone())
}

#[tokio::test(start_paused = true)]
async fn an_account_nothing_is_said_of_is_in_the_best_of_health() {
    let world = World::new().await;
    let (status, block) = health(&world, US).await;
    assert_eq!(status, "NORMAL");
    assert_eq!(block["accountHealthRating"]["ahrStatus"], "GREAT");
    assert_eq!(block["lateShipmentRate"]["reportingDateRange"]["reportingDateTo"], "2026-02-28T23:59Z");
    for (name, member) in block.as_object().unwrap() {
        let members =
            if name == "orderDefectRate" { vec![&member["afn"], &member["mfn"]] } else { vec![member] };
        for member in members.into_iter().filter(|member| member.get("targetValue").is_some()) {
            assert_eq!(member["status"], "GOOD", "{name}: {member}");
        }
    }
    assert!(block["warningStates"].as_array().unwrap().is_empty());
    // Units are counted in the United States alone.
    assert!(block.get("unitOnTimeDeliveryRate").is_some());
    assert!(health(&world, DE).await.1.get("unitOnTimeDeliveryRate").is_none());
}

#[tokio::test(start_paused = true)]
async fn health_changes_by_marketplace_and_time() {
    let world = World::new().await;
    put_seller(&world, |seller| {
        let mut bad = Health::new(DE, at("2026-03-02T00:00:00Z"));
        "AT_RISK".clone_into(&mut bad.status);
        bad.rates.insert(HealthRate::LateShipment, 0.05);
        bad.rates.insert(HealthRate::OrderDefectMfn, 0.02);
        bad.rates.insert(HealthRate::ValidTracking, 0.9);
        bad.violations.insert(PolicyIssue::CustomerProductReviews, 2);
        bad.warnings.push("spammingSellerMessaging".to_owned());
        seller.health = vec![Health::new(DE, at("2026-03-04T00:00:00Z")), bad];
    });
    assert_eq!(health(&world, DE).await.0, "NORMAL");
    assert_eq!(world.simulator.next_change_after(world.simulator.now()), Some(at("2026-03-02T00:00:00Z")));

    world.go_to("2026-03-02T00:00:00Z");
    let token = world.token_of("Atzr|one").await;
    let world = World { token, ..world };
    let (status, block) = health(&world, DE).await;
    assert_eq!(status, "AT_RISK");
    let late = &block["lateShipmentRate"];
    assert_eq!(
        (&late["rate"], &late["status"], &late["lateShipmentCount"]),
        (&0.05.into(), &"BAD".into(), &50.into())
    );
    let (by_merchant, by_amazon) = (&block["orderDefectRate"]["mfn"], &block["orderDefectRate"]["afn"]);
    assert_eq!((&by_merchant["status"], &by_amazon["status"]), (&"BAD".into(), &"GOOD".into()));
    assert_eq!(block["validTrackingRate"]["status"], "BAD");
    assert_eq!(block["customerProductReviewsPolicyViolations"]["defectsCount"], 2);
    assert_eq!(block["warningStates"][0]["warningType"], "spammingSellerMessaging");
    assert_eq!(health(&world, US).await.0, "NORMAL");

    world.go_to("2026-03-04T00:00:00Z");
    let token = world.token_of("Atzr|one").await;
    let world = World { token, ..world };
    assert_eq!(health(&world, DE).await.0, "NORMAL");
}

#[tokio::test(start_paused = true)]
async fn a_report_that_has_ended_shows_the_seller_as_it_was() {
    let world = World::new().await;
    let id = crate::reports::ask(&world, PERFORMANCE, US, "2026-02-01T00:00:00Z").await.json()["reportId"]
        .as_str()
        .unwrap()
        .to_owned();
    world.simulator.step_clock(crate::support::seconds(100));
    put_seller(&world, |seller| {
        let mut bad = Health::new(US, at("2026-01-01T00:00:00Z"));
        "DEACTIVATED".clone_into(&mut bad.status);
        seller.health.push(bad);
    });
    let report = world.get(&format!("/reports/2021-06-30/reports/{id}")).await.json();
    let file = download(&world, &document(&world, &report, "").await).await;
    let shown: Value = serde_json::from_slice(&file.body).unwrap();
    assert_eq!(shown["accountStatuses"][0]["status"], "NORMAL");
}
