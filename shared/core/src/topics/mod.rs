//! What buyers praise and complain of in reviews, as Amazon sums it up for an ASIN and its browse
//! node: what a week's look holds, how an ASIN does against its category, and what is to be told.
//!
//! Amazon gives no single reviews, and no rating, by its API. The score here is Renown's own, and says
//! so wherever it is shown.

mod answer;
mod cause;
mod judge;
mod offers;
mod score;
mod snapshot;
mod trend;

pub use answer::{
    Both, BrowseNode, Days, ItemTopic, ItemTopics, Measure, Month, NodeTopic, NodeTopics, ReturnTopic,
    Subtopic, Trend, Variant,
};
pub use cause::cause_of;
pub use judge::{Rise, number, rise, signals};
pub use offers::{ROLE, not_offered, offers};
pub use score::{LEAST_MENTIONS, Score, score};
pub use snapshot::{Asked, Node, Returned, Snapshot, Topic, new_since};
pub use trend::{Arrow, Slopes};
