//! `sellers.json` in the data folder: which sellers to connect, written by the operator.
//!
//! ```json
//! [{"seller": "A1DEMOSELLEREU", "alias": "Morning Home", "app": "demo-client", "region": "eu",
//!   "marketplaces": ["A1PA6795UKMFR9"], "client_secret": "…", "refresh_token": "…", "live": true}]
//! ```
//!
//! It holds secrets, so it must be its owner's alone (`chmod 600`). A seller is connected when
//! it is first met; `live` counts then and never again, so that a mode set by hand stays.

use jiff::Timestamp;
use renown_core::ids::{AppId, SellerId};
use renown_core::marketplace::{MarketplaceId, Region};
use renown_core::say::Text;
use renown_core::seller::Seller;
use renown_core::text;
use renown_io::secrets::{Credentials, Secret};
use serde::Deserialize;

use crate::folder::Folder;
use crate::refuse;
use crate::remote::Remote;
use crate::told::{Told as _, Trouble};
use crate::world::Connection;

/// The app of the simulator's own demo, and its secret.
const DEMO_APP: (&str, &str) = ("demo-client", "demo-secret");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    seller: SellerId,
    app: AppId,
    region: Region,
    marketplaces: Vec<MarketplaceId>,
    alias: String,
    client_secret: String,
    refresh_token: String,
    live: bool,
}

/// The sellers to connect: those of the folder's `sellers.json`, or, without one, those of the
/// simulator's demo.
///
/// # Errors
///
/// If the file cannot be read, or there is neither.
pub async fn connections(
    folder: &Folder,
    remote: &Remote,
    now: Timestamp,
) -> anyhow::Result<Vec<Connection>> {
    let path = folder.file("sellers.json");
    let entries: Vec<Entry> = if path.exists() {
        refuse_if_open_to_others(&path)?;
        let text = std::fs::read_to_string(&path).told(|| cannot_read(&path))?;
        // The parser quotes what it found, which may be a secret: only the place is said.
        serde_json::from_str(&text).map_err(|error| {
            let (shown, line, column) = (path.display(), error.line(), error.column());
            Trouble::new(text!(
                "{shown} does not fit at line {line}, column {column}: each entry has seller, alias, app, region (na, eu, fe), marketplaces, client_secret, refresh_token and live",
                "{shown} 第 {line} 行第 {column} 列有误:每一项需要 seller、alias、app、region(na、eu、fe)、marketplaces、client_secret、refresh_token 和 live"
            ))
        })?
    } else {
        of_demo(remote).await?
    };
    if entries.is_empty() {
        let shown = path.display();
        refuse!(
            "there is no seller to work for: write {shown}, or start the simulator with --demo",
            "没有可用的卖家:请写好 {shown},或以 --demo 启动模拟器"
        );
    }
    Ok(entries.into_iter().map(|entry| connection(entry, now)).collect())
}

fn connection(entry: Entry, now: Timestamp) -> Connection {
    let credentials = Credentials {
        client_id: entry.app.clone(),
        client_secret: Secret::new(entry.client_secret),
        refresh_token: Secret::new(entry.refresh_token),
    };
    let seller = Seller {
        id: entry.seller,
        alias: entry.alias,
        app: entry.app,
        region: entry.region,
        marketplaces: entry.marketplaces,
        connected_at: now,
        notified_since: Some(now),
        subscriptions: Vec::new(),
        rules_version: 0,
        secret_since: None,
        authorised_at: None,
        store_names: std::collections::BTreeMap::new(),
    };
    Connection { seller, credentials, live: entry.live }
}

async fn of_demo(remote: &Remote) -> anyhow::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for seller in remote.sellers().await? {
        let Some((token, _)) = seller.grants.iter().find(|(_, app)| *app == DEMO_APP.0) else { continue };
        let known = seller.marketplaces.iter().filter_map(|id| id.parse().ok());
        entries.push(Entry {
            seller: seller.seller_id.parse()?,
            app: DEMO_APP.0.parse()?,
            region: match seller.region {
                renown_simulator::Region::Na => Region::Na,
                renown_simulator::Region::Eu => Region::Eu,
                renown_simulator::Region::Fe => Region::Fe,
            },
            marketplaces: known.collect(),
            alias: seller.store_name.clone(),
            client_secret: DEMO_APP.1.to_owned(),
            refresh_token: token.clone(),
            live: true,
        });
    }
    Ok(entries)
}

fn cannot_read(path: &std::path::Path) -> Text {
    let shown = path.display();
    text!("cannot read {shown}", "无法读取 {shown}")
}

#[cfg(unix)]
fn refuse_if_open_to_others(path: &std::path::Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(path).told(|| cannot_read(path))?.permissions().mode();
    if mode & 0o077 != 0 {
        let shown = path.display();
        refuse!(
            "{shown} holds secrets and other users of this machine can read it: chmod 600 it",
            "{shown} 含有密钥,而本机其他用户可以读取:请执行 chmod 600"
        );
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_if_open_to_others(_: &std::path::Path) -> anyhow::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder::{Kind, private};

    async fn read(text: &str, mode: u32) -> anyhow::Result<Vec<Connection>> {
        let dir = tempfile::tempdir().expect("a folder");
        let folder = Folder::to_work_in(dir.path(), &Kind::Remote).expect("new");
        drop(folder.claim(&Kind::Remote).expect("free"));
        let path = folder.file("sellers.json");
        let mut options = std::fs::OpenOptions::new();
        std::io::Write::write_all(
            &mut private(options.write(true).create(true)).open(&path).expect("opened"),
            text.as_bytes(),
        )
        .expect("written");
        #[cfg(unix)]
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(mode)).expect("set");
        let remote = Remote::at("http://127.0.0.1:9").expect("an address");
        connections(&folder, &remote, Timestamp::UNIX_EPOCH).await
    }

    const GOOD: &str = r#"[{"seller": "A1", "alias": "Home", "app": "app", "region": "eu",
        "marketplaces": ["A1PA6795UKMFR9"], "client_secret": "CANARY", "refresh_token": "CANARY", "live": false}]"#;

    #[tokio::test]
    async fn sellers_are_read_with_their_mode() {
        let found = read(GOOD, 0o600).await.expect("readable");
        assert_eq!((found[0].seller.alias.as_str(), found[0].live), ("Home", false));
        assert_eq!(found[0].credentials.refresh_token.expose(), "CANARY");
    }

    #[tokio::test]
    async fn a_mistake_is_named_with_its_place_and_no_secret_is_shown() {
        let error =
            read(&GOOD.replace("\"eu\"", "\"CANARY\""), 0o600).await.expect_err("no region").to_string();
        assert!(
            error.contains("sellers.json") && error.contains("line 1") && !error.contains("CANARY"),
            "{error}"
        );
        let error = read("[]", 0o600).await.expect_err("nobody").to_string();
        assert!(error.contains("--demo"), "{error}");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_file_that_others_can_read_is_refused() {
        let error = read(GOOD, 0o644).await.expect_err("open to others").to_string();
        assert!(error.contains("chmod 600"), "{error}");
    }
}
