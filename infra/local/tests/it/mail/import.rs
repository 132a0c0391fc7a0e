//! `renown import --shop`.

use super::world::{ANA, MAP, NAME, World};
use crate::keep::terminal::arg;

const HEAD: &str = "Order,Mail,Customer,Arrived,SKU,Item,Marketing\n";

#[tokio::test]
async fn rows_become_orders_bad_ones_are_named_by_line_and_the_same_file_says_nothing_new() {
    let world = World::with_tea().await;
    let file = format!(
        "{HEAD}1001,{ANA},{NAME},2026-11-01,T-1,Sencha,yes\n\
         1001,,,,T-2,Genmaicha,\n\
         #10/02,{ANA},{NAME},2026-11-01,T-1,Sencha,yes\n\
         1003,{ANA},{NAME},last week,T-1,Sencha,yes\n\
         1004,{NAME},{NAME},2026-11-01,T-1,Sencha,yes\n\
         1005,{ANA},{NAME},2026-11-01,T-1,Sencha,perhaps\n\
         1006,,,2026-11-01,T-1,Sencha,no\n"
    );
    let told = world.import(&file);
    assert_eq!(
        (&told["rows"], &told["orders_new"], &told["bad_rows"]),
        (&7.into(), &2.into(), &4.into()),
        "{told}"
    );
    assert_eq!(told["without_address"], 1);
    let lines: Vec<_> =
        told["bad"].as_array().expect("a list").iter().map(|bad| bad["line"].clone()).collect();
    assert_eq!(lines, [4, 5, 6, 7]);
    assert!(!told.to_string().contains("canary") && !told.to_string().contains(NAME), "{told}");
    let kept = world.json(&["unread", "list"]);
    assert_eq!(kept["unread"].as_array().map(Vec::len), Some(4));

    let again = world.import(&file);
    assert_eq!((&again["orders_new"], &again["orders_unchanged"]), (&0.into(), &2.into()), "{again}");
    let later = world.import(&file.replace("2026-11-01,T-1,Sencha,no", "2026-11-02,T-1,Sencha,no"));
    assert_eq!((&later["orders_changed"], &later["orders_unchanged"]), (&1.into(), &1.into()), "{later}");
    let story = world.run(&["explain", "1001", "--shop", "tea"]).out;
    assert!(story.contains("Sencha") && story.contains("Genmaicha"), "{story}");
    assert!(story.contains("box at the checkout"), "{story}");
}

#[tokio::test]
async fn one_order_of_two_people_is_a_bad_row_and_usual_dates_need_no_word() {
    let world = World::with_tea().await;
    let told = world.import(
        "Order,Mail,Customer,Arrived,SKU,Item,Marketing\n\
         #1001,ana@post.example,Ana,2026-11-01 12:00,T-1,Sencha,yes\n\
         1001,Ana@post.example,Ana,2026-11-01 12:00,T-2,Genmaicha,yes\n\
         1001,bob@post.example,Bob,2026-11-01 12:00,T-3,Matcha,\n",
    );
    assert_eq!((&told["orders_new"], &told["bad_rows"]), (&1.into(), &1.into()), "{told}");
    assert_eq!(told["bad"][0]["line"], 4, "{told}");
    let story = world.run(&["explain", "1001", "--shop", "tea"]).out;
    assert!(story.contains("Genmaicha") && !story.contains("Matcha"), "{story}");
}

#[tokio::test]
async fn a_mapping_is_checked_by_its_fields_and_by_the_columns_that_there_are() {
    let world = World::with_tea().await;
    let orders = world.file("orders.csv", &format!("{HEAD}1001,{ANA},{NAME},2026-11-01,T-1,Sencha,yes\n"));
    let refused = |mapping: &str, says: &[&str]| {
        let map = world.file("map.toml", mapping);
        world.run(&["import", arg(&orders), "--shop", "tea", "--mapping", arg(&map)]).fails(1, says);
    };
    refused(&MAP.replace("SKU", "Article"), &["\"Article\" (sku)", "Order, Mail, Customer"]);
    refused(&MAP.replace("sku =", "skew ="), &["line 8", "unknown field", "sku"]);
    refused(&MAP.replace("email = \"Mail\"\n", ""), &["missing field `email`"]);
    refused(&MAP.replace("consent_source = \"box at the checkout\"", ""), &["consent_source"]);
    refused(&format!("consent = \"yes\"\n{MAP}"), &["leave one of them out"]);
    refused(&format!("consent = \"maybe\"\n{MAP}"), &["\"yes\""]);
    world.run(&["import", arg(&orders), "--shop", "tea"]).fails(2, &["--mapping"]);
    world.run(&["import", arg(&orders), "--shop", "coffee", "--mapping", "map.toml"]).fails(1, &["map.toml"]);
}

#[tokio::test]
async fn other_separators_and_charsets_are_read_and_all_may_have_said_yes() {
    let world = World::with_tea().await;
    let map = format!("consent = \"yes\"\n{}", MAP.replace("consent = \"Marketing\"\n", ""));
    let map = world.file("map.toml", &map.replace("Customer", "Käufer"));
    let text = format!("Order;Mail;Käufer;Arrived;SKU;Item\n1001;{ANA};Jürgen;2026-11-01;T-1;Grüner Tee\n");
    let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(&text);
    let file = world.path().join("latin.csv");
    std::fs::write(&file, latin).expect("written");
    let told = world.json(&["import", arg(&file), "--shop", "tea", "--mapping", arg(&map)]);
    assert_eq!(told["files"][0]["orders_new"], 1, "{told}");
    let story = world.run(&["explain", "1001", "--shop", "tea"]).out;
    assert!(story.contains("Grüner Tee") && story.contains("said yes"), "{story}");
}

#[tokio::test]
async fn a_date_that_cannot_be_read_is_told_with_what_to_write_into_the_mapping() {
    let world = World::with_tea().await;
    let file = world.file("orders.csv", &format!("{HEAD}1001,{ANA},{NAME},05.11.2026,T-1,Sencha,yes\n"));
    let map = world.file("map.toml", MAP);
    let args = ["import", arg(&file), "--shop", "tea", "--mapping", arg(&map)];
    let ran = world.run(&args);
    ran.fails(1, &["nothing of 1 files"]);
    let remedy = "date_format = \"%d.%m.%Y\"";
    assert!(ran.out.contains("1 bad rows") && ran.out.contains(remedy), "{}", ran.out);
    for lang in ["en", "zh"] {
        let listed = world.run(&["unread", "list", "--lang", lang]).out;
        assert!(listed.contains(remedy), "{listed}");
    }
    world.file("map.toml", &format!("date_format = \"%d/%m/%Y\"\n{MAP}"));
    let out = world.run(&args).out;
    assert!(out.contains("of the form \"%d/%m/%Y\"") && out.contains(remedy), "{out}");
    world.file("map.toml", &format!("{remedy}\n{MAP}"));
    assert_eq!(world.json(&args)["files"][0]["orders_new"], 1);
}
