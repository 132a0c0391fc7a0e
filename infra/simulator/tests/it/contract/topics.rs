//! What the simulator says of reviews has the shapes of Amazon's model, whose texts say `null` of
//! members that its shapes do not let be null: those are left out before they are compared.

use renown_simulator::Operation;
use serde_json::Value;

use super::OPERATIONS;
use super::models::Models;
use crate::support::{US, World, at};
use crate::topics::{facts, path};

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.into_iter().filter(|(_, member)| !member.is_null());
            kept.map(|(name, member)| (name, without_nulls(member))).collect()
        }
        Value::Array(members) => members.into_iter().map(without_nulls).collect(),
        other => other,
    }
}

#[tokio::test(start_paused = true)]
async fn topics_have_the_models_shapes() {
    let Some(models) = Models::given() else { return };
    let world = World::new().await;
    for mut topics in facts() {
        topics.since = at("2026-01-01T00:00:00Z");
        world.simulator.put_topics(topics).expect("true");
    }
    // Half a year without a February, whose thirtieth no format allows.
    world.go_to("2026-10-05T12:00:00Z");
    let world = World { token: world.token_of("Atzr|one").await, ..world };
    let calls = [
        (Operation::GetItemReviewTopics, "items/B000000001/reviews/topics?sortBy=MENTIONS&", 200),
        (Operation::GetItemReviewTopics, "items/B000000009/reviews/topics?sortBy=MENTIONS&", 204),
        (Operation::GetItemBrowseNode, "items/B000000001/browseNode?", 200),
        (Operation::GetItemReviewTrends, "items/B000000001/reviews/trends?", 200),
        (
            Operation::GetBrowseNodeReviewTopics,
            "browseNodes/100/reviews/topics?sortBy=STAR_RATING_IMPACT&",
            200,
        ),
        (Operation::GetBrowseNodeReviewTopics, "browseNodes/100/reviews/topics?", 400),
        (Operation::GetBrowseNodeReviewTrends, "browseNodes/100/reviews/trends?", 200),
        (Operation::GetBrowseNodeReturnTopics, "browseNodes/100/returns/topics?", 200),
        (Operation::GetBrowseNodeReturnTrends, "browseNodes/100/returns/trends?", 200),
    ];
    for (operation, of, status) in calls {
        let (file, id, _) = OPERATIONS.iter().find(|(.., ours)| *ours == operation).expect("modelled");
        let reply = world.get(&path(of, US)).await;
        assert_eq!(reply.status, status, "{of}: {:?}", reply.body);
        let model = models.operation(file, id);
        if status == 204 {
            assert!(reply.body.is_empty());
            continue;
        }
        let shown = without_nulls(reply.json());
        let validator = model.reply(status);
        let errors: Vec<String> =
            validator.iter_errors(&shown).map(|error| format!("{}: {error}", error.instance_path)).collect();
        assert!(errors.is_empty(), "{of}: {errors:#?}\n{shown:#}");
    }
    assert_eq!(world.simulator.violations(), []);
}
