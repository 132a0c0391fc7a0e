//! The operator's commands, one to a file: its arguments, what it does, what it prints.

pub mod ask;
pub mod connect;
pub mod doctor;
pub mod explain;
pub mod held;
pub mod import;
pub mod mode;
pub mod never;
pub mod pause;
pub mod plan;
pub mod rules;
pub mod simulate;
pub mod unread;
pub mod up;
