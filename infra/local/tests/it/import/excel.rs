//! Workbooks as Excel writes them, as small as they can be.

use std::io::Write as _;

use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OF_DOCUMENT: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const OF_PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OF_TYPES: &str = "http://schemas.openxmlformats.org/package/2006/content-types";

/// A cell.
pub(super) enum Cell {
    Text(&'static str),
    Number(f64),
    /// Days since 1900, shown as a date.
    Date(f64),
}

/// Cells of texts, parted by tabs.
pub(super) fn texts(line: &'static str) -> Vec<Cell> {
    line.split('\t').map(Cell::Text).collect()
}

/// A workbook with these sheets.
pub(super) fn workbook(sheets: &[(&str, Vec<Vec<Cell>>)]) -> Vec<u8> {
    let types = format!(
        "<Types xmlns=\"{OF_TYPES}\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>"
    );
    let names =
        each(sheets, |n, (name, _)| format!("<sheet name=\"{name}\" sheetId=\"{n}\" r:id=\"r{n}\"/>"));
    let relations =
        each(sheets, |n, _| relation(&format!("r{n}"), "worksheet", &format!("worksheets/sheet{n}.xml")));
    let styles = relation("styles", "styles", "styles.xml");
    // 22 is Excel's own number for a date with its time.
    let formats = "<cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/></cellXfs>";
    let mut files = vec![
        ("[Content_Types].xml".to_owned(), types),
        ("_rels/.rels".to_owned(), relations_of(&relation("w", "officeDocument", "xl/workbook.xml"))),
        (
            "xl/workbook.xml".to_owned(),
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OF_DOCUMENT}\"><sheets>{names}</sheets></workbook>"
            ),
        ),
        ("xl/_rels/workbook.xml.rels".to_owned(), relations_of(&(relations + &styles))),
        ("xl/styles.xml".to_owned(), format!("<styleSheet xmlns=\"{MAIN}\">{formats}</styleSheet>")),
    ];
    for (n, (_, rows)) in (1..).zip(sheets) {
        let sheet =
            format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{}</sheetData></worksheet>", each(rows, row));
        files.push((format!("xl/worksheets/sheet{n}.xml"), sheet));
    }
    archive(files.iter().map(|(name, xml)| (name.as_str(), xml.as_str())))
}

/// A zip archive.
pub(super) fn archive<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, content) in files {
        zip.start_file(name, options).expect("memory");
        zip.write_all(content.as_bytes()).expect("memory");
    }
    zip.finish().expect("memory").into_inner()
}

fn each<T>(of: &[T], text: impl Fn(usize, &T) -> String) -> String {
    (1..).zip(of).map(|(n, one)| text(n, one)).collect::<Vec<_>>().concat()
}

fn relation(id: &str, kind: &str, target: &str) -> String {
    format!("<Relationship Id=\"{id}\" Type=\"{OF_DOCUMENT}/{kind}\" Target=\"{target}\"/>")
}

fn relations_of(relations: &str) -> String {
    format!("<Relationships xmlns=\"{OF_PACKAGE}\">{relations}</Relationships>")
}

fn row(n: usize, cells: &Vec<Cell>) -> String {
    let cells: Vec<String> =
        ('A'..).zip(cells).map(|(letter, cell)| cell_at(&format!("{letter}{n}"), cell)).collect();
    format!("<row r=\"{n}\">{}</row>", cells.concat())
}

fn cell_at(place: &str, cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>"),
        Cell::Number(number) => format!("<c r=\"{place}\"><v>{number}</v></c>"),
        Cell::Date(days) => format!("<c r=\"{place}\" s=\"1\"><v>{days}</v></c>"),
    }
}
