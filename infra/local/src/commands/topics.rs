//! `renown topics`: what buyers praise and complain of in reviews.

mod print;

use clap::Args;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use jiff::ToSpan as _;
use jiff::tz::TimeZone;
use renown_core::ids::{Asin, SellerId};
use renown_core::marketplace::MarketplaceId;
use renown_core::reports::RepeatPurchase;
use renown_core::say::Text;
use renown_core::seller::Seller;
use renown_core::text;
use renown_core::topics::{Snapshot, offers};
use renown_io::ledger::TopicRound;

use crate::desk::{Desk, Open};
use crate::refuse;
use crate::told::Trouble;
use renown_core::ids::asin::{FORM, FORM_ZH, asin};

/// The list shows looks of so many days: a week that was missed leaves nobody out.
const LISTS_DAYS: i64 = 35;
/// ASINs that are read at once.
const AT_ONCE: usize = 8;

/// Show what buyers praise and complain of in reviews of your products.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  renown topics\n  renown topics --marketplace DE\n  renown topics B0EXAMPLE1 --seller A1MORNINGHOME --json"
)]
pub struct TopicsArgs {
    /// The product; without it all that were sold lately are listed, the worst first.
    #[arg(value_name = "ASIN")]
    asin: Option<String>,
    /// The seller: id or alias; without it all.
    #[arg(long, value_name = "SELLER")]
    seller: Option<String>,
    /// The marketplace, as a country: DE; without it all.
    #[arg(long, value_name = "COUNTRY")]
    marketplace: Option<String>,
}

/// A product with the looks at it, the oldest first and one at least.
struct Product {
    seller: SellerId,
    alias: String,
    looks: Vec<Snapshot>,
    /// Weeks of repeat purchases, the oldest first; read for a product that is shown whole.
    weeks: Vec<RepeatPurchase>,
}

impl Product {
    fn last(&self) -> &Snapshot {
        self.looks.last().expect("a product is made of one look at least")
    }

    fn before(&self) -> Option<&Snapshot> {
        self.looks.iter().rev().nth(1)
    }
}

/// A marketplace of a seller, and what keeps its reviews from being known.
struct Place {
    seller: SellerId,
    alias: String,
    marketplace: MarketplaceId,
    why_not: Option<WhyNot>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WhyNot {
    NotOffered,
    NoRole,
    NotYet,
}

impl WhyNot {
    fn name(self) -> &'static str {
        match self {
            Self::NotOffered => "not_offered",
            Self::NoRole => "no_role",
            Self::NotYet => "not_yet",
        }
    }
}

/// Runs `renown topics`.
///
/// # Errors
///
/// If the product, the seller or the marketplace is not known, or the table does not answer.
pub async fn run(desk: &mut Desk<'_>, args: TopicsArgs) -> anyhow::Result<()> {
    let open = desk.open().await?;
    let asin = args.asin.as_deref().map(asin_of).transpose()?;
    let only = args.marketplace.as_deref().map(marketplace_of).transpose()?;
    let sellers = match args.seller.as_deref() {
        Some(named) => vec![open.seller(Some(named)).await?],
        None => open.app.ledger.sellers().await?,
    };
    let (mut places, mut products) = (Vec::new(), Vec::new());
    for seller in &sellers {
        let round = open.app.ledger.topic_round(&seller.id).await?;
        for at in seller.marketplaces.iter().copied().filter(|at| only.is_none_or(|only| only == *at)) {
            let why_not = why_not(at, round.as_ref());
            places.push(Place {
                seller: seller.id.clone(),
                alias: seller.alias.clone(),
                marketplace: at,
                why_not,
            });
            let known = round.as_ref().and_then(|round| round.asins.get(&at));
            let wanted = match &asin {
                Some(asin) => vec![asin.clone()],
                None => known.cloned().unwrap_or_default(),
            };
            products.extend(read(&open, seller, at, wanted, asin.is_some()).await?);
        }
    }
    if places.is_empty() && !sellers.is_empty() {
        let Some(country) = args.marketplace.as_deref() else {
            refuse!(
                "nobody is connected whose reviews Amazon could be asked about: `renown connect`; of reviews that were imported `renown cases list` shows what several complain of",
                "尚未连接卖家,无法向亚马逊查询评论主题:请执行 `renown connect`;已导入的评论中多人抱怨的问题见 `renown cases list`"
            );
        };
        refuse!("no seller sells in {country}", "没有卖家在 {country} 站点销售");
    }
    match asin {
        None => print::list(desk, &mut products, &places),
        Some(asin) if products.is_empty() => not_known(&asin, &places),
        Some(_) => print::show(desk, &products),
    }
}

