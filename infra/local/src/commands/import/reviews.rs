//! `renown import --reviews`: reviews of products and voices of customers, from files a seller has.

use renown_core::marketplace::MarketplaceId;
use renown_core::say::Text;
use renown_core::text;
use serde_json::json;

use super::{ImportArgs, SHOWN};
use crate::desk::Desk;
use crate::import::import_reviews;
use crate::told::Trouble;

pub(super) async fn run(desk: &mut Desk<'_>, args: &ImportArgs) -> anyhow::Result<()> {
    let open = desk.open().await?;
    let seller = open.seller(args.seller.as_deref()).await?;
    let marketplace = match &args.marketplace {
        None => None,
        Some(country) => match MarketplaceId::of_country(&country.to_ascii_uppercase()) {
            Some(marketplace) => Some(marketplace),
            None => {
                return Err(Trouble::usage(text!(
                    "--marketplace: {country:?} is no country with a marketplace; write one like DE",
                    "--marketplace:{country:?} 没有亚马逊站点;请写如 DE"
                ))
                .into());
            }
        },
    };
    let mut files = Vec::new();
    for file in &args.files {
        let read = import_reviews(&open.app, &seller, marketplace, file, open.now).await?;
        let (shown, rows, new, known, content, bad) =
            (&read.file, read.rows, read.new, read.known, read.content, read.bad_rows);
        desk.say(&text!(
            "{shown}: {rows} rows; {new} critical reviews new, {known} known, {content} of four or five stars; {bad} bad rows",
            "{shown}:{rows} 行;新增批评性评论 {new} 条,已有 {known} 条,四星或五星 {content} 条;无法使用 {bad} 行"
        ))?;
        for row in read.bad.iter().take(SHOWN) {
            let (line, Text { en, zh }) = (row.line, &row.problem);
            desk.say(&text!("  line {line}: {en}", "  第 {line} 行:{zh}"))?;
        }
        files.push(json!(read));
    }
    desk.json(&json!({"seller_id": seller.id, "files": files}))?;
    desk.say(&text!(
        "They are read for their causes within a minute, where Renown runs; three of one kind within seven days open a case.",
        "Renown 运行时,一分钟内会读出原因;七天内三条同类会开工单。"
    ))
}
