//! The usage plans the pacing rests on are those of Amazon's models.

use renown_io::spapi::Operation;

use crate::models::model;

#[test]
fn rates_and_bursts_are_those_of_amazons_models() {
    for operation in Operation::ALL {
        let Some(model) = model(operation) else { return };
        let description = model.operation["description"].as_str().expect("a description");
        // | Rate (requests per second) | Burst |  /  | ---- | ---- |  /  | 1 | 5 |
        let row = description.lines().skip_while(|line| !line.contains("Rate (requests per second)")).nth(2);
        let row = row.unwrap_or_else(|| panic!("{operation} has no usage plan"));
        let cells: Vec<f64> = row.split('|').filter_map(|cell| cell.trim().parse().ok()).collect();
        assert_eq!(cells, [operation.rate_per_second(), f64::from(operation.burst())], "{operation}");
    }
}
