//! The share of a processor that Lambda gives a function of 128 MB, by a control group of Linux.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// Memory of the function, in MB.
pub(crate) const MEMORY_MB: u64 = 128;
/// Memory in MB at which a function has one whole processor. Source: AWS's page "Configure
/// Lambda function memory".
const WHOLE_AT_MB: u64 = 1769;
/// Microseconds in which the share is used up and given anew. Source: measurements of Lambda by
/// many; AWS does not write it down.
const PERIOD_US: u64 = 20_000;
/// Microseconds of CPU in each period.
const QUOTA_US: u64 = PERIOD_US * MEMORY_MB / WHOLE_AT_MB;

/// A group of processes with that share together; removed when dropped.
#[derive(Debug)]
pub(crate) struct Share {
    folder: PathBuf,
}

impl Share {
    /// Makes one. The error says why this machine lets us make none.
    pub(crate) fn new() -> anyhow::Result<Self> {
        let name = format!("renown-bench-{}", std::process::id());
        Self::first_version(Path::new("/sys/fs/cgroup/cpu").join(&name))
            .or_else(|_| Self::second_version(Path::new("/sys/fs/cgroup").join(&name)))
            .context("no control group for the CPU can be made here (it needs root)")
    }

    fn first_version(folder: PathBuf) -> anyhow::Result<Self> {
        fs::create_dir(&folder)?;
        let share = Self { folder };
        share.set("cpu.cfs_period_us", &PERIOD_US.to_string())?;
        share.set("cpu.cfs_quota_us", &QUOTA_US.to_string())?;
        Ok(share)
    }

    fn second_version(folder: PathBuf) -> anyhow::Result<Self> {
        fs::create_dir(&folder)?;
        let share = Self { folder };
        share.set("cpu.max", &format!("{QUOTA_US} {PERIOD_US}"))?;
        Ok(share)
    }

    /// Moves a process into it, with all its threads.
    pub(crate) fn take_in(&self, process: u32) -> anyhow::Result<()> {
        self.set("cgroup.procs", &process.to_string())
    }

    fn set(&self, file: &str, value: &str) -> anyhow::Result<()> {
        let path = self.folder.join(file);
        // Never made: a folder that is no control group must not get files.
        let mut open = fs::OpenOptions::new();
        let mut file =
            open.write(true).open(&path).with_context(|| format!("cannot open {}", path.display()))?;
        std::io::Write::write_all(&mut file, value.as_bytes())
            .with_context(|| format!("cannot write {value} to {}", path.display()))
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        // One that still holds a process stays, and does no harm.
        let _ = fs::remove_dir(&self.folder);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_of_128_mb_is_a_fourteenth_of_a_processor() {
        assert_eq!(QUOTA_US, 1447);
    }

    #[test]
    fn where_there_are_no_control_groups_nothing_is_left_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let group = folder.path().join("group");
        assert!(Share::second_version(group.clone()).is_err());
        assert!(!group.exists());
    }
}
