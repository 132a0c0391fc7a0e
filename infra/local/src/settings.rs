//! `renown.toml`: how this operator likes to work. Every key is optional, and a command's own
//! option stands before it.

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use renown_core::say::{Lang, Text};
use renown_core::text;
use serde::Deserialize;

use crate::told::Trouble;
use crate::toml_words;

/// The file's name in the working directory.
pub const FILE: &str = "renown.toml";

/// Every key there is, for messages.
const KEYS: &str = "data, aws, lang, time_zone, key_file, web_port, currency, per_usd";

/// What the file says.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The data folder, relative to the file.
    pub data: Option<PathBuf>,
    /// The AWS region in which Renown is deployed, instead of a data folder.
    pub aws: Option<String>,
    /// Language of what is printed.
    pub lang: Option<LangName>,
    /// Time zone of what is printed, an IANA name.
    pub time_zone: Option<ZoneName>,
    /// The file of the key that encrypts the sellers' secrets, relative to the file.
    pub key_file: Option<PathBuf>,
    /// The port of this machine at which `renown up` serves the public pages and takes webhooks.
    pub web_port: Option<u16>,
    /// Currency in which `renown cost` answers.
    pub currency: Option<String>,
    /// What one US dollar costs in that currency.
    pub per_usd: Option<f64>,
}

/// `en` or `zh`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct LangName(pub Lang);

impl TryFrom<String> for LangName {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| format!("{text:?}; write en or zh"))
    }
}

/// An IANA name such as `Asia/Shanghai`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct ZoneName(pub TimeZone);

impl TryFrom<String> for ZoneName {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        zone(&text).map(Self).ok_or_else(|| format!("{text:?}; write a name such as Asia/Shanghai or UTC"))
    }
}

/// The zone of an IANA name.
pub fn zone(name: &str) -> Option<TimeZone> {
    if name.eq_ignore_ascii_case("utc") { Some(TimeZone::UTC) } else { TimeZone::get(name).ok() }
}

/// The port where none is set. Ours: assigned to nobody by IANA.
const WEB_PORT: u16 = 8377;

impl Settings {
    /// Where `renown up` serves the public pages, without a slash at the end.
    pub fn web_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.web_port())
    }

    /// At which port of this machine.
    pub fn web_port(&self) -> u16 {
        self.web_port.unwrap_or(WEB_PORT)
    }

    /// Reads the file at `named`, or else [`FILE`] in `dir` if there is one.
    ///
    /// # Errors
    ///
    /// If the named file is not there, or a file holds a mistake: then with its line.
    pub fn read(named: Option<&Path>, dir: &Path) -> anyhow::Result<Self> {
        let path = named.map_or_else(|| dir.join(FILE), Path::to_owned);
        let shown = path.display();
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => {
                let told = text!("cannot read {shown}", "无法读取 {shown}");
                return Err(Trouble::usage_for(told, error).into());
            }
        };
        let beside = path.parent().unwrap_or(dir);
        Self::parse(&text, &shown.to_string(), beside)
    }

    fn parse(text: &str, shown: &str, beside: &Path) -> anyhow::Result<Self> {
        let mut settings: Self = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| line_of(text, span.start));
            let Text { en, zh } = toml_words::words(error.message());
            Trouble::usage(text!(
                "{shown}, line {line}: {en}; the keys are {KEYS}",
                "{shown} 第 {line} 行有误:{zh};可用的键为 {KEYS}"
            ))
        })?;
        for path in [&mut settings.data, &mut settings.key_file].into_iter().flatten() {
            *path = beside.join(&*path);
        }
        if settings.data.is_some() && settings.aws.is_some() {
            let line = line_of_key(text, "aws");
            return Err(Trouble::usage(text!(
                "{shown}, line {line}: a shop lies in a folder (data) or in an AWS region (aws); leave one of them out",
                "{shown} 第 {line} 行有误:店铺位于文件夹(data)或 AWS 区域(aws),请只保留其中一个"
            ))
            .into());
        }
        if settings.per_usd.is_some_and(|rate| !(rate.is_finite() && rate > 0.0)) {
            let line = line_of_key(text, "per_usd");
            return Err(Trouble::usage(text!(
                "{shown}, line {line}: per_usd is what one US dollar costs, a number above 0 such as 7.1",
                "{shown} 第 {line} 行有误:per_usd 为一美元的价格,须大于 0,例如 7.1"
            ))
            .into());
        }
        Ok(settings)
    }
}

/// The line of a TOML text on which a byte stands, from 1.
pub fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

fn line_of_key(text: &str, key: &str) -> usize {
    text.lines().position(|line| line.trim_start().starts_with(key)).map_or(1, |line| line + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> anyhow::Result<Settings> {
        Settings::parse(text, "renown.toml", Path::new("/shop"))
    }

    #[test]
    fn the_documented_example_holds_every_key() {
        let settings = parse(include_str!("../renown.example.toml")).expect("readable");
        assert_eq!(settings.data, Some("/shop/.renown/shop".into()));
        assert_eq!(settings.lang, Some(LangName(Lang::Zh)));
        assert!(settings.time_zone.is_some() && settings.key_file.is_some());
        assert_eq!(settings.web_port, Some(8377));
        assert!(settings.currency.is_some() && settings.per_usd.is_some());
        for key in KEYS.split(", ") {
            assert!(include_str!("../renown.example.toml").contains(key), "{key}");
        }
    }

    #[test]
    fn a_mistake_is_named_with_its_line_and_the_remedy() {
        for (text, says) in [
            ("lang = \"zh\"\ndta = \"x\"\n", ["line 2", "data, aws, lang"]),
            ("\n\nlang = \"fr\"\n", ["line 3", "en or zh"]),
            ("time_zone = \"Shanghai\"", ["line 1", "Asia/Shanghai"]),
            ("lang = zh", ["line 1", "keys are"]),
            ("web_port = 99999", ["line 1", "expected a whole number from 0 to 65535"]),
            ("data = \"x\"\naws = \"eu-central-1\"", ["line 2", "leave one of them out"]),
            ("currency = \"CNY\"\nper_usd = -1.0", ["line 2", "such as 7.1"]),
        ] {
            let error = parse(text).expect_err(text);
            assert!(crate::told::is_usage(&error), "{error}");
            let error = error.to_string();
            assert!(says.iter().all(|part| error.contains(part)), "{error}");
        }
    }

    #[test]
    fn no_file_is_no_mistake_unless_it_was_named() {
        let dir = tempfile::tempdir().expect("a folder");
        assert_eq!(Settings::read(None, dir.path()).expect("none"), Settings::default());
        let error = Settings::read(Some(&dir.path().join("mine.toml")), dir.path()).expect_err("named");
        assert!(error.to_string().contains("mine.toml") && crate::told::is_usage(&error), "{error}");
    }
}
