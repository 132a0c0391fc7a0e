//! The way back: a copy becomes the table of a new folder, in which every seller and shop listens.
//!
//! Nobody is asked twice for it: an order that was asked is still asked, a call of unknown
//! outcome is still cleared up by asking Amazon, and nothing leaves before a person has
//! connected the secrets again and let the seller go live.

use std::path::Path;

use renown_core::text;
use renown_io::ledger::{Ledger, schema};
use serde_json::Value;

use super::check::Checked;
use crate::aws::Aws;
use crate::dynamo::Dynamo;
use crate::folder::{Folder, Kind, cannot_write, create_private};
use crate::refuse;
use crate::told::{Told as _, Trouble};

/// The table on its way. Under this name nothing takes it for one.
const ON_ITS_WAY: &str = "restoring.sqlite";

/// How often it is told how far it is, in items.
const TOLD_EVERY: u64 = 500;

/// How many items are on their way to AWS at the same time. Ours.
const AT_ONCE: usize = 32;

/// Writes every item of a checked copy into a new or empty data folder, as a shop of the
/// operator's own whose sellers all listen. Pauses are kept.
///
/// # Errors
///
/// If the folder holds something, another process works in it, or it cannot be written. What
/// was written by then is taken for a table by nobody.
pub async fn restore(copy: &Checked, data: &Path, tell: impl FnMut(u64)) -> anyhow::Result<()> {
    let kind = Kind::Shop { amazon: None };
    let shown = data.display();
    let is_taken = Folder::kind_in(data)?.is_some() || data.join("table.sqlite").exists();
    if is_taken {
        return Err(Trouble::usage(text!(
            "{shown} holds a shop already: name a new or empty folder with --data",
            "{shown} 中已有店铺:请用 --data 指定新的或空的文件夹"
        ))
        .into());
    }
    let folder = Folder::to_work_in(data, &kind)?;
    create_private(data)?;
    let lock = folder.lock()?;
    let path = folder.file(ON_ITS_WAY);
    if let Err(error) = fill(copy, &path, tell).await {
        for suffix in ["", "-wal", "-shm"] {
            // What cannot be removed is foreign to whoever looks into the folder next.
            let _ = std::fs::remove_file(folder.file(&format!("{ON_ITS_WAY}{suffix}")));
        }
        return Err(error);
    }
    let there = std::fs::File::open(&path).and_then(|file| file.sync_all());
    there.and_then(|()| std::fs::rename(&path, folder.table())).told(|| cannot_write(&path))?;
    drop(lock);
    // Last, so that a folder with a kind has its whole table.
    folder.claim(&kind).map(drop)
}

/// Writes every item into a new table, and closes it.
async fn fill(copy: &Checked, path: &Path, mut tell: impl FnMut(u64)) -> anyhow::Result<()> {
    let cannot = || cannot_write(path);
    let dynamo = Dynamo::in_file(path).told(cannot)?;
    dynamo.create_table().await?;
    dynamo.hurry().told(cannot)?;
    let mut items = 0;
    listening_items(copy, async |item| {
        dynamo.put_new(&item).told(cannot)?;
        items += 1;
        if items % TOLD_EVERY == 0 {
            tell(items);
        }
        Ok(())
    })
    .await
}

/// Writes every item of a checked copy into the table of a stack without sellers, which then all
/// listen. If it breaks off, the same command begins again: without sellers, whose items come
/// last, nothing is done with the others.
///
/// # Errors
///
/// If the stack has a seller, or its table does not take an item.
pub async fn restore_to_stack(
    copy: &Checked,
    aws: &Aws,
    ledger: &Ledger,
    mut tell: impl FnMut(u64),
) -> anyhow::Result<()> {
    if !ledger.sellers().await?.is_empty() {
        let region = &aws.region;
        return Err(Trouble::usage(text!(
            "the stack in {region} has sellers already: restore into a newly deployed one, so that nothing is mixed",
            "{region} 的系统中已有卖家:请恢复到新部署的系统,以免混杂"
        ))
        .into());
    }
    let (mut items, mut chunk) = (0, Vec::with_capacity(AT_ONCE));
    listening_items(copy, async |item| {
        // Sellers go in once all else is there.
        let is_first_seller = is_seller(&item) && !chunk.last().is_some_and(is_seller);
        if is_first_seller || chunk.len() == AT_ONCE {
            aws.put_all(&chunk).await?;
            chunk.clear();
            tell(items);
        }
        chunk.push(item);
        items += 1;
        Ok(())
    })
    .await?;
    aws.put_all(&chunk).await
}

