//! What became of the posts to each robot.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::fault::ActiveFault;
use super::pace::Pace;
use super::{Chat, ChatFault, ChatKind, Said};

/// A message that its target shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChatMessage {
    /// When it came, by the simulator's clock.
    pub at: Timestamp,
    /// What was posted.
    pub body: Value,
    /// What a person sees of it, in plain words.
    pub text: String,
    /// The sender's own id: `webhook-id`; other targets know none.
    pub id: Option<String>,
    /// Whether a message with the same id had come before.
    pub repeat: bool,
}

/// A post that its target did not show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChatRefusal {
    /// When it came, by the simulator's clock.
    pub at: Timestamp,
    /// HTTP status of the answer; absent when the connection was reset. Many targets refuse with
    /// 200, and Teams with 202.
    pub status: Option<u16>,
    /// Why, for a person.
    pub reason: String,
    /// What was posted; as text where it was not JSON.
    pub body: Value,
}

/// A robot, or a key that no robot is registered under, with what came to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChatRecord {
    /// In which chat.
    pub kind: ChatKind,
    /// What names it in its address.
    pub key: String,
    /// Whether there is such a robot.
    pub registered: bool,
    /// What it shows, in order.
    pub messages: Vec<ChatMessage>,
    /// What it does not show, in order.
    pub refused: Vec<ChatRefusal>,
}

/// Everything that is known of one key.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Room {
    /// Absent: nobody registered it, but somebody posted to it.
    pub(super) robot: Option<Chat>,
    pub(super) pace: Pace,
    pub(super) messages: Vec<ChatMessage>,
    pub(super) refused: Vec<ChatRefusal>,
}

impl Room {
    /// Writes a message down that is shown.
    pub(super) fn accept(&mut self, at: Timestamp, body: Value, said: Said) {
        let repeat = said.id.is_some() && self.messages.iter().any(|message| message.id == said.id);
        self.messages.push(ChatMessage { at, body, text: said.text, id: said.id, repeat });
    }

    /// Writes a post down that is not shown.
    pub(super) fn refuse(&mut self, refusal: ChatRefusal) {
        self.refused.push(refusal);
    }
}

/// The part of the simulator's state that the chats have.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Chats {
    rooms: BTreeMap<ChatKind, BTreeMap<String, Room>>,
    pub(super) faults: Vec<ActiveFault>,
}

impl Chats {
    /// What is known of a key, from now on if nothing was.
    pub(super) fn room(&mut self, kind: ChatKind, key: &str) -> &mut Room {
        self.rooms.entry(kind).or_default().entry(key.to_owned()).or_default()
    }

    /// Registers a robot, or replaces the one with the same key. What came to it stays.
    pub(crate) fn register(&mut self, chat: Chat) {
        let room = self.room(chat.kind, &chat.key);
        room.robot = Some(chat);
    }

    /// Puts a fault in force.
    pub(crate) fn add_fault(&mut self, fault: ChatFault) {
        self.faults.push(ActiveFault { fault, struck: 0 });
    }

    /// Ends all faults.
    pub(crate) fn clear_faults(&mut self) {
        self.faults.clear();
    }

    /// Faults in force, with the number of posts each has struck.
    pub(crate) fn faults(&self) -> Vec<(ChatFault, u32)> {
        self.faults.iter().map(|active| (active.fault.clone(), active.struck)).collect()
    }

    /// What a robot shows.
    pub(crate) fn messages(&self, kind: ChatKind, key: &str) -> Vec<ChatMessage> {
        let room = self.rooms.get(&kind).and_then(|rooms| rooms.get(key));
        room.map(|room| room.messages.clone()).unwrap_or_default()
    }

    /// What a robot does not show.
    pub(crate) fn refusals(&self, kind: ChatKind, key: &str) -> Vec<ChatRefusal> {
        let room = self.rooms.get(&kind).and_then(|rooms| rooms.get(key));
        room.map(|room| room.refused.clone()).unwrap_or_default()
    }

    /// All of it, by chat and key.
    pub(crate) fn records(&self) -> Vec<ChatRecord> {
        let of_kind = |(kind, rooms): (&ChatKind, &BTreeMap<String, Room>)| {
            let kind = *kind;
            rooms
                .iter()
                .map(move |(key, room)| ChatRecord {
                    kind,
                    key: key.clone(),
                    registered: room.robot.is_some(),
                    messages: room.messages.clone(),
                    refused: room.refused.clone(),
                })
                .collect::<Vec<_>>()
        };
        self.rooms.iter().flat_map(of_kind).collect()
    }
}
