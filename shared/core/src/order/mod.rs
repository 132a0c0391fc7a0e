//! An order: what is known of it, where its solicitation stands, and its story.

mod by_hand;
mod call;
mod elsewhere;
#[cfg(test)]
mod examples;
mod facts;
mod record;
mod state;
mod status;
mod trail;
mod unknown;

pub use by_hand::NotWanted;
pub use call::Answer;
pub use elsewhere::Elsewhere;
pub use facts::{Dated, DeliveredBy, Facts, Parcels, Program, Promise, Shipped, Tracking};
pub use record::{Order, SeenIn, Sighting};
pub use state::{ClaimId, Expired, Held, NotYet, Refused, Skipped, State};
pub use status::{FulfillmentChannel, OrderStatus};
pub use trail::{Step, Trail, TrailEntry};

#[cfg(test)]
pub(crate) use facts::strategies;
