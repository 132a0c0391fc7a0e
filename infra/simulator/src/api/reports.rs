//! Reports 2021-06-30: asking for a report and following it to its document.

mod files;
mod life;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::documents;
use crate::http_reply::Reply;
use crate::model::{FaultKind, OneReport, ReportStatus};
use crate::pipeline::Ask;
use crate::state::State;

/// The same report asked for again within this span is cancelled.
const TOO_SOON: SignedDuration = SignedDuration::from_mins(1);

/// Reports are kept this long. Source: the model's text on `createdSince`.
const RETENTION: SignedDuration = SignedDuration::from_hours(24 * 90);

/// The body of createReport, as far as the simulator heeds it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Specification {
    report_type: String,
    marketplace_ids: Vec<String>,
    data_start_time: Option<Timestamp>,
    data_end_time: Option<Timestamp>,
}

/// `createReport`
pub(crate) fn create(state: &mut State, ask: &Ask<'_>) -> Reply {
    let asked: Specification = match serde_json::from_slice(ask.incoming.body) {
        Ok(asked) => asked,
        Err(error) => {
            return Reply::error_with(400, "InvalidInput", "Invalid request body.", &error.to_string());
        }
    };
    if let Err(reply) = check(state, ask, &asked) {
        return reply;
    }
    let recent = ask.now.saturating_sub(TOO_SOON).unwrap_or(Timestamp::MIN);
    let again = state.data.reports.values().any(|report| {
        report.created_at > recent
            && report.seller_id == ask.seller
            && report.report_type == asked.report_type
            && report.marketplaces == asked.marketplace_ids
            && (report.data_start, report.data_end) == (asked.data_start_time, asked.data_end_time)
    });
    let (doomed, fatal_document) = match ask.fault {
        Some(FaultKind::ReportFatal { document }) => (Some(ReportStatus::Fatal), document.clone()),
        _ if again => (Some(ReportStatus::Cancelled), None),
        _ => (None, None),
    };
    let report_id = format!("{}", 50_000_000_000 + state.next_id());
    let delay = i64::from(state.data.settings.report_delay_seconds);
    let later =
        |seconds: i64| ask.now.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX);
    let report = OneReport {
        report_id: report_id.clone(),
        seller_id: ask.seller.to_owned(),
        client_id: ask.caller.app.clone(),
        report_type: asked.report_type,
        marketplaces: asked.marketplace_ids,
        data_start: asked.data_start_time,
        data_end: asked.data_end_time,
        created_at: ask.now,
        starts_at: later(delay / 3),
        ends_at: later(delay),
        ended: None,
        doomed,
        fatal_document,
        content: None,
    };
    state.data.open_reports.insert(report_id.clone());
    state.data.reports.insert(report_id.clone(), report);
    Reply::json(202, &json!({"reportId": report_id}))
}

fn check(state: &State, ask: &Ask<'_>, asked: &Specification) -> Result<(), Reply> {
    if !asked.report_type.starts_with("GET_") {
        return Err(Reply::invalid(&format!("Invalid Report Type {}", asked.report_type)));
    }
    if asked.marketplace_ids.is_empty() || asked.marketplace_ids.len() > 25 {
        return Err(Reply::invalid("marketplaceIds must hold 1 to 25 ids."));
    }
    let sells_there = |id: &String| {
        state.data.sellers.get(ask.seller).is_some_and(|seller| seller.marketplaces.contains(id))
    };
    if !asked.marketplace_ids.iter().all(sells_there) {
        return Err(Reply::denied());
    }
    let is_of_brands = asked.report_type == files::REPEAT_PURCHASE;
    if is_of_brands && !state.data.sellers.get(ask.seller).is_some_and(|seller| seller.has_brand) {
        return Err(Reply::denied());
    }
    let (start, end) = (asked.data_start_time, asked.data_end_time);
    if start.is_some_and(|start| start > ask.now) || end.is_some_and(|end| end > ask.now) {
        return Err(Reply::invalid("dataStartTime and dataEndTime must not lie in the future."));
    }
    let end = end.unwrap_or(ask.now);
    if start.is_some_and(|start| start > end) {
        return Err(Reply::invalid("dataStartTime must not lie after dataEndTime."));
    }
    if is_of_brands {
        let day = |at: Option<Timestamp>| at.unwrap_or(ask.now).to_zoned(TimeZone::UTC).date();
        if let Some(why) = files::refusal(asked.marketplace_ids.len(), day(start), day(Some(end))) {
            return Err(Reply::invalid(why));
        }
    }
    if let (Some(start), Some(days)) = (start, files::longest_days(&asked.report_type))
        && end.duration_since(start) > SignedDuration::from_hours(24 * days)
    {
        return Err(Reply::invalid(&format!("The range of this report type is at most {days} days.")));
    }
    Ok(())
}

/// `getReport`
pub(crate) fn get(state: &mut State, ask: &Ask<'_>) -> Reply {
    state.settle_reports();
    match own_report(state, ask) {
        Some(report) => Reply::json(200, &render(report, ask.now)),
        None => Reply::not_found(&format!("Report {} was not found.", ask.subject)),
    }
}

fn own_report<'state>(state: &'state State, ask: &Ask<'_>) -> Option<&'state OneReport> {
    state.data.reports.get(ask.subject).filter(|report| report.seller_id == ask.seller)
}

