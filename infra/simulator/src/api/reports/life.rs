//! How reports end.
//!
//! Nothing runs in the background: when somebody looks, each report whose time is up is rendered
//! from the orders as they stood at that time.

use jiff::Timestamp;

use super::files;
use crate::model::{Notification, OneReport, ReportStatus};
use crate::notifications;
use crate::state::State;

impl State {
    /// Ends every report whose processing time is over.
    pub(crate) fn settle_reports(&mut self) {
        if self.data.open_reports.is_empty() {
            return;
        }
        let now = self.clock.now();
        let due = |id: &&String| self.data.reports.get(*id).is_some_and(|report| report.ends_at <= now);
        let due: Vec<String> = self.data.open_reports.iter().filter(due).cloned().collect();
        for id in due {
            let Some(report) = self.data.reports.get(&id) else { continue };
            let at = report.ends_at;
            let (status, content) = self.outcome(report);
            self.end_report(&id, at, status, content);
        }
    }

    fn outcome(&self, report: &OneReport) -> (ReportStatus, Option<String>) {
        if let Some(status) = report.doomed {
            return (status, report.fatal_document.clone());
        }
        match files::render(self, report) {
            Some(content) => (ReportStatus::Done, Some(content)),
            None => (ReportStatus::Cancelled, None),
        }
    }

    /// Ends one report and tells its seller.
    pub(crate) fn end_report(
        &mut self,
        id: &str,
        at: Timestamp,
        status: ReportStatus,
        content: Option<String>,
    ) {
        self.data.open_reports.remove(id);
        let Some(report) = self.data.reports.get_mut(id) else { return };
        report.ends_at = at;
        report.starts_at = report.starts_at.min(at);
        report.ended = Some(status);
        report.content = content;
        let report = report.clone();
        if !notifications::is_subscribed(self, &report.seller_id, at) {
            return;
        }
        let body = notifications::report_finished(self, &report, status);
        self.data.finished_reports.push(Notification { at, seller: report.seller_id, body });
    }
}
