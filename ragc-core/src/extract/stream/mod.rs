//! Samples and contigs in order, decoded ahead on several threads.
//!
//! ```text
//!                ┌─▶ worker ─┐
//! schedule.rs ───┼─▶ worker ─┼──▶ answers in the order of the schedule ──▶ output.rs ─▶ sink
//!    ▲           └─▶ worker ─┘    workers.rs                                  │
//!    targets         task.rs                 buffers go back to the workers ◀─┘
//! ```
//!
//! Of a source that is slow to answer, what listed regions need is asked for before it is their turn: regions_ahead.rs.
//!
//! The work is cut into tasks of a few hundred kilobases: a stretch of a long contig, or many short contigs. A task's
//! answer travels in a channel of its own, and the answers are taken in the order in which the tasks were handed out,
//! so the output does not depend on timing. Handed out and not taken yet is half a megabase per thread; a larger task
//! passes when it is alone. A slow sink therefore costs no memory.
//!
//! An error travels in the place of its data. A task whose worker is gone is `WorkerLost`, never an end of data.

mod output;
mod regions_ahead;
mod schedule;
mod target;
mod task;
#[cfg(test)]
mod tests;
mod workers;

use crate::error::Result;
use crate::extract::store::{Spelling, Store};
use crate::extract::stream::output::Output;
use crate::extract::stream::schedule::Schedule;
use crate::extract::stream::target::TaskLimits;

pub use output::SampleSink;
pub(crate) use schedule::Targets;
pub(crate) use target::Target;

/// With shorter tasks, and with less in flight, `getcol` takes longer (docs/measurements.md, "Details of reading").
const LIMITS: TaskLimits = TaskLimits {
    task_len: 1 << 17,
    in_flight_len: 1 << 19,
};

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
        &mut Schedule::new(store, LIMITS.task_len, targets, spelling),
        &|task, buffer| task.run(store, buffer),
        &mut Output::new(store, spelling, sink),
    )
}
