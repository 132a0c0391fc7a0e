//! Shops of the seller's own and the mails to their customers, through the command line.

mod shop;
mod world;
