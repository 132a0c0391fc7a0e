//! Where a command works: what the operator said, the shop it is about, and where answers go.

use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use renown_core::say::Text;
use renown_core::seller::Seller;
use renown_core::text;
use renown_io::app::App;
use renown_io::bus::Bus;
use renown_io::clock::Clock;
use renown_io::http;
use renown_io::secrets::{KeyFile, Secrets};
use renown_io::spapi::SpApi;
use serde_json::Value;

use crate::aws::Aws;
use crate::folder::{Folder, Kind};
use crate::live::Counter;
use crate::place::{Here, Place};
use crate::refuse;
use crate::settings::Settings;
use crate::style::Style;
use crate::told::{Told as _, Trouble};
use crate::world::{self, Calls, SECRETS};

/// What a process finds around it.
#[derive(Debug, Clone)]
pub struct Environment {
    /// The locale (`zh_CN.UTF-8`).
    pub locale: String,
    /// The machine's time zone.
    pub zone: TimeZone,
    /// The working directory.
    pub dir: PathBuf,
    /// The user's configuration folder, if there is one.
    pub config_dir: Option<PathBuf>,
    /// Somebody types at the other end of the input.
    pub is_typed: bool,
    /// Somebody looks at a terminal at the other end of the output.
    pub is_looked_at: bool,
    /// Reads an environment variable.
    pub var: fn(&str) -> Option<String>,
}

/// Where a command works.
pub struct Desk<'a> {
    /// How to print.
    pub style: Style,
    /// `renown.toml`.
    pub settings: Settings,
    /// What is around the process.
    pub environment: &'a Environment,
    /// The data folder.
    pub data: PathBuf,
    /// The AWS region of the shop, if it does not lie in the folder.
    pub aws: Option<String>,
    /// Where answers go.
    pub out: &'a mut dyn Write,
    /// Where the operator's words come from.
    pub input: &'a mut dyn BufRead,
}

/// A shop that was opened to look into it or to steer it, beside whatever process works in it.
#[derive(Debug)]
pub struct Open {
    /// What the functions work with.
    pub app: App,
    /// Where it lies.
    pub place: Place,
    /// What time it is in the shop.
    pub now: Timestamp,
}

