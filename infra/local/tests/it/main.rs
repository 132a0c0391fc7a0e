//! The program as an operator meets it: a demo from its beginning to its end, and what the
//! commands print of a tiny shop.

mod cases;
mod classify;
mod connect;
mod demo;
mod domain;
mod import;
mod keep;
mod kept;
mod lint;
mod mail;
mod month;
mod notify;
mod own_files;
mod shown;
mod socket;
mod steer;
mod support;
mod team;
mod topics;
