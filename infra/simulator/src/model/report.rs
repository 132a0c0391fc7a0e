//! A report that somebody asked for.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where the processing of a report stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReportStatus {
    /// Waiting.
    InQueue,
    /// Being made.
    InProgress,
    /// Ended with a document.
    Done,
    /// Ended without: no data, asked again too soon, or cancelled by the caller.
    Cancelled,
    /// Ended with an error.
    Fatal,
}

/// One report, from createReport on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneReport {
    /// Report id.
    pub report_id: String,
    /// Whose report.
    pub seller_id: String,
    /// The application that asked.
    pub client_id: String,
    /// Report type, as asked.
    pub report_type: String,
    /// Marketplaces, as asked.
    pub marketplaces: Vec<String>,
    /// Start of the range, as asked.
    pub data_start: Option<Timestamp>,
    /// End of the range, as asked.
    pub data_end: Option<Timestamp>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When processing begins.
    pub starts_at: Timestamp,
    /// When processing ends.
    pub ends_at: Timestamp,
    /// How it ended, once it has.
    pub ended: Option<ReportStatus>,
    /// Refused from the start: asked again within a minute, or a fault.
    pub doomed: Option<ReportStatus>,
    /// What the document of a report that ends as FATAL will say.
    #[serde(default)]
    pub fatal_document: Option<String>,
    /// The finished table, or why there is none, as UTF-8 text before any charset.
    pub content: Option<String>,
}

impl OneReport {
    /// The status at a moment.
    pub fn status(&self, now: Timestamp) -> ReportStatus {
        match self.ended {
            Some(status) => status,
            None if now < self.starts_at => ReportStatus::InQueue,
            None => ReportStatus::InProgress,
        }
    }

    /// Document id, once there is a document.
    pub fn document_id(&self) -> Option<String> {
        self.content.as_ref().map(|_| format!("amzn1.spdoc.1.4.{}", self.report_id))
    }
}
