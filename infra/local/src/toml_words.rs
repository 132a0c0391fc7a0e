//! What the TOML reader says of a mistake, in both languages. It speaks English alone and has no
//! kinds to match on, so its sentences are known by their beginnings; what is not known stands
//! in its own words behind a Chinese one.

use renown_core::ids::IdProblem;
use renown_core::rules::UNKNOWN_MARKETPLACE;
use renown_core::say::{self, Lang, Text};
use renown_core::text;

/// How hours are written.
const HOURS: &str = "a table such as { from = 9, to = 18 }";
const HOURS_ZH: &str = "表,例如 { from = 9, to = 18 }";

/// The mistake in words.
pub(crate) fn words(message: &str) -> Text {
    let message = message.trim().replace('\n', "; ");
    if is_of_date(&message) {
        return text!(
            "no date; write one in quotes such as \"2026-10-01\"",
            "不是日期;请写成 \"2026-10-01\" 这样,并加引号"
        );
    }
    let zh = chinese(&message).unwrap_or_else(|| format!("TOML 写法有误({message})"));
    Text { en: english(&message), zh }
}

/// Whether the reader of dates says it: it tells which digit it stumbled at, and a bare date is none to it.
fn is_of_date(message: &str) -> bool {
    let begins = ["expected two digit ", "expected four digit ", "parsed date ", "failed to parse "];
    message.ends_with("expected a date string") || begins.iter().any(|begin| message.starts_with(begin))
}

/// The mistake without the names of Rust's types.
fn english(message: &str) -> String {
    let Some((found, wanted)) = message.rsplit_once(", expected ") else { return message.to_owned() };
    let wanted = match wanted {
        "u8" => "a whole number from 0 to 255",
        "i8" => "a whole number such as 9",
        "struct Hours" => HOURS,
        "u16" => "a whole number from 0 to 65535",
        "u32" | "u64" | "usize" => "a whole number, 0 or more",
        "i64" | "i32" => "a whole number",
        "f64" | "f32" => "a number",
        other if other.starts_with("struct ") => "a table",
        other => other,
    };
    format!("{found}, expected {wanted}")
}

fn chinese(message: &str) -> Option<String> {
    if let Some(rest) = message.strip_prefix("unknown field ") {
        let (name, known) = rest.split_once(", ").unwrap_or((rest, ""));
        return Some(format!("没有 {name} 这个键{}", or_of(known)));
    }
    if let Some(rest) = message.strip_prefix("unknown variant ") {
        let (value, known) = rest.split_once(", ").unwrap_or((rest, ""));
        return Some(format!("不认识 {value} 这个取值{}", or_of(known)));
    }
    if let Some(name) = message.strip_prefix("missing field ") {
        return Some(format!("缺少键 {name}"));
    }
    if let Some(name) = message.strip_prefix("duplicate field ") {
        return Some(format!("键 {name} 写了不止一次"));
    }
    if message.starts_with("duplicate key") {
        return Some("同一个键写了不止一次".to_owned());
    }
    for (prefix, what) in [("invalid type: ", "类型不对"), ("invalid value: ", "取值不对")] {
        if let Some((found, wanted)) =
            message.strip_prefix(prefix).and_then(|rest| rest.split_once(", expected "))
        {
            return Some(format!("{what}:写的是{},应为{}", found_in(found), wanted_in(wanted)));
        }
    }
    if let Some(value) = message.strip_suffix("; write en or zh") {
        return Some(format!("{value} 不是语言;请写 en 或 zh"));
    }
    if let Some(value) = message.strip_suffix("; write a name such as Asia/Shanghai or UTC") {
        return Some(format!("{value} 不是时区;请写 Asia/Shanghai 或 UTC 这样的名称"));
    }
    if let Some(name) = message.strip_suffix(UNKNOWN_MARKETPLACE) {
        return Some(format!("{name}不是站点;请写国家代码,如 [marketplaces.DE],或站点 ID"));
    }
    for problem in IdProblem::ALL {
        if let Some(id) = message.strip_suffix(problem.text()) {
            // Of `order id "…"` what stands in quotes.
            let id = id.find('"').map_or(id, |quote| &id[quote..]).trim_end();
            return Some(format!("{id} {}", say::id_problem(Lang::Zh, problem)));
        }
    }
    syntax(message).map(ToOwned::to_owned)
}

