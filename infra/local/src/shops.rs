//! Shops of the sellers' own, as an operator writes and names them.

use std::fmt::Write as _;
use std::path::Path;

use jiff::Timestamp;
use renown_core::ids::{SellerId, ShopId};
use renown_core::mail::{MailRules, Shop};
use renown_core::say::Text;
use renown_core::seller::Seller;
use renown_core::text;
use renown_io::mail::Keys;
use renown_io::secrets;
use serde::{Deserialize, Serialize};
use toml::de::{DeTable, DeValue};

use crate::desk::{Open, choose};
use crate::place::Place;
use crate::refuse;
use crate::settings::{Settings, line_of};
use crate::told::{Told as _, Trouble};
use crate::toml_words;

/// A shop as its file has it: all of [`Shop`] but since when it is there.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ShopFile {
    id: ShopId,
    /// Its seller, by id or alias; may be left out where there is one alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    seller: Option<String>,
    name: String,
    from: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    support_email: Option<String>,
    postal_address: String,
    review_url: String,
    locale: String,
    country: String,
    #[serde(default)]
    mails: MailRules,
}

/// Reads a shop from a file; it is there since `since`.
///
/// # Errors
///
/// If the file cannot be read or does not fit, or its seller is not known: every mistake with its
/// line.
pub fn read(file: &Path, sellers: &[Seller], since: Timestamp) -> anyhow::Result<Shop> {
    let shown = file.display();
    let toml = std::fs::read_to_string(file).told(|| text!("cannot read {shown}", "无法读取 {shown}"))?;
    let read: ShopFile = toml::from_str(&toml).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(&toml, span.start));
        let Text { en, zh } = toml_words::words(error.message());
        Trouble::new(text!(
            "{shown}, line {line}: {en}; `renown shop add --help` shows a whole file, `renown shop show` prints one that fits",
            "{shown} 第 {line} 行有误:{zh};`renown shop add --help` 有完整示例,`renown shop show` 会打印格式正确的文件"
        ))
    })?;
    let ShopFile { id, seller, name, from, reply_to, support_email, postal_address, review_url, .. } = read;
    if seller.is_none() && sellers.len() > 1 {
        let known: Vec<_> = sellers.iter().map(|seller| seller.id.as_str()).collect();
        let known = known.join(", ");
        refuse!(
            "{shown}: say whose shop it is, with seller = \"…\"; there are {known}",
            "{shown}:请用 seller = \"…\" 写明属于哪个卖家;已有 {known}"
        );
    }
    let seller = choose(sellers, seller.as_deref())
        .told(|| {
            let line = line_of_place(&toml, "seller").unwrap_or(1);
            text!("{shown}, line {line}, seller", "{shown} 第 {line} 行,seller")
        })?
        .id
        .clone();
    let shop = Shop {
        id,
        seller,
        name,
        from,
        reply_to,
        postal_address,
        support_email,
        review_url,
        locale: read.locale,
        country: read.country.to_ascii_uppercase(),
        mails: read.mails,
        since,
    };
    let problems = shop.problems();
    if problems.is_empty() {
        return Ok(shop);
    }
    let (mut en, mut zh) = (String::new(), String::new());
    for problem in problems {
        // Each begins with its place.
        let place = problem.en.split([':', ' ']).next().unwrap_or_default();
        let Text { en: said, zh: said_zh } = &problem;
        let Text { en: at, zh: at_zh } = line_of_place(&toml, place)
            .map_or_else(|| text!("", ""), |line| text!(", line {line}", " 第 {line} 行"));
        // Writing to a String cannot fail.
        let _ = write!(en, "\n  {shown}{at}: {said}");
        let _ = write!(zh, "\n  {shown}{at_zh}:{said_zh}");
    }
    refuse!("the shop cannot be taken as it is:{en}", "店铺设置有误:{zh}")
}

/// The line of a key such as `mails.hours`; `None`: it is not in the file.
fn line_of_place(toml: &str, place: &str) -> Option<usize> {
    let table = DeTable::parse(toml).ok()?;
    let mut table = table.get_ref();
    let mut line = None;
    for part in place.split('.') {
        let (key, value) = table.iter().find(|(key, _)| key.get_ref() == part)?;
        line = Some(line_of(toml, key.span().start));
        if let DeValue::Table(inner) = value.get_ref() {
            table = inner;
        }
    }
    line
}