fn render(report: &OneReport, now: Timestamp) -> Value {
    let status = report.status(now);
    let mut shown = json!({
        "reportId": report.report_id,
        "reportType": report.report_type,
        "marketplaceIds": report.marketplaces,
        "dataStartTime": report.data_start.unwrap_or(report.created_at),
        "dataEndTime": report.data_end.unwrap_or(report.created_at),
        "createdTime": report.created_at,
        "processingStatus": status,
    });
    if status != ReportStatus::InQueue {
        shown["processingStartTime"] = json!(report.starts_at);
    }
    if report.ended.is_some() {
        shown["processingEndTime"] = json!(report.ends_at);
    }
    if let Some(document_id) = report.document_id() {
        shown["reportDocumentId"] = json!(document_id);
    }
    shown
}

/// `getReports`
pub(crate) fn list(state: &mut State, ask: &Ask<'_>) -> Reply {
    state.settle_reports();
    match try_list(state, ask) {
        Ok(body) => Reply::json(200, &body),
        Err(reply) => reply,
    }
}

fn try_list(state: &State, ask: &Ask<'_>) -> Result<Value, Reply> {
    // The token of the next page is the whole query of the first one, so that it needs no state.
    let continued = match ask.incoming.one("nextToken") {
        None => None,
        Some(_)
            if ask.incoming.list("reportTypes").len() + ask.incoming.list("processingStatuses").len() > 0 =>
        {
            return Err(Reply::invalid("With nextToken no other parameter may be given."));
        }
        Some(token) => Some(form_urlencoded::parse(token.as_bytes()).into_owned().collect::<Vec<_>>()),
    };
    let query = continued.as_ref().unwrap_or(&ask.incoming.query);
    let one = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let many = |name: &str| -> Vec<&str> {
        query
            .iter()
            .filter(|(key, _)| key == name)
            .flat_map(|(_, value)| value.split(','))
            .filter(|value| !value.is_empty())
            .collect()
    };
    let moment = |name: &str| {
        one(name)
            .map(str::parse::<Timestamp>)
            .transpose()
            .map_err(|_| Reply::invalid(&format!("Invalid value for parameter: {name}")))
    };
    let number = |name: &str| {
        one(name)
            .map(str::parse::<usize>)
            .transpose()
            .map_err(|_| Reply::invalid(&format!("Invalid value for parameter: {name}")))
    };

    let types = many("reportTypes");
    if types.is_empty() || types.len() > 10 {
        return Err(Reply::invalid("Either reportTypes (1 to 10) or nextToken is required."));
    }
    let statuses = many("processingStatuses");
    if statuses
        .iter()
        .any(|status| !["CANCELLED", "DONE", "FATAL", "IN_PROGRESS", "IN_QUEUE"].contains(status))
    {
        return Err(Reply::invalid("Invalid value for parameter: processingStatuses"));
    }
    let marketplaces = many("marketplaceIds");
    let page_size = number("pageSize")?.unwrap_or(10).clamp(1, 100);
    let offset = number("offset")?.unwrap_or(0);
    let since = moment("createdSince")?
        .unwrap_or_else(|| ask.now.saturating_sub(RETENTION).unwrap_or(Timestamp::MIN));
    let until = moment("createdUntil")?.unwrap_or(ask.now);
    let mut found: Vec<&OneReport> = state
        .data
        .reports
        .values()
        .filter(|report| report.seller_id == ask.seller && types.contains(&report.report_type.as_str()))
        .filter(|report| since <= report.created_at && report.created_at <= until)
        .filter(|report| {
            statuses.is_empty()
                || json!(report.status(ask.now)).as_str().is_some_and(|status| statuses.contains(&status))
        })
        .filter(|report| {
            marketplaces.is_empty()
                || report.marketplaces.iter().any(|id| marketplaces.contains(&id.as_str()))
        })
        .collect();
    found.sort_by_key(|report| std::cmp::Reverse((report.created_at, &report.report_id)));
    let shown: Vec<Value> =
        found.iter().skip(offset).take(page_size).map(|report| render(report, ask.now)).collect();
    let mut body = json!({"reports": shown});
    if offset + page_size < found.len() {
        let mut next = form_urlencoded::Serializer::new(String::new());
        next.extend_pairs(query.iter().filter(|(key, _)| key != "offset"));
        next.append_pair("offset", &(offset + page_size).to_string());
        body["nextToken"] = json!(next.finish());
    }
    Ok(body)
}

/// `getReportDocument`
pub(crate) fn document(state: &mut State, ask: &Ask<'_>) -> Reply {
    state.settle_reports();
    let found = documents::report_of(state, ask.subject).filter(|report| report.seller_id == ask.seller);
    if found.is_none() {
        return Reply::not_found(&format!("Document {} was not found.", ask.subject));
    }
    let gzip = state.data.sellers.get(ask.seller).is_some_and(|seller| seller.gzip);
    let encoded_by_transport = gzip && ask.incoming.one("enableContentEncodingUrlHeader") == Some("true");
    let base = state.data.settings.public_url.clone().unwrap_or_else(|| ask.incoming.base_url());
    let url = documents::presigned_url(&base, ask.subject, ask.now, encoded_by_transport);
    let mut body = json!({"reportDocumentId": ask.subject, "url": url});
    if gzip {
        body["compressionAlgorithm"] = json!("GZIP");
    }
    Reply::json(200, &body)
}

/// `cancelReport`: only while it waits in the queue.
pub(crate) fn cancel(state: &mut State, ask: &Ask<'_>) -> Reply {
    state.settle_reports();
    let Some(report) = own_report(state, ask) else {
        return Reply::not_found(&format!("Report {} was not found.", ask.subject));
    };
    if report.status(ask.now) != ReportStatus::InQueue {
        return Reply::invalid("Only a report in the queue can be cancelled.");
    }
    state.end_report(ask.subject, ask.now, ReportStatus::Cancelled, None);
    Reply { content_type: "application/json".to_owned(), ..Reply::text(200, "", String::new()) }
}
