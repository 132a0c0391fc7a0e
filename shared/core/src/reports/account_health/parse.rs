//! From the report's JSON to what it says.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{
    AccountHealth, AccountStatus, Condition, HealthError, HealthReport, Metric, MetricKind, Part, PartKind,
    Rating, RatingStatus, Target, Unread, Unreadable, Verdict, Violation, ViolationKind, Warning,
    WarningKind,
};
use crate::marketplace::MarketplaceId;

/// The members that say of how many a rate is a fraction.
const TOTALS: [&str; 4] = ["orderCount", "shipmentCount", "shipmentCountWithValidTracking", "totalUnitCount"];

impl HealthReport {
    /// Amazon's name of the report.
    pub const REPORT_TYPE: &'static str = "GET_V2_SELLER_PERFORMANCE_REPORT";

    /// Reads the report.
    ///
    /// # Errors
    ///
    /// If it is not that report at all. A member that cannot be read is no error but stands in
    /// [`HealthReport::unread`].
    pub fn parse(json: &str) -> Result<Self, HealthError> {
        let root: Value = serde_json::from_str(json)
            .map_err(|error| HealthError::NotJson { line: error.line(), column: error.column() })?;
        let mut report = Self { accounts: Vec::new(), unread: Vec::new() };
        let root = At { place: String::new(), value: &root };
        let (statuses, metrics) = (root.member("accountStatuses"), root.member("performanceMetrics"));
        if statuses.is_none() && metrics.is_none() {
            return Err(HealthError::NotTheReport);
        }
        for entry in statuses.map_or_else(Vec::new, |list| report.list(&list)) {
            report.status(&entry);
        }
        for entry in metrics.map_or_else(Vec::new, |list| report.list(&list)) {
            report.block(&entry);
        }
        for account in &mut report.accounts {
            account.metrics.sort_by(|a, b| a.kind.cmp(&b.kind));
            account.violations.sort_by(|a, b| a.kind.cmp(&b.kind));
        }
        Ok(report)
    }

    fn status(&mut self, entry: &At<'_>) {
        let Some(marketplace) = self.marketplace(entry) else { return };
        let status = self.word(entry, "status");
        let account = self.account(marketplace);
        account.status = status.map(AccountStatus::from_amazon).or(account.status.take());
    }

    fn block(&mut self, entry: &At<'_>) {
        let Some(marketplace) = self.marketplace(entry) else { return };
        for (name, member) in entry.members() {
            match name {
                "marketplaceId" => {}
                "orderDefectRate" => {
                    if self.object(&member).is_some() {
                        for (channel, rate) in member.members() {
                            self.metric(marketplace, &format!("orderDefectRate.{channel}"), &rate);
                        }
                    }
                }
                "warningStates" | "warningState" => {
                    for warning in self.list(&member) {
                        self.warning(marketplace, &warning);
                    }
                }
                "accountHealthRating" => self.rating(marketplace, &member),
                name => self.metric_or_violation(marketplace, name, &member),
            }
        }
        // A marketplace with nothing to tell is told as such.
        self.account(marketplace);
    }

    /// Tells the two apart by their names, and those of tomorrow by what they hold.
    fn metric_or_violation(&mut self, marketplace: MarketplaceId, name: &str, at: &At<'_>) {
        let is_known = MetricKind::KNOWN.iter().any(|kind| *kind == MetricKind::from_amazon(name));
        let is_violation = ViolationKind::KNOWN.iter().any(|kind| *kind == ViolationKind::from_amazon(name));
        if is_known || (!is_violation && at.member("rate").is_some()) {
            self.metric(marketplace, name, at);
        } else if is_violation || at.member("defectsCount").is_some() {
            self.violation(marketplace, name, at);
        } else {
            self.note(at.place.clone(), Unreadable::Kind);
        }
    }

    fn metric(&mut self, marketplace: MarketplaceId, name: &str, at: &At<'_>) {
        if self.object(at).is_none() {
            return;
        }
        let (from, to) = self.days(at);
        let total = TOTALS.iter().find(|total| at.member(total).is_some());
        let metric = Metric {
            kind: MetricKind::from_amazon(name),
            rate: self.number(at, "rate"),
            target: self.target(at),
            status: self.verdict(at),
            from,
            to,
            n_orders: total.and_then(|total| self.count(at, total)),
            parts: PartKind::KNOWN.iter().filter_map(|kind| self.part(at, kind)).collect(),
        };
        self.account(marketplace).metrics.push(metric);
    }

