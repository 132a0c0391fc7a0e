//! The world a shop runs in on one machine: the functions' own `App` over an embedded DynamoDB
//! in a file, with an Amazon behind it.

use std::path::Path;
use std::sync::{Arc, Mutex};

use dynoxide::DynoxideError;
use jiff::{SignedDuration, Timestamp};
use renown_core::control::Live;
use renown_core::event::Event;
use renown_core::ids::SellerId;
use renown_core::seller::Seller;
use renown_core::text;
use renown_io::app::App;
use renown_io::bus::Bus;
use renown_io::clock::Clock;
use renown_io::http;
use renown_io::ledger::{Ledger, MAIL_SLOT, schema};
use renown_io::push::{Chats, Hook};
use renown_io::secrets::{Credentials, Scope, Secret, Secrets};
use renown_io::spapi::{Endpoints, SpApi};
use renown_simulator::Simulator;
use tempfile::TempDir;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::amazon::{BASE_URL, http_client_with_memory};
use crate::demo;
use crate::dynamo::{Dynamo, TABLE};
use crate::folder::{Folder, Kind, Lock, make_private};
use crate::memory::Memory;
use crate::refuse;
use crate::remote::Remote;
use crate::told::{Told as _, Trouble};

/// The folder of the sellers' secrets in a data folder.
pub(crate) const SECRETS: &str = "secrets";

/// A shop at work.
#[derive(Debug)]
pub struct World {
    /// What the functions work with.
    pub app: App,
    /// The table's engine.
    pub dynamo: Dynamo,
    /// Who answers for Amazon.
    pub amazon: Amazon,
    /// The operators' chats.
    pub chats: Chats,
    /// What the bus carries; whoever works takes it.
    pub events: Mutex<UnboundedReceiver<Event>>,
    _lock: Lock,
}

/// Who answers for Amazon.
pub enum Amazon {
    /// A simulator in this process, on the demo's own time.
    Here {
        /// The simulator.
        simulator: Simulator,
        /// What it knows, on disk.
        memory: Arc<Memory>,
    },
    /// A simulator that runs on its own and tells what it knows, on its own time.
    There(Remote),
    /// Amazon itself, or whatever stands at another address in its place: it tells nothing but
    /// what its API answers.
    Itself,
}

impl std::fmt::Debug for Amazon {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Here { .. } => "Here",
            Self::There(_) => "There",
            Self::Itself => "Itself",
        })
    }
}

/// What it takes to call Amazon.
#[derive(Debug)]
pub struct Calls {
    /// The client.
    pub spapi: SpApi,
    /// The sellers' secrets.
    pub secrets: Secrets,
    /// Time.
    pub clock: Clock,
}

/// The chats of a folder's shop: their own hosts, or the simulator that stands in Amazon's place.
///
/// # Errors
///
/// If that one's address is none.
pub(crate) fn chats(kind: &Kind) -> anyhow::Result<Chats> {
    let Kind::Shop { amazon: Some(url) } = kind else {
        return Ok(Chats::new(&http::client_of_public_addresses(None)?));
    };
    let base = url.parse().told(|| text!("{url} is no address", "{url} 不是地址"))?;
    Ok(Chats::at(base, &http::client_of_the_machine()))
}

/// A seller to be connected.
#[derive(Debug)]
pub struct Connection {
    /// Its settings.
    pub seller: Seller,
    /// What it takes to call Amazon for it.
    pub credentials: Credentials,
    /// Whether it goes live at once.
    pub live: bool,
}

