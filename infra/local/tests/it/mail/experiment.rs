//! `renown experiment`.

use super::world::World;
use crate::keep::terminal::arg;

const TEXT: &str = "subject: Kurz gefragt\npreheader: x\n---\nWie war der Tee? Ihre ehrliche Meinung hilft anderen.\n\n[button: Bewerten]({{ review_url }})\n";

const PLAN: &str = r#"
name = "subject"
mail = "invitation"
sample = 400
[[arms]]
name = "usual"
texts = ["review-invitation/de/built-in"]
[[arms]]
name = "short"
texts = ["review-invitation/de/1"]
"#;

#[tokio::test]
async fn a_test_wants_approved_texts_begins_once_shows_its_shares_and_ends() {
    let world = World::with_orders(2).await;
    let plan = world.file("plan.toml", PLAN);
    world.run(&["experiment", "start", arg(&plan)]).fails(1, &["no approved text", "renown template list"]);
    let text = world.file("short.txt", TEXT);
    let name = "review-invitation/de/1";
    world.json(&["template", "add", arg(&text), "review-invitation", "de"]);
    world.json(&["template", "review", name, "--by", "Wang"]);
    world.json(&["template", "approve", name, "--by", "Li", "--for-tests"]);
    assert!(world.run(&["template", "list"]).out.contains("approved for tests by Li"));
    let preview = world.run(&["mail", "preview", "tea", "1001", "survey"]).out;
    assert!(!preview.contains("Kurz gefragt"), "{preview}");

    let begun = world.json(&["experiment", "start", arg(&plan)]);
    assert_eq!((&begun["plan"]["sample"], &begun["claimed"]), (&400.into(), &serde_json::json!([0, 0])));
    world.run(&["experiment", "start", arg(&plan)]).fails(1, &["the same mails", "experiment stop subject"]);
    let shown = world.json(&["experiment", "show"]);
    let test = &shown["experiments"][0];
    assert_eq!((&test["stage"]["is"], &test["arms"][1]["difference"]), (&"filling".into(), &().into()));
    let told = world.run(&["experiment", "show", "--lang", "zh"]).out;
    assert!(told.contains("已发 0/800 封") && !told.contains("mails"), "{told}");

    world.run(&["experiment", "stop", "subjects"]).fails(1, &["no test subjects"]);
    world.json(&["experiment", "stop", "subject"]);
    let told = world.run(&["experiment", "show"]).out;
    assert!(told.contains("nothing can be said of a difference"), "{told}");
    world.run(&["experiment", "start", arg(&plan)]).fails(1, &["another name"]);
    let wrong = world.file("wrong.toml", &PLAN.replace("sample = 400", "sample = \"many\""));
    world.run(&["experiment", "start", arg(&wrong)]).fails(1, &["wrong.toml, line 4", "--help"]);
}
