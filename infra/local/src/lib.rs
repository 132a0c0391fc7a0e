//! The whole system on one machine: the same handlers over an embedded DynamoDB, with the
//! simulator in Amazon's place until a real seller is connected; and the operator's commands.

mod alias;
pub mod amazon;
pub mod aws;
pub mod backup;
mod buyers_clock;
pub mod cli;
pub mod commands;
pub mod cost;
pub mod demo;
pub mod desk;
pub mod domain;
pub mod dynamo;
pub mod events;
pub mod folder;
pub mod import;
pub mod lines;
pub mod live;
pub mod mails;
pub mod memory;
pub mod place;
pub mod queue;
pub mod remote;
pub mod scrub;
pub mod sellers_file;
pub mod settings;
pub mod shops;
pub mod spreadsheet;
pub mod steer;
pub mod stop;
pub mod style;
pub mod told;
mod toml_words;
mod twins;
pub mod up;
pub mod views;
pub mod world;
