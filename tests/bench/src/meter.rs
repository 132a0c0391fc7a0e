//! Time of the clock, time of the processor, memory; and how much of the time is whose.

use std::fmt;
use std::future::{Future as _, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use aws_smithy_runtime_api::client::http::{
    HttpClient as _, HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector,
    http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use cpu_time::ThreadTime;
use serde::{Deserialize, Serialize};

/// What a piece of work took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Used {
    /// By the clock on the wall, whatever a paused runtime shows.
    pub wall: Duration,
    /// Of the processor, by this thread: everything measured here runs on one.
    pub cpu: Duration,
}

/// A running measurement.
#[derive(Debug)]
pub struct Meter {
    wall: Instant,
    cpu: ThreadTime,
}

impl Meter {
    /// Begins.
    #[expect(clippy::disallowed_methods, reason = "a paused runtime stands still while the machine works")]
    pub fn start() -> Self {
        Self { wall: Instant::now(), cpu: ThreadTime::now() }
    }

    /// What was used so far.
    pub fn used(&self) -> Used {
        Used { wall: self.wall.elapsed(), cpu: self.cpu.elapsed() }
    }
}

/// One number by another; 0 where nothing was measured.
pub(crate) fn per(value: f64, by: f64) -> f64 {
    if by > 0.0 { value / by } else { 0.0 }
}

/// One duration by another.
pub(crate) fn ratio(value: Duration, by: Duration) -> f64 {
    per(value.as_secs_f64(), by.as_secs_f64())
}

/// A count as a figure.
#[expect(clippy::cast_precision_loss, reason = "counts of benches stay far below 2^52")]
pub(crate) fn float(n: impl TryInto<u64>) -> f64 {
    n.try_into().unwrap_or(u64::MAX) as f64
}

/// Bytes in a mebibyte.
const MIB: f64 = 1024.0 * 1024.0;

/// Most memory that this process has held so far, in MiB. `None` where there is no `/proc`.
/// Source: proc(5), `VmHWM`, in units of 1024 bytes.
pub fn peak_memory_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(float(kib) * 1024.0 / MIB)
}

/// CPU that others used inside our calls.
#[derive(Debug, Clone, Default)]
pub struct Share(Arc<AtomicU64>);

impl Share {
    /// So far.
    pub fn cpu(&self) -> Duration {
        Duration::from_nanos(self.0.load(Ordering::Relaxed))
    }

    fn add(&self, cpu: Duration) {
        self.0.fetch_add(u64::try_from(cpu.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

/// The same HTTP client; what answering takes it is counted into `share`. So the CPU of the
/// embedded store and of the simulator, which answer on the same thread, is told from ours.
pub fn metered(client: SharedHttpClient, share: &Share) -> SharedHttpClient {
    let share = share.clone();
    http_client_fn(move |settings, components| {
        let connector = client.http_connector(settings, components);
        SharedHttpConnector::new(Metered { connector, share: share.clone() })
    })
}

#[derive(Debug)]
struct Metered {
    connector: SharedHttpConnector,
    share: Share,
}

impl HttpConnector for Metered {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (connector, share) = (self.connector.clone(), self.share.clone());
        HttpConnectorFuture::new(async move {
            let mut answer = pin!(connector.call(request));
            poll_fn(|context| {
                let begun = ThreadTime::now();
                let polled = answer.as_mut().poll(context);
                share.add(begun.elapsed());
                polled
            })
            .await
        })
    }
}

/// What the figures were measured on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// Cores that the process may use.
    pub cores: usize,
    /// How this program was built.
    pub profile: String,
    /// The processor, where the system tells.
    pub processor: Option<String>,
}

impl Machine {
    /// This one.
    pub fn this() -> Self {
        let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
        let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let processor = info.lines().find_map(|line| line.strip_prefix("model name")).map(|name| {
            let name = name.trim_start_matches([' ', '\t', ':']);
            name.trim_end().to_owned()
        });
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { cores, profile: profile.to_owned(), processor }
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(processor) = &self.processor {
            write!(f, "{processor}, ")?;
        }
        write!(f, "{} cores, {} build", self.cores, self.profile)
    }
}