    /// A part is a count, or an object with a count and Amazon's opinion of it.
    fn part(&mut self, at: &At<'_>, kind: &PartKind) -> Option<Part> {
        let member = at.member(kind.name())?;
        let (count, status) = if member.value.is_object() {
            (self.count(&member, "count"), self.verdict(&member))
        } else {
            (self.count(at, kind.name()), Verdict::None)
        };
        Some(Part { kind: kind.clone(), count, status })
    }

    fn violation(&mut self, marketplace: MarketplaceId, name: &str, at: &At<'_>) {
        if self.object(at).is_none() {
            return;
        }
        let (from, to) = self.days(at);
        let violation = Violation {
            kind: ViolationKind::from_amazon(name),
            count: self.count(at, "defectsCount"),
            status: self.verdict(at),
            target: self.target(at),
            from,
            to,
        };
        self.account(marketplace).violations.push(violation);
    }

    fn warning(&mut self, marketplace: MarketplaceId, at: &At<'_>) {
        if self.object(at).is_none() {
            return;
        }
        let Some(kind) = self.word(at, "warningType") else {
            return self.note(at.place.clone(), Unreadable::Kind);
        };
        let warning = Warning { kind: WarningKind::from_amazon(kind), status: self.verdict(at) };
        self.account(marketplace).warnings.push(warning);
    }

    fn rating(&mut self, marketplace: MarketplaceId, at: &At<'_>) {
        if self.object(at).is_none() {
            return;
        }
        let (from, to) = self.days(at);
        let word = self.word(at, "ahrStatus").or_else(|| self.word(at, "accountHealthRatingStatus"));
        let rating = Rating {
            status: word.map(RatingStatus::from_amazon),
            score: self.number(at, "ahrScore"),
            from,
            to,
        };
        self.account(marketplace).rating = Some(rating);
    }

    fn account(&mut self, marketplace: MarketplaceId) -> &mut AccountHealth {
        let known = self.accounts.iter().position(|account| account.marketplace == marketplace);
        let idx = known.unwrap_or_else(|| {
            self.accounts.push(AccountHealth {
                marketplace,
                status: None,
                metrics: Vec::new(),
                warnings: Vec::new(),
                rating: None,
                violations: Vec::new(),
            });
            self.accounts.len() - 1
        });
        &mut self.accounts[idx]
    }

    fn note(&mut self, place: String, problem: Unreadable) {
        self.unread.push(Unread { place, problem });
    }

    fn marketplace(&mut self, entry: &At<'_>) -> Option<MarketplaceId> {
        self.object(entry)?;
        let known = entry.member("marketplaceId").and_then(|id| id.value.as_str()?.parse().ok());
        if known.is_none() {
            self.note(entry.place_of("marketplaceId"), Unreadable::Marketplace);
        }
        known
    }

    fn days(&mut self, at: &At<'_>) -> (Option<Timestamp>, Option<Timestamp>) {
        at.member("reportingDateRange").map_or((None, None), |days| {
            let time = |value: &Value| value.as_str()?.parse().ok();
            let from = self.read(&days, "reportingDateFrom", Unreadable::Time, time);
            (from, self.read(&days, "reportingDateTo", Unreadable::Time, time))
        })
    }

    fn target(&mut self, at: &At<'_>) -> Option<Target> {
        let condition = self.word(at, "targetCondition").map(Condition::from_amazon);
        let value = self.number(at, "targetValue");
        Some(Target { condition: condition?, value: value? })
    }

    fn verdict(&mut self, at: &At<'_>) -> Verdict {
        self.word(at, "status").map_or(Verdict::None, Verdict::from_amazon)
    }

    fn number(&mut self, at: &At<'_>, name: &str) -> Option<f64> {
        self.read(at, name, Unreadable::Number, Value::as_f64)
    }

    fn count(&mut self, at: &At<'_>, name: &str) -> Option<u64> {
        self.read(at, name, Unreadable::Count, whole)
    }

