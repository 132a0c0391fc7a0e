//! What a mail says: of an order, or of a made-up one that is sent to the operator.

use std::io::Write as _;
use std::path::PathBuf;

use renown_core::mail::contact::Consent;
use renown_core::mail::reasons::Hold;
use renown_core::mail::shop::is_address;
use renown_core::mail::{Addressee, Contact, Facts, Kind, Language, Line, Shop, ShopOrder};
use renown_core::say::Text;
use renown_core::text;
use renown_io::mail::{Keys, Message, Outbox};
use serde_json::json;
use ses_send::{Judged, Reader, Texts, Writer, Written};

use super::hand::unknown;
use super::{PreviewArgs, TestArgs};
use crate::aws::Aws;
use crate::desk::{Desk, Open};
use crate::folder::{cannot_write, new_file};
use crate::place::Place;
use crate::refuse;
use crate::shops::public_url;
use crate::told::{Told as _, Trouble};

/// The folder of a data folder in which mails are put.
pub(crate) const OUTBOX: &str = "mail";

pub(super) async fn preview(desk: &mut Desk<'_>, args: &PreviewArgs) -> anyhow::Result<()> {
    let open = desk.open_to_call().await?;
    let shop = open.shop(Some(&args.shop)).await?;
    let (id, order_id, kind) = (&shop.id, &args.order, args.kind);
    let keys = open.mail_keys().await?;
    let Some(stored) = open.app.ledger.shop_order(id, order_id).await? else {
        return Err(unknown(id.as_str(), order_id));
    };
    let contact = match &stored.order.facts.person {
        Some(person) => open.app.ledger.contact(&shop.seller, person).await?,
        None => None,
    };
    let to = contact.as_ref().and_then(|contact| keys.open(contact));
    let is_known = to.is_some();
    let to = to.unwrap_or_else(|| Addressee { email: "nobody@renown.invalid".to_owned(), name: None });
    let mut stand_in = nobody(&keys, &open);
    if let Some(contact) = contact {
        (stand_in.locale, stand_in.consent) = (contact.locale, contact.consent);
    }
    let written = write(desk, &open, &keys, &shop, &stored.order, kind, &stand_in, &to).await?;
    let rendered = &written.rendered;
    if let Some(path) = &args.html {
        let mut file = new_file(path)?;
        file.write_all(rendered.html.as_bytes()).told(|| cannot_write(path))?;
    }
    desk.json(&json!({"shop_id": id, "order_id": order_id, "mail": kind, "template": written.template,
        "customer_known": is_known, "subject": rendered.subject, "text": rendered.text, "html_file": args.html}))?;
    let (subject, body) = (&rendered.subject, rendered.text.trim_end());
    let (from, name, template) = (&shop.from, &shop.name, &written.template);
    desk.say(&text!(
        "From: {name} <{from}>\nSubject: {subject}\nTemplate: {template}\n\n{body}\n",
        "发件人:{name} <{from}>\n主题:{subject}\n模板:{template}\n\n{body}\n"
    ))?;
    if !is_known {
        desk.say(&text!(
            "! the customer of this order is not known or no longer kept: no mail goes out about it",
            "! 该订单的客户未知或已不再保存:不会就此订单发送邮件"
        ))?;
    }
    if let Some(path) = &args.html {
        let shown = path.display();
        desk.say(&text!("HTML is in {shown}", "HTML 已写入 {shown}"))?;
    }
    Ok(())
}

pub(super) async fn test(desk: &mut Desk<'_>, args: &TestArgs) -> anyhow::Result<()> {
    let TestArgs { to, kind, locale, .. } = args;
    if !is_address(to) {
        return Err(Trouble::usage(text!(
            "{to:?} is no address: write one, such as me@shop.example",
            "{to:?} 不是邮箱地址:请写一个,例如 me@shop.example"
        ))
        .into());
    }
    let open = desk.open_to_call().await?;
    let shop = open.shop(Some(&args.shop)).await?;
    let keys = open.mail_keys().await?;
    if let Some(entry) = open.app.ledger.suppression(&shop.seller, &keys.person(to)).await? {
        let Text { en, zh } = entry.reason.text();
        refuse!(
            "that address is not written to ({en}); `renown suppress remove` takes it off the list",
            "该地址在抑制名单中({zh});可用 `renown suppress remove` 移除"
        );
    }
    if let Some(wanted) = locale.as_deref().filter(|locale| Language::of_locale(locale).is_none()) {
        let used = Language::for_customer(Some(wanted), &shop.locale);
        desk.say(&text!(
            "! there is no text in the language of {wanted:?}, so a customer who has it is written to in the shop's: {used}",
            "! 没有 {wanted:?} 所指语言的文本,这样的客户会收到店铺语言的邮件:{used}"
        ))?;
    }
    let outbox = outbox(&open)?;
    let mut contact = nobody(&keys, &open);
    contact.locale.clone_from(locale);
    let addressee = Addressee { email: to.clone(), name: None };
    let mut written =
        write(desk, &open, &keys, &shop, &made_up(&shop, &open), *kind, &contact, &addressee).await?;
    written.rendered.subject = format!("[Test] {}", written.rendered.subject);
    let message =
        Message::to_customer(&shop, &addressee, &written.rendered, &written.unsubscribe_url, open.now)?;
    let sent = outbox.send_test(&shop.id, *kind, &message).await;
    let name = match sent {
        Ok(name) => name,
        Err(why) => refuse!("the mail was not sent: {why}", "邮件未发送:{why}"),
    };
    let shown = match &outbox {
        Outbox::Folder(folder) => folder.join(format!("{name}.eml")).display().to_string(),
        Outbox::Ses { .. } => format!("SES {name}"),
    };
    desk.json(&json!({"shop_id": shop.id, "mail": kind, "template": written.template,
        "subject": written.rendered.subject, "sent": shown}))?;
    let subject = &written.rendered.subject;
    desk.say(&text!("{subject}: {shown}", "{subject}:{shown}"))
}

