//! Work that takes long: the calling thread tells progress and hears of Ctrl-C while another one works.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use pyo3::prelude::*;
use ragc_core::observe::{Observer, Phase};
use ragc_core::{Error, ErrorKind};

use crate::errors::Raised;

/// How often the interpreter is asked for signals, and progress is told.
const TICK: Duration = Duration::from_millis(50);

/// What the work tells, and whether it is to end.
#[derive(Default)]
pub(crate) struct Watch {
    is_cancelled: AtomicBool,
    at: Mutex<Option<At>>,
}

/// How far the work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct At {
    phase: &'static str,
    n_done: u64,
    total: Option<u64>,
}

impl Watch {
    /// An error if the work is to end.
    pub(crate) fn check(&self) -> ragc_core::Result<()> {
        match self.is_cancelled() {
            true => Err(Error::new(ErrorKind::Cancelled)),
            false => Ok(()),
        }
    }

    fn begin(&self, phase: &'static str, total: Option<u64>) {
        self.change(|at| {
            *at = Some(At {
                phase,
                n_done: 0,
                total,
            })
        });
    }

    fn add(&self, n: u64) {
        self.change(|at| {
            if let Some(at) = at {
                at.n_done += n;
            }
        });
    }

    fn change(&self, change: impl FnOnce(&mut Option<At>)) {
        change(&mut self.at.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn at(&self) -> Option<At> {
        *self.at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Watch {
    fn waits_for_writer(&self) {
        self.begin("wait", None);
    }

    fn phase_begins(&self, phase: Phase, total: Option<u64>) {
        self.begin(name_of(phase), total);
    }

    /// As much more is to be done, in a phase whose end is known only while it comes.
    fn packs_left(&self, n_bytes: u64) {
        self.change(|at| {
            if let Some(at) = at {
                at.total = Some(at.total.unwrap_or(0) + n_bytes);
            }
        });
    }

    fn packs_closed(&self, n_bytes: u64) {
        self.add(n_bytes);
    }

    fn bytes_read(&self, n: u64) {
        self.add(n);
    }

    fn rewrite_begins(&self, n_bytes: u64) {
        self.begin("rewrite", Some(n_bytes));
    }

    fn rewritten(&self, n_bytes: u64) {
        self.add(n_bytes);
    }

    fn verify_begins(&self, n_steps: u64) {
        self.begin("verify", Some(n_steps));
    }

    fn verified(&self, n_steps: u64) {
        self.add(n_steps);
    }

    fn is_cancelled(&self) -> bool {
        self.is_cancelled.load(Ordering::Relaxed)
    }
}

fn name_of(phase: Phase) -> &'static str {
    match phase {
        Phase::Sift => "compare",
        Phase::Choose => "choose",
        Phase::FindSplitters => "find splitters",
        Phase::Resume => "resume",
        Phase::Store => "store",
        Phase::ClosePacks => "close packs",
        _ => "other",
    }
}

/// A sink that fails when the work is to end: phases that read nothing notice it so.
pub(crate) struct Watched<W> {
    sink: W,
    watch: Arc<Watch>,
}

impl<W> Watched<W> {
    pub(crate) fn new(sink: W, watch: &Arc<Watch>) -> Self {
        let watch = Arc::clone(watch);
        Self { sink, watch }
    }

    pub(crate) fn into_inner(self) -> W {
        self.sink
    }
}

impl<W: Write> Write for Watched<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.watch.check()?;
        self.sink.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

/// Works on another thread, with the lock of the interpreter released. A signal whose handler raises, such as Ctrl-C, and an exception of
/// `progress` end the work, and are raised when it has ended.
pub(crate) fn run<T: Send>(
    py: Python<'_>,
    progress: Option<&Bound<'_, PyAny>>,
    work: impl FnOnce(&Arc<Watch>) -> ragc_core::Result<T> + Send,
) -> PyResult<T> {
    run_raising(py, progress, |watch| work(watch).raised())
}

/// As [`run`], of work whose errors are exceptions already.
pub(crate) fn run_raising<T: Send>(
    py: Python<'_>,
    progress: Option<&Bound<'_, PyAny>>,
    work: impl FnOnce(&Arc<Watch>) -> PyResult<T> + Send,
) -> PyResult<T> {
    let watch = Arc::new(Watch::default());
    let (sender, answer) = mpsc::sync_channel(1);
    // The receiver has to reach a closure that other threads could have.
    let answer = Mutex::new(answer);
    thread::scope(|scope| {
        let of_worker = Arc::clone(&watch);
        let work = move || {
            // Whoever waits is there until this has ended.
            let _ = sender.send(work(&of_worker));
        };
        thread::Builder::new()
            .name("ragc".to_owned())
            .spawn_scoped(scope, work)?;
        let wait = || {
            let answer = answer.lock().unwrap_or_else(PoisonError::into_inner);
            answer.recv_timeout(TICK)
        };
        let mut told = None;
        let mut ended: PyResult<()> = Ok(());
        loop {
            let answered = py.detach(wait);
            if ended.is_ok() {
                ended = tell(py, progress, &watch, &mut told);
                watch.is_cancelled.store(ended.is_err(), Ordering::Relaxed);
            }
            match answered {
                // What is done is done: an interrupt that came with it is raised all the same, as everywhere in Python.
                Ok(answer) => return ended.and(answer),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return ended.and(Err(Error::new(ErrorKind::WorkerLost)).raised());
                }
            }
        }
    })
}

/// Hears of signals, and tells how far the work is if that has changed.
fn tell(
    py: Python<'_>,
    progress: Option<&Bound<'_, PyAny>>,
    watch: &Watch,
    told: &mut Option<At>,
) -> PyResult<()> {
    py.check_signals()?;
    let at = watch.at();
    if let (Some(progress), Some(At { phase, n_done, total })) = (progress, at.filter(|_| at != *told)) {
        progress.call1((phase, n_done, total))?;
        *told = at;
    }
    Ok(())
}
