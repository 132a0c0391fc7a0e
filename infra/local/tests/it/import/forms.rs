//! The forms that a report comes in: charsets, CSV, workbooks, gzip.

use std::io::Write as _;

use encoding_rs::{GB18030, SHIFT_JIS, WINDOWS_1252};
use renown_core::reports::{Problem, Remedy};
use renown_core::say::{self, Lang};
use renown_local::import::Kind;

use super::desk::{Desk, ORDERS, encoded, lines, order};
use super::excel::{Cell, archive, texts, workbook};

const SHIPMENTS: &str = "amazon-order-id\tshipment-date\treporting-date\tsku\tproduct-name\tquantity-shipped\testimated-arrival-date\tsales-channel";

fn shipment(n: u32, channel: &str, sku: &str, name: &str) -> String {
    format!(
        "302-1000000-{n:07}\t2026-10-02T09:30:00+00:00\t2026-10-03T03:00:00+00:00\t{sku}\t{name}\t1\t2026-10-05T11:00:00+00:00\t{channel}"
    )
}

fn utf16(text: &str) -> Vec<u8> {
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(bytes).expect("memory");
    gzip.finish().expect("memory")
}

#[tokio::test]
async fn both_reports_are_read_in_every_charset() {
    type Encode = fn(&str) -> Vec<u8>;
    let cases: [(&str, &str, &str, Encode); 10] = [
        ("Amazon.de", "Köln-蓝色", "UTF-8", |text| text.as_bytes().to_vec()),
        ("Amazon.de", "Köln-蓝色", "UTF-8", |text| format!("\u{feff}{text}").into_bytes()),
        ("Amazon.de", "Köln-蓝色", "UTF-16LE", utf16),
        ("Amazon.de", "Köln-Größe-€", "windows-1252", |text| encoded(text, WINDOWS_1252)),
        ("Amazon.co.jp", "急須-①-ﾃｽﾄ", "Shift_JIS", |text| encoded(text, SHIFT_JIS)),
        ("Amazon.com", "紫砂壶-大号", "gb18030", |text| encoded(text, GB18030)),
        ("Amazon.de", "紫砂壶-大号", "gb18030", |text| encoded(text, GB18030)),
        ("Amazon.co.jp", "紫砂壶-大号", "gb18030", |text| encoded(text, GB18030)),
        ("Non-Amazon", "紫砂壶-大号", "gb18030", |text| encoded(text, GB18030)),
        ("Amazon.co.jp", "急須", "Shift_JIS", |text| gzip(&encoded(text, SHIFT_JIS))),
    ];
    for (channel, sku, charset, encode) in cases {
        let files = [
            (Kind::AllOrders, lines(&[ORDERS.to_owned(), order(1, channel, sku, sku)])),
            (Kind::FbaShipments, lines(&[SHIPMENTS.to_owned(), shipment(1, channel, sku, sku)])),
        ];
        for (kind, text) in files {
            let desk = Desk::new().await;
            let imported = desk.import("a file without a name", encode(&text)).await;
            assert_eq!((imported.kind, imported.charset), (kind, Some(charset)), "{channel} {sku}");
            assert_eq!((imported.rows, imported.bad_rows, imported.orders_new), (1, 0, 1), "{imported:?}");
            assert_eq!(imported.garbled, 0);
            assert_eq!(desk.named().await, (vec![sku.to_owned()], vec![sku.to_owned()]), "{charset}");
        }
    }
}

#[tokio::test]
async fn csv_is_read_with_either_separator_and_with_quotes() {
    for separator in [",", ";"] {
        let quoted = |line: &str| {
            let needs_quotes = |field: &str| field.contains([',', ';', '"', '\n']);
            let fields = line.split('\t').map(|field| {
                if needs_quotes(field) {
                    format!("\"{}\"", field.replace('"', "\"\""))
                } else {
                    field.to_owned()
                }
            });
            fields.collect::<Vec<_>>().join(separator)
        };
        let file = lines(&[
            String::new(),
            quoted(ORDERS),
            quoted(&order(1, "Amazon.de", "a,b;c", "a \"large\" lamp,\nfor; the desk")),
            String::new(),
            quoted(&order(2, "Amazon.de", "蓝色", "灯").replace("Shipped", "Teleported")),
            separator.repeat(10),
            quoted(&order(3, "Amazon.de", "d", "e")),
        ]);
        let desk = Desk::new().await;
        let imported = desk.import("orders.txt", encoded(&file, GB18030)).await;
        assert_eq!((imported.rows, imported.bad_rows, imported.orders_new), (3, 1, 2), "{imported:?}");
        // Amazon.de and one Chinese word of two characters.
        assert_eq!(imported.charset, Some("gb18030"));
        // The first row of the file stands on two lines.
        assert_eq!((imported.bad[0].line, imported.bad[0].column), (6, Some("order-status")));
        let (skus, names) = desk.named().await;
        assert_eq!(skus, ["a,b;c", "d"]);
        assert_eq!(names, ["a \"large\" lamp, for; the desk", "e"]);
    }
}

