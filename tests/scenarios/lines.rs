//! Log lines, caught as CloudWatch would get them.

use std::io::Write;
use std::sync::{Arc, Mutex};

/// Log lines, caught.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no holder panics").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Lines {
    /// All so far.
    pub(crate) fn text(&self) -> String {
        let bytes = self.0.lock().expect("no holder panics").clone();
        String::from_utf8(bytes).expect("lines are text")
    }
}