impl Desk<'_> {
    /// What a file holds, or, for `-`, the standard input.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn read(&mut self, file: &Path) -> anyhow::Result<Vec<u8>> {
        if file == Path::new("-") {
            let mut bytes = Vec::new();
            let read = self.input.read_to_end(&mut bytes);
            read.told(|| text!("cannot read the standard input", "无法读取标准输入"))?;
            return Ok(bytes);
        }
        let shown = file.display();
        std::fs::read(file).told(|| text!("cannot read {shown}", "无法读取 {shown}"))
    }

    /// A line for a person; nothing for a program.
    ///
    /// # Errors
    ///
    /// If it cannot be printed.
    pub fn say(&mut self, text: &Text) -> anyhow::Result<()> {
        if !self.style.json {
            writeln!(self.out, "{}", self.style.say(text))?;
        }
        Ok(())
    }

    /// The answer for a program; nothing for a person.
    ///
    /// # Errors
    ///
    /// If it cannot be printed.
    pub fn json(&mut self, value: &Value) -> anyhow::Result<()> {
        if self.style.json {
            writeln!(self.out, "{value}")?;
        }
        Ok(())
    }

    /// How far a long command is, for a person who looks at a terminal.
    pub fn counter(&self) -> Counter {
        Counter::new(self.environment.is_looked_at && !self.style.json)
    }

    /// Wants a yes, unless it was given beforehand.
    ///
    /// # Errors
    ///
    /// If there is none: then nothing is to be changed.
    pub fn confirm(&mut self, question: &Text, yes: bool) -> anyhow::Result<()> {
        if yes {
            return Ok(());
        }
        if !self.environment.is_typed || self.style.json {
            let Text { en, zh } = question;
            return Err(Trouble::usage(text!(
                "{en} Nothing was changed; say --yes to go on",
                "{zh} 未作任何改动;如需继续请加 --yes"
            ))
            .into());
        }
        write!(self.out, "{} [y/N] ", self.style.say(question))?;
        self.out.flush()?;
        let mut answer = String::new();
        self.input.read_line(&mut answer)?;
        if ["y", "yes", "是", "好"].contains(&answer.trim().to_lowercase().as_str()) {
            return Ok(());
        }
        refuse!("nothing was changed", "未作任何改动");
    }

    /// One line that the operator types, or that is piped in.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn ask(&mut self, what: &Text) -> anyhow::Result<String> {
        if self.environment.is_typed {
            write!(self.out, "{}: ", self.style.say(what))?;
            self.out.flush()?;
        }
        let mut line = String::new();
        self.input.read_line(&mut line)?;
        Ok(line.trim().to_owned())
    }

    /// The same for a secret, which a terminal does not show.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn ask_secret(&mut self, what: &Text) -> anyhow::Result<String> {
        if self.environment.is_typed {
            write!(self.out, "{}: ", self.style.say(what))?;
            self.out.flush()?;
            let typed = rpassword::read_password();
            return typed
                .map(|text| text.trim().to_owned())
                .told(|| text!("cannot read from the terminal", "无法从终端读取"));
        }
        self.ask(what)
    }

    /// Opens the shop to look into it or to steer it. Amazon is not called, and no secret read.
    ///
    /// # Errors
    ///
    /// If there is none in the data folder or the AWS region, or its table cannot be opened.
    pub async fn open(&self) -> anyhow::Result<Open> {
        if let Some(region) = &self.aws {
            return open_stack(region).await;
        }
        let folder = Folder::existing(&self.data)?;
        let clock = Clock::system();
        let spapi = SpApi::new(&http::client_of_the_machine(), clock.clone(), world::endpoints(None)?);
        let secrets = Secrets::in_folder(folder.file(SECRETS));
        open_folder(folder, Calls { spapi, secrets, clock })
    }

    /// Opens the shop to call Amazon for it.
    ///
    /// # Errors
    ///
    /// As [`Desk::open`] and [`Desk::calls`].
    pub async fn open_to_call(&self) -> anyhow::Result<Open> {
        if let Some(region) = &self.aws {
            return open_stack(region).await;
        }
        let folder = Folder::existing(&self.data)?;
        let calls = self.calls(&folder)?;
        open_folder(folder, calls)
    }

    /// What it takes to call Amazon for the shop in a folder. A demo and a shop behind a
    /// simulator are called by `renown up` alone; their secrets are no secrets.
    ///
    /// # Errors
    ///
    /// If the key of the secrets is there and cannot be read, or has no place.
    pub fn calls(&self, folder: &Folder) -> anyhow::Result<Calls> {
        let clock = Clock::system();
        let (amazon, secrets) = match folder.kind()? {
            Some(Kind::Shop { amazon }) => {
                (amazon, Secrets::sealed_in_folder(folder.file(SECRETS), self.key()?))
            }
            Some(Kind::Demo { .. } | Kind::Remote) | None => (None, Secrets::in_folder(folder.file(SECRETS))),
        };
        let endpoints = world::endpoints(amazon.as_deref())?;
        let spapi = SpApi::new(&http::client_of_the_machine(), clock.clone(), endpoints);
        Ok(Calls { spapi, secrets, clock })
    }

    /// The key that encrypts the sellers' secrets, or the place for one.
    fn key(&self) -> anyhow::Result<KeyFile> {
        let usual = || Some(self.environment.config_dir.as_ref()?.join("renown").join("key"));
        let named = (self.environment.var)("RENOWN_KEY_FILE").filter(|path| !path.is_empty());
        let path = named.map(PathBuf::from).or_else(|| self.settings.key_file.clone()).or_else(usual);
        let Some(path) = path else {
            refuse!(
                "there is no place for the key of the secrets: name a file with key_file in renown.toml or RENOWN_KEY_FILE",
                "没有存放密钥文件的位置:请在 renown.toml 中用 key_file 或用环境变量 RENOWN_KEY_FILE 指定"
            );
        };
        let shown = path.display();
        KeyFile::at(&path).told(|| {
            text!(
                "the key of the secrets, {shown}, cannot be used; it must be readable by its owner alone (chmod 600), or name another with key_file in renown.toml",
                "加密密钥文件 {shown} 无法使用;它只能由其所有者读取(chmod 600),也可在 renown.toml 中用 key_file 另行指定"
            )
        })
    }
}

