//! The usage plans the pacing rests on are those of Amazon's models.

use crate::models::modelled;

#[test]
fn rates_and_bursts_are_those_of_amazons_models() {
    for (operation, model) in modelled() {
        let description = model.operation["description"].as_str().expect("a description");
        // | Rate (requests per second) | Burst |  /  | ---- | ---- |  /  | 1 | 5 |
        let row = description.lines().skip_while(|line| !line.contains("Rate (requests per second)")).nth(2);
        let Some(row) = row else {
            // Amazon publishes none of Customer Feedback; ours is the slowest that makes sense.
            assert!(model.path.starts_with("/customerFeedback/"), "{operation} has no usage plan");
            assert_eq!((operation.rate_per_second(), operation.burst()), (1.0, 1), "{operation}");
            continue;
        };
        let cells: Vec<f64> = row.split('|').filter_map(|cell| cell.trim().parse().ok()).collect();
        assert_eq!(cells, [operation.rate_per_second(), f64::from(operation.burst())], "{operation}");
    }
}
