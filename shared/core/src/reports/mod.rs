//! Readers of Amazon's report files.
//!
//! A file arrives in pieces and leaves as typed rows: bytes → [`TextDecoder`] → [`Reader`] →
//! rows. Only columns on a whitelist are ever looked at; a buyer's city or postal code never
//! reaches a struct (promise P6). A row that can't be read becomes a [`BadRow`] that says
//! where, why and what to do, and its neighbours are read as if nothing had happened
//! (promise P4). Memory is constant whatever the length of the file. Two reports
//! are no tables and are read as a whole: the account's health, [`account_health`], and
//! [`RepeatPurchases`].

pub mod account_health;
mod all_orders;
mod bad_row;
mod charset;
mod fba_returns;
mod fba_shipments;
mod feedback_date;
mod merchant_returns;
mod repeat_purchase;
mod row;
mod seller_feedback;
mod speaks;
mod tsv;

pub use all_orders::AllOrdersRow;
pub use bad_row::{BadRow, Problem, Remedy};
pub use charset::{Charset, Decoded, Malformed, TextDecoder};
pub use fba_returns::FbaReturnRow;
pub use fba_shipments::ShipmentRow;
pub use feedback_date::feedback_date;
pub use merchant_returns::MerchantReturnRow;
pub use repeat_purchase::{NotTheReport, REPEAT_PURCHASE, RepeatPurchase, RepeatPurchases};
pub use row::{Fields, FileError, Header, Reader, Row};
pub use seller_feedback::SellerFeedbackRow;
pub use speaks::Speaks;
