//! The tasks of a schedule, decoded on several threads and put out in order.

use crate::error::Result;
use crate::extract::stream::TaskLimits;
use crate::extract::stream::output::Output;
use crate::extract::stream::schedule::Schedule;
use crate::extract::stream::task::{DecodeTask, Decoded};
use crate::threads::in_order;

/// Decodes a task into a buffer.
pub(super) type Decode<'a> = dyn Fn(&DecodeTask, Decoded) -> Result<Decoded> + Sync + 'a;

/// Runs all tasks and gives their answers to the output in order, each on the thread that has time for it.
pub(super) fn run(
    limits: TaskLimits,
    n_threads: usize,
    schedule: &mut Schedule<'_>,
    run: &Decode<'_>,
    output: &mut Output<'_, '_>,
) -> Result<()> {
    let mut next = || Ok(schedule.next_task()?.map(|task| (task.len, task)));
    let mut put_out = |task: &DecodeTask, decoded: &mut Decoded| output.take(task, decoded);
    in_order(
        "decode",
        n_threads,
        limits.in_flight_len,
        &mut next,
        run,
        &mut put_out,
    )
}
