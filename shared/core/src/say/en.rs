//! English.

use super::Word;
use crate::control::Cause;
use crate::delivery::{Confidence, Source};
use crate::ids::IdProblem;
use crate::order::{Expired, FulfillmentChannel, Held, NotYet, OrderStatus, Parcels, Refused, Skipped, Step};
use crate::overview::Group;
use crate::policy::timing::Wait;
use crate::reports::Remedy;

pub(super) fn step(step: Step) -> &'static str {
    match step {
        Step::FirstNotified => "first heard of in a notification",
        Step::FirstReported => "first heard of in a report: its notification had not come",
        Step::FirstImported => "first heard of in an import or the back-fill",
        Step::Planned => "a date was set",
        Step::LookedUp => "its parcels and items were looked up",
        Step::NothingOffered => "Amazon offered no request; again the next day",
        Step::Claimed => "the right to one call was taken",
        Step::Accepted => "Amazon accepted the request",
        Step::Throttled => "Amazon throttled the call; nothing was processed, it is made later",
        Step::NotSent => "the call was not made",
        Step::Unclear => "no reply told what became of the call; Amazon is asked, the call is not repeated",
        Step::ClaimLost => {
            "the process that was to make the call was gone; Amazon is asked what became of it"
        }
        Step::StillOffered => "Amazon still offers the request: the unclear call was not processed",
        Step::Gone => "Amazon no longer offers the request: the unclear call was likely processed",
        Step::AmazonRefused => "Amazon refused",
        Step::TooEarly => "Amazon says it is too early",
        Step::Held => "held until a person has looked at it",
        Step::Released => "released by a person",
        Step::Hastened => "a person wants it asked as soon as its window allows",
        Step::Ended => "ended",
        Step::Reopened => "later evidence opened it again",
    }
}

pub(super) fn group(group: Group) -> &'static str {
    match group {
        Group::Asked => "asked",
        Group::Skipped => "skipped",
        Group::Expired => "expired",
        Group::Refused => "refused",
        Group::Open => "open",
    }
}

pub(super) fn not_yet(why: NotYet) -> &'static str {
    why.text()
}

pub(super) fn skipped(why: Skipped) -> &'static str {
    why.text()
}

pub(super) fn refused(why: Refused) -> &'static str {
    why.text()
}

pub(super) fn expired(why: Expired) -> &'static str {
    why.text()
}

pub(super) fn held(why: Held) -> &'static str {
    why.text()
}

pub(super) fn cause(cause: Cause) -> &'static str {
    cause.text()
}

pub(super) fn wait(why: Wait) -> &'static str {
    why.text()
}

pub(super) fn source(source: Source) -> &'static str {
    match source {
        Source::EasyShip => "Easy Ship said delivered",
        Source::Scan => "every parcel was scanned as delivered",
        Source::EstimatedArrival => "Amazon's estimated arrival",
        Source::Promise => "the date promised to the buyer",
        Source::Transit => "first seen shipped, and the usual days in transit",
    }
}

pub(super) fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => "low",
        Confidence::Medium => "medium",
        Confidence::High => "high",
    }
}

pub(super) fn status(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::PendingAvailability => "ordered ahead of release",
        OrderStatus::Pending => "pending",
        OrderStatus::Unshipped => "not shipped",
        OrderStatus::PartiallyShipped => "partly shipped",
        OrderStatus::InvoiceUnconfirmed => "shipped, invoice not confirmed",
        OrderStatus::Shipped => "shipped",
        OrderStatus::Unfulfillable => "cannot be fulfilled",
        OrderStatus::Cancelled => "cancelled",
    }
}

pub(super) fn channel(channel: FulfillmentChannel) -> &'static str {
    match channel {
        FulfillmentChannel::Amazon => "fulfilled by Amazon",
        FulfillmentChannel::Merchant => "fulfilled by the seller",
    }
}

pub(super) fn parcels(parcels: Parcels) -> &'static str {
    match parcels {
        Parcels::NoScans => "no parcel is scanned",
        Parcels::Underway => "a parcel is on its way",
        Parcels::Undeliverable => "a parcel could not be delivered",
        Parcels::Delivered => "all parcels are delivered",
    }
}

pub(super) fn row_remedy(remedy: Remedy) -> &'static str {
    remedy.text()
}

pub(super) fn id_problem(problem: IdProblem) -> &'static str {
    problem.text()
}

pub(super) fn word(word: Word) -> &'static str {
    match word {
        Word::Order => "order",
        Word::Orders => "orders",
        Word::State => "state",
        Word::Why => "why",
        Word::Delivery => "delivery",
        Word::Window => "window",
        Word::Facts => "facts",
        Word::Story => "story",
        Word::Bought => "bought",
        Word::Shipped => "shipped",
        Word::Promised => "promised",
        Word::ExpectedArrival => "expected to arrive",
        Word::Delivered => "seen delivered",
        Word::Items => "items",
        Word::Programs => "programs",
        Word::RulesVersion => "rules version",
        Word::DefaultRules => "default rules",
        Word::TestArm => "test arm",
        Word::Confidence => "confidence",
        Word::Times => "times",
        Word::LastOn => "last",
        Word::Unknown => "not known",
        Word::DaysAhead => "days ahead",
        Word::Due => "due",
        Word::WillAsk => "to be asked",
        Word::Capacity => "capacity",
        Word::WillNotFit => "windows that close before their turn",
        Word::Presumed => "presumed",
        Word::Listening => "listens",
        Word::Live => "live",
        Word::Stopped => "stopped",
        Word::More => "more",
        Word::New => "new",
        Word::Violations => "violations judged by the simulator",
        Word::AskedTwice => "requests repeated after Amazon had accepted one",
        Word::Gaps => "found by a report though a notification should have come",
        Word::AsOf => "as of",
        Word::Hours => "h",
        Word::Every => "every",
        Word::Unread => "inputs that could not be read, kept with their reason",
        Word::NoSeller => "no seller: `renown connect` connects one, `renown import` reads files without",
        Word::Total => "totals",
        Word::DueToday => "due today",
        Word::Today => "today",
        Word::Held => "held",
        Word::Problems => "problems",
        Word::Unreadable => "items of the table that cannot be read, in no sum",
        Word::OpenCases => "open cases of unhappy buyers and the account; `renown cases list` shows them",
        Word::ReasonAccepted => "Amazon accepted the request",
        Word::ReasonPresumed => {
            "no reply confirmed it, but the offer was gone at once, an hour later and the next day"
        }
        Word::ReasonPlanned => "a date is set",
        Word::ReasonDue => "its time has come",
        Word::ReasonPaused => "it waits: the shop, the marketplace or everything stands still",
        Word::ReasonBeingAsked => "the request is being made",
        Word::ReasonOutcomeUnknown => "no reply told what became of the request; Amazon will be asked",
        Word::ReasonHeld => "a person must look at it",
        Word::ReasonWouldHaveAsked => "its time has come; the shop only listens, so nothing is sent",
        Word::ReasonNothingOfferedYet => "Amazon has offered no request so far",
        Word::ReasonNotInShare => "not in the share that goes first",
    }
}
