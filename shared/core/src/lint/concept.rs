//! The ideas that rules are made of. What words stand for them is in `words/`, by language.
//!
//! Their order counts: the phrases of one may speak of those above it only.

/// The ideas of a matter, each with its name in the word lists: an enum that is an
/// [`Idea`](super::idea::Idea).
macro_rules! concepts {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)+) => {
        /// An idea that words of every language stand for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Concept {
            $($(#[$doc])* $name,)+
        }

        impl Concept {
            /// Every concept.
            pub(crate) const ALL: &[Self] = &[$(Self::$name,)+];
        }

        impl $crate::lint::Idea for Concept {
            const ALL: &[Self] = Self::ALL;
            const BUT: Self = Self::But;

            fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)+
                }
            }

            fn number(self) -> usize {
                self as usize
            }
        }
    };
}

pub(crate) use concepts;

concepts! {
    /// Words that deny.
    Not = "not",
    /// Words that begin a thought against the one before.
    But = "but",
    /// A wish or a request.
    Ask = "ask",
    /// A review, rating, feedback; to review.
    Review = "review",
    /// A buyer's act of reviewing, asked for or done.
    Reviewing = "reviewing",
    /// A review that the buyer has written already.
    Written = "written",
    /// Both sides are welcome: good or bad, honest.
    Neutral = "neutral",
    /// Where all can read it: on Amazon, on Google, other customers.
    Public = "public",
    /// To say what one thinks.
    Speak = "speak",
    /// What is pleasant to hear: a good experience, kind words, how much it is liked.
    Praise = "praise",
    /// What may be a reward or not: a gift, a refund, a sum of money.
    Benefit = "benefit",
    /// What is hardly ever anything but a reward: a gift card, cash back.
    Reward = "reward",
    /// One thing for another: in exchange, as a thank-you.
    Exchange = "exchange",
    /// To give the buyer something, or that the buyer gets it.
    Offer = "offer",
    /// Proof of a review: a screenshot.
    Proof = "proof",
    /// A reward for a review, said outright.
    Incentive = "incentive",
    /// Five stars; a good review.
    Favour = "favour",
    /// A request for a good review, said outright.
    Positive = "positive",
    /// If the buyer is content.
    IfHappy = "if-happy",
    /// If the buyer is not.
    IfUnhappy = "if-unhappy",
    /// Get in touch with the seller.
    TellUs = "tell-us",
    /// Before, instead of, first.
    Before = "before",
    /// A bad review, few stars.
    BadReview = "bad-review",
    /// A request to those alone who are content, said outright.
    Conditional = "conditional",
    /// A request to say nothing in public.
    Hush = "hush",
    /// Leading away those who are not content, said outright.
    Divert = "divert",
    /// A request to change or remove a review, said outright.
    Change = "change",
    /// A request to change or remove what was spoken of before.
    ChangeIt = "change-it",
    /// A way to reach the seller outside Amazon.
    Outside = "outside",
    /// Praise of further goods.
    Promotion = "promotion",
    /// Means of watching the reader.
    Tracking = "tracking",
    /// Traces of a machine that wrote or translated.
    Machine = "machine",
    /// A way to receive no more mail.
    Unsubscribe = "unsubscribe",
    /// A postal address.
    Address = "address",
    /// A mark that says: this is advertising.
    AdMark = "ad-mark",
}
