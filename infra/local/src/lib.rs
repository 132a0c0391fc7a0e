//! The whole system on one machine: the same handlers over an embedded DynamoDB, with the
//! simulator in Amazon's place until a real seller is connected.

pub mod amazon;
pub mod dynamo;