    fn word<'a>(&mut self, at: &At<'a>, name: &str) -> Option<&'a str> {
        self.read(at, name, Unreadable::Word, Value::as_str)
    }

    fn read<'a, T>(
        &mut self,
        at: &At<'a>,
        name: &str,
        wanted: Unreadable,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Option<T> {
        let read = read(at.member(name)?.value);
        if read.is_none() {
            self.note(at.place_of(name), wanted);
        }
        read
    }

    fn object<'a>(&mut self, at: &At<'a>) -> Option<&'a Map<String, Value>> {
        let object = at.value.as_object();
        if object.is_none() {
            self.note(at.place.clone(), Unreadable::Object);
        }
        object
    }

    fn list<'a>(&mut self, at: &At<'a>) -> Vec<At<'a>> {
        let Some(entries) = at.value.as_array() else {
            self.note(at.place.clone(), Unreadable::List);
            return Vec::new();
        };
        let entry = |(n, value)| At { place: format!("{}[{n}]", at.place), value };
        entries.iter().enumerate().map(entry).collect()
    }
}

/// A whole number; the schema calls some counts numbers, so `12.0` is one.
fn whole(value: &Value) -> Option<u64> {
    let is_whole = |number: &f64| number.fract() == 0.0 && (0.0..1e15).contains(number);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and in range")]
    let cast = |number: f64| number as u64;
    value.as_u64().or_else(|| value.as_f64().filter(is_whole).map(cast))
}

/// A value and where it stands.
struct At<'a> {
    place: String,
    value: &'a Value,
}

impl<'a> At<'a> {
    fn place_of(&self, name: &str) -> String {
        if self.place.is_empty() { name.to_owned() } else { format!("{}.{name}", self.place) }
    }

    /// A member that is there and not null.
    fn member(&self, name: &str) -> Option<Self> {
        let value = self.value.get(name).filter(|value| !value.is_null())?;
        Some(Self { place: self.place_of(name), value })
    }

