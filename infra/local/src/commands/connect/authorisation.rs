//! The seller's authorisation: the secrets, whose it is, and where it holds.

use std::collections::BTreeMap;

use renown_core::ids::SellerId;
use renown_core::marketplace::{MarketplaceId, Region};
use renown_core::say::Text;
use renown_core::text;
use renown_io::secrets::{Credentials, Scope, Secret};
use renown_io::spapi::{self, Caller, SpApi};

use super::{ConnectArgs, step};
use crate::desk::{Desk, Open};
use crate::refuse;
use crate::told::{Told as _, Trouble};

/// A secret from the environment or from whoever types; never from the command line.
pub(crate) fn secret(desk: &mut Desk<'_>, variable: &str, what: &Text) -> anyhow::Result<Secret> {
    let found = (desk.environment.var)(variable).filter(|value| !value.trim().is_empty());
    let value = match found {
        Some(value) => value,
        None => desk.ask_secret(what)?,
    };
    if value.trim().is_empty() {
        let Text { en, zh } = what;
        return Err(Trouble::usage(text!(
            "the {en} is missing: type it when asked, or set {variable}",
            "缺少{zh}:请在提示时输入,或设置环境变量 {variable}"
        ))
        .into());
    }
    Ok(Secret::new(value.trim()))
}

/// One authorisation is one seller's: under two ids every order would be asked for twice.
pub(super) async fn refuse_anothers_grant(
    open: &Open,
    id: &SellerId,
    credentials: &Credentials,
) -> anyhow::Result<()> {
    for other in open.app.ledger.sellers().await?.into_iter().filter(|seller| seller.id != *id) {
        let known = open.app.secrets.seller(Scope::Listen, &other.id).await;
        if known.is_ok_and(|known| known.refresh_token == credentials.refresh_token) {
            let (alias, other) = (&other.alias, &other.id);
            refuse!(
                "this authorisation is that of {alias} ({other}), which is connected already: compare the merchant token {id} with Account Info in Seller Central",
                "该授权属于已连接的 {alias}({other}):请与卖家平台“账户信息”核对卖家记号 {id}"
            );
        }
    }
    Ok(())
}

/// Where a seller sells, by Amazon's word.
pub(super) struct Sells {
    /// The region of the authorisation.
    pub(super) region: Region,
    /// Its marketplaces, at least one.
    pub(super) marketplaces: Vec<MarketplaceId>,
    /// What its store is called there.
    pub(super) store_names: BTreeMap<MarketplaceId, String>,
}

/// The region that the authorisation is for, and where the seller sells in it.
pub(super) async fn find_region(
    desk: &mut Desk<'_>,
    spapi: &SpApi,
    args: &ConnectArgs,
    credentials: &Credentials,
) -> anyhow::Result<Sells> {
    let regions = args.region.map_or_else(|| vec![Region::Na, Region::Eu, Region::Fe], |region| vec![region]);
    let mut last = None;
    for region in regions {
        let caller = Caller { seller: args.seller.clone(), region, credentials: credentials.clone() };
        match spapi.marketplace_participations(&caller).await {
            Ok(found) => {
                let sells = || found.known.iter().filter(|at| at.participating);
                let marketplaces: Vec<_> = sells().map(|at| at.marketplace).collect();
                let store_names = sells().map(|at| (at.marketplace, at.store_name.trim().to_owned()));
                let store_names = store_names.filter(|(_, name)| !name.is_empty()).collect();
                if marketplaces.is_empty() {
                    refuse!(
                        "the authorisation is good in region {region}, but the seller sells in no marketplace there; register for one in Seller Central first",
                        "授权在区域 {region} 有效,但该卖家在那里没有任何销售站点;请先在卖家平台开通"
                    );
                }
                // Behind one address for all regions, as a simulator's, the marketplaces tell.
                let sells_in = marketplaces[0].info().region;
                if args.region.is_some_and(|wanted| wanted != sells_in) {
                    refuse!(
                        "the authorisation is for region {sells_in}, not {region}: leave --region out",
                        "该授权属于区域 {sells_in},而不是 {region}:请去掉 --region"
                    );
                }
                let region = sells_in;
                let countries: Vec<_> = marketplaces.iter().map(|id| id.info().country).collect();
                let countries = countries.join(", ");
                step(
                    desk,
                    &text!("region {region}: sells in {countries}", "区域 {region}:销售站点 {countries}"),
                )?;
                let suspended = found.known.iter().filter(|at| at.suspended_listings);
                for at in suspended {
                    let country = at.marketplace.info().country;
                    desk.say(&text!(
                        "! {country}: Amazon has suspended listings there; see Account Health",
                        "! {country}:亚马逊已暂停那里的商品;请查看账户状况"
                    ))?;
                }
                return Ok(Sells { region, marketplaces, store_names });
            }
            Err(error @ (spapi::Error::Denied { .. } | spapi::Error::GrantRevoked { .. })) => {
                last = Some(error);
            }
            Err(error) => return Err(error.into()),
        }
    }
    let error = last.map_or_else(|| anyhow::anyhow!("no region was tried"), anyhow::Error::from);
    Err(error).told(|| {
        text!(
            "Amazon accepts the authorisation in no region that was tried",
            "在已尝试的区域中,亚马逊均不接受该授权"
        )
    })
}
