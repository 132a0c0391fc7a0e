//! Why a file is not imported, in every language that operators read.

use std::fmt;
use std::io;

use renown_core::reports::FileError;
use renown_core::say::{self, Lang};
use renown_io::ledger;

use crate::told::of_system;

/// Why a file is not imported. What is displayed is the English; each text names the file, what
/// is wrong and the remedy.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It cannot be opened or read.
    Io {
        /// The file.
        file: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// There is nothing in it.
    Empty {
        /// The file.
        file: String,
    },
    /// It is nothing that an import understands.
    Unknown {
        /// The file.
        file: String,
        /// What it seems to be.
        looks_like: LooksLike,
    },
    /// It is like a report, but lacks columns or has one twice.
    Columns(FileError),
    /// It is a zip archive and no workbook.
    Zip {
        /// The file.
        file: String,
    },
    /// It is a gzip of something that is no text.
    PackedTwice {
        /// The file.
        file: String,
    },
    /// It is a gzip that breaks off or is damaged.
    BrokenGzip {
        /// The file.
        file: String,
    },
    /// It is a workbook of the old form, or behind a password.
    OldWorkbook {
        /// The file.
        file: String,
    },
    /// It is a workbook that cannot be read.
    BrokenWorkbook {
        /// The file.
        file: String,
        /// What the reader said.
        problem: String,
    },
    /// It is a workbook, and no sheet of it holds a report.
    NoSheet {
        /// The file.
        file: String,
        /// Its sheets.
        sheets: Vec<String>,
    },
    /// It is larger than can be held at once.
    TooLarge {
        /// The file.
        file: String,
        /// What would do.
        limit_mib: u64,
    },
    /// A quote in a CSV file is never closed.
    OpenQuote {
        /// The file.
        file: String,
        /// The line in or after which it is opened.
        line: u64,
    },
    /// It is not JSON, though it begins so.
    NotJson {
        /// The file.
        file: String,
        /// Where it stops to be.
        line: usize,
        /// Where in that line.
        column: usize,
    },
    /// The table failed. What was taken in stays.
    Table {
        /// The file.
        file: String,
        /// What the table said.
        #[source]
        source: ledger::Error,
    },
}

/// What a file that cannot be imported seems to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LooksLike {
    /// A PDF document.
    Pdf,
    /// A picture.
    Picture,
    /// A web page: perhaps the page to sign in was saved in the report's place.
    WebPage,
    /// An XML document.
    Xml,
    /// JSON without a notification in it.
    Json,
    /// Text without a report's columns.
    Text,
    /// Bytes that are no text.
    Bytes,
}

impl LooksLike {
    fn text(self, lang: Lang) -> &'static str {
        match (lang, self) {
            (Lang::En, Self::Pdf) => "a PDF document",
            (Lang::En, Self::Picture) => "a picture",
            (Lang::En, Self::WebPage) => "a web page, perhaps the page to sign in",
            (Lang::En, Self::Xml) => "an XML document",
            (Lang::En, Self::Json) => "JSON without a notification of Amazon's in it",
            (Lang::En, Self::Text) => "text without the column names of a report",
            (Lang::En, Self::Bytes) => "data that is no text",
            (Lang::Zh, Self::Pdf) => "PDF 文档",
            (Lang::Zh, Self::Picture) => "图片",
            (Lang::Zh, Self::WebPage) => "网页,可能是登录页面",
            (Lang::Zh, Self::Xml) => "XML 文档",
            (Lang::Zh, Self::Json) => "JSON,但其中没有亚马逊的通知",
            (Lang::Zh, Self::Text) => "文本,但没有报告的列名",
            (Lang::Zh, Self::Bytes) => "二进制数据,不是文本",
        }
    }
}

/// What can be imported, and where it is to be had.
fn accepted(lang: Lang) -> &'static str {
    match lang {
        Lang::En => {
            "accepted are the All Orders report and the Amazon Fulfilled Shipments report as downloaded from Seller Central (tab-separated text), the same saved as CSV or xlsx, and Amazon's notifications as JSON or one per line"
        }
        Lang::Zh => {
            "可导入的文件:从卖家平台下载的“所有订单”报告和“亚马逊配送货件”报告(制表符分隔的文本)、另存为 CSV 或 xlsx 的同类报告,以及亚马逊的通知(JSON,或每行一条)"
        }
    }
}

