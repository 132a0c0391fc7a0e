//! Reports 2021-06-30: have a report made, see how far it is, learn where it lies.

use jiff::Timestamp;
use renown_core::marketplace::MarketplaceId;
use serde::Deserialize;

use super::errors::Error;
use super::opaque_id::opaque_id;
use super::operation::Operation;
use super::request::{Request, Target};
use super::{Caller, SpApi};
use crate::secrets::Secret;

opaque_id!(
    /// A report that was asked for.
    ReportId
);
opaque_id!(
    /// The content of a finished report.
    DocumentId
);

/// A report to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRequest {
    /// Amazon's name of the report, as in `reports::Row::REPORT_TYPE`.
    pub report_type: &'static str,
    /// Whose data; at most 25.
    pub marketplaces: Vec<MarketplaceId>,
    /// Begin of the data.
    pub from: Timestamp,
    /// End of the data.
    pub to: Timestamp,
    /// An option of the report with its value.
    pub options: Option<(&'static str, &'static str)>,
}

/// How far a report is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReportStatus {
    /// Waiting, or being made.
    Underway,
    /// Finished.
    Done(DocumentId),
    /// Without data, asked again too soon, or cancelled: as good as empty, no failure.
    Cancelled,
    /// Could not be made; the document, if there is one, says why.
    Fatal(Option<DocumentId>),
}

/// Where a report's content lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// A signed address, good for five minutes; a secret, since it needs no token.
    pub(super) url: Secret,
    /// The content is compressed.
    pub(super) gzip: bool,
}

impl SpApi {
    /// Has a report made. An unknown outcome is harmless: made twice, the second one comes
    /// back cancelled.
    pub async fn create_report(&self, caller: &Caller, report: &ReportRequest) -> Result<ReportId, Error> {
        let operation = Operation::CreateReport;
        let ids: Vec<&str> = report.marketplaces.iter().map(|marketplace| marketplace.as_str()).collect();
        let mut body = serde_json::json!({
            "reportType": report.report_type,
            "marketplaceIds": ids,
            "dataStartTime": report.from,
            "dataEndTime": report.to,
        });
        if let Some((name, value)) = report.options {
            body["reportOptions"] = serde_json::json!({ name: value });
        }
        let target = Target::path("/reports/2021-06-30/reports");
        let request = Request::post(operation, target, Some(body.to_string()));
        let reply: CreateReply = self.read(caller, &request).await?.parse(operation)?;
        Ok(ReportId(reply.report_id))
    }

    /// How far a report is.
    pub async fn report(&self, caller: &Caller, report: &ReportId) -> Result<ReportStatus, Error> {
        let operation = Operation::GetReport;
        let target = Target::path("/reports/2021-06-30/reports").segment(report.as_str());
        let reply: ReportReply =
            self.read(caller, &Request::get(operation, target)).await?.parse(operation)?;
        let document = reply.report_document_id.map(DocumentId);
        match (reply.processing_status.as_str(), document) {
            ("IN_QUEUE" | "IN_PROGRESS", _) => Ok(ReportStatus::Underway),
            ("DONE", Some(document)) => Ok(ReportStatus::Done(document)),
            ("CANCELLED", _) => Ok(ReportStatus::Cancelled),
            ("FATAL", document) => Ok(ReportStatus::Fatal(document)),
            ("DONE", None) => {
                Err(Error::Unclear { operation, why: format!("report {report} is done without a document") })
            }
            (other, _) => Err(Error::Unclear {
                operation,
                why: format!("report {report} has the unknown status {other:?}"),
            }),
        }
    }

    /// Where a report's content can be fetched, in the next five minutes.
    pub async fn document(&self, caller: &Caller, document: &DocumentId) -> Result<Document, Error> {
        let operation = Operation::GetReportDocument;
        let target = Target::path("/reports/2021-06-30/documents").segment(document.as_str());
        let reply: DocumentReply =
            self.read(caller, &Request::get(operation, target)).await?.parse(operation)?;
        let gzip = match reply.compression_algorithm.as_deref() {
            None => false,
            Some("GZIP") => true,
            Some(other) => {
                let why = format!("document {document} is compressed with {other:?}, which is not known");
                return Err(Error::Unclear { operation, why });
            }
        };
        Ok(Document { url: Secret::new(reply.url), gzip })
    }
}