/// Mistakes of the language itself.
fn syntax(message: &str) -> Option<&'static str> {
    let known = [
        ("string values must be quoted", "文本必须加引号"),
        ("key with no value", "键后面没有 = 和值"),
        ("missing value", "缺少值"),
        ("unclosed array", "数组没有以 ] 结束"),
        ("unclosed table", "表名没有以 ] 结束"),
        ("unclosed inline table", "内联表没有以 } 结束"),
        ("invalid basic string", "文本没有以引号结束,或含有不能使用的字符"),
        ("invalid literal string", "文本没有以引号结束,或含有不能使用的字符"),
        ("extra comma", "多了一个逗号"),
        ("missing comma", "缺少逗号"),
        ("unexpected key or value", "此处多了一个键或值;请另起一行"),
        ("cannot extend value", "此键已有值,不能再作为表"),
        ("invalid number", "数字的写法有误"),
        ("invalid integer", "整数的写法有误"),
        ("invalid float", "小数的写法有误"),
        ("invalid multi-line", "文本没有以引号结束,或含有不能使用的字符"),
        ("invalid date", "日期的写法有误;请写成 \"2026-10-01\" 这样,并加引号"),
        ("invalid time", "时间的写法有误;整点只写数字,例如 9"),
        ("invalid key-value pair", "不是“键 = 值”的写法"),
        ("invalid unquoted key", "键只能由字母、数字、- 和 _ 组成"),
        ("invalid inline table element", "内联表中应为“键 = 值”"),
        ("invalid comment", "注释中含有不能使用的字符"),
        ("invalid value", "取值的写法有误"),
        ("extra assignment", "键值对之间缺少逗号"),
        ("extra `=`", "多了一个 ="),
        ("missing assignment", "键后面没有 = 和值"),
        ("missing key", "缺少键"),
        ("missing escaped value", "反斜杠的用法有误;要写反斜杠本身请写两个"),
        ("missing opening quote", "缺少开头的引号"),
        ("missing table open", "缺少 ["),
        ("missing array opening", "缺少 ["),
        ("missing inline table opening", "缺少 {"),
        ("unquoted keys cannot be empty", "= 前面缺少键,或 [ ] 中缺少表名"),
        ("keys cannot be multi-line", "键不能跨行"),
        ("integer number overflowed", "整数过大"),
        ("floating-point number overflowed", "小数过大"),
        ("redundant numeric sign", "数字多了一个正负号"),
        ("unexpected sign", "数字多了一个正负号"),
        ("integers with a radix", "带进制的整数不能有正负号"),
        ("radix must be lowercase", "进制前缀须为小写"),
        ("redundant integer", "整数的前缀多余"),
        ("unexpected leading zero", "数字不能以 0 开头"),
        ("`_` may only", "数字中的 _ 只能位于两个数位之间"),
        ("unexpected `=`", "数组中不能有 ="),
        ("unexpected content", "此处有无法识别的内容"),
        ("too few unicode", "转义字符的数位不足"),
        ("carriage return", "换行有误;请用文本编辑器重新保存"),
        ("recursion limit", "嵌套过深"),
        ("cannot recurse", "嵌套过深"),
    ];
    known.into_iter().find(|(begin, _)| message.starts_with(begin)).map(|(_, words)| words)
}

/// The known words after `expected one of`, as an addition.
fn or_of(known: &str) -> String {
    let known = known.strip_prefix("expected one of ").or_else(|| known.strip_prefix("expected "));
    match known {
        Some(known) => format!(";可用:{}", known.replace(" or ", "、").replace(", ", "、")),
        None => String::new(),
    }
}

/// What was found: the word of a type and a value, as in `string "x"`.
fn found_in(found: &str) -> String {
    let found = found.trim_end_matches(" as i128").trim_end_matches(" as u128");
    let kinds = [
        ("string", "文本"),
        ("integer", "整数"),
        ("floating point", "小数"),
        ("boolean", "真假值"),
        ("sequence", "数组"),
        ("map", "表"),
        ("datetime", "日期时间"),
    ];
    let known = kinds.into_iter().find_map(|(kind, words)| Some((words, found.strip_prefix(kind)?)));
    known.map_or_else(|| format!(" {found}"), |(words, value)| format!("{words}{value}"))
}

