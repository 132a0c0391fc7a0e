//! Every key of a team's settings, by example.

use std::fmt::Write as _;

use renown_core::say::Text;
use renown_core::text;

/// The column at which a remark begins.
const REMARKS: usize = 40;

/// Every key, with a remark in both languages where it takes one.
const KEYS: [(&str, &str, &str); 24] = [
    (r#"zone = "Asia/Shanghai""#, "", ""),
    (r#"holidays = ["2026-10-01", "2026-10-02"]"#, "", ""),
    (r#"lead = "Chen""#, "called at 80 and 100 % of the time", "用时达到 80% 和 100% 时 @ 此人"),
    (
        r#"translate_to = "zh""#,
        "buyers' words by Amazon Translate, paid by the character; on AWS alone",
        "用 Amazon Translate 翻译买家原文,按字符收费;仅限 AWS 部署",
    ),
    ("news_days = 30", "what is older opens no case", "更早的内容不建工单"),
    ("[week]", "without it: around the clock", "省略则为全天候"),
    ("mon = { from = 9, to = 18 }", "", ""),
    ("tue = { from = 9, to = 18 }", "", ""),
    ("[deadlines]", "hours", "小时"),
    ("message = 24", "", ""),
    ("feedback = 48", "", ""),
    ("claim = 72", "", ""),
    ("returns = 72", "", ""),
    ("parcel = 24", "", ""),
    ("account = 24", "", ""),
    ("topic = 168", "", ""),
    ("[departments]", "a cause that another department deals with", "改由其他部门处理的原因"),
    (r#"missing_parts = "logistics""#, "", ""),
    ("[[owners]]", "the first who fits", "按顺序取第一个符合者"),
    (r#"name = "Wang""#, "", ""),
    (
        r#"departments = ["logistics"]"#,
        "service, logistics, quality, listing, account",
        "service、logistics、quality、listing、account",
    ),
    (r#"marketplaces = ["DE", "FR"]"#, "", ""),
    (r#"skus = ["MH-LAMP"]"#, "SKUs that begin so", "以此开头的 SKU"),
    (r#"asins = ["B0EXAMPLE1"]"#, "", ""),
];
/// The last one, on a line of its own.
const SELLERS: &str = r#"sellers = ["A1EXAMPLESELLER"]"#;

/// Every key as comments, in both languages.
pub(super) fn keys() -> Text {
    let (mut en, mut zh) = (String::new(), String::new());
    for (key, remark, remark_zh) in KEYS {
        // Writing to a String cannot fail.
        if remark.is_empty() {
            let _ = writeln!(en, "# {key}");
            let _ = writeln!(zh, "# {key}");
        } else {
            let _ = writeln!(en, "# {key:REMARKS$} # {remark}");
            let _ = writeln!(zh, "# {key:REMARKS$} # {remark_zh}");
        }
    }
    text!("{en}# {SELLERS}", "{zh}# {SELLERS}")
}

#[cfg(test)]
mod tests {
    use renown_core::case::Team;

    use super::*;

    #[test]
    fn the_keys_that_are_shown_are_every_key_and_can_be_set_in_both_languages() {
        let Text { en, zh } = keys();
        for shown in [&en, &zh] {
            let toml: Vec<_> = shown.lines().map(|line| line.trim_start_matches("# ")).collect();
            let team: Team = toml::from_str(&toml.join("\n")).expect("readable");
            assert_eq!(team.problem(), None);
            let whole = serde_json::to_value(&team).expect("JSON");
            let keys = |value: &serde_json::Value| {
                value.as_object().map(|map| map.keys().cloned().collect::<Vec<_>>()).unwrap_or_default()
            };
            let mut all = keys(&whole);
            for part in ["deadlines", "week"] {
                all.extend(keys(&whole[part]));
            }
            all.extend(keys(&whole["owners"][0]));
            let days = ["wed", "thu", "fri", "sat", "sun"];
            for key in all.iter().filter(|key| !days.contains(&key.as_str())) {
                assert!(shown.contains(key.as_str()), "{key} is not shown");
            }
        }
        let is_chinese = |remark: &str| remark.chars().any(|c| c >= '\u{4e00}') || remark.contains('、');
        let mut remarks = zh.lines().filter_map(|line| line.trim_start_matches("# ").split_once(" # "));
        assert!(remarks.all(|(_, remark)| is_chinese(remark)), "{zh}");
    }
}
