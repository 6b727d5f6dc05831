//! Progress of a long run on standard error, when that is a terminal.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use ragc_core::internals::threads::start_alone;
use ragc_core::observe::{Observer, Phase, SampleReport};

use crate::freed_memory::FreedMemory;
use crate::tell;

/// Time between two looks of a bar that does not move.
const TICK: Duration = Duration::from_millis(200);

/// For bytes that are read, if it is known how many.
const OF_BYTES: &str = "{prefix} {bar:30} {bytes}/{total_bytes} {bytes_per_sec} ETA {eta} {msg}";
/// For bytes that are read without a known end.
const OPEN: &str = "{prefix} {spinner} {bytes} {bytes_per_sec} {msg}";
/// For what is no number of anything that a user knows.
const OF_STEPS: &str = "{prefix} {bar:30} {percent} % ETA {eta}";
/// As long as the number of steps is not known: 0 of 0 would be shown as 100 %.
const BEFORE_STEPS: &str = "{prefix} {spinner}";

/// Shows the phase of the run, how much of it is done, the samples placed, the rate and the time left; nothing in a pipe.
#[derive(Debug)]
pub(crate) struct ProgressDisplay {
    bar: ProgressBar,
    n_samples: AtomicU64,
    freed_memory: FreedMemory,
    /// Tell of each sample in a line of its own.
    tells_samples: bool,
}

impl ProgressDisplay {
    /// Progress of a run that stores genomes, which tells its phases itself.
    pub(crate) fn new(tells_samples: bool) -> Self {
        Self::of(bar(OPEN, None), tells_samples)
    }

    /// Progress of something that tells its steps itself.
    pub(crate) fn of_steps(what: &'static str) -> Self {
        let bar = bar(BEFORE_STEPS, Some(0));
        bar.set_prefix(what);
        Self::of(bar, false)
    }

    fn of(bar: ProgressBar, tells_samples: bool) -> Self {
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
    let _ = start_alone("progress", tick);
}

/// A bar on standard error that looks so.
pub(crate) fn bar(template: &str, len: Option<u64>) -> ProgressBar {
    let target = match tell::is_quiet() {
        true => ProgressDrawTarget::hidden(),
        false => ProgressDrawTarget::stderr(),
    };
    let bar = ProgressBar::with_draw_target(len, target);
    set_template(&bar, template);
    bar
}

fn set_template(bar: &ProgressBar, template: &str) {
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
}

fn name_of(phase: Phase) -> &'static str {
    match phase {
        Phase::Check => "checking the archive",
        Phase::Sift => "checking",
        Phase::Choose => "choosing parameters",
        Phase::FindSplitters => "finding splitters",
        Phase::Resume => "taking up",
        Phase::Store => "storing",
        Phase::ClosePacks => "closing packs",
        _ => "",
    }
}

impl Observer for ProgressDisplay {
    fn phase_begins(&self, phase: Phase, total: Option<u64>) {
        self.bar.set_prefix(name_of(phase));
        match (phase, total) {
            (Phase::ClosePacks, _) => {
                set_template(&self.bar, BEFORE_STEPS);
                self.bar.set_length(0);
            }
            (_, Some(total)) => {
                set_template(&self.bar, OF_BYTES);
                self.bar.set_length(total);
            }
            (_, None) => {
                set_template(&self.bar, OPEN);
                self.bar.unset_length();
            }
        }
        // What was read ahead belongs to what is stored.
        if phase != Phase::Store {
            self.bar.set_position(0);
        }
        self.bar.reset_eta();
    }

    fn packs_left(&self, n_bytes: u64) {
        self.bar.inc_length(n_bytes);
        set_template(&self.bar, OF_STEPS);
    }

    fn packs_closed(&self, n_bytes: u64) {
        self.bar.inc(n_bytes);
    }

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

    fn rewrite_begins(&self, n_bytes: u64) {
        self.bar.set_prefix("writing");
        self.verify_begins(n_bytes);
    }

    fn rewritten(&self, n_bytes: u64) {
        self.bar.inc(n_bytes);
    }

    fn verify_begins(&self, n_steps: u64) {
        self.bar.set_position(0);
        self.bar.set_length(n_steps);
        self.bar.reset_eta();
        set_template(&self.bar, OF_STEPS);
    }

    fn verified(&self, n_steps: u64) {
        self.bar.inc(n_steps);
    }
}
