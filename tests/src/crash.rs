//! A crash: the future of a handler is dropped at its n-th poll, with all its memory.

use std::pin::Pin;
use std::task::{Context, Poll};

/// Polls a future at most so many times.
pub struct CrashAfter<F> {
    inner: Pin<Box<F>>,
    polls_left: u32,
}

impl<F: Future> CrashAfter<F> {
    /// The future will be dropped at the poll after these.
    pub fn new(inner: F, polls: u32) -> Self {
        Self { inner: Box::pin(inner), polls_left: polls }
    }
}

impl<F: Future> Future for CrashAfter<F> {
    /// `None`: it crashed.
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.polls_left == 0 {
            return Poll::Ready(None);
        }
        self.polls_left -= 1;
        self.inner.as_mut().poll(context).map(Some)
    }
}
