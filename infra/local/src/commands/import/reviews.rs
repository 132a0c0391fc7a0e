//! `renown import --reviews`: reviews of products and voices of customers, from files a seller has.

use renown_core::marketplace::MarketplaceId;
use renown_core::text;
use serde_json::json;

use super::ImportArgs;
use crate::desk::Desk;
use crate::import::{ReviewsImported, import_reviews, look_for_reviews};
use crate::told::{Trouble, tell as tell_error};

pub(super) async fn run(desk: &mut Desk<'_>, args: &ImportArgs) -> anyhow::Result<()> {
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
    // One that holds no reviews founds no shop.
    if let [file] = &args.files[..] {
        look_for_reviews(file, marketplace)?;
    }
    super::begin(desk).await?;
    let open = desk.open().await?;
    // Reviews found nobody a second shop: a name that is not known is a mistake, unless there is none yet.
    let seller = if open.app.ledger.sellers().await?.is_empty() {
        super::whose(desk, &open, args).await?
    } else {
        open.seller(args.seller.as_deref()).await?
    };
    let (mut files, mut n_failed, mut n_lost, mut n_new) = (Vec::new(), 0_u64, 0_u64, 0);
    for file in &args.files {
        match import_reviews(&open.app, &seller, marketplace, file, open.now).await {
            Ok(read) => {
                tell(desk, &read)?;
                n_lost += u64::from(read.is_lost());
                n_new += read.new;
                files.push(json!(read));
            }
            // The files beside it are read all the same.
            Err(error) if args.files.len() > 1 => {
                let said = tell_error(&error, desk.style.lang);
                desk.say(&text!("✗ {said}", "✗ {said}"))?;
                files.push(json!({"file": file, "error": said}));
                n_failed += 1;
            }
            Err(error) => return Err(error),
        }
    }
    desk.json(&json!({"seller_id": seller.id, "files": files}))?;
    if n_failed > 0 {
        return Err(super::unread(n_failed).into());
    }
    if n_lost > 0 {
        return Err(super::nothing_taken_in(n_lost).into());
    }
    if n_new == 0 {
        return Ok(());
    }
    desk.say(&text!(
        "They are read for their causes within a minute, where Renown runs (`renown up`, or on AWS); three of one kind within seven days open a case.",
        "Renown 运行时(`renown up` 或部署在 AWS),一分钟内会读出原因;七天内三条同类会开工单。"
    ))
}

fn tell(desk: &mut Desk<'_>, read: &ReviewsImported) -> anyhow::Result<()> {
    let ReviewsImported {
        file, rows, new, known, content, undated, elsewhere, bad_rows, garbled, bad, ..
    } = read;
    let charset = read.charset.unwrap_or("xlsx");
    desk.say(&text!(
        "{file} ({charset}): rows: {rows}; critical reviews: {new} new, {known} known; content: {content}; bad rows: {bad_rows}",
        "{file}({charset}):{rows} 行;批评性评论:新增 {new} 条,已有 {known} 条;满意 {content} 条;无法使用 {bad_rows} 行"
    ))?;
    let columns = read.columns.join(", ");
    desk.say(&text!("  columns read: {columns}", "  读取的列:{columns}"))?;
    super::tell_garbled(desk, *garbled, charset)?;
    let unread = read.not_understood;
    if unread > 0 {
        desk.say(&text!(
            "  ! {unread} without stars are in no language that is understood, and are left out",
            "  ! 有 {unread} 条没有星级且语言无法识别,未计入"
        ))?;
    }
    if *undated > 0 {
        desk.say(&text!(
            "  ! {undated} critical reviews have no day, or one that can be read in two ways: they count towards no topic of seven days, though a danger opens a case at once; write days such as 2026-11-03",
            "  ! 有 {undated} 条批评性评论的日期缺失或有歧义:不计入七天内的同类投诉(提到危险的仍会立即开工单);日期请写如 2026-11-03"
        ))?;
    }
    if *elsewhere > 0 {
        desk.say(&text!(
            "  ! {elsewhere} critical reviews name a marketplace that is not known: write a country such as DE; they count to no marketplace, or to that of --marketplace",
            "  ! 有 {elsewhere} 条批评性评论的站点无法识别:请写国家代码,例如 DE;现计入 --marketplace 指定的站点,未指定则不计入任何站点"
        ))?;
    }
    let others = read.other_sheets;
    if others > 0 {
        desk.say(&text!(
            "  ! {others} further sheets hold reviews and were not read: save each as a file of its own",
            "  ! 另有 {others} 个工作表含有评论,未读取:请分别另存为单独的文件"
        ))?;
    }
    super::tell_bad(desk, bad, *bad_rows)
}
