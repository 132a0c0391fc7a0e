//! `renown notify`: what becomes of the address of a chat, and what is said of one that cannot work.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use renown_io::push::Hook;
use renown_local::cli;
use renown_local::desk::Environment;
use renown_local::folder::{Folder, Kind};
use renown_local::world::open_table;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::support::{desk, environment};

const ADDRESS: &str = "https://hooks.slack.com/services/T0/B0/xx";
const OWN: &str = "https://automation.tea.example/hook";

/// A shop in a folder, and what a command says with an address as its environment holds it.
struct Shop {
    runtime: Runtime,
    dir: TempDir,
    data: PathBuf,
}

struct Said {
    code: ExitCode,
    out: String,
    err: String,
}

fn shop() -> Shop {
    shop_of(&Kind::Shop { amazon: None })
}

fn shop_of(kind: &Kind) -> Shop {
    let runtime = Runtime::new().expect("a runtime");
    let dir = TempDir::new().expect("a folder");
    let data = dir.path().join("shop");
    {
        let folder = Folder::to_work_in(&data, kind).expect("new");
        let _lock = folder.claim(kind).expect("free");
        let dynamo = open_table(&folder.table()).expect("opened");
        runtime.block_on(dynamo.create_table()).expect("created");
    }
    Shop { runtime, dir, data }
}

impl Shop {
    /// Runs `renown notify` with an address that is piped in.
    fn notify(&self, address: &str, args: &[&str]) -> Said {
        let environment = environment(self.dir.path());
        let words = ["renown", "notify"].iter().chain(args).map(Into::into);
        let args: Vec<OsString> =
            words.chain(["--data".into(), self.data.clone().into_os_string()]).collect();
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = cli::run(args, &environment, &mut address.as_bytes(), &mut out, &mut err);
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Said { code, out: text(out), err: text(err) }
    }

    fn hook(&self, name: &str) -> Hook {
        let (environment, mut out) = (environment(self.dir.path()), Vec::new());
        let folder = Folder::existing(&self.data).expect("there");
        let calls = desk(&environment, &self.data, &mut out).calls(&folder).expect("the key is there");
        self.runtime.block_on(calls.secrets.hook_of_target(name)).expect("readable")
    }

    fn secret(&self, name: &str) -> Option<String> {
        self.hook(name).secret.map(|secret| secret.expose().to_owned())
    }
}

impl Said {
    fn done(self) -> Self {
        assert_eq!(self.code, ExitCode::SUCCESS, "{}", self.err);
        self
    }

    fn fails(&self, code: u8, says: &[&str]) {
        assert_eq!(self.code, ExitCode::from(code), "{}{}", self.out, self.err);
        assert!(says.iter().all(|part| self.err.contains(part)), "{}", self.err);
    }
}

#[test]
fn the_address_of_a_chat_is_sealed_and_read_as_the_shop_reads_it() {
    let shop = shop();
    let var = |name: &str| (name == "RENOWN_NOTIFY_URL").then(|| ADDRESS.to_owned());
    let environment = Environment { var, ..environment(shop.dir.path()) };
    let words = ["renown", "notify", "chat", "team", "--by", "slack", "--data"].map(Into::into);
    let args: Vec<OsString> = words.into_iter().chain([shop.data.clone().into_os_string()]).collect();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = cli::run(args, &environment, &mut std::io::empty(), &mut out, &mut err);
    assert_eq!(code, ExitCode::SUCCESS, "{}", String::from_utf8_lossy(&err));

    let stored = std::fs::read(shop.data.join("secrets/renown/notify/team.json")).expect("stored");
    let host = b"hooks.slack.com";
    assert!(!stored.windows(host.len()).any(|some| some == host), "it lies open");
    assert_eq!(shop.hook("team").url.expose(), ADDRESS);
}

