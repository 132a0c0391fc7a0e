//! Amazon's bad days: what goes wrong on its side, and when.

use jiff::{SignedDuration, Timestamp};
use renown_simulator::{Fault, FaultKind, Operation, OutageAnswer};

/// Something of Amazon's doing that the demo tells when it begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scene {
    /// When.
    pub at: Timestamp,
    /// What, in English.
    pub en: &'static str,
    /// What, in Chinese.
    pub zh: &'static str,
}

/// Day and hour at which Amazon answers nothing but 503, and for how many hours.
const OUTAGE: (i64, i64, i64) = (9, 10, 2);
/// Day and hour at which Amazon offers no request for any order, and for how many hours.
const NOTHING_OFFERED: (i64, i64, i64) = (14, 12, 6);

/// What the demo tells, in order of time.
pub fn scenes(start: Timestamp) -> Vec<Scene> {
    let (day, hour, hours) = OUTAGE;
    let (empty_day, empty_hour, empty_hours) = NOTHING_OFFERED;
    vec![
        Scene {
            at: moment(start, day, hour),
            en: "Amazon is down: every call is answered with 503. What is due stays due",
            zh: "亚马逊故障:所有调用返回 503。到期的订单保持到期",
        },
        Scene {
            at: moment(start, day, hour + hours), en: "Amazon answers again", zh: "亚马逊恢复应答"
        },
        Scene {
            at: moment(start, empty_day, empty_hour),
            en: "Amazon offers no request for any order. What is due is tried again the next day",
            zh: "亚马逊对所有订单都不提供请求入口。到期的订单次日再试",
        },
        Scene {
            at: moment(start, empty_day, empty_hour + empty_hours),
            en: "Amazon offers requests again",
            zh: "亚马逊重新提供请求入口",
        },
    ]
}

/// The faults behind the scenes, and smaller ones in between.
pub(super) fn faults(start: Timestamp) -> Vec<Fault> {
    let post = Operation::CreateProductReviewAndSellerFeedbackSolicitation;
    let span =
        |(day, hour, hours): (i64, i64, i64)| (moment(start, day, hour), moment(start, day, hour + hours));
    let (down, up) = span(OUTAGE);
    let (gone, back) = span(NOTHING_OFFERED);
    let from = |day: i64, fault: Fault| Fault { from: Some(moment(start, day, 0)), ..fault };
    vec![
        Fault::new(FaultKind::Outage { answer: OutageAnswer::Unavailable }).between(down, up),
        Fault::new(FaultKind::Outage { answer: OutageAnswer::Empty }).between(gone, back),
        from(2, Fault::new(FaultKind::TokenExpired).times(1)),
        from(3, Fault::new(FaultKind::Throttle).on(post).times(2)),
        // The reply is lost after the call was processed, and before it.
        from(4, Fault::new(FaultKind::ResetAfter).on(post).times(1)),
        from(5, Fault::new(FaultKind::ResetBefore).on(post).times(1)),
        from(6, Fault::new(FaultKind::StallAfter { seconds: 150 }).on(post).times(1)),
        from(7, Fault::new(FaultKind::StallBefore { seconds: 150 }).on(post).times(1)),
        from(8, Fault::new(FaultKind::Error500).on(post).times(1)),
        from(11, Fault::new(FaultKind::ReportFatal { document: None }).times(1)),
        from(12, Fault::new(FaultKind::Throttle).on(Operation::GetSolicitationActionsForOrder).times(2)),
        from(13, Fault::new(FaultKind::HtmlError { status: 503 }).on(post).times(1)),
        from(18, Fault::new(FaultKind::ResetAfter).on(post).times(1)),
    ]
}

fn moment(start: Timestamp, day: i64, hour: i64) -> Timestamp {
    start + SignedDuration::from_hours(day * 24 + hour)
}