#[tokio::test]
async fn the_first_sheet_with_a_report_is_read_and_numbers_are_what_they_were() {
    let row = |order: &'static str, updated: Cell, sku: Cell| {
        let mut cells = texts("Shipped\tAmazon\tAmazon.de");
        cells.splice(0..0, [Cell::Text(order), updated]);
        cells.extend([sku, Cell::Number(2.0)]);
        cells
    };
    let header = texts(
        "amazon-order-id\tlast-updated-date\torder-status\tfulfillment-channel\tsales-channel\tsku\tquantity",
    );
    let file = workbook(&[
        ("Notes", vec![texts("what I did today")]),
        (
            "Orders",
            vec![
                header,
                row("302-1000000-0000001", Cell::Text("2026-10-05T08:00:00+00:00"), Cell::Number(400_638.0)),
                vec![],
                row("302-1000000-0000002", Cell::Date(46_300.5), Cell::Text("b")),
                row("302-1000000-0000003", Cell::Text("2026-10-05T08:00:01+00:00"), Cell::Text("蓝色")),
            ],
        ),
    ]);
    let desk = Desk::new().await;
    let imported = desk.import("orders.txt", &file).await;
    assert_eq!((imported.rows, imported.bad_rows, imported.orders_new), (3, 1, 2), "{imported:?}");
    assert_eq!((imported.kind, imported.charset), (Kind::AllOrders, None));
    assert_eq!(desk.named().await.0, ["400638", "蓝色"]);
    // A date cell has no zone, so its row says so and nothing is guessed.
    let bad = &imported.bad[0];
    assert_eq!((bad.line, bad.column, bad.remedy), (4, Some("last-updated-date"), Remedy::Time));
    assert_eq!(bad.problem, Problem::NotUnderstood { shown: "\"2026-10-05 12:00:00\"".to_owned() });
    assert!(say::bad_row(Lang::Zh, bad).starts_with("第 4 行、last-updated-date 列:"));
    let again = desk.import("orders.xlsx", &file).await;
    assert_eq!((again.orders_new, again.orders_unchanged), (0, 2));
}

#[tokio::test]
async fn a_workbook_or_archive_without_a_report_is_refused_with_what_it_holds() {
    let desk = Desk::new().await;
    let (error, chinese) = desk.refused("a.xlsx", workbook(&[("Notes", vec![texts("today")])])).await;
    assert!(error.to_string().contains("Notes") && chinese.contains("Notes"), "{error}");
    let header = texts("amazon-order-id\tshipment-date");
    let (error, _) = desk.refused("b.xlsx", workbook(&[("S", vec![header])])).await;
    assert!(error.to_string().contains("lacks sales-channel;"), "{error}");
    let zip = archive([("orders.txt", lines(&[ORDERS.to_owned()]).as_str())]);
    let (error, chinese) = desk.refused("c.csv", &zip).await;
    assert!(error.to_string().contains("zip archive; unpack it") && chinese.contains("解压"), "{error}");
    let (error, _) = desk.refused("d.gz", gzip(&zip)).await;
    assert!(error.to_string().contains("unpack it"), "{error}");
    let packed = gzip(lines(&[ORDERS.to_owned(), order(1, "Amazon.de", "a", "b")]).as_bytes());
    let (error, chinese) = desk.refused("e.gz", &packed[..packed.len() - 12]).await;
    assert!(error.to_string().contains("breaks off") && chinese.contains("不完整"), "{error}");
}
