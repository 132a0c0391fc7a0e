//! From a report of Amazon's to a message in a chat: `report-sync` and `negative-alert` over an
//! embedded table, a simulated Amazon and its chats.

mod budget;
mod cases;
mod feedback;
mod histories;
mod orders;
mod push;
mod repeat;
mod shop;
