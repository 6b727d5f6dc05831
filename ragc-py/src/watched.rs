//! Work that takes long: the calling thread tells progress and hears of Ctrl-C while another one works.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use pyo3::prelude::*;
use ragc_core::internals::threads::start_in;
use ragc_core::observe::{Observer, Phase};
use ragc_core::{Error, ErrorKind};

use crate::errors::Raised;
use crate::numbers::wrong_type;

/// How often the interpreter is asked for signals, and progress is told.
pub(crate) const TICK: Duration = Duration::from_millis(50);

/// What the work tells, and whether it is to end.
pub(crate) struct Watch {
    is_cancelled: AtomicBool,
    at: Mutex<Option<At>>,
    /// What an object of Python has raised that the work has called.
    raised: Mutex<Option<PyErr>>,
    /// To the thread that waits for the work.
    events: SyncSender<WorkEvent>,
    /// From it, after an event that it answers.
    heard: Mutex<Receiver<()>>,
}

/// What the thread that waits for the work is to know at once.
enum WorkEvent {
    /// All that is left to do is what cannot be taken back.
    Settles,
    Ended,
}

/// How far the work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct At {
    phase: &'static str,
    n_done: u64,
    total: Option<u64>,
}

impl Watch {
    fn new(events: SyncSender<WorkEvent>, heard: Receiver<()>) -> Self {
        Self {
            is_cancelled: AtomicBool::default(),
            at: Mutex::default(),
            raised: Mutex::default(),
            events,
            heard: Mutex::new(heard),
        }
    }

    /// To be called before what cannot be taken back, such as giving a new file its name: interrupts that have come, and what `progress` says to
    /// how far the work is, still end it, and nothing is asked afterwards. So nobody is told that a run has failed whose work stays.
    pub(crate) fn settle(&self) -> ragc_core::Result<()> {
        if self.events.send(WorkEvent::Settles).is_ok() {
            // Whoever does not answer is not there any more.
            let _ = locked(&self.heard).recv();
        }
        self.check()
    }

    /// Keeps an exception of an object that the work calls: it is what is raised if the work fails.
    pub(crate) fn keep(&self, raised: PyErr) {
        locked(&self.raised).get_or_insert(raised);
    }

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
        change(&mut locked(&self.at));
    }

    fn at(&self) -> Option<At> {
        *locked(&self.at)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
        Phase::Check => "check",
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
pub(crate) struct CancellableSink<W> {
    sink: W,
    watch: Arc<Watch>,
}

impl<W> CancellableSink<W> {
    pub(crate) fn new(sink: W, watch: &Arc<Watch>) -> Self {
        let watch = Arc::clone(watch);
        Self { sink, watch }
    }

    pub(crate) fn into_inner(self) -> W {
        self.sink
    }
}

impl<W: Write> Write for CancellableSink<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.watch.check()?;
        self.sink.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

/// Works on another thread, with the lock of the interpreter released. A signal whose handler raises, such as Ctrl-C, and an exception of
/// `progress` end the work, and are raised when it has ended. An exception that [`Watch::keep`] keeps is raised in the place of the error of the work.
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
    if let Some(progress) = progress.filter(|progress| !progress.is_callable()) {
        return Err(wrong_type(
            "progress",
            "a function of a phase and two numbers",
            progress,
        ));
    }
    let (sender, events) = mpsc::sync_channel(1);
    let (answers, heard) = mpsc::sync_channel(1);
    let watch = Arc::new(Watch::new(sender, heard));
    // The receiver has to reach a closure that other threads could have.
    let events = Mutex::new(events);
    thread::scope(|scope| {
        let of_worker = Arc::clone(&watch);
        let worker = start_in(scope, "ragc", move || {
            let _told = ToldAtEnd(&of_worker);
            work(&of_worker)
        });
        let worker = worker.map_err(no_thread).raised()?;
        let wait = || locked(&events).recv_timeout(TICK);
        let (mut told, mut ended, mut is_settled) = (None, Ok(()), false);
        loop {
            let event = py.detach(wait);
            if ended.is_ok() && !is_settled {
                ended = tell(py, progress, &watch, &mut told);
                watch.is_cancelled.store(ended.is_err(), Ordering::Relaxed);
            }
            match event {
                Ok(WorkEvent::Settles) => {
                    is_settled = true;
                    // It waits for this.
                    let _ = answers.send(());
                }
                Err(RecvTimeoutError::Timeout) => {}
                Ok(WorkEvent::Ended) | Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        let lost = |_| Err(Error::new(ErrorKind::WorkerLost)).raised();
        let answer = py.detach(|| worker.join()).unwrap_or_else(lost);
        // Where nothing stays of the work, an interrupt that came with its end is raised all the same, as everywhere in Python.
        ended.and(answer.map_err(|error| locked(&watch.raised).take().unwrap_or(error)))
    })
}

/// The system says that there is none for now, which in a process that has no thousands of them means its stack.
fn no_thread(error: io::Error) -> Error {
    Error::no_memory(format!("a thread: {error}"))
}

/// Tells that the work has ended, even by a panic.
struct ToldAtEnd<'a>(&'a Watch);

impl Drop for ToldAtEnd<'_> {
    fn drop(&mut self) {
        // Whoever waits is there until this has ended.
        let _ = self.0.events.send(WorkEvent::Ended);
    }
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
