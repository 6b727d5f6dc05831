//! Progress of a long run on standard error, when that is a terminal.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use ragc_core::observe::{Observer, SampleReport};

use crate::freed_memory::FreedMemory;
use crate::tell;

/// Time between two looks of a bar that does not move.
const TICK: Duration = Duration::from_millis(200);

/// Shows the bytes read, the samples placed, the rate and the time left; nothing in a pipe.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    n_samples: AtomicU64,
    freed_memory: FreedMemory,
    /// Tell of each sample in a line of its own.
    tells_samples: bool,
}

impl Progress {
    /// Progress of reading `n_bytes` of input; `None` if that is not known.
    pub(crate) fn new(n_bytes: Option<u64>, tells_samples: bool) -> Self {
        let template = match n_bytes {
            Some(_) => "{bar:30} {bytes}/{total_bytes} {bytes_per_sec} ETA {eta} {msg}",
            None => "{spinner} {bytes} {bytes_per_sec} {msg}",
        };
        Self::with_template(template, n_bytes, tells_samples)
    }

    /// Progress of a verification, which tells its steps itself.
    pub(crate) fn of_steps() -> Self {
        Self::with_template("{bar:30} {percent} % ETA {eta}", Some(0), false)
    }

    fn with_template(template: &str, len: Option<u64>, tells_samples: bool) -> Self {
        let target = match tell::is_quiet() {
            true => ProgressDrawTarget::hidden(),
            false => ProgressDrawTarget::stderr(),
        };
        let bar = ProgressBar::with_draw_target(len, target);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        if std::io::stderr().is_terminal() {
            keep_ticking(&bar);
        }
        Self {
            bar,
            n_samples: AtomicU64::new(0),
            freed_memory: FreedMemory::new(),
            tells_samples,
        }
    }

    /// Takes the display away.
    pub(crate) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

/// Draws the bar from time to time, as long as there is one. Without a thread for that it is drawn when it moves.
fn keep_ticking(bar: &ProgressBar) {
    let bar = bar.downgrade();
    let tick = move || {
        while let Some(bar) = bar.upgrade().filter(|bar| !bar.is_finished()) {
            bar.tick();
            drop(bar);
            thread::sleep(TICK);
        }
    };
    let _ = thread::Builder::new().name("progress".to_owned()).spawn(tick);
}

impl Observer for Progress {
    fn bytes_read(&self, n: u64) {
        self.bar.inc(n);
    }

    fn round_placed(&self) {
        self.freed_memory.round_placed();
    }

    fn sample_placed(&self, sample: &SampleReport<'_>) {
        let n_samples = self.n_samples.fetch_add(1, Ordering::Relaxed) + 1;
        self.bar.set_message(format!("{n_samples} samples"));
        if self.tells_samples {
            let name = String::from_utf8_lossy(sample.name);
            let (n_contigs, n_bases) = (sample.n_contigs, sample.n_bases);
            self.bar
                .suspend(|| note!("{name}: {n_contigs} contigs, {n_bases} bases"));
        }
    }

    fn verify_begins(&self, n_steps: u64) {
        self.bar.set_length(n_steps);
    }

    fn verified(&self, n_steps: u64) {
        self.bar.inc(n_steps);
    }
}
