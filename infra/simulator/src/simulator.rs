//! The handle that tests, the local runner and the binary hold.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http_body_util::BodyExt as _;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::chat::{self, Chat, ChatFault, ChatKind, ChatMessage, ChatRecord, ChatRefusal};
use crate::clock::Clock;
use crate::control;
use crate::error::{ConnectionReset, RejectedChat, RejectedOrder, RejectedTopics, RestoreError};
use crate::faulting::ActiveFault;
use crate::lwa;
use crate::model::{
    App, Call, Destination, Fault, FaultId, Notification, OneReport, Order, Seller, Settings, Subscription,
    Topics, Violation,
};
use crate::pipeline;
use crate::state::{Data, State};

/// A simulated Amazon. Clones share one state.
#[derive(Clone)]
pub struct Simulator {
    state: Arc<Mutex<State>>,
}

impl Simulator {
    /// An empty simulator whose clock shows `start` now and runs with tokio's clock.
    pub fn new(start: Timestamp) -> Self {
        Self { state: Arc::new(Mutex::new(State::new(start))) }
    }

    /// An empty simulator whose clock starts at the system's time.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where a simulated clock takes the system's time, once"
    )]
    pub fn following_system_time() -> Self {
        Self::new(Timestamp::now())
    }

    /// The lock, which is never held over an await. A panic of another thread inside it can't
    /// leave data half-written that matter: calls are recorded last.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The simulator's time.
    pub fn now(&self) -> Timestamp {
        self.lock().clock.now()
    }

    /// Sets the clock, forwards or backwards; it runs on from there.
    pub fn set_clock(&self, to: Timestamp) {
        self.lock().clock = Clock::starting_at(to);
    }

    /// Moves the clock by a span, forwards or backwards.
    pub fn step_clock(&self, by: SignedDuration) {
        let mut state = self.lock();
        let limit = if by.is_negative() { Timestamp::MIN } else { Timestamp::MAX };
        let to = state.clock.now().saturating_add(by).unwrap_or(limit);
        state.clock = Clock::starting_at(to);
    }

    /// Registers an application, or replaces the one with the same client id.
    pub fn add_app(&self, app: App) {
        self.lock().data.apps.insert(app.client_id.clone(), app);
    }

    /// Adds a seller, or replaces the one with the same id. Tokens of a grant that is gone are
    /// denied from then on.
    pub fn add_seller(&self, mut seller: Seller) {
        if seller.store_name.is_empty() {
            seller.store_name = format!("Store {}", seller.seller_id);
        }
        let mut state = self.lock();
        // A report that has ended by now shows the seller as it was.
        state.settle_reports();
        state.data.sellers.insert(seller.seller_id.clone(), seller);
    }

    /// All sellers, by id.
    pub fn sellers(&self) -> Vec<Seller> {
        self.lock().data.sellers.values().cloned().collect()
    }

    /// Puts an order in, with its whole past and future, or replaces the one with the same id.
    /// What was accepted for it is kept. The error names the field and the remedy.
    pub fn put_order(&self, order: Order) -> Result<(), RejectedOrder> {
        self.lock().put_order(order)
    }

    /// All orders, by id.
    pub fn orders(&self) -> Vec<Order> {
        self.lock().data.orders.values().cloned().collect()
    }

    /// Puts in what reviews name, from a moment on, or replaces what was said of it from that moment
    /// on. The error names the field and the remedy.
    pub fn put_topics(&self, topics: Topics) -> Result<(), RejectedTopics> {
        topics.check()?;
        let mut state = self.lock();
        state.data.topics.retain(|known| !known.is_of_the_same(&topics));
        state.data.topics.push(topics);
        Ok(())
    }

    /// Everything that is said of what reviews name.
    pub fn topics(&self) -> Vec<Topics> {
        self.lock().data.topics.clone()
    }

    /// Makes a code for the `authorization_code` grant, as Amazon's consent page would. It lives
    /// five minutes.
    pub fn authorize(&self, client_id: &str, seller_id: &str) -> String {
        let mut state = self.lock();
        let now = state.clock.now();
        lwa::issue_code(&mut state, now, client_id, seller_id)
    }

    /// Puts a fault in force.
    pub fn add_fault(&self, fault: Fault) -> FaultId {
        let mut state = self.lock();
        state.data.last_fault_id += 1;
        let id = state.data.last_fault_id;
        state.data.faults.push(ActiveFault { id, fault, skipped: 0, used: 0 });
        id
    }

    /// Ends one fault; `false` when there is none with this id.
    pub fn remove_fault(&self, id: FaultId) -> bool {
        let mut state = self.lock();
        let before = state.data.faults.len();
        state.data.faults.retain(|active| active.id != id);
        state.data.faults.len() < before
    }

    /// Ends all faults.
    pub fn clear_faults(&self) {
        self.lock().data.faults.clear();
    }

    /// Faults in force, with the number of calls each has struck.
    pub fn faults(&self) -> Vec<(FaultId, Fault, u32)> {
        self.lock().data.faults.iter().map(|active| (active.id, active.fault.clone(), active.used)).collect()
    }

    /// Every call since the start or the last reset.
    pub fn calls(&self) -> Vec<Call> {
        self.lock().data.calls.clone()
    }

    /// Every violation since the start or the last reset.
    pub fn violations(&self) -> Vec<Violation> {
        self.lock().data.violations.clone()
    }

    /// Order id → moments at which a solicitation was accepted for it. More than one can't happen:
    /// the once-only rule is Amazon's own.
    pub fn accepted(&self) -> BTreeMap<String, Vec<Timestamp>> {
        self.lock().data.accepted.clone()
    }

    /// All reports, by id.
    pub fn reports(&self) -> Vec<OneReport> {
        let mut state = self.lock();
        state.settle_reports();
        state.data.reports.values().cloned().collect()
    }

    /// Every queue that an application has made known, by id.
    pub fn destinations(&self) -> Vec<Destination> {
        self.lock().data.destinations.values().cloned().collect()
    }

    /// Every subscription to notifications, by id.
    pub fn subscriptions(&self) -> Vec<Subscription> {
        self.lock().data.subscriptions.values().cloned().collect()
    }

    /// Hands out, once, every notification that is due by now, in order of time.
    pub fn take_notifications(&self) -> Vec<Notification> {
        self.lock().take_notifications()
    }

    /// Registers a robot of a chat, or replaces the one with the same key; what came to it is kept.
    /// The error names the field and the remedy.
    pub fn add_chat(&self, chat: Chat) -> Result<(), RejectedChat> {
        chat.check()?;
        self.lock().data.chats.register(chat);
        Ok(())
    }

    /// What the robot of a chat shows, in order.
    pub fn chat_messages(&self, kind: ChatKind, key: &str) -> Vec<ChatMessage> {
        self.lock().data.chats.messages(kind, key)
    }

    /// The posts to the robot of a chat that it does not show, in order.
    pub fn chat_refusals(&self, kind: ChatKind, key: &str) -> Vec<ChatRefusal> {
        self.lock().data.chats.refusals(kind, key)
    }

    /// Every robot, and every key that was posted to without one, by chat and key.
    pub fn chats(&self) -> Vec<ChatRecord> {
        self.lock().data.chats.records()
    }

    /// Puts a fault in force that strikes posts to chats.
    pub fn add_chat_fault(&self, fault: ChatFault) {
        self.lock().data.chats.add_fault(fault);
    }

    /// Ends all faults of posts to chats.
    pub fn clear_chat_faults(&self) {
        self.lock().data.chats.clear_faults();
    }

    /// Faults of posts to chats that are in force, with the number of posts each has struck.
    pub fn chat_faults(&self) -> Vec<(ChatFault, u32)> {
        self.lock().data.chats.faults()
    }

    /// The next moment after `t` at which any order's visible state or a report changes.
    pub fn next_change_after(&self, t: Timestamp) -> Option<Timestamp> {
        self.lock().next_change_after(t)
    }

    /// The simulator's own settings.
    pub fn settings(&self) -> Settings {
        self.lock().data.settings.clone()
    }

    /// Changes the simulator's own settings.
    pub fn set_settings(&self, settings: Settings) {
        self.lock().data.settings = settings;
    }

    /// Forgets everything but the clock and the settings.
    pub fn reset(&self) {
        let mut state = self.lock();
        let settings = state.data.settings.clone();
        state.replace_data(Data { settings, ..Data::default() });
    }

    /// The whole state, clock included, as JSON.
    ///
    /// # Panics
    /// Never: the state consists of strings, numbers and maps with string keys.
    pub fn save(&self) -> Value {
        let state = self.lock();
        let data = serde_json::to_value(&state.data).expect("the state has string keys only");
        serde_json::json!({"now": state.clock.now(), "data": data})
    }

    /// Puts a saved state in place of the present one; on an error nothing is changed.
    pub fn restore(&self, saved: &Value) -> Result<(), RestoreError> {
        let part = |name: &str| {
            saved
                .get(name)
                .ok_or_else(|| RestoreError { place: name.to_owned(), reason: "it is missing".to_owned() })
        };
        let now: Timestamp =
            serde_path_to_error::deserialize(part("now")?).map_err(|error| misfit("now", &error))?;
        let data: Data =
            serde_path_to_error::deserialize(part("data")?).map_err(|error| misfit("data", &error))?;
        let mut state = self.lock();
        state.clock = Clock::starting_at(now);
        state.replace_data(data);
        Ok(())
    }

    /// The simulator as an axum service, for mounting beside others. A reset can't be told apart
    /// there, so that the reply of a reset call is a body that breaks off; [`crate::serve`] closes
    /// the connection without a byte.
    pub fn router(&self) -> axum::Router {
        let simulator = self.clone();
        axum::Router::new().fallback(move |request: axum::extract::Request| async move {
            let (parts, body) = request.into_parts();
            let Ok(body) = body.collect().await else {
                return axum::response::Response::new(axum::body::Body::empty());
            };
            match simulator.call(http::Request::from_parts(parts, body.to_bytes())).await {
                Ok(response) => response.map(axum::body::Body::from),
                Err(reset) => axum::response::Response::new(axum::body::Body::new(Broken(reset))),
            }
        })
    }

    /// Answers one request: the one entry point of the socket server and of clients in the same
    /// process. The error is a connection that breaks without a reply.
    pub async fn call(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, ConnectionReset> {
        // A client may be cut off here: before anything is processed …
        tokio::task::yield_now().await;
        if let Some(path) = request.uri().path().strip_prefix("/_sim/") {
            return Ok(control::answer(self, path, &request));
        }
        let outcome = {
            let mut state = self.lock();
            let of_a_chat = chat::answer(&mut state, &request);
            of_a_chat.unwrap_or_else(|| pipeline::answer(&mut state, &request))
        };
        // … and here: after it, but before the reply arrives.
        tokio::task::yield_now().await;
        if let Some(silence) = outcome.silence {
            tokio::time::sleep(silence).await;
        }
        outcome.response.ok_or(ConnectionReset)
    }
}

fn misfit(part: &str, error: &serde_path_to_error::Error<serde_json::Error>) -> RestoreError {
    let path = error.path().to_string();
    let place = if path == "." { part.to_owned() } else { format!("{part}.{path}") };
    RestoreError { place, reason: error.inner().to_string() }
}

/// A body that breaks off before its first byte.
struct Broken(ConnectionReset);

impl http_body::Body for Broken {
    type Data = Bytes;
    type Error = ConnectionReset;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, ConnectionReset>>> {
        std::task::Poll::Ready(Some(Err(self.0)))
    }
}
