//! The keys of mail, moved along with a copy of the table: without them nobody in it is known.

use std::io::Write as _;
use std::path::Path;

use renown_core::text;
use renown_io::mail::Keys;
use renown_io::secrets::Secret;
use serde_json::json;

use crate::desk::Desk;
use crate::folder::{cannot_write, new_file};
use crate::refuse;
use crate::told::Told as _;

/// Writes the keys into a new file, which is its owner's alone.
pub(super) async fn save(desk: &mut Desk<'_>, path: &Path) -> anyhow::Result<()> {
    let open = desk.open_to_call().await?;
    let text = Keys::stored(&open.app.secrets).await?;
    let mut file = new_file(path)?;
    file.write_all(text.expose().as_bytes()).told(|| cannot_write(path))?;
    let shown = path.display();
    desk.json(&json!({"file": path}))?;
    desk.say(&text!(
        "{shown} holds the keys of mail: whoever has it can read the addresses of your customers. Load it where the copy is restored (`renown mail keys --load {shown}`), keep one in a safe place, delete the rest",
        "{shown} 保存了邮件密钥:持有该文件的人可以读出客户的地址。请在恢复副本的地方载入(`renown mail keys --load {shown}`),妥善保管一份,其余请删除"
    ))
}

/// Puts keys in place that were saved elsewhere; never others than what is there was made with.
pub(super) async fn load(desk: &mut Desk<'_>, path: &Path) -> anyhow::Result<()> {
    let open = desk.open_to_call().await?;
    let shown = path.display();
    let text = std::fs::read_to_string(path).told(|| text!("cannot read {shown}", "无法读取 {shown}"))?;
    let text = Secret::new(text);
    let Some(keys) = Keys::of_stored(&text) else {
        refuse!(
            "{shown} holds no keys of mail: take a file that `renown mail keys --save` wrote",
            "{shown} 中没有邮件密钥:请使用 `renown mail keys --save` 写出的文件"
        );
    };
    if open.app.ledger.mail_keys_mark().await?.is_some_and(|mark| mark != keys.mark()) {
        refuse!(
            "customers and suppressed addresses here were made with other keys than those of {shown}: take the file from where this copy was made",
            "此处的客户和抑制名单由另外的密钥生成,与 {shown} 不符:请使用制作副本之处的文件"
        );
    }
    keys.store(&open.app.secrets, &text).await?;
    open.mail_keys().await?;
    desk.json(&json!({"loaded": true}))?;
    desk.say(&text!(
        "the keys of mail are in place; delete {shown}, or keep it in a safe place",
        "邮件密钥已就位;请删除 {shown} 或妥善保管"
    ))
}
