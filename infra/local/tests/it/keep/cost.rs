//! `renown cost`.

use std::process::ExitCode;

use super::terminal::renown;

#[test]
fn a_bill_adds_up_line_by_line_with_price_unit_and_source() {
    let dir = tempfile::tempdir().expect("a folder");
    let bill = renown(dir.path(), &["cost", "--orders", "1000000", "--json"]).json();
    let lines = bill["lines"].as_array().expect("lines");
    let sum = |member: &str| lines.iter().filter_map(|line| line[member].as_f64()).sum::<f64>();
    let number = |member: &str| bill[member].as_f64().expect("a number");
    assert!((sum("cost") - number("total")).abs() < 1e-6);
    assert!((sum("free") - number("free")).abs() < 1e-6);
    assert!((number("total") - number("free") - number("after_free")).abs() < 1e-6);
    assert!(number("total") > 3.0 && number("total") < 15.0, "{}", number("total"));
    assert!(lines.iter().all(|line| line["usd"].is_number() && line["unit"].is_string()));
    assert!(lines.iter().all(|line| !line["source"].as_str().expect("a text").is_empty()));
    assert_eq!((&bill["currency"], &bill["region"]), (&"USD".into(), &"us-east-1".into()));
    let mailed = renown(dir.path(), &["cost", "--orders", "1000000", "--mails", "100000", "--json"]).json();
    let more = mailed["total"].as_f64().expect("a number") - number("total");
    assert!(more > 16.0 && more < 22.0, "{more}");
}

#[test]
fn the_currency_is_that_of_the_command_line_or_of_the_settings() {
    let dir = tempfile::tempdir().expect("a folder");
    let usd = renown(dir.path(), &["cost", "--orders", "50000", "--json"]).json();
    let cny =
        renown(dir.path(), &["cost", "--orders", "50000", "--currency", "cny", "--per-usd", "7.1", "--json"])
            .json();
    let total = |bill: &serde_json::Value| bill["total"].as_f64().expect("a number");
    assert!((total(&cny) - 7.1 * total(&usd)).abs() < 0.01);
    renown(dir.path(), &["cost", "--orders", "5", "--currency", "CNY"]).fails(2, &["--per-usd"]);
    renown(dir.path(), &["cost", "--orders", "5", "--per-usd", "7"]).fails(2, &["--currency"]);
    renown(dir.path(), &["cost", "--orders", "5", "--currency", "yuan"]).fails(2, &["CNY"]);
    renown(dir.path(), &["cost", "--orders", "5", "--currency", "CNY", "--per-usd", "0"]).fails(2, &["7.1"]);
    renown(dir.path(), &["cost"]).fails(2, &["--orders"]);

    std::fs::write(dir.path().join("renown.toml"), "currency = \"CNY\"\nper_usd = 7.1\n").expect("written");
    assert_eq!(renown(dir.path(), &["cost", "--orders", "50000", "--json"]).json(), cny);
    // The rate of one currency is not that of another.
    renown(dir.path(), &["cost", "--orders", "5", "--currency", "EUR"]).fails(2, &["EUR"]);
}

#[test]
fn a_bill_can_be_read_in_both_languages() {
    let dir = tempfile::tempdir().expect("a folder");
    let ran = |lang: &str| {
        let ran = renown(dir.path(), &["cost", "--orders", "50000", "--lang", lang]);
        assert_eq!(ran.code, ExitCode::SUCCESS, "{}", ran.err);
        ran.out
    };
    let (en, zh) = (ran("en"), ran("zh"));
    assert!(en.contains("2026-08-21") && en.contains("us-east-1") && en.contains("free tier"), "{en}");
    assert!(zh.contains("2026-08-21") && zh.contains("写入单位") && zh.contains("免费额度"), "{zh}");
    assert_eq!(en.lines().count(), zh.lines().count());
    insta::assert_snapshot!(en, @r"
    A month of 50000 orders on AWS in USD; list prices of 2026-08-21, region us-east-1
      Lambda, requests                    0.0307   153240 requests × 0.2 USD / 1000000 requests   3 notifications an order in batches of 10; three ticks each minute and one each five   [infracost lambda_function_test, 2026-08-21; AWS Lambda pricing]
      Lambda arm64, compute               0.1077   8072 GB-s × 0.0000133334 USD / GB-s   128 MB; at worst a second an order, if one seller has them all   [infracost lambda_function_test, 2026-08-21; AWS Lambda pricing]
      DynamoDB on demand, writes          0.2955   472800 write units × 0.625 USD / 1000000 write units   6 an order and 4 a minute, measured; 20 a mail   [infracost dynamodb_table_test, 2026-08-21; halved in November 2024]
      DynamoDB on demand, reads           0.0520   416000 read units × 0.125 USD / 1000000 read units   4 an order, measured; 20 a mail, 5 a minute   [infracost dynamodb_table_test, 2026-08-21; halved in November 2024]
      DynamoDB, storage                   0.0250   0.1 GB-months × 0.25 USD / GB-months   0.6 KB an order, kept 3.3 months   [infracost dynamodb_table_test, 2026-08-21; free tier: AWS pricing page, not read again]
      DynamoDB, recovery                  0.0200   0.1 GB-months × 0.2 USD / GB-months   point-in-time, of all that is stored   [infracost dynamodb_table_test, 2026-08-21]
      SQS, requests                       0.8520   2130000 requests × 0.4 USD / 1000000 requests   3 notifications an order; three queues polled around the clock   [infracost sqs_queue_test, 2026-08-21]
      EventBridge Scheduler               0.1383   138240 invocations × 1 USD / 1000000 invocations   three ticks each minute and one each five   [cloudburn.io, 2026-03; AWS price list AWSEvents]
      EventBridge, events of our own        0.0500   50000 events × 1 USD / 1000000 events   one an order   [EventBridge pricing page, not read again]
      CloudWatch Logs, ingest             0.0295   0.059 GB × 0.5 USD / GB   0.4 KB an order, measured   [infracost cloudwatch_log_group_test, 2026-08-21; free tier: AWS pricing page, not read again]
      CloudWatch Logs, storage            0.0234   0.779 GB-months × 0.03 USD / GB-months   kept 400 days   [infracost cloudwatch_log_group_test, 2026-08-21]
      SES, mails                          0.0000   0 mails × 0.16 USD / 1000 mails   to one recipient each; 0.10 USD in accounts from before 2026-07-21   [AWS Price List API, 2026-07-22, through api-evangelist/amazon-ses]
      SNS, events of mails                0.0000   0 events × 0.5 USD / 1000000 events   4 events a mail   [SNS pricing page, not read again]
      API Gateway, HTTP API               0.0000   0 requests × 1 USD / 1000000 requests   4 webhooks an order of a shop   [infracost apigatewayv2_api_test, 2026-08-21]
      CloudWatch, alarms                  2.8000   28 alarms × 0.1 USD / alarms   twenty-eight alarms   [infra/template.yaml; CloudWatch pricing page, not read again]
      SSM parameters, standard            0.0000   4 parameters × 0 USD / parameters   the secrets of a seller and a shop   [infracost, 2026-08-21]
      KMS, key of the secrets             1.0000   1 keys × 1 USD / keys   one key of your own for the secrets   [infracost, 2026-08-21]
    = total                               5.4241
    - free tier, if yours alone           1.7312
    = after the free tier                 3.6929
    ");
}