/// What was wanted, in the reader's words for Rust's types.
fn wanted_in(wanted: &str) -> String {
    let words = match wanted {
        "a string" | "a borrowed string" | "path string" | "string" => "加引号的文本",
        "u8" => "0 到 255 的整数",
        "i8" => "整数,例如 9",
        "struct Hours" => HOURS_ZH,
        "u16" => "0 到 65535 的整数",
        "u32" | "u64" | "usize" => "不小于 0 的整数",
        "i64" | "i32" => "整数",
        "f64" | "f32" => "数字",
        "a boolean" => "true 或 false",
        "a sequence" => "数组",
        "a map" => "表",
        other if other.starts_with("struct ") => "表",
        other => return format!(" {other}"),
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use renown_core::case::Team;
    use renown_core::rules::Rules;

    use super::*;
    use crate::settings::Settings;

    fn said<T: serde::de::DeserializeOwned>(toml: &str) -> Text {
        let error = toml::from_str::<T>(toml).err().expect(toml);
        words(error.message())
    }

    #[test]
    fn every_mistake_an_operator_can_make_has_a_chinese_sentence_of_its_own() {
        let settings =
            ["dta = 1", "lang = 5", "lang = \"fr\"", "time_zone = \"Shanghai\"", "per_usd = \"7\""];
        let settings = settings.iter().chain(&[
            "lang = zh",
            "lang",
            "lang =",
            "lang = \"zh",
            "lang = \"zh\"\nlang = \"en\"",
        ]);
        let rules = [
            "[default]\ntarget_dy = 5",
            "[default]\ntarget_day = 300",
            "[default]\ntarget_day = -1",
            "[default]\ntarget_day = \"5\"",
            "[default]\nhours = 5",
            "[default.hours]\nfrom = 9",
            "[default.exclude]\nchannels = [\"Pigeon\"]",
            "[default.exclude]\nskus = \"TEA\"",
            "[default.exclude]\nskus = [\"\"]",
            "[marketplaces.X]\ntarget_day = 5",
            "default = [",
            "[default",
            "[default]\n[default]",
        ];
        let team = [
            "holidays = [\"2026-13-01\"]",
            "holidays = [\"1 October\"]",
            "holidays = [\"2026-10-1\"]",
            "holidays = [\"\"]",
            "holidays = [\"2026-02-30\"]",
            "holidays = [2026-10-01]",
            "holidays = [2026-13-01]",
            "holidays = \"2026-10-01\"",
            "holidays = [20261001]",
            "translate_to = \"xx\"",
            "news_days = 70000",
            "[week]\nmon = \"18:00-09:00\"",
            "[week]\nmon = { from = \"9\", to = 18 }",
            "[week]\nmon = { from = 300, to = 18 }",
            "[week]\nmon = { from = 9 }",
            "[week]\nmon = { from = 9 to = 18 }",
            "[week]\nmon = { from = 9, to = 18",
            "[week]\nmonday = { from = 9, to = 18 }",
            "[week]\nmon = 9:00",
            "[week]\nmon = 09",
            "[departments]\nlamp = \"logistics\"",
            "[departments]\nmissing_parts = \"sales\"",
            "[[owners]]\ndepartments = [\"sales\"]",
            "[[owners]]\nsellers = [\"A1 B\"]",
            "[[owners]\nname = \"Wang\"",
            "[owners]\nname = \"Wang\"",
            "[[owners]]\nname = 'Wang",
            "[[owners]]\nname = \"\"\"Wang",
            "lead = \"Chen\" x",
            "lead = = \"Chen\"",
            "= \"Chen\"",
            "lead = \"C\\hen\"",
            "news_days = 0x",
            "news_days = +-1",
            "news_days = 1__0",
            "news_days = 99999999999999999999",
            "a.b.c = ",
            "[]",
            "[a]b",
            "lead: \"Chen\"",
            "{",
        ];
        let all = settings.map(|toml| said::<Settings>(toml));
        let all = all.chain(rules.iter().map(|toml| said::<Rules>(toml)));
        for Text { en, zh } in all.chain(team.iter().map(|toml| said::<Team>(toml))) {
            assert!(zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{en}: {zh}");
            assert!(!zh.contains("TOML 写法有误") && !zh.contains("expected"), "{en}: {zh}");
            // English is what the operator wrote, a key or a value.
            let own = ["true", "TOML", "Asia", "Shanghai", "ASCII", "marketplaces", "from"];
            let plain = zh
                .split(['`', '"'])
                .step_by(2)
                .flat_map(|part| part.split(|c: char| !c.is_ascii_alphabetic()));
            let words: Vec<_> = plain.filter(|word| word.len() > 3 && !own.contains(word)).collect();
            assert_eq!(words, [""; 0], "{en}: {zh}");
        }
    }

    #[test]
    fn a_number_out_of_its_span_is_told_with_the_span() {
        let Text { en, zh } = said::<Settings>("web_port = 99999");
        assert!(en.ends_with("expected a whole number from 0 to 65535"), "{en}");
        assert!(zh.ends_with("应为0 到 65535 的整数"), "{zh}");
    }

    #[test]
    fn a_mistake_nobody_foresaw_is_told_in_the_readers_words_too() {
        assert_eq!(words("the moon is full").zh, "TOML 写法有误(the moon is full)");
    }
}
