//! The wish to stop: Ctrl-C, SIGTERM, or a test.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

/// Shared by whoever may wish to stop and whoever has to.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    wished: AtomicBool,
    notify: Notify,
}

impl Stop {
    /// Wishes to stop.
    pub fn wish(&self) {
        self.0.wished.store(true, Ordering::Relaxed);
        self.0.notify.notify_waiters();
    }

    /// Whether somebody wishes to stop.
    pub fn is_wished(&self) -> bool {
        self.0.wished.load(Ordering::Relaxed)
    }

    /// Waits until somebody does.
    pub async fn wished(&self) {
        // Made before the look, so that no wish falls between the two.
        let wished = self.0.notify.notified();
        if !self.is_wished() {
            wished.await;
        }
    }

    /// Wishes to stop when the process is asked to.
    pub fn on_signals(&self) {
        let stop = self.clone();
        tokio::spawn(async move {
            asked_to_end().await;
            stop.wish();
        });
    }
}

#[cfg(unix)]
async fn asked_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return until_interrupted().await };
    tokio::select! {
        () = until_interrupted() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn asked_to_end() {
    until_interrupted().await;
}

/// Never comes back where no such signal can be had: then only a kill ends the process.
async fn until_interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
