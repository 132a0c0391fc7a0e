//! Orders of a shop of the seller's own, from the files that its system exports.

use std::path::{Path, PathBuf};

use renown_core::text;
use serde_json::json;

use crate::desk::Desk;
use crate::import::{Mapping, ShopImported, import_shop};
use crate::told::{Told as _, tell as tell_error};

pub(super) async fn run(
    desk: &mut Desk<'_>,
    files: &[PathBuf],
    named: &str,
    mapping: &Path,
) -> anyhow::Result<()> {
    let mapping = Mapping::read(mapping)?;
    let open = desk.open_to_call().await?;
    let shop = open.shop(Some(named)).await?;
    let keys = open.mail_keys().await?;
    if let Some(here) = open.place.here() {
        let hurried = here.dynamo.answer_before_the_disk();
        hurried.told(|| text!("the table cannot be written", "无法写入数据表"))?;
    }
    let (mut objects, mut n_failed, mut n_lost) = (Vec::new(), 0_u64, 0_u64);
    for file in files {
        match import_shop(&open.app, &keys, &shop, file, &mapping, open.now).await {
            Ok(imported) => {
                tell(desk, &imported)?;
                n_lost += u64::from(imported.is_lost());
                objects.push(json!(imported));
            }
            // The files beside it are read all the same.
            Err(error) if files.len() > 1 => {
                let said = tell_error(&error, desk.style.lang);
                desk.say(&text!("✗ {said}", "✗ {said}"))?;
                objects.push(json!({"file": file, "error": said}));
                n_failed += 1;
            }
            Err(error) => return Err(error),
        }
    }
    let id = &shop.id;
    desk.json(&json!({"shop_id": id, "files": objects}))?;
    if n_failed > 0 {
        return Err(super::unread(n_failed).into());
    }
    if n_lost > 0 {
        return Err(super::nothing_taken_in(n_lost).into());
    }
    let is_live = open.app.ledger.control(open.now).await?.control().shop_live_since(id).is_some();
    desk.say(&if is_live {
        text!(
            "{id} is live: mails leave when they fall due; `renown mail list --shop {id}` shows which",
            "{id} 处于运行模式:邮件到期即发送;`renown mail list --shop {id}` 会列出"
        )
    } else {
        text!(
            "{id} listens: nothing is sent. `renown mail list --shop {id}` shows what is planned, `renown explain ORDER --shop {id}` one order",
            "{id} 处于监听模式:不会发送。`renown mail list --shop {id}` 显示计划,`renown explain 订单 --shop {id}` 显示一个订单"
        )
    })
}

fn tell(desk: &mut Desk<'_>, imported: &ShopImported) -> anyhow::Result<()> {
    let ShopImported {
        file,
        rows,
        orders_new,
        orders_changed,
        orders_unchanged,
        without_address,
        bad_rows,
        bad,
    } = imported;
    desk.say(&text!(
        "{file}: {rows} rows; {orders_new} orders new, {orders_changed} changed, {orders_unchanged} unchanged; {without_address} without an address; {bad_rows} bad rows",
        "{file}:{rows} 行;新订单 {orders_new} 个,变化 {orders_changed} 个,不变 {orders_unchanged} 个;无邮箱地址 {without_address} 个;有误 {bad_rows} 行"
    ))?;
    super::tell_bad(desk, bad, *bad_rows)
}
