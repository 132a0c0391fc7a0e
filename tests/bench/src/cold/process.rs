//! A process that is measured from outside: its CPU, its memory. Linux's `/proc` alone.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::time::Duration;

use anyhow::Context as _;

/// How long two looks at the CPU lie apart.
const LOOK_EVERY: Duration = Duration::from_millis(3);
/// So often it is looked for rest; then what it does is its own doing.
const LOOKS: u32 = 200;

/// A process of ours; ended when dropped.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
}

/// What a process holds and held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Memory {
    /// Bytes now.
    pub(crate) now: u64,
    /// Bytes at the peak.
    pub(crate) peak: u64,
}

impl Process {
    pub(crate) fn start(command: &mut Command) -> anyhow::Result<Self> {
        let child = command.spawn().with_context(|| format!("cannot start {command:?}"))?;
        Ok(Self { child })
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// CPU that its threads have used, once it rests: the call it made may not have come back
    /// to its own code when it is heard here.
    pub(crate) async fn cpu_at_rest(&self) -> anyhow::Result<Duration> {
        let mut before = self.cpu()?;
        for _ in 0..LOOKS {
            tokio::time::sleep(LOOK_EVERY).await;
            let now = self.cpu()?;
            if now == before {
                break;
            }
            before = now;
        }
        Ok(before)
    }

    fn cpu(&self) -> anyhow::Result<Duration> {
        let mut nanos = 0;
        for task in fs::read_dir(self.proc("task")).context("the process has ended")? {
            // A thread may end between the two looks.
            let Ok(text) = fs::read_to_string(task?.path().join("schedstat")) else { continue };
            nanos += on_cpu(&text).context("schedstat reads otherwise than thought")?;
        }
        Ok(Duration::from_nanos(nanos))
    }

    pub(crate) fn memory(&self) -> anyhow::Result<Memory> {
        let status = fs::read_to_string(self.proc("status")).context("the process has ended")?;
        memory(&status).context("its status tells no memory")
    }

    fn proc(&self, file: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}", self.child.id())).join(file)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Nanoseconds on a processor: the first number of a schedstat.
/// Source: the kernel's documentation, scheduler/sched-stats.
fn on_cpu(schedstat: &str) -> Option<u64> {
    schedstat.split_ascii_whitespace().next()?.parse().ok()
}

fn memory(status: &str) -> Option<Memory> {
    let bytes = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kib * 1024)
    };
    Some(Memory { now: bytes("VmRSS:")?, peak: bytes("VmHWM:")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_and_memory_are_read_as_the_kernel_writes_them() {
        assert_eq!(on_cpu("68088245 11391521 175\n"), Some(68_088_245));
        assert_eq!(on_cpu(""), None);
        let status = "Name:\tx\nVmHWM:\t    9000 kB\nVmRSS:\t    8192 kB\nThreads:\t1\n";
        assert_eq!(memory(status), Some(Memory { now: 8192 * 1024, peak: 9000 * 1024 }));
    }

    #[tokio::test]
    async fn a_process_at_rest_has_used_some_cpu_and_holds_some_memory() {
        let process = Process::start(Command::new("sleep").arg("60")).expect("sleep is everywhere");
        let cpu = process.cpu_at_rest().await.expect("alive");
        let memory = process.memory().expect("alive");
        assert!(cpu > Duration::ZERO && cpu < Duration::from_secs(1), "{cpu:?}");
        assert!(memory.now > 0 && memory.peak >= memory.now, "{memory:?}");
    }
}
