//! `renown notify`: what becomes of the address of a chat.

use std::process::ExitCode;

use renown_local::cli;
use renown_local::desk::Environment;
use renown_local::folder::{Folder, Kind};
use renown_local::world::open_table;
use tempfile::TempDir;

use crate::support::{desk, environment};

const ADDRESS: &str = "https://hooks.slack.com/services/T0/B0/xx";

#[test]
fn the_address_of_a_chat_is_sealed_and_read_as_the_shop_reads_it() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let dir = TempDir::new().expect("a folder");
    let (data, kind) = (dir.path().join("shop"), Kind::Shop { amazon: None });
    {
        let folder = Folder::to_work_in(&data, &kind).expect("new");
        let _lock = folder.claim(&kind).expect("free");
        let dynamo = open_table(&folder.table()).expect("opened");
        runtime.block_on(dynamo.create_table()).expect("created");
    }
    let var = |name: &str| (name == "RENOWN_NOTIFY_URL").then(|| ADDRESS.to_owned());
    let environment = Environment { var, ..environment(dir.path()) };
    let words = ["renown", "notify", "chat", "team", "--by", "slack", "--data"].map(Into::into);
    let args: Vec<std::ffi::OsString> = words.into_iter().chain([data.clone().into_os_string()]).collect();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = cli::run(args, &environment, &mut std::io::empty(), &mut out, &mut err);
    assert_eq!(code, ExitCode::SUCCESS, "{}", String::from_utf8_lossy(&err));

    let file = data.join("secrets/renown/notify/team.json");
    let stored = std::fs::read(&file).expect("stored");
    let host = b"hooks.slack.com";
    assert!(!stored.windows(host.len()).any(|some| some == host), "it lies open");
    let folder = Folder::existing(&data).expect("there");
    let calls = desk(&environment, &data, &mut out).calls(&folder).expect("the key is there");
    let hook = runtime.block_on(calls.secrets.hook_of_target("team")).expect("readable");
    assert_eq!(hook.url.expose(), ADDRESS);
}
