//! Short words of the screens: headings, and the states that are not reasons of an end.

/// A heading or a short word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// One order.
    Order,
    /// Several.
    Orders,
    /// Heading of a state.
    State,
    /// Heading of reasons.
    Why,
    /// Heading of the delivery estimate.
    Delivery,
    /// Heading of the time in which it may be asked.
    Window,
    /// Heading of what is known.
    Facts,
    /// Heading of what happened.
    Story,
    /// Placed by the buyer.
    Bought,
    /// Left the warehouse.
    Shipped,
    /// Promised to the buyer.
    Promised,
    /// Carrier's or Amazon's expectation.
    ExpectedArrival,
    /// Seen delivered.
    Delivered,
    /// Item names.
    Items,
    /// Programs of the order.
    Programs,
    /// Rules in force when it was decided.
    RulesVersion,
    /// Default rules.
    DefaultRules,
    /// Arm of a test.
    TestArm,
    /// Confidence.
    Confidence,
    /// How often.
    Times,
    /// Until the last time.
    LastOn,
    /// Nothing is known.
    Unknown,
    /// Days of the forecast.
    DaysAhead,
    /// Fall due.
    Due,
    /// Will be asked, by the forecast.
    WillAsk,
    /// Requests a day.
    Capacity,
    /// Orders whose window closes before their turn comes.
    WillNotFit,
    /// Presumed asked.
    Presumed,
    /// In listen mode.
    Listening,
    /// In live mode.
    Live,
    /// Stands still.
    Stopped,
    /// More rows than are shown.
    More,
    /// First heard of.
    New,
    /// Violations that the simulator has found.
    Violations,
    /// Orders that were asked twice.
    AskedTwice,
    /// Found by a report although a notification should have come.
    Gaps,
    /// Before the moment that a report tells of.
    AsOf,
    /// Several hours, behind their number.
    Hours,
    /// Before how often something is done.
    Every,
    /// Input that cannot be read.
    Unread,
    /// Nobody is connected.
    NoSeller,
    /// The sum.
    Total,
    /// Fall due before the operator's day ends.
    DueToday,
    /// Since the operator's day began.
    Today,
    /// Wait for a person.
    Held,
    /// Problems told today.
    Problems,
    /// Items of the table that cannot be read.
    Unreadable,
    /// Cases that nobody has ended.
    OpenCases,
    /// Reason: Amazon accepted.
    ReasonAccepted,
    /// Reason: presumed asked.
    ReasonPresumed,
    /// Reason: a date is set.
    ReasonPlanned,
    /// Reason: its time has come.
    ReasonDue,
    /// Reason: something stands still.
    ReasonPaused,
    /// Reason: a call is being made.
    ReasonBeingAsked,
    /// Reason: no reply told what became of the call.
    ReasonOutcomeUnknown,
    /// Reason: a person must look.
    ReasonHeld,
    /// Reason: listen mode, and its time has come.
    ReasonWouldHaveAsked,
    /// Reason: Amazon offered nothing so far.
    ReasonNothingOfferedYet,
    /// Reason: not in the share that goes first.
    ReasonNotInShare,
}

impl Word {
    /// The words for reasons that are not an end: they follow from a state and the clock.
    pub(super) fn of_reason(code: &str) -> Option<Self> {
        Some(match code {
            "accepted" => Self::ReasonAccepted,
            "presumed" => Self::ReasonPresumed,
            "planned" => Self::ReasonPlanned,
            "due" => Self::ReasonDue,
            "paused" => Self::ReasonPaused,
            "being_asked" => Self::ReasonBeingAsked,
            "no_reply_yet" => Self::ReasonOutcomeUnknown,
            "held" => Self::ReasonHeld,
            "would_have_asked" => Self::ReasonWouldHaveAsked,
            "nothing_offered_yet" => Self::ReasonNothingOfferedYet,
            "not_in_share" => Self::ReasonNotInShare,
            _ => return None,
        })
    }
}
