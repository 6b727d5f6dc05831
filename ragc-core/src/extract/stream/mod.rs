//! Samples and contigs in order, decoded ahead on several threads.
//!
//! ```text
//!                ┌─▶ worker ─┐
//! schedule.rs ───┼─▶ worker ─┼──▶ answers in the order of the schedule ──▶ output.rs ─▶ sink
//!    ▲           └─▶ worker ─┘    workers.rs                                  │
//!    targets         task.rs                 buffers go back to the workers ◀─┘
//! ```
//!
//! The work is cut into tasks of a few hundred kilobases: a stretch of a long contig, or many short contigs. A task's
//! answer travels in a channel of its own, and the answers are taken in the order in which the tasks were handed out,
//! so the output does not depend on timing. Handed out and not taken yet is half a megabase per thread; a larger task
//! passes when it is alone. A slow sink therefore costs no memory.
//!
//! An error travels in the place of its data. A task whose worker is gone is `WorkerLost`, never an end of data.

mod output;
mod schedule;
mod task;
#[cfg(test)]
mod tests;
mod workers;

use std::ops::Range;

use crate::error::{Error, Result};
use crate::extract::store::Store;
use crate::extract::stream::output::Output;
use crate::extract::stream::schedule::Schedule;
use crate::extract::{ContigId, Spelling};

pub use output::SampleSink;
pub(crate) use schedule::Targets;
pub(crate) use task::{append_segments, append_slices};

/// How much is done at a time, in symbols.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// A task, roughly: a buffer has a chance to stay in a core's own cache until the sink has taken it.
    task_len: u64,
    /// Handed out and not put out yet, for each thread, about. What is less than some tasks lets threads wait for one that
    /// takes longer.
    in_flight_len: u64,
}

/// With tasks of 64 kb `getcol` of seven yeasts takes 4 % longer, with half as much in flight 8 %.
const LIMITS: Limits = Limits {
    task_len: 1 << 17,
    in_flight_len: 1 << 19,
};

/// What is to be extracted.
#[derive(Debug, Clone)]
pub(crate) enum Target {
    /// A whole sample, by its place in the archive.
    Sample(usize),
    /// A stretch of a contig; what lies past its end is left out.
    Region(ContigId, Range<u64>),
}

/// Sends targets through `sink`, one after the other.
pub(crate) fn stream(
    store: &Store,
    targets: Targets<'_>,
    spelling: Spelling,
    n_threads: usize,
    sink: &mut dyn SampleSink,
) -> Result<()> {
    workers::run(
        LIMITS,
        n_threads,
        &mut Schedule::new(store, LIMITS.task_len, targets),
        &|task, buffer| task.run(store, buffer),
        &mut Output::new(store, spelling, sink),
    )
}

/// Adds the sample to an error.
pub(super) fn in_sample(store: &Store, sample: usize, error: Error) -> Error {
    match store.samples().ok().and_then(|samples| samples.get(sample)) {
        Some(name) => error.in_sample(&String::from_utf8_lossy(name)),
        None => error,
    }
}