/// A shop as an operator edits it.
///
/// # Errors
///
/// Never, but the writer of TOML may say so.
pub fn as_toml(shop: &Shop) -> anyhow::Result<Text> {
    let Shop { id, seller, name, from, reply_to, postal_address, support_email, review_url, .. } =
        shop.clone();
    let file = ShopFile {
        id,
        seller: Some(seller.to_string()),
        name,
        from,
        reply_to,
        support_email,
        postal_address,
        review_url,
        locale: shop.locale.clone(),
        country: shop.country.clone(),
        mails: shop.mails.clone(),
    };
    let toml = toml::to_string_pretty(&file).told(|| text!("the shop is no TOML", "店铺无法写成 TOML"))?;
    let toml = toml.trim_end();
    Ok(text!(
        "# A shop of your own and how its customers are written to. What is left out of [mails] is usual.\n{toml}",
        "# 自有店铺及其客户邮件的设置。[mails] 中省略的项取默认值。\n{toml}"
    ))
}

/// Where a shop's webhooks go.
pub fn hooks(place: &Place, settings: &Settings, shop: &ShopId) -> (String, String) {
    let base = public_url(place, settings);
    (format!("{base}/hooks/shopify/{shop}"), format!("{base}/hooks/generic/{shop}"))
}

/// Where the public pages are, without a slash at the end.
pub fn public_url(place: &Place, settings: &Settings) -> String {
    match place {
        Place::Folder(_) => settings.web_url(),
        Place::Aws(aws) if aws.stack.public_url.is_empty() => "https://API".to_owned(),
        Place::Aws(aws) => aws.stack.public_url.trim_end_matches('/').to_owned(),
    }
}

impl Open {
    /// The shop that is meant: by id, or the only one there is.
    ///
    /// # Errors
    ///
    /// If it is not clear which; then with all there are.
    pub async fn shop(&self, named: Option<&str>) -> anyhow::Result<Shop> {
        let shops = self.app.ledger.shops().await?;
        let known: Vec<_> = shops.iter().map(|shop| shop.id.as_str()).collect();
        let known = known.join(", ");
        match (named, &shops[..]) {
            (_, []) => refuse!(
                "there is no shop of your own here yet: `renown shop add FILE.toml` adds one",
                "尚无自有店铺:请用 `renown shop add 文件.toml` 添加"
            ),
            (None, [only]) => Ok(only.clone()),
            (None, _) => Err(Trouble::usage(text!(
                "name the shop with --shop; there are {known}",
                "请用 --shop 指定店铺;已有 {known}"
            ))
            .into()),
            (Some(named), _) => match shops.iter().find(|shop| shop.id.as_str() == named) {
                Some(shop) => Ok(shop.clone()),
                None => {
                    refuse!("there is no shop {named}; there are {known}", "没有店铺 {named};已有 {known}")
                }
            },
        }
    }

    /// The keys of mail, made if nothing was made with others yet.
    ///
    /// # Errors
    ///
    /// If they cannot be read or stored, or the table's contacts and suppressions were made with
    /// others: with these, nobody who unsubscribed would be known again.
    pub async fn mail_keys(&self) -> anyhow::Result<Keys> {
        let mark = self.app.ledger.mail_keys_mark().await?;
        let lies = match &self.place {
            Place::Folder(here) => here.folder.file("secrets/renown/mail/keys.json").display().to_string(),
            Place::Aws(_) => "/renown/mail/keys".to_owned(),
        };
        let keys = match Keys::read(&self.app.secrets).await {
            Err(secrets::Error::NotFound { .. }) if mark.is_none() => {
                Keys::read_or_make(&self.app.secrets).await?
            }
            Err(secrets::Error::NotFound { .. }) => refuse!(
                "the keys of mail are missing ({lies}): customers and suppressed addresses here were made with them; bring them from where this copy was made (there `renown mail keys --save FILE`, here `renown mail keys --load FILE`), since new ones would know nobody who unsubscribed",
                "缺少邮件密钥({lies}):此处的客户和抑制名单均由其生成;请从制作副本的地方取回(在那里执行 `renown mail keys --save 文件`,在此处执行 `renown mail keys --load 文件`),新密钥将无法识别已退订的人"
            ),
            keys => keys?,
        };
        let there = match mark {
            Some(mark) => mark,
            None => self.app.ledger.note_mail_keys(&keys.mark()).await?,
        };
        if there != keys.mark() {
            refuse!(
                "the keys of mail ({lies}) are not those that customers and suppressed addresses here were made with: bring those from where this copy was made",
                "邮件密钥({lies})与生成此处客户和抑制名单的密钥不同:请从制作副本的地方取回原密钥"
            );
        }
        Ok(keys)
    }
}

/// What an operator calls a seller.
pub fn alias<'a>(sellers: &'a [Seller], seller: &'a SellerId) -> &'a str {
    sellers.iter().find(|known| known.id == *seller).map_or(seller.as_str(), |known| &known.alias)
}