// Wire structs.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CreateReply {
    report_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReportReply {
    processing_status: String,
    report_document_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DocumentReply {
    url: String,
    compression_algorithm: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spapi::fake::{Fake, Reply, caller};

    #[tokio::test(start_paused = true)]
    async fn a_report_is_asked_for_with_its_span_and_marketplaces() {
        let fake = Fake::with_tokens(|_| Reply::json(202, r#"{"reportId":"ID323"}"#));
        let request = ReportRequest {
            report_type: "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL",
            marketplaces: ["DE", "FR"].into_iter().filter_map(MarketplaceId::of_country).collect(),
            from: "2026-09-01T00:00:00Z".parse().expect("a time"),
            to: "2026-10-01T00:00:00Z".parse().expect("a time"),
            options: None,
        };
        assert_eq!(fake.api().create_report(&caller(), &request).await, Ok(ReportId::new("ID323")));
        let seen = &fake.calls()[0];
        assert_eq!(seen.header("content-type"), "application/json");
        let body: serde_json::Value = serde_json::from_str(&seen.body).expect("JSON");
        assert_eq!(
            body,
            serde_json::json!({
                "reportType": "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL",
                "marketplaceIds": ["A1PA6795UKMFR9", "A13V1IB3VIYZZH"],
                "dataStartTime": "2026-09-01T00:00:00Z",
                "dataEndTime": "2026-10-01T00:00:00Z",
            })
        );
    }

    #[tokio::test(start_paused = true)]
    async fn cancelled_is_empty_and_no_failure() {
        let unclear = |result: &Result<ReportStatus, Error>| matches!(result, Err(Error::Unclear { .. }));
        for (status, document, expected) in [
            ("IN_QUEUE", None, Some(ReportStatus::Underway)),
            ("IN_PROGRESS", None, Some(ReportStatus::Underway)),
            ("DONE", Some("d"), Some(ReportStatus::Done(DocumentId::new("d")))),
            ("CANCELLED", None, Some(ReportStatus::Cancelled)),
            ("FATAL", Some("why"), Some(ReportStatus::Fatal(Some(DocumentId::new("why"))))),
            ("FATAL", None, Some(ReportStatus::Fatal(None))),
            ("DONE", None, None),
            ("POSTPONED", None, None),
        ] {
            let body = serde_json::json!({"reportId": "r", "processingStatus": status, "reportDocumentId": document}).to_string();
            let fake = Fake::with_tokens(move |_| Reply::json(200, &body));
            let result = fake.api().report(&caller(), &ReportId::new("r/../x")).await;
            assert_eq!(fake.calls()[0].target, "/reports/2021-06-30/reports/r%2F..%2Fx");
            match expected {
                Some(expected) => assert_eq!(result, Ok(expected)),
                None => assert!(unclear(&result), "{result:?}"),
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_documents_address_is_kept_secret_and_unknown_packing_is_refused() {
        let fake = Fake::with_tokens(|seen| match seen.target.as_str() {
            "/reports/2021-06-30/documents/plain" => {
                Reply::json(200, r#"{"reportDocumentId":"plain","url":"https://CANARY"}"#)
            }
            _ => Reply::json(
                200,
                r#"{"reportDocumentId":"z","url":"https://CANARY","compressionAlgorithm":"ZSTD"}"#,
            ),
        });
        let api = fake.api();
        let document = api.document(&caller(), &DocumentId::new("plain")).await.expect("readable");
        assert!(!document.gzip && !format!("{document:?}").contains("CANARY"));
        let error = api.document(&caller(), &DocumentId::new("z")).await.expect_err("unknown packing");
        assert!(error.to_string().contains("ZSTD") && !error.to_string().contains("CANARY"), "{error}");
    }
}
