//! `renown template`.

use super::world::World;
use crate::keep::terminal::arg;

const TEXT: &str = "subject: Ihr Tee\npreheader: x\n---\nWie war der Tee? Ihre ehrliche Meinung hilft anderen.\n\n[button: Bewerten]({{ review_url }})\n";

#[tokio::test]
async fn a_text_goes_from_draft_over_review_to_approval_and_no_step_is_left_out() {
    let world = World::with_tea().await;
    let built_in = world.run(&["template", "show", "review-invitation", "de"]).out;
    assert!(built_in.starts_with("subject: ") && built_in.contains("{{ review_url }}"), "{built_in}");
    let file = world.file("own.txt", TEXT);
    let added = world.json(&["template", "add", arg(&file), "review-invitation", "de"]);
    let name = added["name"].as_str().expect("a name");
    assert_eq!((name, &added["findings"]), ("review-invitation/de/1", &serde_json::json!([])));
    world.run(&["template", "approve", name, "--by", "Li"]).fails(1, &["renown template review"]);
    world.json(&["template", "review", name, "--by", "Wang"]);
    world.json(&["template", "approve", name, "--by", "Li"]);
    world.run(&["template", "approve", name, "--by", "Li"]).fails(1, &["already", "new version"]);
    let listed = world.run(&["template", "list"]).out;
    assert!(listed.contains("approved by Li, reviewed by Wang"), "{listed}");
    assert_eq!(world.run(&["template", "show", name]).out, TEXT);
    assert_eq!(
        world.json(&["template", "add", arg(&file), "review-invitation", "de"])["name"],
        "review-invitation/de/2"
    );
}

#[tokio::test]
async fn a_text_that_breaks_a_rule_and_one_that_is_no_template_get_no_further() {
    let world = World::with_tea().await;
    let bribe = TEXT.replace("Wie war der Tee?", "Für 5 Sterne gibt es einen Gutschein über 10 Euro.");
    let bribe = world.file("bribe.txt", &bribe);
    let added = world.json(&["template", "add", arg(&bribe), "review-invitation", "de"]);
    assert_eq!(added["findings"][0]["severity"], "forbid", "{added}");
    world.run(&["template", "review", "review-invitation/de/1", "--by", "Wang"]).fails(1, &["renown lint"]);
    let none = world.file("none.txt", "Hello");
    world.run(&["template", "add", arg(&none), "survey", "en"]).fails(1, &["subject:"]);
    world.run(&["template", "add", arg(&none), "letter", "en"]).fails(2, &["review-reminder"]);
    world.run(&["template", "add", arg(&none), "survey", "sv"]).fails(2, &["de, en"]);
    world.run(&["template", "review", "survey/en/7", "--by", "Wang"]).fails(1, &["review-invitation/de/1"]);
}

#[tokio::test]
async fn what_is_no_template_is_told_in_chinese_too() {
    let world = World::with_tea().await;
    let none = world.file("none.txt", "Hello");
    let ran = world.run(&["template", "add", arg(&none), "survey", "en", "--lang", "zh"]);
    ran.fails(1, &["开头须有 `subject:`"]);
    assert!(!ran.err.contains("must begin"), "{}", ran.err);
}