impl ImportError {
    /// What an operator reads.
    pub fn in_lang(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.english(),
            Lang::Zh => self.chinese(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::Io { file, source } => {
                format!("{file} cannot be read: {}", of_system(source, Lang::En))
            }
            Self::Empty { file } => format!("{file} is empty; download it again"),
            Self::Unknown { file, looks_like } => format!(
                "{file} cannot be imported: it looks like {}; {}. Download the report again and import it as it comes",
                looks_like.text(Lang::En),
                accepted(Lang::En)
            ),
            Self::Columns(error) => say::file_error(Lang::En, error),
            Self::Zip { file } => {
                format!("{file} is a zip archive; unpack it and import the files in it one by one")
            }
            Self::PackedTwice { file } => {
                format!("{file} is a gzip of something that is no text; unpack it and import what is in it")
            }
            Self::BrokenGzip { file } => {
                format!("{file} is a gzip that breaks off or is damaged; download it again")
            }
            Self::OldWorkbook { file } => format!(
                "{file} is a workbook of the old form (.xls) or behind a password; save it as xlsx without a password, or as CSV UTF-8"
            ),
            Self::BrokenWorkbook { file, problem } => {
                format!(
                    "{file} is a workbook that is damaged ({problem}); open it in Excel and save it again as xlsx, or as CSV UTF-8"
                )
            }
            Self::NoSheet { file, sheets } => format!(
                "no sheet of {file} ({}) begins with the column names of a report; {}. Put the report's own header into the first row",
                sheets.join(", "),
                accepted(Lang::En)
            ),
            Self::TooLarge { file, limit_mib } => format!(
                "{file} holds more than {limit_mib} MiB; divide it, or save it as tab-separated text or one message per line"
            ),
            Self::OpenQuote { file, line } => format!(
                "{file} opens a quote at or after line {line} that is not closed within 1 MB; close it, or shorten that text, or save the file again as CSV"
            ),
            Self::NotJson { file, line, column } => format!(
                "{file} begins as JSON and is none from line {line}, column {column} on; save the messages again, whole, or one per line"
            ),
            Self::Table { file, source } => format!(
                "the ledger did not take all of {file} ({source}); what it took stays, import the file again to go on"
            ),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::Io { file, source } => {
                format!("无法读取 {file}:{}", of_system(source, Lang::Zh))
            }
            Self::Empty { file } => format!("{file} 是空的;请重新下载"),
            Self::Unknown { file, looks_like } => format!(
                "无法导入 {file}:看起来是{}。{}。请重新下载报告,不要改动,直接导入",
                looks_like.text(Lang::Zh),
                accepted(Lang::Zh)
            ),
            Self::Columns(error) => say::file_error(Lang::Zh, error),
            Self::Zip { file } => format!("{file} 是 zip 压缩包;请解压后逐个导入其中的文件"),
            Self::PackedTwice { file } => {
                format!("{file} 是 gzip 压缩文件,但内容不是文本;请解压后导入其中的文件")
            }
            Self::BrokenGzip { file } => format!("{file} 是不完整或已损坏的 gzip 文件;请重新下载"),
            Self::OldWorkbook { file } => {
                format!("{file} 是旧格式(.xls)或有密码保护的工作簿;请去掉密码另存为 xlsx,或另存为 CSV UTF-8")
            }
            Self::BrokenWorkbook { file, .. } => {
                format!("工作簿 {file} 已损坏,无法读取;请用 Excel 打开后重新另存为 xlsx 或 CSV UTF-8")
            }
            Self::NoSheet { file, sheets } => format!(
                "{file} 的工作表({})都不是以报告的列名开头;{}。请把报告原来的表头放在第一行",
                sheets.join("、"),
                accepted(Lang::Zh)
            ),
            Self::TooLarge { file, limit_mib } => {
                format!("{file} 的内容超过 {limit_mib} MiB;请拆分,或另存为制表符分隔的文本、每行一条的通知")
            }
            Self::OpenQuote { file, line } => {
                format!(
                    "{file} 第 {line} 行或其后有一个引号在 1 MB 内没有闭合;请补上引号、缩短该文字,或重新另存为 CSV"
                )
            }
            Self::NotJson { file, line, column } => format!(
                "{file} 以 JSON 开头,但从第 {line} 行第 {column} 列起不再是 JSON;请重新完整保存通知,或每行保存一条"
            ),
            Self::Table { file, source } => {
                format!("{file} 没有全部写入账本({source});已写入的会保留,再次导入即可继续")
            }
        }
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_names_its_file_and_says_so_in_both_languages() {
        let file = || "desk/orders.txt".to_owned();
        let looks = [
            LooksLike::Pdf,
            LooksLike::Picture,
            LooksLike::WebPage,
            LooksLike::Xml,
            LooksLike::Json,
            LooksLike::Text,
            LooksLike::Bytes,
        ];
        let errors = [
            ImportError::Io { file: file(), source: io::ErrorKind::NotFound.into() },
            ImportError::Empty { file: file() },
            ImportError::Columns(FileError::Empty { file: file(), expected: "GET_X" }),
            ImportError::Zip { file: file() },
            ImportError::PackedTwice { file: file() },
            ImportError::BrokenGzip { file: file() },
            ImportError::OldWorkbook { file: file() },
            ImportError::BrokenWorkbook { file: file(), problem: "no XML".to_owned() },
            ImportError::NoSheet { file: file(), sheets: vec!["Sheet1".to_owned()] },
            ImportError::TooLarge { file: file(), limit_mib: 64 },
            ImportError::OpenQuote { file: file(), line: 7 },
            ImportError::NotJson { file: file(), line: 7, column: 1 },
            ImportError::Table {
                file: file(),
                source: ledger::Error::Contended { key: "k".to_owned(), attempts: 8 },
            },
        ];
        let unknown = looks.map(|looks_like| ImportError::Unknown { file: file(), looks_like });
        for error in errors.into_iter().chain(unknown) {
            let (english, chinese) = (error.in_lang(Lang::En), error.in_lang(Lang::Zh));
            assert_eq!(english, error.to_string());
            let is_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            assert!(english.contains("desk/orders.txt") && !is_chinese(&english), "{english}");
            assert!(chinese.contains("desk/orders.txt") && is_chinese(&chinese), "{chinese}");
        }
    }
}
