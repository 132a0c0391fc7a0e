//! A customer of the sellers' own shops has everything about them erased.

use std::collections::BTreeMap;

use renown_core::mail::news::email;
use renown_core::mail::suppression::{Reason, Scope};
use renown_core::mail::{Shop, Suppression};
use renown_core::text;
use renown_io::mail::forget;
use serde_json::json;

use super::{remains, say_remains};
use crate::commands::mail::{OUTBOX, mails_to};
use crate::desk::Desk;
use crate::told::{Told as _, Trouble};

pub(super) async fn run(desk: &mut Desk<'_>, address: &str, yes: bool) -> anyhow::Result<()> {
    let Some(address) = email(address) else {
        return Err(Trouble::usage(text!(
            "that is no address: write one, such as ana@shop.example",
            "这不是邮箱地址:请写一个,例如 ana@shop.example"
        ))
        .into());
    };
    let open = desk.open_to_call().await?;
    let keys = open.mail_keys().await?;
    let question = text!(
        "Address, name, language and words of this customer will be erased in the shops of every seller, and none of them writes to that address again. This cannot be taken back. Go on?",
        "将在所有卖家的店铺中抹除该客户的地址、姓名、语言和留言,且不再向该地址发送邮件。此操作无法撤销。继续?"
    );
    desk.confirm(&question, yes)?;
    // One shop of each seller: customers belong to the seller.
    let shops = open.app.ledger.shops().await?;
    let one_each: BTreeMap<_, &Shop> = shops.iter().map(|shop| (&shop.seller, shop)).collect();
    let mut known_to = Vec::new();
    for (seller, shop) in one_each {
        if forget(&open.app.ledger, &keys, shop, &address, open.now).await? {
            known_to.push(seller.to_string());
        }
    }
    // A shop that is added later does not write to them either.
    let person = keys.person(&address.0);
    let entry = Suppression { reason: Reason::Erased, at: open.now, note: String::new() };
    open.app.ledger.suppress(&Scope::Account, &person, &entry).await?;
    let mut mails = 0_u64;
    if let Some(here) = open.place.here() {
        let folder = here.folder.file(OUTBOX);
        let shown = folder.display();
        let cannot = || text!("mails in {shown} cannot be deleted", "{shown} 中的邮件无法删除");
        for path in mails_to(&folder, &address.0).told(cannot)? {
            std::fs::remove_file(&path).told(cannot)?;
            mails += 1;
        }
    }
    let mut remains = remains(&open, &address.0)?;
    remains.insert(
        0,
        text!(
            "the keyed hash {person}: by it the address is known again and not written to, and nobody can read it back",
            "带密钥的哈希 {person}:凭它识别该地址并不再发送,任何人都无法由它还原地址"
        ),
    );
    remains.insert(
        1,
        text!(
            "orders without any name, and which mails went out about them; your shop system and the files you imported: erase the customer there too",
            "不含姓名的订单及其邮件记录;您的商店系统和导入过的文件:请在那里同样删除该客户"
        ),
    );
    desk.json(&json!({"hash": person, "erased": true, "known_to": known_to, "mails_deleted": mails, "remains": remains}))?;
    desk.say(&if known_to.is_empty() {
        text!(
            "nobody here knew that address; it is noted that nobody writes to it",
            "此处没有该地址的记录;已记下今后不向其发送"
        )
    } else {
        text!("{person} is erased", "{person} 已抹除")
    })?;
    if mails > 0 {
        desk.say(&text!("{mails} mails to it were deleted", "已删除发往该地址的 {mails} 封邮件"))?;
    }
    say_remains(desk, &remains)
}
