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
async fn files_are_read_in_the_charset_and_under_the_names_of_their_country() {
    use encoding_rs::{GB18030, SHIFT_JIS, UTF_8, WINDOWS_1252};
    let desk = Desk::new().await;
    for (name, encoding, csv, words) in [
        (
            "cn.csv",
            GB18030,
            "子ASIN;评分;评论日期;评论内容\nB0TEAPOT01;1 星;2026年10月05日;盖子收到就是碎的\n",
            "碎的",
        ),
        (
            "de.csv",
            WINDOWS_1252,
            "ASIN;Sterne;Datum;Rezension\nB0TEAPOT01;2,0 von 5 Sternen;3. Oktober 2026;Völlig zerbrochen\n",
            "Völlig",
        ),
        (
            "jp.csv",
            SHIFT_JIS,
            "ASIN,評価,日付,レビュー本文\nB0TEAPOT01,5つ星のうち1.0,2026年10月3日,壊れて届きました。\n",
            "壊れて",
        ),
        (
            "fr.csv",
            UTF_8,
            "ASIN,Note,Date de l'avis,Commentaire\nB0TEAPOT01,1,3 octobre 2026,Arrivé cassé\n",
            "cassé",
        ),
    ] {
        let bytes = encoding.encode(csv).0.into_owned();
        let read = desk.import_reviews(name, &bytes).await.expect("read");
        assert_eq!((read.rows, read.new, read.undated, read.bad_rows), (1, 1, 0, 0), "{read:?}");
        assert!(
            read.charset.is_some_and(|charset| charset.eq_ignore_ascii_case(encoding.name())),
            "{read:?}"
        );
        let kept = format!("{:?}", desk.app.ledger.signals(&desk.seller.id).await.expect("listed"));
        assert!(kept.contains(words), "{kept}");
    }
}

#[tokio::test]
async fn what_is_no_list_of_reviews_is_refused_with_what_would_be_one() {
    let desk = Desk::new().await;
    for (csv, word) in [
        ("ASIN,Price\nB0X,3\n", "stars: rating"),
        ("ASIN,Rating,Rating\nB0TEAPOT01,1,2\n", "twice"),
        ("ASIN,NCX rate,NCX orders,Star rating\nB0TEAPOT01,2 %,7,3.9\n", "comments"),
    ] {
        let error = desk.import_reviews("file.csv", csv.as_bytes()).await.expect_err("no reviews");
        assert!(error.to_string().contains(word), "{error}");
    }
}

#[tokio::test]
async fn a_bad_row_is_kept_with_its_reason_and_takes_no_neighbour_down() {
    let desk = Desk::new().await;
    let csv = "ASIN,Rating,Date,Review\n\
        B0TEAPOT01,1,2026-10-01,Broken, and late\n\
        xyz,1,2026-10-01,No product\n\
        B0TEAPOT01,3.9,2026-10-01,A mean\n\
        B0TEAPOT01,1,2036-10-01,To come\n\
        B0TEAPOT01,1,2026-10-01,\"Never closed\n\
        B0TEAPOT01,1,2026-10-02,Swallowed\n\
        B0TEAPOT01,1,2026-10-03,\"Closed\"\n\
        B0TEAPOT01,1,2026-10-04,Broken\n";
    let read = desk.import_reviews("reviews.csv", csv.as_bytes()).await.expect("read");
    assert_eq!((read.rows, read.new, read.bad_rows), (8, 1, 7), "{read:?}");
    for (bad, (line, word)) in
        read.bad.iter().zip([(2, "5 cells"), (3, "ASIN"), (4, "mean"), (5, "still to come"), (6, "quote")])
    {
        assert!(bad.line == line && bad.problem.en.contains(word), "{bad:?}");
    }
    assert_eq!(desk.unread().await.len(), 5);
}

#[tokio::test]
async fn a_quote_that_is_never_closed_is_named_by_its_line_with_what_it_swallowed() {
    let desk = Desk::new().await;
    let csv = "ASIN,Rating,Date,Review\nB0TEAPOT01,1,2026-10-01,Broken\n\
        B0TEAPOT01,1,2026-10-01,\"Open\nB0TEAPOT01,1,2026-10-02,Late\nB0TEAPOT01,1,2026-10-03,Leaks\n";
    let read = desk.import_reviews("reviews.csv", csv.as_bytes()).await.expect("read");
    assert_eq!((read.rows, read.new, read.bad_rows, read.bad[0].line), (4, 1, 3, 3), "{read:?}");
    assert!(read.bad[0].problem.en.contains("before line 5"), "{read:?}");
}