impl World {
    /// A demo in a folder: begun with `seed`, or gone on with. The runtime's time should be
    /// paused, so that the shop's time jumps whenever nothing is in flight.
    ///
    /// # Errors
    ///
    /// If another process works in the folder, or something in it cannot be read or written.
    ///
    /// # Panics
    ///
    /// Never: [`BASE_URL`] is an address of this machine.
    pub async fn demo(folder: &Folder, seed: u64) -> anyhow::Result<Self> {
        let lock = folder.claim(&Kind::Demo { seed })?;
        // The demo's Amazon is written before the table. Without it everything that was asked
        // would look as if Amazon had never heard of it; without the table everything that it
        // was told would look as if nobody had.
        let (table, memory) = (folder.table().exists(), Memory::is_in(folder.path()));
        if table != memory {
            let shown = folder.path().display();
            let lost = if table { "amazon.json" } else { "table.sqlite" };
            refuse!(
                "{shown} has only one half of its demo: {lost} is missing; put the file back, or begin anew with another --data",
                "{shown} 中的演示不完整:缺少 {lost};请恢复该文件,或用 --data 指定其他文件夹重新开始"
            );
        }
        let simulator = Simulator::new(demo::start());
        demo::load(&simulator, seed);
        let dynamo = open_table(&folder.table())?;
        let (memory, _) = Memory::open(folder.path(), &simulator)?;
        let memory = Arc::new(memory);
        let clock = Clock::starting_at(simulator.now());
        let http = http_client_with_memory(simulator.clone(), Arc::clone(&memory));
        let endpoints = Endpoints::at(BASE_URL).expect("a loopback address");
        let spapi = SpApi::new(&http, clock.clone(), endpoints);
        let secrets = Secrets::in_folder(folder.file(SECRETS));
        let app = App { ledger: ledger(&dynamo, clock.now()), spapi, secrets, bus: Bus::Nowhere, clock };
        let chats = Chats::at(BASE_URL.parse().expect("a loopback address"), &http);
        let world = Self::begin(lock, dynamo, app, Amazon::Here { simulator, memory }, chats).await?;
        for seller in demo::sellers() {
            let connected = Seller {
                id: seller.id.clone(),
                alias: seller.alias.to_owned(),
                app: demo::app_id(),
                region: seller.region,
                marketplaces: seller.marketplaces.clone(),
                connected_at: demo::start(),
                notified_since: Some(demo::start()),
                subscriptions: Vec::new(),
                rules_version: 0,
                secret_since: None,
                authorised_at: None,
                store_names: std::collections::BTreeMap::new(),
            };
            world
                .connect(Connection { seller: connected, credentials: seller.credentials(), live: true })
                .await?;
        }
        let hook = Hook { url: Secret::new(demo::chat_url()), secret: None };
        world.app.secrets.store_hook_of_target(demo::CHAT, &hook).await?;
        world.app.ledger.put_target(&demo::chat()).await?;
        Ok(world)
    }

    /// A shop whose Amazon is a simulator behind an address of this machine. The folder is
    /// taken once that answers, so that a wrong address leaves nothing behind.
    ///
    /// # Errors
    ///
    /// As [`World::demo`]; and if the address does not answer, or no seller can be found.
    pub async fn remote(folder: &Folder, url: &str) -> anyhow::Result<Self> {
        let remote = Remote::at(url)?;
        let clock = Clock::starting_at(remote.now().await?);
        let endpoints = endpoints(Some(url))?;
        let connections = crate::sellers_file::connections(folder, &remote, clock.now()).await?;
        let lock = folder.claim(&Kind::Remote)?;
        let dynamo = open_table(&folder.table())?;
        let spapi = SpApi::new(&http::client_of_the_machine(), clock.clone(), endpoints);
        let secrets = Secrets::in_folder(folder.file(SECRETS));
        let app = App { ledger: ledger(&dynamo, clock.now()), spapi, secrets, bus: Bus::Nowhere, clock };
        let base = url.parse().told(|| text!("{url} is no address", "{url} 不是地址"))?;
        let chats = Chats::at(base, &http::client_of_the_machine());
        let world = Self::begin(lock, dynamo, app, Amazon::There(remote), chats).await?;
        for connection in connections {
            world.connect(connection).await?;
        }
        Ok(world)
    }

