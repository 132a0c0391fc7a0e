//! How a target reads, and what it wants to be told.

use std::collections::BTreeMap;

use clap::Args;
use renown_core::case::Department;
use renown_core::marketplace::MarketplaceId;
use renown_core::notice::{Channel, Target, Wants};
use renown_core::push::Severity;
use renown_core::text;

use crate::commands::cases::refuse_no_name;
use crate::desk::{Desk, Open};
use crate::settings::zone;
use crate::told::Trouble;

/// How a target reads, and what it wants to be told.
#[derive(Debug, Args)]
pub(super) struct ReadsArgs {
    /// The language it reads: en or zh [default: that of this command].
    #[arg(long = "in", value_name = "LANG")]
    reads: Option<String>,
    /// The clock it reads, such as Asia/Shanghai [default: that of this command].
    #[arg(long, value_name = "ZONE")]
    at_zone: Option<String>,
    /// The hour of its day at which the digest goes out, 0 to 23; without it there is none.
    #[arg(long, value_name = "HOUR", value_parser = clap::value_parser!(u8).range(0..=23))]
    digest: Option<u8>,
    /// The digest alone, and no alerts.
    #[arg(long, requires = "digest")]
    digest_only: bool,
    /// Only what is about this seller; may be repeated.
    #[arg(long, value_name = "SELLER")]
    seller: Vec<String>,
    /// Only what is about this marketplace, as a country such as DE; may be repeated.
    #[arg(long, value_name = "COUNTRY")]
    marketplace: Vec<String>,
    /// Only what is for this department: service, logistics, quality, listing, account; may be repeated.
    #[arg(long, value_name = "DEPARTMENT")]
    department: Vec<Department>,
    /// Only what is for this person; may be repeated.
    #[arg(long, value_name = "NAME")]
    owner: Vec<String>,
    /// Only what presses at least so much: info, warning, urgent.
    #[arg(long, value_name = "SEVERITY")]
    at_least: Option<Level>,
    /// Whom the chat can call: what the team calls them and their id there; may be repeated.
    #[arg(long, value_name = "NAME=ID")]
    person: Vec<String>,
}

/// How much something presses.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Level {
    #[value(help = "everything")]
    Info,
    #[value(help = "what is to be dealt with")]
    Warning,
    #[value(help = "what cannot wait")]
    Urgent,
}

impl ReadsArgs {
    /// The target that they describe.
    pub(super) async fn target(
        self,
        desk: &Desk<'_>,
        open: &Open,
        name: String,
        channel: Channel,
    ) -> anyhow::Result<Target> {
        let lang = match &self.reads {
            None => desk.style.lang,
            Some(word) => word
                .parse()
                .map_err(|_| Trouble::usage(text!("--in wants en or zh", "--in 须为 en 或 zh")))?,
        };
        let at = match &self.at_zone {
            None => desk.style.zone_name().to_owned(),
            Some(name) => {
                if zone(name).is_none() {
                    return Err(Trouble::usage(text!(
                        "--at-zone: {name:?} is no time zone; write one like Asia/Shanghai",
                        "--at-zone:{name:?} 不是时区;请写如 Asia/Shanghai"
                    ))
                    .into());
                }
                name.clone()
            }
        };
        let owners: Vec<String> = self.owner.iter().map(|name| name.trim().to_owned()).collect();
        for name in &owners {
            refuse_no_name("--owner", name)?;
        }
        let mut wants = Wants {
            departments: self.department.into_iter().collect(),
            owners: owners.into_iter().collect(),
            at_least: match self.at_least {
                None | Some(Level::Info) => Severity::Info,
                Some(Level::Warning) => Severity::Warning,
                Some(Level::Urgent) => Severity::Urgent,
            },
            ..Wants::default()
        };
        for named in &self.seller {
            wants.sellers.insert(open.seller(Some(named)).await?.id);
        }
        for country in &self.marketplace {
            let Some(marketplace) = MarketplaceId::of_country(&country.to_ascii_uppercase()) else {
                return Err(Trouble::usage(text!(
                    "--marketplace: {country:?} is no country with a marketplace; write one like DE",
                    "--marketplace:{country:?} 没有亚马逊站点;请写如 DE"
                ))
                .into());
            };
            wants.marketplaces.insert(marketplace);
        }
        let mut people = BTreeMap::new();
        for person in &self.person {
            let Some((name, id)) = person.split_once('=').filter(|(_, id)| is_id(id.trim())) else {
                return Err(Trouble::usage(text!(
                    "--person: {person:?} names nobody; write a name, an equals sign and their id in the chat, without @: Wang=wangwei",
                    "--person:{person:?} 格式有误;请写成 姓名=群内 ID(不带 @),例如 Wang=wangwei"
                ))
                .into());
            };
            let (name, id) = (name.trim(), id.trim());
            refuse_no_name("--person", name)?;
            people.insert(name.to_owned(), id.to_owned());
        }
        let (alerts, digest_at) = (!self.digest_only, self.digest);
        Ok(Target { name, channel, lang, zone: at, alerts, wants, digest_at, people, off: None })
    }
}

/// Whether a chat could know somebody by that: a word that calls one person and not all.
fn is_id(id: &str) -> bool {
    !id.is_empty()
        && !id.starts_with(['@', '<', '!'])
        && !id.chars().any(|c| c.is_whitespace() || c.is_control())
}
