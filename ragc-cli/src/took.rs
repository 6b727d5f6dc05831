//! What a command took: time, and memory at its peak.

use std::time::{Duration, Instant};

/// The time of a command so far.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Took {
    started: Instant,
}

impl Took {
    /// Begins to count.
    pub(crate) fn start() -> Self {
        Self {
            started: Instant::now(),
        }
    }

    /// Time since then.
    pub(crate) fn time(self) -> Duration {
        self.started.elapsed()
    }

    /// `n` in each second since then.
    pub(crate) fn per_second(self, n: f64) -> f64 {
        n / self.time().as_secs_f64().max(1e-9)
    }

    /// Bases, time, rate and memory in words.
    pub(crate) fn words(self, n_bases: u64) -> String {
        let mega = n_bases as f64 / 1e6;
        let (seconds, rate) = (self.time().as_secs_f64(), self.per_second(mega));
        let peak = peak_memory().map_or_else(String::new, |peak| {
            format!(", {:.1} MiB at most", peak as f64 / f64::from(1 << 20))
        });
        format!("{mega:.3} Mb in {seconds:.2} s, {rate:.1} Mb/s{peak}")
    }
}

/// Bytes of memory that the process held at most; `None` where the system does not tell.
#[cfg(target_os = "linux")]
pub(crate) fn peak_memory() -> Option<u64> {
    peak_in(&std::fs::read_to_string("/proc/self/status").ok()?)
}

/// Nobody tells.
#[cfg(not(target_os = "linux"))]
pub(crate) fn peak_memory() -> Option<u64> {
    None
}

#[cfg(target_os = "linux")]
fn peak_in(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim_end().parse().ok()?;
    Some(kib << 10)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_found_among_the_lines() {
        let status = "Name:\tragc\nVmPeak:\t   70000 kB\nVmHWM:\t   10612 kB\n";
        assert_eq!(peak_in(status), Some(10_612 << 10));
        assert_eq!(peak_in("Name:\tragc\n"), None);
        assert!(peak_memory() > Some(1 << 16));
    }
}
