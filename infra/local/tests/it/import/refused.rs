//! Files that are none of those that can be imported.

use renown_local::import::{ImportError, LooksLike};

use super::desk::{Desk, ORDERS, lines, order};
use super::excel::{archive, texts, workbook};

#[tokio::test]
async fn a_file_of_another_kind_is_refused_with_what_it_looks_like_and_the_remedy() {
    let desk = Desk::new().await;
    for (bytes, expected) in [
        (&b"%PDF-1.7\n..."[..], LooksLike::Pdf),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", LooksLike::Picture),
        (b"<!DOCTYPE html>\n<html><body>Sign in</body></html>", LooksLike::WebPage),
        (b"<?xml version=\"1.0\"?><orders/>", LooksLike::Xml),
        (b"{\"orders\": [1, 2, 3]}", LooksLike::Json),
        (b"\"name\",\"mail\"\n\"a\",\"b\"\n", LooksLike::Text),
        ("买家你好,请看附件".as_bytes(), LooksLike::Text),
        (b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0", LooksLike::Bytes),
    ] {
        let (error, chinese) = desk.refused("orders.txt", bytes).await;
        let ImportError::Unknown { looks_like, .. } = &error else { panic!("{error}") };
        assert_eq!(*looks_like, expected);
        assert!(error.to_string().contains("All Orders report"), "{error}");
        assert!(error.to_string().contains("Download the report again"), "{error}");
        assert!(chinese.contains("卖家平台"), "{chinese}");
    }
    assert!(desk.orders().await.is_empty());
}

#[tokio::test]
async fn a_report_without_some_columns_names_each_of_them() {
    let desk = Desk::new().await;
    let (error, chinese) = desk.refused("a.csv", "amazon-order-id;order-status;sales-channel\n1;2;3\n").await;
    for text in [error.to_string(), chinese] {
        assert!(text.contains("shipment-date"), "the nearer report: {text}");
        assert!(!text.contains("last-updated-date"), "{text}");
    }
    let twice = format!("{ORDERS}\tSKU\n");
    let (error, _) = desk.refused("b.txt", twice).await;
    assert!(error.to_string().contains("sku more than once"), "{error}");
}

#[tokio::test]
async fn empty_missing_and_old_files_are_told_as_such() {
    let desk = Desk::new().await;
    for bytes in ["", "\n \r\n", "\u{feff}"] {
        let (error, chinese) = desk.refused("orders.txt", bytes).await;
        assert!(error.to_string().contains("is empty") && chinese.contains("是空的"), "{error}");
    }
    let (error, chinese) = desk.refused("orders.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0").await;
    assert!(error.to_string().contains("save it as xlsx") && chinese.contains("另存为 xlsx"), "{error}");
    let missing = desk.file("x", "x").with_file_name("nowhere.txt");
    let error =
        renown_local::import::import(&desk.app, &desk.seller, &missing, super::desk::now(), &mut |_| {})
            .await
            .expect_err("not there");
    assert!(error.to_string().contains("nowhere.txt") && error.to_string().contains("check the name"));
}

#[tokio::test]
async fn a_damaged_workbook_is_to_be_saved_again_and_an_archive_to_be_unpacked() {
    let desk = Desk::new().await;
    let whole = workbook(&[("Sheet1", vec![texts(ORDERS)])]);
    let half = &whole[..whole.len() / 2];
    let (error, chinese) = desk.refused("orders.xlsx", half).await;
    assert!(
        error.to_string().contains("save it again") && chinese.contains("重新另存"),
        "{error}; {chinese}"
    );
    let (error, chinese) = desk.refused("orders.zip", archive([("orders.txt", "x")])).await;
    assert!(error.to_string().contains("unpack it") && chinese.contains("解压"), "{error}");
}

#[tokio::test]
async fn a_quote_that_is_never_closed_is_named_by_its_line_before_anything_is_written() {
    let desk = Desk::new().await;
    let comma = |line: &str| line.replace('\t', ",");
    let mut rows = vec![comma(ORDERS), comma(&order(1, "Amazon.de", "a", "b"))];
    rows.push(comma(&order(2, "Amazon.de", "a", "\"b")));
    rows.extend((3..20_000).map(|n| comma(&order(n, "Amazon.de", "a", "b"))));
    let (error, chinese) = desk.refused("orders.csv", lines(&rows)).await;
    assert!(matches!(error, ImportError::OpenQuote { line: 3, .. }), "{error}");
    assert!(chinese.contains("第 3 行"), "{chinese}");
    assert!(desk.orders().await.is_empty());
}

#[tokio::test]
async fn json_that_breaks_off_is_named_by_its_place() {
    let desk = Desk::new().await;
    let (error, _) = desk.refused("kept.json", "[\n{\"NotificationType\": \"ORDER_CHANGE\"},\n{\"No").await;
    assert!(matches!(error, ImportError::NotJson { line: 3, .. }), "{error}");
}