fn asin_of(text: &str) -> anyhow::Result<Asin> {
    asin(text).ok_or_else(|| {
        Trouble::usage(text!("{text:?} is no ASIN: {FORM}", "{text:?} 不是 ASIN:{FORM_ZH}")).into()
    })
}

fn marketplace_of(code: &str) -> anyhow::Result<MarketplaceId> {
    MarketplaceId::of_country(code).ok_or_else(|| {
        Trouble::usage(text!(
            "--marketplace: {code:?} is no country with a marketplace; write one like DE",
            "--marketplace:{code:?} 没有亚马逊站点;请写如 DE"
        ))
        .into()
    })
}

fn why_not(at: MarketplaceId, round: Option<&TopicRound>) -> Option<WhyNot> {
    match round {
        _ if !offers(at) => Some(WhyNot::NotOffered),
        None => Some(WhyNot::NotYet),
        Some(round) => round.denied.contains(&at).then_some(WhyNot::NoRole),
    }
}

/// The products of which there is a look: all looks of one, the last weeks' of those in a list.
async fn read(
    open: &Open,
    seller: &Seller,
    at: MarketplaceId,
    asins: Vec<Asin>,
    whole: bool,
) -> anyhow::Result<Vec<Product>> {
    let today = open.now.to_zoned(TimeZone::UTC).date();
    let since = (!whole).then(|| today.saturating_sub(LISTS_DAYS.days()));
    let looks = |asin: Asin| async move { open.app.ledger.asin_weeks(&seller.id, at, &asin, since).await };
    let all: Vec<Vec<Snapshot>> = stream::iter(asins).map(looks).buffered(AT_ONCE).try_collect().await?;
    let known = all.into_iter().filter(|looks| !looks.is_empty());
    let mut products = Vec::new();
    for looks in known {
        let weeks = match looks.last().filter(|_| whole) {
            Some(last) => open.app.ledger.repeat_purchases(&seller.id, at, &last.asin).await?,
            None => Vec::new(),
        };
        products.push(Product { seller: seller.id.clone(), alias: seller.alias.clone(), looks, weeks });
    }
    Ok(products)
}

/// Says why nothing is known of a product: first of the places that tell of others.
fn not_known(asin: &Asin, places: &[Place]) -> anyhow::Result<()> {
    let told = places.iter().filter(|place| place.why_not.is_none());
    let mut countries: Vec<_> = told.map(|place| place.marketplace.info().country).collect();
    countries.dedup();
    let mut all = Vec::new();
    if !countries.is_empty() {
        let countries = countries.join(", ");
        all.push(text!(
            "in {countries} it was not sold in the last 60 days, or its turn has not come (`renown topics` lists the others; see that it is spelt right)",
            "在 {countries} 站点近 60 天没有售出,或尚未轮到(`renown topics` 会列出其他商品;请检查拼写)"
        ));
    }
    all.extend(places.iter().filter_map(print::why_not));
    all.dedup();
    let (en, zh): (Vec<_>, Vec<_>) = all.into_iter().map(|Text { en, zh }| (en, zh)).unzip();
    let (en, zh) = (en.join("; "), zh.join(";"));
    refuse!("nothing is known of reviews of {asin}: {en}", "没有 {asin} 的评论主题:{zh}");
}

/// What is always said.
fn limits() -> Text {
    text!(
        "Amazon gives no single reviews and no star rating by its API: these are its own sums, in English, renewed once a week.",
        "亚马逊的 API 不提供单条评论和星级:以上是亚马逊自己的汇总,以英文给出,每周更新一次。"
    )
}

/// What is to be said with a score.
fn of_score() -> Text {
    text!(
        "Score: Renown's own, not Amazon's. 50 is a product like its category, ten points are a star.",
        "评分:由 Renown 计算,并非亚马逊评分。50 表示与同类目持平,10 分相当于一颗星。"
    )
}
