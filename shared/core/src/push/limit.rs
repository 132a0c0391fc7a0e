//! How many messages a channel takes, and a bucket of slots that keeps below it.
//!
//! Each slot that is taken comes back one span later, so that no window of that length ever sees
//! more than there are slots. Of the channel's number nine tenths are used: clocks differ, and
//! people post there too. Of these some are kept for what is urgent.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::card::Severity;

/// How much of a limit is used, in percent. Ours.
const USED_PERCENT: u32 = 90;
/// Of what is used one part in so many is for urgent messages alone, and at least one slot. Ours.
const URGENT_PART: u32 = 5;

/// At most so many messages in any span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    count: u32,
    span: SignedDuration,
}

impl Limit {
    /// WeCom: 20 a minute for a robot. Source: developer.work.weixin.qq.com, path 91770.
    pub const WECOM: Self = Self::of(20, SignedDuration::from_mins(1));
    /// DingTalk: 20 a minute for a robot, which else is silenced for ten minutes. Source:
    /// open.dingtalk.com, "Custom robot access".
    pub const DINGTALK: Self = Self::of(20, SignedDuration::from_mins(1));
    /// Feishu: 100 a minute and 5 a second for a bot; 5 in three seconds keep both. Source:
    /// open.feishu.cn, add-custom-bot.
    pub const FEISHU: Self = Self::of(5, SignedDuration::from_secs(3));
    /// Slack: one a second for a channel, with short bursts above it; 5 in five seconds are such a
    /// burst. Source: docs.slack.dev, "Rate limits".
    pub const SLACK: Self = Self::of(5, SignedDuration::from_secs(5));
    /// Teams: 4 a second. Source: learn.microsoft.com, "Create incoming webhooks", rate limiting.
    pub const TEAMS: Self = Self::of(4, SignedDuration::from_secs(1));
    /// Webhooks of the operator's own tell no limit; this one is ours.
    pub const WEBHOOK: Self = Self::of(10, SignedDuration::from_secs(1));

    const fn of(count: u32, span: SignedDuration) -> Self {
        Self { count, span }
    }

    /// Slots that a message finds at most.
    fn slots(self, severity: Severity) -> usize {
        let used = self.count * USED_PERCENT / 100;
        let slots = match severity {
            Severity::Urgent => used,
            Severity::Info | Severity::Warning => used - (used / URGENT_PART).max(1),
        };
        usize::try_from(slots).unwrap_or(usize::MAX)
    }
}

/// What was sent to a target lately.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// When each slot was taken, in milliseconds since 1970, the first first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    taken: Vec<i64>,
    /// Until when nothing is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    silent_until: Option<Timestamp>,
}

impl Bucket {
    /// Takes a slot for a message that is sent now.
    ///
    /// # Errors
    ///
    /// How long there will be none.
    pub fn take(&mut self, limit: Limit, severity: Severity, now: Timestamp) -> Result<(), SignedDuration> {
        let back = |taken: i64| {
            let taken = Timestamp::from_millisecond(taken).unwrap_or(Timestamp::MIN);
            taken.saturating_add(limit.span).unwrap_or(Timestamp::MAX)
        };
        self.silent_until = self.silent_until.filter(|until| *until > now);
        self.taken.retain(|taken| back(*taken) > now);
        if let Some(until) = self.silent_until {
            return Err(until.duration_since(now));
        }
        let slots = limit.slots(severity);
        if let Some(over) = self.taken.len().checked_sub(slots) {
            // When this one is back, one fewer than the slots are taken.
            return Err(self.taken.get(over).map_or(limit.span, |taken| back(*taken).duration_since(now)));
        }
        // The next millisecond, if there is a part of one: a slot never comes back too early.
        let begun = now.as_millisecond();
        let at = if Timestamp::from_millisecond(begun).is_ok_and(|at| at < now) { begun + 1 } else { begun };
        self.taken.push(at);
        self.taken.sort_unstable();
        Ok(())
    }

