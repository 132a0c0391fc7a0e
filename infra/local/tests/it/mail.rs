//! Shops of the seller's own and the mails to their customers, through the command line.

mod shop;
mod steer;
mod world;
