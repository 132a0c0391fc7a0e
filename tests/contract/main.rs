//! Contract tests: what the client sends fits Amazon's models, and what Amazon's models show as
//! answers can be read.
//!
//! The models are Amazon's and not part of this repository. `RENOWN_SP_API_MODELS` names a copy
//! of `amzn/selling-partner-api-models`; without it the tests say that they are skipped, and
//! with `RENOWN_REQUIRE_MODELS=1` they fail instead.

mod answers;
mod calls;
mod events;
mod grant;
mod health;
mod limits;
mod models;
mod requests;
mod sockets;
mod wire;