#[tokio::test]
async fn reviews_that_are_alike_count_each_and_the_same_one_once() {
    let desk = Desk::new().await;
    let csv = "ASIN,Rating,Date,Review,Review ID\n\
        B0TEAPOT01,1,2026-10-01,,R1AAAAAAAAAAA\n\
        B0TEAPOT01,1,2026-10-01,,R2AAAAAAAAAAA\n\
        B0TEAPOT01,1,2026-10-01,,R2AAAAAAAAAAA\n\
        B0TEAPOT01,,2026-10-01,Lovely pot,R3AAAAAAAAAAA\n\
        B0TEAPOT01,,2026-10-01,Arrived broken,N/A\n\
        B0TEAPOT01,2,2026-10-01,It leaks,N/A\n\
        B0TEAPOT01,5,2026-10-02,The battery exploded and burned my hand,\n\
        B0TEAPOT01,,2026-10-02,Сломалось сразу,\n";
    let read = desk.import_reviews("reviews.csv", csv.as_bytes()).await.expect("read");
    assert_eq!((read.new, read.known, read.content, read.not_understood), (5, 1, 1, 1), "{read:?}");
    let again = desk.import_reviews("reviews.csv", csv.as_bytes()).await.expect("read");
    assert_eq!((again.new, again.known), (0, 6), "{again:?}");
    let other = "ASIN,Rating,Date,Comments,Review\nB0TEAPOT01,2,1 October 2026,answered,It leaks\n";
    let other = desk.import_reviews("other.csv", other.as_bytes()).await.expect("read");
    assert_eq!((other.new, other.known), (0, 1), "another tool's file: {other:?}");
    assert_eq!(other.columns, ["ASIN", "Rating", "Review", "Date"]);
}

#[tokio::test]
async fn days_with_a_slash_are_read_where_their_file_tells_the_order() {
    let desk = Desk::new().await;
    let csv = "ASIN,Rating,Date,Review\nB0TEAPOT01,1,9/3/2026,a\nB0TEAPOT01,1,9/25/2026,b\n";
    let read = desk.import_reviews("reviews.csv", csv.as_bytes()).await.expect("read");
    assert_eq!((read.new, read.undated), (2, 0));
    let signals = desk.app.ledger.signals(&desk.seller.id).await.expect("listed");
    let mut days: Vec<_> = signals.iter().map(|it| it.signal.day.map(|day| day.to_string())).collect();
    days.sort();
    assert_eq!(days, [Some("2026-09-03".to_owned()), Some("2026-09-25".to_owned())]);
}

#[tokio::test]
async fn a_heading_is_found_below_a_title_and_a_country_by_its_name() {
    let desk = Desk::new().await;
    let csv = "sep=;\nReviews of October\n\nASIN;Rating;Date;Review;Country\n\
        B0TEAPOT01;1;2026-10-01;Broken;Germany\n\
        B0TEAPOT01;二星;2026-10-02;Leaks;法国\n\
        B0TEAPOT01;1;2026-10-03;Late;Atlantis\n\
        B0TEAPOT01;nine;2026-10-03;No rating;DE\n";
    let read = desk.import_reviews("reviews.csv", csv.as_bytes()).await.expect("read");
    assert_eq!((read.rows, read.new, read.elsewhere, read.bad_rows), (4, 3, 1, 1), "{read:?}");
    assert_eq!(read.bad[0].line, 8, "{read:?}");
    let signals = desk.app.ledger.signals(&desk.seller.id).await.expect("listed");
    let mut countries: Vec<_> =
        signals.iter().map(|it| it.signal.marketplace.map_or("", |at| at.info().country)).collect();
    countries.sort_unstable();
    assert_eq!(countries, ["DE", "DE", "FR"], "who names no marketplace that is known has the file's");
}

#[tokio::test]
async fn what_stands_in_the_wrong_column_is_not_kept_and_takes_no_neighbour_down() {
    let desk = Desk::new().await;
    let long = "y".repeat(3000);
    let csv = format!(
        "ASIN,Rating,Review,Date\n\
         B0TEAPOT01,1,it broke,\"by Jane Roe 212-555-0147, Nov\"\n\
         B0TEAPOT01,1,it leaks,{long}\n\
         B0TEAPOT01,1,it smells,2026-10-01\n"
    );
    let read = desk.import_reviews("reviews.csv", csv.as_bytes()).await.expect("read");
    assert_eq!((read.rows, read.new, read.undated, read.bad_rows), (3, 3, 2, 0), "{read:?}");
    let kept = format!("{:?}", desk.app.ledger.signals(&desk.seller.id).await.expect("listed"));
    assert!(!kept.contains("Jane") && !kept.contains("0147") && !kept.contains("yyy"), "{kept}");
}

#[tokio::test]
async fn a_review_is_the_same_in_a_tools_file_with_its_title_and_without() {
    let desk = Desk::new().await;
    let plain = "ASIN,Rating,Date,Review\nB0TEAPOT01,1,2026-10-01,It leaks\n";
    let titled = "ASIN,Rating,Date,Review Title,Review\nB0TEAPOT01,1,2026-10-01,Bad pot,It leaks\n";
    assert_eq!(desk.import_reviews("a.csv", plain.as_bytes()).await.expect("read").new, 1);
    let again = desk.import_reviews("b.csv", titled.as_bytes()).await.expect("read");
    assert_eq!((again.new, again.known), (0, 1), "{again:?}");
}
