//! What `renown topics` prints.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use renown_core::ids::Asin;
use renown_core::marketplace::{MarketplaceId, Region};
use renown_core::seller::Seller;
use renown_core::topics::{
    Asked, Both, BrowseNode, Days, ItemTopic, ItemTopics, Measure, Month, Node, NodeTopic, ReturnTopic,
    Snapshot, Subtopic, Trend, Variant,
};
use renown_io::ledger::{Ledger, TopicRound};
use renown_local::folder::{Folder, Kind};
use renown_local::world::{ledger, open_table};

use crate::keep::terminal::{Ran, arg, renown};
use crate::support::t;

const NOW: &str = "2026-11-28T09:00:00Z";

fn marketplace(country: &str) -> MarketplaceId {
    MarketplaceId::of_country(country).expect("known")
}

fn asin(text: &str) -> Asin {
    text.parse().expect("an ASIN")
}

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

fn measure(mentions: Option<u64>, share: f64, impact: f64) -> Measure {
    Measure { mentions, share: Some(share), impact: Some(impact) }
}

fn trend(name: &str, from: f64, all: f64, by: f64) -> Trend {
    let month = |n: i8| {
        let item = Some(from + by * f64::from(n));
        Month { from: Date::new(2026, 4 + n, 1).ok(), item, all: Some(all), ..Month::default() }
    };
    Trend { name: name.to_owned(), months: (0..6).map(month).collect() }
}

fn topic(name: &str, item: Measure) -> ItemTopic {
    ItemTopic {
        name: name.to_owned(),
        item,
        parent: Measure::default(),
        node: Measure::default(),
        most: None,
        snippets: Vec::new(),
        subtopics: Vec::new(),
    }
}

/// A look at the lamp, of which so many of a hundred reviews say that it breaks.
fn lamp(week: &str, share: f64) -> Snapshot {
    let mut weak = topic("Weak fragile", measure(Some(12), share, -0.4));
    weak.snippets = vec!["it broke after a day".to_owned(), "weak".to_owned()];
    weak.subtopics = vec![Subtopic {
        name: "arm breaks".to_owned(),
        measure: Measure { mentions: Some(6), ..Measure::default() },
    }];
    weak.most = Some(Variant { asin: asin("B0LAMP0009"), mentions: 9 });
    let mut complaints = vec![weak];
    if share > 10.0 {
        complaints.push(topic("Odour", Measure::default()));
    }
    let answer = ItemTopics {
        title: "Oak lamp".to_owned(),
        days: Days { from: Some(day("2026-05-20")), to: Some(day("2026-11-20")) },
        topics: Both { praise: vec![topic("Strong", measure(Some(40), 20.0, 0.3))], complaints },
    };
    let node = Node::of(
        BrowseNode { id: "100".to_owned(), name: "Lamps".to_owned() },
        day(week),
        vec![Both {
            praise: Vec::new(),
            complaints: vec![NodeTopic {
                name: "Weak fragile".to_owned(),
                all: measure(None, 5.0, -0.1),
                top: measure(None, 3.0, -0.05),
            }],
        }],
        Both::default(),
        vec![ReturnTopic { name: "Weak fragile".to_owned(), share: Some(27.5) }],
        &[],
    );
    let trends = Both { praise: Vec::new(), complaints: vec![trend("Weak fragile", 4.0, 5.0, 1.0)] };
    Snapshot::of(asked("B0LAMP0001", week), vec![answer], Some(&trends), Some(&node))
}

fn asked(product: &str, week: &str) -> Asked {
    let at = t(&format!("{week}T12:05:00Z"));
    Asked { asin: asin(product), marketplace: marketplace("DE"), week: day(week), at }
}