    /// Nothing is sent until then, because the channel said so.
    pub fn silence(&mut self, until: Timestamp) {
        self.silent_until = self.silent_until.max(Some(until));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [Limit; 6] =
        [Limit::WECOM, Limit::DINGTALK, Limit::FEISHU, Limit::SLACK, Limit::TEAMS, Limit::WEBHOOK];

    fn start() -> Timestamp {
        "2026-11-22T08:00:00Z".parse().expect("a time")
    }

    #[test]
    fn nine_tenths_are_used_and_some_are_for_urgent_ones() {
        let slots = |limit: Limit| (limit.slots(Severity::Warning), limit.slots(Severity::Urgent));
        assert_eq!(ALL.map(slots), [(15, 18), (15, 18), (3, 4), (3, 4), (2, 3), (8, 9)]);
    }

    #[test]
    fn a_silenced_target_gets_nothing_and_the_longest_silence_holds() {
        let mut bucket = Bucket::default();
        let at = |seconds| start() + SignedDuration::from_secs(seconds);
        bucket.silence(at(600));
        bucket.silence(at(60));
        for severity in Severity::ALL {
            assert_eq!(bucket.take(Limit::DINGTALK, severity, at(0)), Err(SignedDuration::from_mins(10)));
        }
        assert_eq!(bucket.take(Limit::DINGTALK, Severity::Info, at(600)), Ok(()));
    }

    #[test]
    fn it_lies_in_a_table() {
        let mut bucket = Bucket::default();
        assert_eq!(serde_json::to_string(&bucket).expect("JSON"), "{}");
        assert_eq!(bucket.take(Limit::WECOM, Severity::Info, start()), Ok(()));
        bucket.silence(start());
        let text = serde_json::to_string(&bucket).expect("JSON");
        assert_eq!(text, r#"{"taken":[1795334400000],"silent_until":"2026-11-22T08:00:00Z"}"#);
        assert_eq!(serde_json::from_str::<Bucket>(&text).expect("JSON"), bucket);
    }

    fn severity() -> impl Strategy<Value = Severity> {
        proptest::sample::select(&Severity::ALL[..])
    }

    proptest! {
        #[test]
        fn no_window_of_its_span_sees_more_than_the_limit(
            limit in proptest::sample::select(&ALL[..]),
            steps in proptest::collection::vec((0_i64..4_000_000, severity()), 1..300),
        ) {
            let (mut bucket, mut now, mut sent) = (Bucket::default(), start(), Vec::new());
            for (micros, severity) in steps {
                now += SignedDuration::from_micros(micros);
                match bucket.take(limit, severity, now) {
                    Ok(()) => sent.push(now),
                    Err(wait) => {
                        // Waits are true: not a moment before, and then for sure.
                        prop_assert!(wait.is_positive());
                        let early = now + wait - SignedDuration::from_nanos(1);
                        prop_assert!(early < now || bucket.clone().take(limit, severity, early).is_err());
                        prop_assert_eq!(bucket.clone().take(limit, severity, now + wait), Ok(()));
                    }
                }
            }
            for (first, at) in sent.iter().enumerate() {
                let within = sent[first..].iter().take_while(|other| other.duration_since(*at) < limit.span);
                prop_assert!(within.count() <= usize::try_from(limit.count).expect("small"));
            }
        }

        #[test]
        fn an_urgent_one_finds_a_slot_when_ordinary_ones_used_up_theirs(
            limit in proptest::sample::select(&ALL[..]),
            steps in proptest::collection::vec(0_i64..2_000_000, 1..100),
        ) {
            let (mut bucket, mut now) = (Bucket::default(), start());
            for micros in steps {
                now += SignedDuration::from_micros(micros);
                while bucket.take(limit, Severity::Warning, now).is_ok() {}
                prop_assert_eq!(bucket.clone().take(limit, Severity::Urgent, now), Ok(()));
            }
        }

        #[test]
        fn a_clock_that_was_ahead_stops_nothing_for_ever(
            limit in proptest::sample::select(&ALL[..]), ahead in 0_i64..86_400,
        ) {
            let mut bucket = Bucket::default();
            let later = start() + SignedDuration::from_secs(ahead);
            while bucket.take(limit, Severity::Urgent, later).is_ok() {}
            if let Err(wait) = bucket.take(limit, Severity::Info, start()) {
                prop_assert!(wait <= SignedDuration::from_secs(ahead) + limit.span);
            }
        }
    }
}