    /// Its members that are not null, with their names.
    fn members(&self) -> impl Iterator<Item = (&'a str, Self)> {
        let all = self.value.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
        all.map(|(name, value)| (name.as_str(), Self { place: self.place_of(name), value }))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A late shipment rate, and whatever is to be in the block beside it.
    fn report(beside: &Value) -> Value {
        let mut block = json!({
            "marketplaceId": "A1PA6795UKMFR9",
            "lateShipmentRate": {
                "reportingDateRange": {"reportingDateFrom": "2026-09-01T00:00Z", "reportingDateTo": "2026-09-30T23:59Z"},
                "orderCount": 200, "lateShipmentCount": 3, "status": "GOOD",
                "rate": 0.015, "targetValue": 0.04, "targetCondition": "LESS_THAN",
            },
        });
        for (name, value) in beside.as_object().expect("members") {
            block[name] = value.clone();
        }
        json!({
            "accountStatuses": [{"marketplaceId": "A1PA6795UKMFR9", "status": "AT_RISK"}],
            "performanceMetrics": [block],
        })
    }

    fn parsed(report: &Value) -> HealthReport {
        HealthReport::parse(&report.to_string()).expect("the report")
    }

    fn unread(report: &HealthReport) -> Vec<(&str, Unreadable)> {
        report.unread.iter().map(|unread| (unread.place.as_str(), unread.problem)).collect()
    }

    #[test]
    fn a_rate_is_read_with_its_target_its_days_and_its_parts() {
        let report = parsed(&report(&json!({})));
        let metric = Metric {
            kind: MetricKind::LateShipments,
            rate: Some(0.015),
            target: Some(Target { condition: Condition::LessThan, value: 0.04 }),
            status: Verdict::Good,
            from: "2026-09-01T00:00:00Z".parse().ok(),
            to: "2026-09-30T23:59:00Z".parse().ok(),
            n_orders: Some(200),
            parts: vec![Part { kind: PartKind::LateShipments, count: Some(3), status: Verdict::None }],
        };
        let account = AccountHealth {
            marketplace: MarketplaceId::of_country("DE").expect("known"),
            status: Some(AccountStatus::AtRisk),
            metrics: vec![metric],
            warnings: vec![],
            rating: None,
            violations: vec![],
        };
        assert_eq!(report, HealthReport { accounts: vec![account], unread: vec![] });
    }

    #[test]
    fn the_order_defect_rate_is_two_and_each_part_has_its_own_status() {
        let rate =
            |rate: f64| json!({"rate": rate, "orderCount": 12.0, "claims": {"count": 4, "status": "BAD"}});
        let report = parsed(&report(&json!({"orderDefectRate": {"afn": rate(0.02), "mfn": rate(0.001)}})));
        let rates: Vec<_> =
            report.accounts[0].metrics.iter().map(|metric| (&metric.kind, metric.rate)).collect();
        assert_eq!(
            rates,
            [
                (&MetricKind::OrderDefectsByMerchant, Some(0.001)),
                (&MetricKind::OrderDefectsByAmazon, Some(0.02)),
                (&MetricKind::LateShipments, Some(0.015)),
            ]
        );
        let claims = Part { kind: PartKind::Claims, count: Some(4), status: Verdict::Bad };
        let metric = &report.accounts[0].metrics[0];
        assert_eq!((&metric.parts[..], metric.n_orders), (&[claims][..], Some(12)));
    }

    #[test]
    fn both_names_of_a_member_are_taken() {
        let warnings = json!([{"warningType": "spammingSellerMessaging", "status": "BAD"}]);
        let count =
            json!({"defectsCount": 3, "status": "BAD", "targetValue": 0, "targetCondition": "EQUALS"});
        for (cancelled, warned, documents, rating) in [
            ("preFulfillmentCancellationRate", "warningStates", "documentRequests", "ahrStatus"),
            ("prefulfillmentCancelRate", "warningState", "documentRequest", "accountHealthRatingStatus"),
        ] {
            let beside = json!({
                cancelled: {"rate": 0.03}, warned: warnings, documents: count,
                "accountHealthRating": {rating: "WARNED", "ahrScore": 212},
            });
            let report = parsed(&report(&beside));
            let account = &report.accounts[0];
            assert_eq!(account.metrics[1].kind, MetricKind::Cancellations);
            assert_eq!(
                account.warnings,
                [Warning { kind: WarningKind::SpammingMessages, status: Verdict::Bad }]
            );
            let violation = &account.violations[0];
            assert_eq!(
                (&violation.kind, violation.count, &violation.status),
                (&ViolationKind::DocumentRequests, Some(3), &Verdict::Bad)
            );
            assert_eq!(violation.target.as_ref().and_then(|target| target.is_met(3.0)), Some(false));
            let rating = account.rating.as_ref().expect("a rating");
            assert_eq!((&rating.status, rating.score), (&Some(RatingStatus::Warned), Some(212.0)));
            assert_eq!(report.unread, []);
        }
    }

    #[test]
    fn words_of_tomorrow_are_kept_as_they_are() {
        let beside = json!({
            "lateShipmentRate": {"status": "SO_SO", "targetCondition": "NEAR", "targetValue": 1, "rate": 1},
            "sunshineRate": {"rate": 0.5},
            "quietHourViolations": {"defectsCount": 2},
            "orderDefectRate": {"drone": {"rate": 0.1}},
            "warningStates": [{"warningType": "shouting"}],
            "accountHealthRating": {"ahrStatus": "MEH"},
        });
        let mut report = report(&beside);
        report["accountStatuses"][0]["status"] = json!("ON_HOLIDAY");
        let report = parsed(&report);
        let account = &report.accounts[0];
        assert_eq!(account.status.as_ref().map(AccountStatus::name), Some("ON_HOLIDAY"));
        let names: Vec<_> = account.metrics.iter().map(|metric| metric.kind.name()).collect();
        assert_eq!(names, ["lateShipmentRate", "orderDefectRate.drone", "sunshineRate"]);
        assert_eq!(account.metrics[0].status.name(), "SO_SO");
        assert_eq!(account.metrics[0].target.as_ref().and_then(|target| target.is_met(1.0)), None);
        assert_eq!(account.violations[0].kind.name(), "quietHourViolations");
        assert_eq!(account.warnings[0].kind.name(), "shouting");
        let rating = account.rating.as_ref().and_then(|rating| rating.status.as_ref());
        assert_eq!(rating.map(RatingStatus::name), Some("MEH"));
        assert_eq!(report.unread, []);
    }

    #[test]
    fn a_member_that_cannot_be_read_is_told_by_place_and_leaves_its_neighbours_alone() {
        let block = "performanceMetrics[0]";
        for (beside, place, problem) in [
            (json!({"validTrackingRate": {"rate": "high"}}), "validTrackingRate.rate", Unreadable::Number),
            (
                json!({"validTrackingRate": {"rate": 1, "shipmentCount": -1}}),
                "validTrackingRate.shipmentCount",
                Unreadable::Count,
            ),
            (
                json!({"validTrackingRate": {"claims": {"count": 0.5}}}),
                "validTrackingRate.claims.count",
                Unreadable::Count,
            ),
            (json!({"validTrackingRate": {"claims": []}}), "validTrackingRate.claims", Unreadable::Count),
            (json!({"validTrackingRate": {"status": 1}}), "validTrackingRate.status", Unreadable::Word),
            (json!({"validTrackingRate": []}), "validTrackingRate", Unreadable::Object),
            (
                json!({"validTrackingRate": {"reportingDateRange": {"reportingDateTo": "soon"}}}),
                "validTrackingRate.reportingDateRange.reportingDateTo",
                Unreadable::Time,
            ),
            (json!({"otherPolicyViolations": 3}), "otherPolicyViolations", Unreadable::Object),
            (json!({"orderDefectRate": {"mfn": true}}), "orderDefectRate.mfn", Unreadable::Object),
            (json!({"orderDefectRate": 0.1}), "orderDefectRate", Unreadable::Object),
            (json!({"warningStates": {}}), "warningStates", Unreadable::List),
            (json!({"warningStates": [{}]}), "warningStates[0]", Unreadable::Kind),
            (json!({"accountHealthRating": "GREAT"}), "accountHealthRating", Unreadable::Object),
            (json!({"moonPhase": "full"}), "moonPhase", Unreadable::Kind),
        ] {
            let report = parsed(&report(&beside));
            assert_eq!(unread(&report), [(format!("{block}.{place}").as_str(), problem)]);
            let late = &report.accounts[0].metrics.iter().find(|of| of.kind == MetricKind::LateShipments);
            assert_eq!(late.and_then(|late| late.rate), Some(0.015), "{place}");
        }
    }

    #[test]
    fn an_entry_without_a_known_marketplace_leaves_its_neighbours_alone() {
        let mut report = report(&json!({}));
        let statuses = report["accountStatuses"].as_array_mut().expect("a list");
        statuses.insert(0, json!({"status": "NORMAL"}));
        statuses.insert(1, json!(null));
        let blocks = report["performanceMetrics"].as_array_mut().expect("a list");
        blocks.insert(0, json!({"marketplaceId": "NOWHERE", "lateShipmentRate": {"rate": 1}}));
        let report = parsed(&report);
        assert_eq!(
            unread(&report),
            [
                ("accountStatuses[0].marketplaceId", Unreadable::Marketplace),
                ("accountStatuses[1]", Unreadable::Object),
                ("performanceMetrics[0].marketplaceId", Unreadable::Marketplace),
            ]
        );
        let [account] = &report.accounts[..] else { panic!("{report:?}") };
        assert_eq!((&account.status, account.metrics.len()), (&Some(AccountStatus::AtRisk), 1));
    }

    #[test]
    fn every_member_may_be_missing() {
        for (json, n_accounts) in [
            (json!({"accountStatuses": [], "performanceMetrics": []}), 0),
            (json!({"performanceMetrics": [{"marketplaceId": "ATVPDKIKX0DER"}]}), 1),
            (json!({"accountStatuses": [{"marketplaceId": "ATVPDKIKX0DER", "status": null}]}), 1),
            (json!({"performanceMetrics": [{"marketplaceId": "ATVPDKIKX0DER", "lateShipmentRate": {}}]}), 1),
        ] {
            let report = parsed(&json);
            assert_eq!((report.accounts.len(), report.unread.len()), (n_accounts, 0), "{json}");
        }
    }

    #[test]
    fn what_is_not_the_report_is_refused() {
        let error = |json: &str| HealthReport::parse(json).expect_err("another file");
        assert_eq!(error("{}"), HealthError::NotTheReport);
        assert_eq!(error("[]"), HealthError::NotTheReport);
        assert_eq!(error("{\"errorDetails\": \"x\"}"), HealthError::NotTheReport);
        assert_eq!(error("{\"accountStatuses\":\n ["), HealthError::NotJson { line: 2, column: 2 });
        assert_eq!(error(""), HealthError::NotJson { line: 1, column: 0 });
        let lists = parsed(&json!({"accountStatuses": {}, "performanceMetrics": 3}));
        assert_eq!(
            unread(&lists),
            [("accountStatuses", Unreadable::List), ("performanceMetrics", Unreadable::List)]
        );
    }
}