/// Where mails to customers go.
///
/// # Errors
///
/// If the stack is from before there were mails.
pub(crate) fn outbox(open: &Open) -> anyhow::Result<Outbox> {
    match &open.place {
        Place::Folder(here) => Ok(Outbox::Folder(here.folder.file(OUTBOX))),
        Place::Aws(aws) => ses(aws, aws.stack.configuration_set.clone()),
    }
}

/// Where mails to operators go.
///
/// # Errors
///
/// As [`outbox`].
pub(crate) fn operators_outbox(open: &Open) -> anyhow::Result<Outbox> {
    match &open.place {
        Place::Folder(here) => Ok(Outbox::Folder(here.folder.file(OUTBOX))),
        Place::Aws(aws) => ses(aws, aws.stack.operators_configuration_set.clone()),
    }
}

fn ses(aws: &Aws, configuration_set: String) -> anyhow::Result<Outbox> {
    if configuration_set.is_empty() {
        let region = &aws.region;
        refuse!(
            "the stack in {region} knows no mails yet: deploy this version of Renown (infra/README.md)",
            "{region} 的系统尚不支持邮件:请部署此版本的 Renown(见 infra/README.zh-CN.md)"
        );
    }
    Ok(Outbox::Ses { client: aws.ses(), configuration_set })
}

/// Somebody who has said yes and whom no link unsubscribes.
fn nobody(keys: &Keys, open: &Open) -> Contact {
    Contact {
        person: keys.nobody(),
        sealed: String::new(),
        locale: None,
        country: None,
        consent: Some(Consent { given: true, source: "test".to_owned(), at: open.now }),
        as_of: open.now,
    }
}

/// An order that nobody placed.
fn made_up(shop: &Shop, open: &Open) -> ShopOrder {
    let id = "sample".parse().expect("six letters are an order's id");
    let mut order = ShopOrder::new(shop.id.clone(), id, open.now);
    order.facts = Facts {
        number: "#1001".to_owned(),
        lines: vec![Line { sku: "SAMPLE".to_owned(), title: "Sample 样品".to_owned() }],
        ..Facts::default()
    };
    order
}

#[expect(clippy::too_many_arguments, reason = "those of the function that sends, and where it works")]
async fn write(
    desk: &Desk<'_>,
    open: &Open,
    keys: &Keys,
    shop: &Shop,
    order: &ShopOrder,
    kind: Kind,
    contact: &Contact,
    to: &Addressee,
) -> anyhow::Result<Written> {
    let url = public_url(&open.place, &desk.settings);
    let texts = Texts::of(&open.app.ledger, &shop.id).await?;
    let judged = Judged::default();
    let writer = Writer { keys, public_url: &url, shop, texts: &texts, judged: &judged };
    writer.write(order, kind, Reader { contact, to }, open.now).map_err(|why: Hold| {
        let Text { en, zh } = why.text();
        Trouble::new(text!("there is no text for this mail: {en}", "无法生成该邮件的正文:{zh}")).into()
    })
}

/// The mails of a folder that go to an address.
///
/// # Errors
///
/// If the folder cannot be read. That there is none is no error.
pub(crate) fn mails_to(folder: &std::path::Path, address: &str) -> std::io::Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let wanted = address.trim().to_lowercase();
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let mail = std::fs::read(&path)?;
        let mail = String::from_utf8_lossy(&mail).to_lowercase();
        // Of the head alone, whose long lines are folded.
        let head =
            mail.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", "").replace("\r\n\t", "");
        if head.contains(&format!("<{wanted}>")) {
            found.push(path);
        }
    }
    Ok(found)
}