fn is_seller(item: &Value) -> bool {
    item[schema::PK]["S"] == "SELLERS"
}

/// Hands every item of a copy to `take`, with live mode taken out.
async fn listening_items(
    copy: &Checked,
    mut take: impl AsyncFnMut(Value) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let shown = copy.folder.display();
    let files = copy.each_item(async |mut item| {
        if item[schema::PK]["S"] == "CONTROL" && !listening(&mut item) {
            refuse!(
                "who may send cannot be read in {shown}/control.jsonl; take another copy",
                "无法读取 {shown}/control.jsonl 中的发送权限;请使用另一份副本"
            );
        }
        if is_seller(&item) {
            unsubscribed(&mut item);
        }
        take(item).await
    });
    if files.await? != copy.manifest.files {
        refuse!(
            "{shown} was changed while it was read, so that no seller of it is there yet: run the same command again",
            "{shown} 在读取期间被改动,其中的卖家尚未恢复:请再次运行同一命令"
        );
    }
    Ok(())
}

/// Takes live mode out of the item that says who may send; pauses stay. `false`: it is not
/// understood.
fn listening(control: &mut Value) -> bool {
    let Some(body) = control.pointer_mut("/body/M") else { return false };
    for parts in ["sellers", "shops"] {
        let Some(parts) = body.get_mut(parts) else { continue };
        let Some(parts) = parts.pointer_mut("/M").and_then(Value::as_object_mut) else { return false };
        for part in parts.values_mut() {
            let Some(part) = part.pointer_mut("/M").and_then(Value::as_object_mut) else { return false };
            part.remove("live");
        }
    }
    true
}

/// Notifications go where the shop was that was copied: `renown connect` subscribes anew.
fn unsubscribed(seller: &mut Value) {
    if let Some(body) = seller.pointer_mut("/body/M").and_then(Value::as_object_mut) {
        body.remove("notified_since");
        body.remove("subscriptions");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn live_mode_is_taken_out_and_pauses_stay() {
        let stop = json!({"M": {"since": {"N": "1"}, "cause": {"S": "person"}}});
        let seller = |live: Value| json!({"M": {"live": live, "stop": stop}});
        let live = json!({"M": {"since": {"N": "1"}}});
        let mut item = json!({"pk": {"S": "CONTROL"}, "body": {"M": {"stop": stop,
            "sellers": {"M": {"A1": seller(live.clone()), "A2": seller(live.clone())}},
            "shops": {"M": {"tea": seller(live)}}}}});
        assert!(listening(&mut item));
        assert!(!item.to_string().contains("live"), "{item}");
        assert_eq!(item.to_string().matches("person").count(), 4);
        assert!(!listening(&mut json!({"pk": {"S": "CONTROL"}, "body": {"S": "?"}})));
    }

    #[test]
    fn a_restored_seller_is_subscribed_to_nothing_and_keeps_the_rest() {
        let mut item = json!({"pk": {"S": "SELLERS"}, "body": {"M": {"alias": {"S": "Tea"},
            "notified_since": {"N": "1"}, "subscriptions": {"L": [{"S": "s1"}]}}}});
        unsubscribed(&mut item);
        assert_eq!(item["body"], json!({"M": {"alias": {"S": "Tea"}}}));
    }
}