/// A folder with one seller in three marketplaces, of which one is offered, one lacks the role, and one
/// is not offered.
async fn shop(dir: &std::path::Path, looks: &[Snapshot]) {
    let folder = Folder::to_work_in(dir, &Kind::Remote).expect("new");
    drop(folder.claim(&Kind::Remote).expect("free"));
    folder.note_time(t(NOW)).expect("noted");
    let dynamo = open_table(&folder.table()).expect("opened");
    dynamo.create_table().await.expect("created");
    let ledger: Ledger = ledger(&dynamo, t(NOW));
    let seller = Seller {
        id: "S1".parse().expect("valid"),
        alias: "晨光家居 Morning Home".to_owned(),
        app: "app".parse().expect("valid"),
        region: Region::Eu,
        marketplaces: ["DE", "FR", "PL"].map(marketplace).to_vec(),
        connected_at: t("2026-10-01T00:00:00Z"),
        notified_since: None,
        subscriptions: Vec::new(),
        rules_version: 0,
        secret_since: None,
        authorised_at: None,
        store_names: BTreeMap::new(),
    };
    ledger.put_seller(&seller).await.expect("written");
    if looks.is_empty() {
        return;
    }
    for look in looks {
        ledger.keep_asin_week(&seller.id, look).await.expect("kept");
    }
    let asins = ["B0LAMP0001", "B0TEAPOT01"].map(asin).to_vec();
    let asins = BTreeMap::from([(marketplace("DE"), asins)]);
    let mut round = TopicRound::begin(seller.id, asins, None, t("2026-11-27T12:00:00Z"));
    round.denied = BTreeSet::from([marketplace("FR")]);
    assert!(ledger.save_topic_round(&mut round).await.expect("written"));
}

/// Two weeks of the lamp, and a tea pot of which nothing is said.
async fn full() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let pot = Snapshot::of(asked("B0TEAPOT01", "2026-11-27"), Vec::new(), None, None);
    shop(&dir.path().join("data"), &[lamp("2026-11-20", 8.0), lamp("2026-11-27", 11.0), pot]).await;
    dir
}

fn run(dir: &tempfile::TempDir, args: &[&str]) -> Ran {
    let data = dir.path().join("data");
    renown(dir.path(), &[&["topics"], args, &["--data", arg(&data)]].concat())
}