    /// The operator's own shop, whose sellers `renown connect` has connected: over Amazon's API
    /// alone, on the machine's time.
    ///
    /// # Errors
    ///
    /// As [`World::demo`].
    pub async fn shop(folder: &Folder, calls: Calls) -> anyhow::Result<Self> {
        let kind = folder.kind()?.unwrap_or(Kind::Shop { amazon: None });
        let lock = folder.claim(&kind)?;
        let dynamo = open_table(&folder.table())?;
        let Calls { spapi, secrets, clock } = calls;
        let app = App { ledger: ledger(&dynamo, clock.now()), spapi, secrets, bus: Bus::Nowhere, clock };
        let chats = chats(&kind)?;
        Self::begin(lock, dynamo, app, Amazon::Itself, chats).await
    }

    async fn begin(
        lock: Lock,
        dynamo: Dynamo,
        app: App,
        amazon: Amazon,
        chats: Chats,
    ) -> anyhow::Result<Self> {
        dynamo.create_table().await?;
        let (sender, events) = unbounded_channel();
        let app = App { bus: Bus::Channel(sender), ..app };
        let world = Self { app, dynamo, amazon, chats, events: Mutex::new(events), _lock: lock };
        world.free_slots().await?;
        Ok(world)
    }

    /// Frees the slots of sellers, and that of whoever sends mails. We hold the lock of the folder, so whoever held them is gone;
    /// waiting for their leases to run out would only lose time. Claims are left alone: what
    /// became of their calls is not known.
    async fn free_slots(&self) -> anyhow::Result<()> {
        for slot in 0..=MAIL_SLOT {
            let s = |text: String| aws_sdk_dynamodb::types::AttributeValue::S(text);
            self.dynamo
                .client()
                .delete_item()
                .table_name(TABLE)
                .key(schema::PK, s("LEASE".to_owned()))
                .key(schema::SK, s(format!("SOLICIT#{slot:02}")))
                .send()
                .await
                .told(|| text!("cannot free the slots of an earlier run", "无法释放上次运行占用的位置"))?;
        }
        Ok(())
    }

    /// Connects a seller that is not connected yet; one that is keeps its settings and mode.
    async fn connect(&self, connection: Connection) -> anyhow::Result<()> {
        let Connection { seller, credentials, live } = connection;
        let (app, now) = (&self.app, self.app.clock.now());
        app.secrets.store(Scope::Listen, &seller.id, &credentials).await?;
        if app.ledger.seller(&seller.id).await?.is_some() {
            // Its secret may have been changed meanwhile.
            if app.ledger.control(now).await?.control().live_since(&seller.id).is_some() {
                app.secrets.store(Scope::Live, &seller.id, &credentials).await?;
            }
            return Ok(());
        }
        app.ledger.put_seller(&seller).await?;
        if live {
            go_live(app, &seller.id, now).await?;
        }
        Ok(())
    }
}

/// Lets a seller go live: first its secret is put where the function that asks may read it.
///
/// # Errors
///
/// If its secret or the table cannot be read or written.
pub async fn go_live(app: &App, seller: &SellerId, now: Timestamp) -> anyhow::Result<()> {
    let credentials = app.secrets.seller(Scope::Listen, seller).await?;
    app.secrets.store(Scope::Live, seller, &credentials).await?;
    let change = app.ledger.change_control(|control| {
        control.sellers.entry(seller.clone()).or_default().live.get_or_insert(Live { since: now });
    });
    Ok(change.await?)
}

/// Lets a seller listen again: nothing of it can leave any more.
///
/// # Errors
///
/// If its secret or the table cannot be written.
pub async fn listen(app: &App, seller: &SellerId) -> anyhow::Result<()> {
    let change = app.ledger.change_control(|control| {
        control.sellers.entry(seller.clone()).or_default().live = None;
    });
    change.await?;
    Ok(app.secrets.remove(Scope::Live, seller).await?)
}

