//! How far a run is, as who started it hears it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ragc_core::observe::{Observer, Phase, SampleReport, Silent};

/// How far a run is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Progress<'a> {
    /// `RAGC_PHASE_…` of `ragc.h`.
    pub(crate) phase: i32,
    pub(crate) done: u64,
    /// 0 if it is not known.
    pub(crate) total: u64,
    /// A sample that was just placed.
    pub(crate) sample: Option<&'a [u8]>,
}

/// Hears of the progress, and tells whether the run is still wanted.
pub(crate) type ProgressListener = Box<dyn Fn(&Progress<'_>) -> bool + Send>;

const PHASE_VERIFY: i32 = 6;
const PHASE_WAIT: i32 = 7;

/// `RAGC_PHASE_…` of `ragc.h`.
fn number(phase: Phase) -> i32 {
    match phase {
        Phase::Choose => 1,
        Phase::FindSplitters => 2,
        Phase::Resume => 3,
        Phase::Store => 4,
        Phase::ClosePacks => 5,
        _ => 0,
    }
}

/// Gathers the events of all threads of a run, and tells one after the other.
struct Gatherer {
    state: Mutex<ProgressState>,
    is_cancelled: AtomicBool,
}

struct ProgressState {
    listener: ProgressListener,
    phase: i32,
    done: u64,
    total: u64,
}

/// Observes for this listener, if there is one.
pub(crate) fn observer(listener: Option<ProgressListener>) -> Arc<dyn Observer> {
    match listener {
        None => Arc::new(Silent),
        Some(listener) => Arc::new(Gatherer {
            state: Mutex::new(ProgressState {
                listener,
                phase: 0,
                done: 0,
                total: 0,
            }),
            is_cancelled: AtomicBool::new(false),
        }),
    }
}

impl Gatherer {
    fn tell(&self, sample: Option<&[u8]>, change: impl FnOnce(&mut ProgressState)) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut state);
        // Who has cancelled hears nothing more.
        if self.is_cancelled.load(Ordering::Relaxed) {
            return;
        }
        let progress = Progress {
            phase: state.phase,
            done: state.done,
            total: state.total,
            sample,
        };
        if !(state.listener)(&progress) {
            self.is_cancelled.store(true, Ordering::Relaxed);
        }
    }

    fn begin(&self, phase: i32, total: u64) {
        self.tell(None, |state| {
            (state.phase, state.done, state.total) = (phase, 0, total);
        });
    }

    fn go_on(&self, n: u64) {
        self.tell(None, |state| state.done += n);
    }
}

impl Observer for Gatherer {
    fn is_cancelled(&self) -> bool {
        self.is_cancelled.load(Ordering::Relaxed)
    }

    /// Each time anew: whoever waits can cancel only when it is told something.
    fn waits_for_writer(&self) {
        self.begin(PHASE_WAIT, 0);
    }

    fn phase_begins(&self, phase: Phase, total: Option<u64>) {
        self.begin(number(phase), total.unwrap_or(0));
    }

    fn packs_left(&self, n_bytes: u64) {
        self.tell(None, |state| state.total += n_bytes);
    }

    fn packs_closed(&self, n_bytes: u64) {
        self.go_on(n_bytes);
    }

    fn bytes_read(&self, n: u64) {
        self.go_on(n);
    }

    fn sample_placed(&self, sample: &SampleReport<'_>) {
        self.tell(Some(sample.name), |_| {});
    }

    fn verify_begins(&self, n_steps: u64) {
        self.begin(PHASE_VERIFY, n_steps);
    }

    fn verified(&self, n_steps: u64) {
        self.go_on(n_steps);
    }
}
