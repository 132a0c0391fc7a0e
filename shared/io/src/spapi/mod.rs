//! The client of Amazon's Selling Partner API.
//!
//! One [`SpApi`] per process, cheap to clone. It keeps access tokens, paces each seller's
//! operations below Amazon's limits, watches how far this machine's clock is from Amazon's,
//! and turns every answer into something a caller can act upon ([`Error`]).
//!
//! Guarantees: an operation is sent once (a second time only after Amazon has refused the
//! access token, which proves that the first was not processed); no call outlasts its
//! time-out; no buyer data is asked for (promise P6); no secret is in any `Debug`, `Display`
//! or error.

mod auth;
mod caller;
mod customer_feedback;
mod download;
mod endpoints;
mod errors;
mod finances;
mod notifications;
mod opaque_id;
mod operation;
mod orders;
mod pacing;
mod queue_arn;
mod reports;
mod request;
mod sellers;
mod solicitations;
mod transport;

#[cfg(test)]
mod fake;

use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use http::StatusCode;
use jiff::SignedDuration;
use renown_core::ids::SellerId;
use tokio::time::Instant;

use crate::clock::Clock;

pub use auth::LoginError;
pub use caller::{AppCaller, Caller};
pub use customer_feedback::SortBy;
pub use download::Download;
pub use endpoints::{BadEndpoint, Endpoints};
pub use errors::Error;
pub use finances::Disputes;
pub use notifications::{Destination, DestinationId, NotificationType, PayloadVersion, Subscription};
pub use operation::Operation;
pub use orders::{
    Item, OrderDetails, OrderPage, Package, PackageStatus, PageToken, UnreadableOrder, UnshippedOrders,
    Window,
};
pub use queue_arn::{BadQueueArn, QueueArn};
pub use reports::{Document, DocumentId, ReportId, ReportRequest, ReportStatus};
pub use sellers::{Participation, Participations};
pub use solicitations::{Actions, PostSlot};

use auth::Tokens;
use caller::{Account, Party};
use pacing::Pacing;
use request::Request;
use transport::{Answer, Transport};

/// How long a reading call may take once its turn has come, token included. Source: ours; Amazon's slowest normal
/// answers (searchOrders with packages) stay under five seconds.
pub const READ_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a call that changes something, or one piece of a document, may take. Twice the
/// reading time, because giving up on a POST leaves its outcome unknown.
pub const POST_TIMEOUT: Duration = Duration::from_secs(20);

/// The client. Clones share tokens, pacing and the clock watch.
#[derive(Debug, Clone)]
pub struct SpApi {
    shared: Arc<Shared>,
    deadline: Option<Instant>,
}

#[derive(Debug)]
struct Shared {
    transport: Transport,
    endpoints: Endpoints,
    clock: Clock,
    tokens: Tokens,
    pacing: Pacing,
}

impl SpApi {
    /// A client over the SDK's own HTTP client, so that the process has one TLS stack.
    pub fn new(http: &SharedHttpClient, clock: Clock, endpoints: Endpoints) -> Self {
        let transport = Transport::new(http, clock.clone());
        let shared =
            Shared { transport, endpoints, clock, tokens: Tokens::default(), pacing: Pacing::default() };
        Self { shared: Arc::new(shared), deadline: None }
    }

    /// The same client, none of whose calls goes on after `deadline`: for a handler whose
    /// invocation ends before a call's own time-out would.
    #[must_use]
    pub fn until(&self, deadline: Instant) -> Self {
        Self { shared: Arc::clone(&self.shared), deadline: Some(deadline) }
    }

    /// How far Amazon's clock is ahead of this machine's, by the newest answer; `None` before
    /// the first one. Amazon tells whole seconds.
    pub fn clock_difference(&self) -> Option<SignedDuration> {
        self.shared.transport.clock_difference()
    }

    /// Keeps an operation of a seller from being sent for a while, because something other
    /// than an answer says so.
    pub fn freeze(&self, seller: &SellerId, operation: Operation, pause: Duration) {
        self.shared.pacing.freeze(&Account::Seller(seller.clone()), operation, pause);
    }

    /// The time left for a call that may take `at_most`.
    fn time_for(&self, at_most: Duration) -> Duration {
        self.deadline
            .map_or(at_most, |deadline| at_most.min(deadline.saturating_duration_since(Instant::now())))
    }

    /// Waits for the operation's turn, sends it and returns the answer of a success.
    async fn read<'a>(&self, caller: impl Into<Party<'a>>, request: &Request) -> Result<Answer, Error> {
        let caller = caller.into();
        let limit = self.time_for(READ_TIMEOUT);
        self.shared.pacing.acquire(&caller.account(), request.operation, limit).await?;
        self.send(caller, request, self.time_for(READ_TIMEOUT)).await
    }

    /// Sends a request whose turn it is. A refused access token is renewed and the request
    /// sent once more: the refusal proves that it was not processed.
    async fn send(&self, caller: Party<'_>, request: &Request, limit: Duration) -> Result<Answer, Error> {
        let Shared { transport, endpoints, pacing, .. } = &*self.shared;
        let account = caller.account();
        let end = Instant::now() + limit;
        let left = || end.saturating_duration_since(Instant::now());

        let token = self.shared.token(caller, request.operation, left()).await?;
        let base = endpoints.api(caller.region());
        let answer = transport.call(request, base, token.secret(), left()).await?;
        let answer = if errors::is_token_refusal(&answer) {
            self.shared.forget(caller, &token).await;
            let token = self.shared.token(caller, request.operation, left()).await?;
            pacing.acquire_again(&account, request.operation, left()).await?;
            let answer = transport.call(request, base, token.secret(), left()).await?;
            if errors::is_token_refusal(&answer) {
                return Err(errors::of_denial(request.operation, account));
            }
            answer
        } else {
            answer
        };
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            let retry_in = pacing.throttled(&account, request.operation);
            return Err(Error::Throttled { operation: request.operation, retry_in });
        }
        pacing.answered(&account, request.operation);
        if answer.status.is_success() {
            Ok(answer)
        } else {
            Err(errors::of_answer(request.operation, &answer))
        }
    }
}
