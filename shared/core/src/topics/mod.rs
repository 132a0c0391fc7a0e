//! What buyers praise and complain of in reviews, as Amazon sums it up for an ASIN and its browse
//! node.

mod answer;

pub use answer::{
    Both, BrowseNode, Days, ItemTopic, ItemTopics, Measure, Month, NodeTopic, NodeTopics, ReturnTopic,
    Subtopic, Trend, Variant,
};
