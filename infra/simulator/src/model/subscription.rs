//! Where notifications are to be sent, and which.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Region;

/// A queue that an application has made known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destination {
    /// Given by the simulator.
    pub destination_id: String,
    /// Client id of the application.
    pub client_id: String,
    /// The region whose host it was made known to; absent if the host was none of Amazon's. It is
    /// known there only.
    pub region: Option<Region>,
    /// Given by the application.
    pub name: String,
    /// Address of the queue.
    pub arn: String,
}

/// That a seller's notifications of one type are to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// Given by the simulator.
    pub subscription_id: String,
    /// Client id of the application.
    pub client_id: String,
    /// Whose notifications.
    pub seller_id: String,
    /// `ORDER_CHANGE` and the like.
    pub notification_type: String,
    /// Version of the payload that was asked for.
    pub payload_version: String,
    /// Where they go.
    pub destination_id: String,
    /// The filter, as the application sent it.
    pub processing_directive: Option<Value>,
    /// Since when, by the simulator's clock.
    pub created_at: Timestamp,
}
