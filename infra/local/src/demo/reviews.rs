//! What reviews of the demo's products name, and what those of their categories do.

use jiff::{SignedDuration, Timestamp};
use renown_simulator::{Topic, Topics};

/// Germany and Japan.
const PLACES: [&str; 2] = ["A1PA6795UKMFR9", "A1VC38T7YXB528"];
/// Browse nodes of lamps and of tea.
const NODES: [&str; 2] = ["3780601", "71314051"];

/// A lamp that breaks more often than others, and a tea that is liked. They stand still: no case comes of
/// them.
pub(super) fn topics(start: Timestamp) -> [Topics; 4] {
    let since = start - SignedDuration::from_hours(60 * 24);
    let [lamps, teas] = [0, 1].map(|n| Topics::of_node(PLACES[n], NODES[n], since));
    let product = |n: usize, asin| Topics::of_product(PLACES[n], NODES[n], asin, since);
    let lamp = Topics {
        name: "Oak lamp".to_owned(),
        praise: vec![Topic::new("Good looking", 41, 24.0, 0.3), Topic::new("Light", 19, 11.0, 0.1)],
        complaints: vec![
            Topic {
                months: vec![5.0, 5.5, 6.0, 6.5, 7.0, 8.0],
                snippets: vec!["the arm broke after a week".to_owned()],
                subtopics: vec!["arm breaks".to_owned()],
                ..Topic::new("Weak fragile", 14, 8.0, -0.4)
            },
            Topic::new("Assembly", 6, 3.5, -0.1),
        ],
        ..product(0, "B0DLAMP001")
    };
    let sencha = Topics {
        name: "Sencha 100 g".to_owned(),
        praise: vec![Topic::new("Taste", 63, 38.0, 0.5)],
        complaints: vec![Topic::new("Package", 7, 4.0, -0.1)],
        ..product(1, "B0DTEA0001")
    };
    let of_all = |name: &str, share, impact| Topic { mentions: None, ..Topic::new(name, 0, share, impact) };
    let lamps = Topics {
        name: "Lamps".to_owned(),
        praise: vec![of_all("Good looking", 20.0, 0.2)],
        complaints: vec![Topic { top_share: Some(3.0), ..of_all("Weak fragile", 5.0, -0.2) }],
        returns: vec![Topic { name: "Weak fragile".to_owned(), share: Some(27.5), ..Topic::default() }],
        ..lamps
    };
    let teas = Topics { name: "Green tea".to_owned(), praise: vec![of_all("Taste", 30.0, 0.3)], ..teas };
    [lamp, sencha, lamps, teas]
}