/// Opens a table's file.
///
/// # Errors
///
/// If it is no table of Renown's.
pub fn open_table(file: &Path) -> anyhow::Result<Dynamo> {
    let shown = file.display();
    let is_new = !file.exists();
    let is_empty = std::fs::metadata(file).is_ok_and(|metadata| metadata.len() == 0);
    if is_empty {
        refuse!(
            "{shown} is empty: put a copy of the table back, or name another folder with --data",
            "{shown} 是空文件:请恢复数据表的副本,或用 --data 指定其他文件夹"
        );
    }
    let opened = match Dynamo::in_file(file) {
        // The engine takes a file that is no database for an encrypted one, and says how to build it
        // for those: nothing that helps an operator.
        Err(DynoxideError::InternalServerError(_)) => Err(Trouble::new(text!(
            "the table {shown} is damaged: put a copy of it back (`renown export` makes them), or name another folder with --data",
            "数据表 {shown} 已损坏:请恢复其副本(可由 `renown export` 制作),或用 --data 指定其他文件夹"
        ))
        .into()),
        opened => opened.told(|| {
            text!(
                "the table {shown} cannot be opened: put a copy of it back (`renown export` makes them), or name another folder with --data",
                "数据表 {shown} 无法打开:请恢复其副本(可由 `renown export` 制作),或用 --data 指定其他文件夹"
            )
        }),
    };
    if is_new {
        make_private(file);
    }
    opened
}

/// Opens a table's file to look into it. One that this user may read and not write is copied
/// first, since the engine writes beside what it reads; the copy goes when it is dropped.
///
/// # Errors
///
/// As [`open_table`].
pub fn open_table_to_look(file: &Path) -> anyhow::Result<(Dynamo, Option<TempDir>)> {
    let opened = open_table(file);
    let is_shut = std::fs::OpenOptions::new().append(true).open(file).is_err();
    if opened.is_ok() || !is_shut {
        return Ok((opened?, None));
    }
    let copied = || -> std::io::Result<(TempDir, std::path::PathBuf)> {
        let dir = tempfile::tempdir()?;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let copy = dir.path().join(&*name);
        std::fs::copy(file, &copy)?;
        let log = format!("{name}-wal");
        let has_log = file.with_file_name(&log);
        if has_log.exists() {
            std::fs::copy(has_log, dir.path().join(log))?;
        }
        Ok((dir, copy))
    };
    match copied() {
        Ok((dir, copy)) => Ok((open_table(&copy)?, Some(dir))),
        Err(_) => Ok((opened?, None)),
    }
}

/// Amazon's hosts, or another address in their place.
///
/// # Errors
///
/// If the address is none that tokens may be sent to.
pub fn endpoints(amazon: Option<&str>) -> anyhow::Result<Endpoints> {
    let Some(url) = amazon else { return Ok(Endpoints::production()) };
    Endpoints::at(url).map_err(|error| {
        Trouble::usage(text!(
            "{error}",
            "{url:?} 不能代替亚马逊的地址:请写 https://主机,或本机模拟器的 http://127.0.0.1:端口"
        ))
        .into()
    })
}

/// The ledger of this process over an engine.
pub fn ledger(dynamo: &Dynamo, now: Timestamp) -> Ledger {
    Ledger::new(dynamo.client(), TABLE, &writer(now))
}

/// Names this process among all that write the table.
pub fn writer(now: Timestamp) -> String {
    // Under a demo's clock two processes may begin at the same moment, so the process number
    // and a drawn one are added.
    format!("{}-{}-{}", std::process::id(), now.as_nanosecond(), fastrand::Rng::new().u64(..))
}

/// A handler's invocation ends this much after it began.
pub fn deadline(now: Timestamp, lasts: SignedDuration) -> Timestamp {
    now.saturating_add(lasts).unwrap_or(Timestamp::MAX)
}