fn open_folder(folder: Folder, calls: Calls) -> anyhow::Result<Open> {
    let Calls { spapi, secrets, clock } = calls;
    let now = folder.shop_time()?.unwrap_or_else(|| clock.now());
    let (dynamo, copy) = world::open_table_to_look(&folder.table())?;
    let ledger = world::ledger(&dynamo, clock.now());
    let place = Place::Folder(Box::new(Here { folder, dynamo, _copy: copy }));
    Ok(Open { app: App { ledger, spapi, secrets, bus: Bus::Nowhere, clock }, place, now })
}

async fn open_stack(region: &str) -> anyhow::Result<Open> {
    let aws = Aws::find(region).await?;
    let clock = Clock::system();
    let now = clock.now();
    let amazon = Some(aws.stack.amazon.as_str()).filter(|url| !url.is_empty());
    let spapi = SpApi::new(&http::client_of_the_machine(), clock.clone(), world::endpoints(amazon)?);
    let (ledger, secrets) = (aws.ledger(&world::writer(now)), aws.secrets());
    Ok(Open {
        app: App { ledger, spapi, secrets, bus: Bus::Nowhere, clock },
        place: Place::Aws(Box::new(aws)),
        now,
    })
}

impl Open {
    /// The seller that is meant: by id, else by alias, or the only one there is.
    ///
    /// # Errors
    ///
    /// If it is not clear which; then with all there are.
    pub async fn seller(&self, named: Option<&str>) -> anyhow::Result<Seller> {
        let sellers = self.app.ledger.sellers().await?;
        choose(&sellers, named).cloned()
    }
}

/// The seller that is meant: by id, else by alias, or the only one there is.
///
/// # Errors
///
/// If it is not clear which; then with all there are.
pub fn choose<'a>(sellers: &'a [Seller], named: Option<&str>) -> anyhow::Result<&'a Seller> {
    let known: Vec<_> = sellers.iter().map(|seller| format!("{} ({})", seller.id, seller.alias)).collect();
    let known = known.join(", ");
    match (named, sellers) {
        (_, []) => refuse!(
            "no seller is connected: `renown connect` connects one, `renown import` reads its files without",
            "尚未连接任何卖家:`renown connect` 可连接,`renown import` 可在不连接时读取文件"
        ),
        (None, [only]) => Ok(only),
        (None, _) => Err(Trouble::usage(text!(
            "name the seller with --seller; known are {known}",
            "请用 --seller 指定卖家;已有 {known}"
        ))
        .into()),
        (Some(named), _) => {
            // An id is one seller's; a name of an earlier version may be several's, or an id.
            if let Some(seller) = sellers.iter().find(|seller| seller.id.as_str() == named) {
                return Ok(seller);
            }
            let meant: Vec<_> = sellers.iter().filter(|seller| seller.alias == named).collect();
            if meant.len() > 1 {
                let ids: Vec<_> = meant.iter().map(|seller| seller.id.as_str()).collect();
                let ids = ids.join(", ");
                return Err(Trouble::usage(text!(
                    "{named} is the name of {ids}: name one of them by its id",
                    "{named} 同时是 {ids} 的名称:请用 ID 指定其中一个"
                ))
                .into());
            }
            let Some(seller) = meant.first() else {
                refuse!("there is no seller {named}; known are {known}", "没有卖家 {named};已有 {known}");
            };
            Ok(seller)
        }
    }
}
