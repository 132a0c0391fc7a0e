//! Files of a shop's orders, and the mappings that say what their columns are.

use fastrand::Rng;
use renown_core::mail::news::OrderNews;
use renown_core::say::Lang;
use renown_local::import::{Mapping, read_shop as read};
use renown_local::told;

use crate::mutate::{bytes, nasty, text};
use crate::news::{now, order};
use crate::run::{Verdict, ensure, run_some};

const MAPPING: &str = "time_zone = \"Europe/Berlin\"\nconsent_source = \"box at the checkout\"\n\
    [columns]\nid = \"Name\"\nemail = \"Email\"\nname = \"Billing Name\"\nplaced_at = \"Created at\"\n\
    fulfilled_at = \"Fulfilled at\"\nsku = \"Lineitem sku\"\ntitle = \"Lineitem name\"\ntotal = \"Total\"\n\
    currency = \"Currency\"\ncountry = \"Country\"\nconsent = \"Accepts Marketing\"\n";
const HEADING: [&str; 11] = [
    "Name",
    "Email",
    "Billing Name",
    "Created at",
    "Fulfilled at",
    "Lineitem sku",
    "Lineitem name",
    "Total",
    "Currency",
    "Country",
    "Accepts Marketing",
];
const ROWS: [[&str; 11]; 4] = [
    [
        "#1001",
        "canary.ana@post.example",
        "Ana Canary",
        "2026-10-01 10:00:00 +0200",
        "2026-10-02 10:00:00 +0200",
        "T-1",
        "Sencha, \"first\" flush",
        "25.50",
        "EUR",
        "DE",
        "yes",
    ],
    ["#1001", "", "", "", "", "T-2", "Genmaicha", "", "", "", ""],
    ["#1002", "bob@post.example", "Bob", "2026-10-03", "", "T-1", "煎茶", "1200", "JPY", "JP", "no"],
    ["1003", "", "", "2026-10-04T08:00:00Z", "", "", "Früchtetee", "3", "EUR", "AT", ""],
];

/// A file with a separator; every cell in quotation marks where `quoted` says so.
fn written(rows: &[Vec<String>], separator: char, quoted: bool) -> String {
    let cell = |cell: &String| {
        if quoted || cell.contains(['"', '\n', '\r', separator]) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.clone()
        }
    };
    rows.iter().fold(String::new(), |file, row| {
        let cells: Vec<_> = row.iter().map(cell).collect();
        file + &cells.join(&separator.to_string()) + "\n"
    })
}

/// The sample with cells, rows and columns changed, doubled and lost.
fn file(rng: &mut Rng) -> Vec<u8> {
    let mut rows: Vec<Vec<String>> =
        [&[HEADING], ROWS.as_slice()].concat().iter().map(|row| row.map(str::to_owned).to_vec()).collect();
    for _ in 0..rng.usize(..6) {
        let at = rng.usize(..rows.len());
        let row = &mut rows[at];
        // An earlier change may have left a row without cells.
        let cell = rng.usize(..row.len().max(1)).min(row.len().saturating_sub(1));
        match rng.u8(..8) {
            0 => drop(rows.remove(at)),
            1 => rows.push(rows[at].clone()),
            2 if !row.is_empty() => drop(row.remove(cell)),
            3 => row.push(nasty(rng)),
            _ if !row.is_empty() && (at > 0 || rng.u8(..4) == 0) => row[cell] = text(rng, &row[cell].clone()),
            _ => {}
        }
        if rows.is_empty() {
            break;
        }
    }
    let separator = [',', ';', '\t'][rng.usize(..3)];
    let file = written(&rows, separator, rng.bool()).into_bytes();
    if rng.u8(..3) == 0 { bytes(rng, &file) } else { file }
}

fn mapping(rng: &mut Rng) -> String {
    if rng.u8(..4) == 0 { text(rng, MAPPING) } else { MAPPING.to_owned() }
}

/// A refusal says something in both languages, and nothing of a customer.
fn told(error: &anyhow::Error) -> Verdict {
    for lang in [Lang::En, Lang::Zh] {
        let said = told::tell(error, lang);
        ensure(!said.trim().is_empty(), || "a refusal without words".to_owned())?;
    }
    Ok(())
}

/// The orders as a file, which says the same again.
fn again(orders: &[OrderNews]) -> String {
    let heading = ["Name", "Email"].map(str::to_owned).to_vec();
    let row = |order: &OrderNews| {
        let email = order.customer.as_ref().map(|customer| customer.email.0.clone());
        vec![order.id.to_string(), email.unwrap_or_default()]
    };
    let rows: Vec<_> = std::iter::once(heading).chain(orders.iter().map(row)).collect();
    written(&rows, ',', true)
}

#[test]
fn shop_file_is_refused_with_a_reason_or_tells_orders_that_can_be_told_again() {
    let dir = tempfile::tempdir().expect("a folder");
    run_some("shop_file", 2, move |rng| {
        let put = |name: &str, content: &[u8]| {
            let path = dir.path().join(name);
            std::fs::write(&path, content).map(|()| path).map_err(|error| error.to_string())
        };
        let content = file(rng);
        let (path, map) = (put("orders.csv", &content)?, put("map.toml", mapping(rng).as_bytes())?);
        let mapping = match Mapping::read(&map) {
            Ok(mapping) => mapping,
            Err(error) => return told(&error),
        };
        let (imported, orders) = match read(&path, &mapping, now()) {
            Ok(read) => read,
            Err(error) => return told(&error),
        };
        let shown = || String::from_utf8_lossy(&content).into_owned();
        ensure(imported.bad_rows <= imported.rows, || format!("{imported:?}"))?;
        ensure(imported.bad_rows == 0 || !imported.bad.is_empty(), || "a bad row is not told".to_owned())?;
        for bad in &imported.bad {
            let said = format!("{}{}", bad.problem.en, bad.problem.zh).to_lowercase();
            // A bare carriage return ends a row and no line, so that even the second row may stand in the first.
            ensure(bad.line >= 1 && !bad.problem.en.is_empty() && !bad.problem.zh.is_empty(), || {
                format!("{bad:?}")
            })?;
            ensure(!said.contains("canary"), || format!("a customer is told: {said}"))?;
        }
        let mut ids: Vec<_> = orders.iter().map(|order| order.id.clone()).collect();
        orders.iter().try_for_each(order).map_err(|wrong| format!("{wrong}\n{}", shown()))?;
        ids.sort();
        ids.dedup();
        ensure(ids.len() == orders.len(), || format!("an order is told twice:\n{}", shown()))?;
        if orders.is_empty() {
            return Ok(());
        }
        let (plain, file) = ("[columns]\nid = \"Name\"\nemail = \"Email\"\n", again(&orders));
        let (map, path) = (put("plain.toml", plain.as_bytes())?, put("again.csv", file.as_bytes())?);
        let mapping = Mapping::read(&map).map_err(|error| error.to_string())?;
        let (_, told_again) = read(&path, &mapping, now()).map_err(|error| format!("{error}\n{file}"))?;
        let same = |a: &OrderNews, b: &OrderNews| {
            let email = |order: &OrderNews| order.customer.as_ref().map(|customer| customer.email.0.clone());
            a.id == b.id && email(a) == email(b)
        };
        let is_same =
            told_again.len() == orders.len() && orders.iter().zip(&told_again).all(|(a, b)| same(a, b));
        ensure(is_same, || format!("told again it is another:\n{file}"))
    });
}
