//! Every command of both READMEs is run, in their order, in an empty folder. The simulator
//! stands in Amazon's place; the two files of the first ten minutes are there, the orders of a shop,
//! and each file that the README shows.

#[path = "it/socket.rs"]
mod socket;

use std::path::Path;
use std::process::ExitCode;

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use renown_io::clock::Clock;
use renown_local::cli;
use renown_local::desk::Environment;

const ENGLISH: &str = include_str!("../../../README.md");
const CHINESE: &str = include_str!("../../../README.zh-CN.md");

/// The lines of the `sh` blocks of a README that call `renown`.
fn commands(readme: &str) -> Vec<&str> {
    let mut inside = false;
    let mut found = Vec::new();
    for line in readme.lines() {
        match line.strip_prefix("```") {
            Some(language) => inside = language == "sh",
            None if inside && line.starts_with("renown ") => found.push(line),
            None => {}
        }
    }
    found
}

/// The words of a line, as a shell parts them: double quotes hold words together.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(std::mem::take(&mut word)),
            c => word.push(c),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// The files of a README: `toml` blocks that begin with their name.
fn files(readme: &str) -> Vec<(&str, &str)> {
    let blocks = readme.split("```toml\n# ").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.filter_map(|block| block.split_once('\n')).collect()
}

fn secrets(name: &str) -> Option<String> {
    match name {
        "RENOWN_CLIENT_SECRET" => Some("demo-secret".to_owned()),
        "RENOWN_REFRESH_TOKEN" => Some("Atzr|demo-eu".to_owned()),
        "RENOWN_NOTIFY_URL" => Some("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=demo".to_owned()),
        _ => None,
    }
}

fn write_files(dir: &Path) {
    let day = |by: i64| {
        let at = Clock::system().now() + SignedDuration::from_hours(24 * by);
        at.strftime("%Y-%m-%dT12:00:00+00:00").to_string()
    };
    let (bought, shipped, arrives) = (day(-4), day(-3), day(-1));
    let orders = format!(
        "amazon-order-id\tpurchase-date\tlast-updated-date\torder-status\tfulfillment-channel\tsales-channel\tproduct-name\tsku\tasin\titem-status\n302-0000001-0000001\t{bought}\t{shipped}\tShipped\tAmazon\tAmazon.de\tOak lamp\tLAMP\tB0LAMP0001\tShipped\n"
    );
    let shipments = format!(
        "amazon-order-id\tpurchase-date\tshipment-date\treporting-date\tsku\testimated-arrival-date\tsales-channel\n302-0000001-0000001\t{bought}\t{shipped}\t{shipped}\tLAMP\t{arrives}\tAmazon.de\n"
    );
    std::fs::write(dir.join("AllOrders.txt"), orders).expect("written");
    std::fs::write(dir.join("FBAShipments.txt"), shipments).expect("written");
    let shipped = &day(-3)[..10];
    let orders = format!(
        "Order,Email,Name,Shipped,Item,Newsletter\n1001,ana@post.example,Ana,{shipped},Sencha,yes\n\
         1002,bob@post.example,Bob,{shipped},Sencha,\n"
    );
    std::fs::write(dir.join("shop-orders.csv"), orders).expect("written");
    let files = files(ENGLISH);
    assert_eq!(files.len(), 3);
    for (name, content) in files {
        std::fs::write(dir.join(name), content).expect("written");
    }
}

#[test]
fn every_command_of_the_readmes_does_what_it_is_there_for() {
    let (simulator, address) = socket::simulator();
    let dir = tempfile::tempdir().expect("a folder");
    write_files(dir.path());
    // This test is a process of its own, so that paths mean what they mean to a reader.
    std::env::set_current_dir(dir.path()).expect("entered");
    let environment = Environment {
        locale: "C".to_owned(),
        zone: TimeZone::UTC,
        dir: dir.path().to_owned(),
        config_dir: Some(dir.path().join("config")),
        is_typed: false,
        is_looked_at: false,
        var: secrets,
    };
    let commands = commands(ENGLISH);
    assert!(commands.len() > 15, "{commands:?}");
    for line in commands {
        let (line, file) = line.split_once(" > ").map_or((line, None), |(line, file)| (line, Some(file)));
        let mut args = words(line);
        if args[1] == "connect" {
            args.extend(["--amazon", &address, "--no-wait"].map(ToOwned::to_owned));
        }
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let args = args.into_iter().map(Into::into);
        let code = cli::run(args, &environment, &mut std::io::empty(), &mut out, &mut err);
        let (shown, err) = (String::from_utf8_lossy(&out), String::from_utf8_lossy(&err));
        assert_eq!(code, ExitCode::SUCCESS, "{line}\n{shown}{err}");
        assert!(!out.is_empty(), "{line} prints nothing");
        if let Some(file) = file {
            std::fs::write(file, &out).expect("written");
        }
    }
    assert_eq!(simulator.violations(), []);
}

#[test]
fn both_readmes_show_the_same_commands() {
    let options = |readme| {
        // What is named in the reader's language may differ.
        let plain = |line: &str| {
            words(line).into_iter().filter(|word| word.is_ascii() && !word.contains(' ')).collect()
        };
        commands(readme).into_iter().map(plain).collect::<Vec<Vec<String>>>()
    };
    assert_eq!(options(ENGLISH), options(CHINESE));
}

#[test]
fn both_readmes_show_the_same_samples_and_name_the_same_roles() {
    let shown = |readme: &'static str| {
        let samples = readme.lines().filter(|line| line.starts_with("$ "));
        let command = |line: &'static str| line.split("renown ").nth(1)?.split(' ').next();
        samples.filter_map(command).collect::<Vec<_>>()
    };
    assert!(shown(ENGLISH).contains(&"cases"));
    assert_eq!(shown(ENGLISH), shown(CHINESE));
    // What stands before the first command that takes the app.
    for readme in [ENGLISH, CHINESE] {
        let before = readme.split("renown connect --seller").next().unwrap_or_default();
        for role in ["Selling Partner Insights", "Fulfillment**", "Finance and Accounting", "Brand Analytics"]
        {
            assert!(before.contains(role), "{role}");
        }
    }
}

#[test]
fn every_file_that_a_readme_points_to_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the root");
    for readme in [ENGLISH, CHINESE] {
        let links = readme.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link);
        for link in links.filter(|link| !link.starts_with("http")) {
            assert!(root.join(link).exists(), "{link}");
        }
    }
}