#[tokio::test]
async fn the_list_shows_the_worst_first_and_where_there_is_none() {
    let dir = full().await;
    insta::assert_snapshot!(run(&dir, &[]).out, @r#"
    B0LAMP0001  DE   50 →  worst: Weak fragile (12 mentions, 11 %, -0.4 stars)  Oak lamp  晨光家居 Morning Home  as of 11-27 12:05
    B0TEAPOT01  DE    –    too few reviews  晨光家居 Morning Home  as of 11-27 12:05
    ! 晨光家居 Morning Home: Amazon does not tell in FR: the app lacks the role "Selling Partner Insights" (of a vendor Brand Analytics); it is tried again within a week
    ! 晨光家居 Morning Home: Amazon does not offer review topics in PL; it does in US, GB, FR, IT, DE, ES, JP
    Score: Renown's own, not Amazon's. 50 is a product like its category, ten points are a star.
    Amazon gives no single reviews and no star rating by its API: these are its own sums, in English, renewed once a week.
    "#);
    insta::assert_snapshot!(run(&dir, &["--lang", "zh"]).out, @r#"
    B0LAMP0001  DE   50 →  最差:Weak fragile(提及 12 次,11 %,-0.4 星)  Oak lamp  晨光家居 Morning Home  数据截至 11-27 12:05
    B0TEAPOT01  DE    –    评论过少  晨光家居 Morning Home  数据截至 11-27 12:05
    ! 晨光家居 Morning Home:亚马逊在 FR 站点拒绝提供:应用缺少角色 "Selling Partner Insights"(供应商为 Brand Analytics);一周内会再次尝试
    ! 晨光家居 Morning Home:亚马逊在 PL 站点不提供评论主题;提供的站点:US, GB, FR, IT, DE, ES, JP
    评分:由 Renown 计算,并非亚马逊评分。50 表示与同类目持平,10 分相当于一颗星。
    亚马逊的 API 不提供单条评论和星级:以上是亚马逊自己的汇总,以英文给出,每周更新一次。
    "#);
}

#[tokio::test]
async fn a_product_is_shown_whole_in_both_languages() {
    let dir = full().await;
    insta::assert_snapshot!(run(&dir, &["b0lamp0001"]).out, @r"
    B0LAMP0001  DE  Oak lamp  Lamps  晨光家居 Morning Home
      as of 2026-11-27 12:05 UTC, reviews of 2026-05-20 to 2026-11-20
      score 50; stars of all topics -0.1, in the category -0.1, against the top quarter -0.35; 52 mentions, 3 topics, 2 of them without all their stars
      Score: Renown's own, not Amazon's. 50 is a product like its category, ten points are a star.
      complaints
        Weak fragile             12 mentions, 11 %, -0.4 stars
          category 5 %, -0.1 stars; top quarter 3 %, -0.05 stars; ↗ +1 points a month, category 0; no. 1 of the category's returns (27.5 %); arm breaks (6); most often of B0LAMP0009 (9)
          “it broke after a day”
        Odour                    no data  new
      praise
        Strong                   40 mentions, 20 %, +0.3 stars
      named in returns of the category (there are none of a single product)
        Weak fragile             27.5 %
      score over time
        2026-11-20  50
        2026-11-27  50
    Amazon gives no single reviews and no star rating by its API: these are its own sums, in English, renewed once a week.
    ");
    insta::assert_snapshot!(run(&dir, &["B0LAMP0001", "--lang", "zh"]).out, @r"
    B0LAMP0001  DE  Oak lamp  Lamps  晨光家居 Morning Home
      数据截至 2026-11-27 12:05 UTC,评论日期 2026-05-20 至 2026-11-20
      评分 50;全部主题合计 -0.1 星,同类目 -0.1 星,与前四分之一相差 -0.35;提及 52 次,3 个主题,其中 2 个缺少星级影响
      评分:由 Renown 计算,并非亚马逊评分。50 表示与同类目持平,10 分相当于一颗星。
      负面主题
        Weak fragile             提及 12 次,11 %,-0.4 星
          同类目 5 %,-0.1 星;前四分之一 3 %,-0.05 星;↗ 每月 +1 个百分点,同类目 0;同类目退货原因第 1 位(27.5 %);arm breaks (6);提及最多的变体 B0LAMP0009(9)
          “it broke after a day”
        Odour                    无数据  新出现
      正面主题
        Strong                   提及 40 次,20 %,+0.3 星
      同类目退货中提到的原因(亚马逊不提供单个商品的数据)
        Weak fragile             27.5 %
      历史评分
        2026-11-20  50
        2026-11-27  50
    亚马逊的 API 不提供单条评论和星级:以上是亚马逊自己的汇总,以英文给出,每周更新一次。
    ");
    insta::assert_snapshot!(run(&dir, &["B0TEAPOT01", "--marketplace", "DE"]).out, @r"
    B0TEAPOT01  DE  晨光家居 Morning Home
      as of 2026-11-27 12:05 UTC
      Amazon has too few reviews of it to name topics
    Amazon gives no single reviews and no star rating by its API: these are its own sums, in English, renewed once a week.
    ");
}

#[tokio::test]
async fn a_program_gets_the_same() {
    let dir = full().await;
    let list = run(&dir, &["--json"]).json();
    assert_eq!(list["products"][0]["asin"], "B0LAMP0001");
    assert_eq!(list["products"][0]["score"]["value"], 50);
    assert_eq!(list["marketplaces"][1]["why_not"], "no_role");
    let lamp = &run(&dir, &["B0LAMP0001", "--json"]).json()["products"][0];
    assert_eq!(lamp["complaints"][0]["item"]["share"], 11.0);
    assert_eq!(
        (lamp["history"].as_array().map(Vec::len), &lamp["returns"][0]["share"]),
        (Some(2), &27.5.into())
    );
}

#[tokio::test]
async fn what_is_not_known_says_why() {
    let dir = full().await;
    run(&dir, &["B0UNKNOWN1"]).fails(1, &["B0UNKNOWN1", "PL", "Selling Partner Insights"]);
    run(&dir, &["B0UNKNOWN1", "--marketplace", "DE"]).fails(1, &["60 days"]);
    run(&dir, &["--marketplace", "US"]).fails(1, &["no seller sells in US"]);
    run(&dir, &["--marketplace", "Mars"]).fails(2, &["Mars", "DE"]);
    for none in ["not an asin", "xyz"] {
        run(&dir, &[none]).fails(2, &[none, "B0EXAMPLE1"]);
        run(&dir, &[none, "--lang", "zh"]).fails(2, &[none, "10 位字母与数字"]);
    }
    // First of where others are known, and not of where nothing is told.
    let told = run(&dir, &["B0UNKNOWN1"]).err;
    let at = |part: &str| told.find(part).expect(part);
    assert!(at("in DE it was not sold") < at("FR") && at("FR") < at("PL"), "{told}");
    let dir = tempfile::tempdir().expect("a folder");
    shop(&dir.path().join("data"), &[]).await;
    let told = run(&dir, &[]).out;
    assert!(told.contains("nothing is known") && told.contains("DE was not asked yet"), "{told}");
}
