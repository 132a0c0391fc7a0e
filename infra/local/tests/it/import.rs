//! Files that a seller has by hand, as they are found on a desk.

mod desk;
mod excel;
mod forms;
mod messages;
mod refused;
mod reports;
mod reviews;
