//! Reviews that a seller exported: kept for what they say of a product, without who wrote them.

use renown_core::case::Kind;

use super::desk::Desk;

const CSV: &str = "Reviewer,ASIN,Rating,Date,Review Text\n\
    CANARY Muster,B0TEAPOT01,1,2026-10-01,\"Der Deckel war zerbrochen, Ersatz unter canary@posteo.de\"\n\
    CANARY Two,B0TEAPOT01,5,2026-10-02,Great pot\n\
    CANARY Three,B0TEAPOT01,2.0 out of 5 stars,03/10/2026,Leaks after a week\n\
    CANARY Four,,1,2026-10-03,No product\n\
    CANARY Five,B0TEAPOT01,nine,2026-10-03,No rating\n";

#[tokio::test]
async fn reviews_become_signals_once_without_their_writers_and_bad_rows_are_told() {
    let desk = Desk::new().await;
    let read = desk.import_reviews("reviews.csv", CSV.as_bytes()).await.expect("read");
    assert_eq!((read.rows, read.new, read.content, read.bad_rows), (5, 2, 1, 2), "{read:?}");
    assert_eq!(read.bad.iter().map(|bad| bad.line).collect::<Vec<_>>(), [5, 6]);
    let signals = desk.app.ledger.signals(&desk.seller.id).await.expect("listed");
    assert!(signals.iter().all(|it| it.signal.kind == Kind::Review && it.read_at.is_none()));
    let kept = format!("{signals:?}");
    assert!(kept.contains("zerbrochen") && !kept.to_lowercase().contains("canary"), "{kept}");
    let days: Vec<_> =
        signals.iter().map(|it| (it.signal.day.is_some(), it.signal.raw_day.clone())).collect();
    assert!(
        days.contains(&(false, Some("03/10/2026".to_owned()))),
        "a day that can be two is kept raw: {days:?}"
    );
    let again = desk.import_reviews("reviews.csv", CSV.as_bytes()).await.expect("read");
    assert_eq!((again.new, again.known), (0, 2));
}

#[tokio::test]
async fn a_chinese_export_is_read_and_a_file_of_something_else_is_refused() {
    let desk = Desk::new().await;
    let csv = "子ASIN;评分;评论日期;评论内容\nB0TEAPOT01;1 星;2026年10月05日;盖子收到就是碎的\n";
    let bytes = encoding_rs::GB18030.encode(csv).0.into_owned();
    let read = desk.import_reviews("评论.csv", &bytes).await.expect("read");
    assert_eq!((read.rows, read.new, read.bad_rows), (1, 1, 0), "{read:?}");
    let error = desk.import_reviews("prices.csv", b"ASIN,Price\nB0X,3\n").await.expect_err("no reviews");
    assert!(error.to_string().contains("asin"), "{error}");
}
