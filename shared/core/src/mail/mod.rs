//! Mail to the customers of a seller's own shops.
//!
//! Nobody who bought on Amazon is ever written to (promise P6): orders, contacts and mails of
//! shops share no type and no place with Amazon's orders.
//!
//! An order comes in ([`order`]), what it is owed follows from its facts ([`plan`]), and before a
//! mail leaves everything that could speak against it is looked at once more ([`decide`]). What
//! SES tells afterwards ([`ses`]) settles what is unclear, suppresses addresses ([`suppression`])
//! and stops a seller whose list is bad ([`brake`]). Ways to write a mail are compared in an
//! [`experiment`].

pub mod brake;
pub mod contact;
pub mod days;
pub mod decide;
pub mod draft;
pub mod experiment;
pub mod kind;
pub mod news;
pub mod order;
pub mod pages;
pub mod plan;
pub mod reasons;
pub mod ses;
pub mod shop;
pub mod shopify;
pub mod state;
pub mod suppression;
pub mod template;
pub mod webhook;

pub use crate::language::Language;
pub use contact::{Addressee, Consent, Contact, Memory, Remembered};
pub use kind::Kind;
pub use order::{Answer, Facts, Line, ShopOrder};
pub use shop::{Basis, MailRules, Shop};
pub use state::{Mail, State};
pub use suppression::Suppression;
