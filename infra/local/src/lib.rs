//! The whole system on one machine: the same handlers over an embedded DynamoDB, with the
//! simulator in Amazon's place until a real seller is connected; and the operator's commands.

pub mod amazon;
pub mod cli;
pub mod demo;
pub mod dynamo;
pub mod events;
pub mod explain;
pub mod folder;
pub mod import;
pub mod lines;
pub mod memory;
pub mod plan;
pub mod queue;
pub mod remote;
pub mod sellers_file;
pub mod steer;
pub mod stop;
pub mod up;
pub mod views;
pub mod world;