#[test]
fn an_address_that_cannot_work_is_refused_with_what_is_missing() {
    let shop = shop();
    for (by, address, says) in [
        ("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send", "key="),
        ("dingtalk", "https://oapi.dingtalk.com/robot/send", "access_token="),
        ("feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/", "/hook/"),
        ("slack", "https://hooks.slack.com", "/services/T"),
        ("teams", "https://prod-1.westeurope.logic.azure.com", "/workflows/"),
    ] {
        shop.notify(address, &["chat", "ops", "--by", by]).fails(2, &["ops", says]);
        shop.notify(address, &["chat", "ops", "--by", by, "--lang", "zh"]).fails(2, &["完整复制", says]);
    }
    shop.notify(ADDRESS, &["chat", "ops", "--by", "slack", "--in", "de", "--lang", "zh"])
        .fails(2, &["须为 en"]);
    let list = shop.notify("", &["list"]).done().out;
    assert!(list.contains("nobody is told") && list.contains("notify chat"), "{list}");
}

#[test]
fn a_target_keeps_its_kind_and_its_secret_unless_another_is_asked_for() {
    let shop = shop();
    let first = shop.notify(OWN, &["chat", "own", "--by", "webhook"]).done().out;
    let secret = shop.secret("own").expect("made");
    assert!(first.contains(&secret), "{first}");

    shop.notify(ADDRESS, &["chat", "own", "--by", "slack"])
        .fails(1, &["own is told by webhook", "Slack", "notify remove own"]);
    shop.notify("", &["mail", "own", "--to", "a@tea.example", "--from", "b@tea.example"])
        .fails(1, &["own is told by webhook", "mail"]);
    assert_eq!(shop.hook("own").url.expose(), OWN);

    let again = shop.notify(&format!("{OWN}/2"), &["chat", "own", "--by", "webhook"]).done().out;
    assert!(again.contains("same secret") && !again.contains(&secret), "{again}");
    assert_eq!(shop.hook("own").url.expose(), format!("{OWN}/2"));
    assert_eq!(shop.secret("own").as_ref(), Some(&secret));

    let mine = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    shop.notify(&format!("{OWN}\n{mine}\n"), &["chat", "own", "--by", "webhook", "--signed"]).done();
    assert_eq!(shop.secret("own").as_deref(), Some(mine));
}

#[test]
fn a_robot_that_was_signed_to_and_is_no_longer_is_spoken_of() {
    let shop = shop();
    let address = "https://oapi.dingtalk.com/robot/send?access_token=t";
    let signed = shop.notify(&format!("{address}\nSEC1\n"), &["chat", "ops", "--by", "dingtalk", "--signed"]);
    assert!(!signed.done().out.contains("--signed"));
    let plain = shop.notify(address, &["chat", "ops", "--by", "dingtalk"]).done().out;
    assert!(plain.contains("no longer signed") && plain.contains("--signed"), "{plain}");
}

#[test]
fn a_host_that_is_not_found_is_named_with_the_remedy() {
    let shop = shop();
    shop.notify("https://nobody.invalid/hook", &["chat", "own", "--by", "webhook"]).done();
    shop.notify("", &["test", "own"]).fails(1, &["nobody.invalid", "is not found", "notify chat own"]);
    shop.notify("", &["test", "own", "--lang", "zh"]).fails(1, &["nobody.invalid", "找不到"]);
}

#[test]
fn who_can_be_nobody_is_refused_and_a_host_of_this_machine_is_none() {
    let shop = shop();
    for (args, says) in [
        (&["--owner", ""][..], "--owner"),
        (&["--person", "=wangwei"], "--person"),
        (&["--person", "Wang=@all"], "without @"),
        (&["--person", "Wang=a b"], "without @"),
    ] {
        let args = [&["chat", "own", "--by", "webhook"][..], args].concat();
        shop.notify(OWN, &args).fails(2, &[says]);
    }
    for address in ["https://localhost/x", "https://nas.local/x", "https://10.0.0.7/x"] {
        shop.notify(address, &["chat", "own", "--by", "webhook"]).fails(2, &["within a network"]);
    }
    shop.notify(
        OWN,
        &["chat", "own", "--by", "webhook", "--owner", " Wang ", "--person", " Wang = wangwei "],
    )
    .done();
    let list = shop.notify("", &["list"]).done().out;
    assert!(list.contains(", Wang ("), "{list}");
}

#[test]
fn a_demo_keeps_nobodys_address() {
    let shop = shop_of(&Kind::Demo { seed: 7 });
    shop.notify(ADDRESS, &["chat", "ops", "--by", "slack"]).fails(1, &["chats of a demo", "shop's folder"]);
    let list = shop.notify("", &["list"]).done().out;
    assert!(list.contains("nobody is told"), "{list}");
}
