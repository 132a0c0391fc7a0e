//! The operator's commands, one to a file: its arguments, what it does, what it prints.

pub mod ask;
pub mod connect;
pub mod cost;
pub mod disconnect;
pub mod doctor;
pub mod domain;
pub mod erase;
pub mod explain;
pub mod export;
pub mod held;
pub mod import;
pub mod lint;
pub mod mail;
pub mod mode;
pub mod never;
pub mod pause;
pub mod plan;
pub mod restore;
pub mod rules;
pub mod shop;
pub mod simulate;
pub mod support_bundle;
pub mod suppress;
pub mod template;
pub mod unread;
pub mod up;
