//! `/_sim/chats`: robots, and the faults of posts to them.

use bytes::Bytes;
use serde_json::{Value, json};

use super::body::{Problem, one_or_many};
use crate::chat::{Chat, ChatFault};
use crate::error::RejectedChat;
use crate::simulator::Simulator;

/// Registers robots. Nothing is registered when one of them can't be.
pub(super) fn add(simulator: &Simulator, body: &Bytes) -> Result<Value, Problem> {
    let chats: Vec<Chat> = one_or_many(body, "the chat")?;
    let rejected = |error: RejectedChat| Problem::bad("the chat", error.field, &error.reason, &error.remedy);
    chats.iter().try_for_each(Chat::check).map_err(rejected)?;
    let added: Vec<String> = chats.iter().map(|chat| chat.key.clone()).collect();
    for chat in chats {
        simulator.add_chat(chat).map_err(rejected)?;
    }
    Ok(json!({"added": added}))
}

/// Puts faults in force.
pub(super) fn add_faults(simulator: &Simulator, body: &Bytes) -> Result<Value, Problem> {
    let faults: Vec<ChatFault> = one_or_many(body, "the chat fault")?;
    let n_faults = faults.len();
    for fault in faults {
        simulator.add_chat_fault(fault);
    }
    Ok(json!({"added": n_faults}))
}

/// Faults in force, with the number of posts each has struck.
pub(super) fn faults(simulator: &Simulator) -> Value {
    let shown = |(fault, struck): (ChatFault, u32)| {
        let mut shown = json!(fault);
        shown["struck"] = json!(struck);
        shown
    };
    simulator.chat_faults().into_iter().map(shown).collect()
}

/// Ends all faults.
pub(super) fn remove_faults(simulator: &Simulator) -> Value {
    simulator.clear_chat_faults();
    json!({"removed": "all"})
}
