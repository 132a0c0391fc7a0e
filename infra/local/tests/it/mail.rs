//! Shops of the seller's own and the mails to their customers, through the command line.

mod experiment;
mod import;
mod keep;
mod mails;
mod shop;
mod steer;
mod suppress;
mod template;
mod up;
mod world;
