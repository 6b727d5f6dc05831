//! Threads that decode tasks, and the queue that keeps their answers in order.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::error::{Error, ErrorKind, Result};
use crate::extract::stream::Limits;
use crate::extract::stream::output::Output;
use crate::extract::stream::schedule::Schedule;
use crate::extract::stream::task::{Decoded, Task};

/// Tasks handed out and not taken yet, at most.
const MAX_TASKS: usize = 256;

/// Decodes a task into a buffer.
pub(super) type Run<'a> = dyn Fn(&Task, Decoded) -> Result<Decoded> + Sync + 'a;

/// A task on its way to a worker, and where the answer goes.
type Order = (Arc<Task>, Sender<Result<Decoded>>);

/// Buffers that were used and wait for the next task. Fresh memory for each task is cleared by the system page by page:
/// that was 46 % of the samples of a profile of `getcol` on seven yeast genomes.
#[derive(Debug, Default)]
struct Buffers(Mutex<Vec<Decoded>>);

impl Buffers {
    fn take(&self) -> Decoded {
        self.lock().pop().unwrap_or_default()
    }

    fn give(&self, buffer: Decoded) {
        self.lock().push(buffer);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Decoded>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs all tasks and gives their answers to the output in order.
pub(super) fn run(
    limits: Limits,
    n_threads: usize,
    schedule: &mut Schedule<'_>,
    run: &Run<'_>,
    output: &mut Output<'_, '_>,
) -> Result<()> {
    let mut tasks = Tasks {
        schedule,
        ahead: VecDeque::new(),
    };
    // No more workers than there is work for: a short query starts no thread.
    let n_workers = tasks.look_ahead(n_threads)?;
    let buffers = Buffers::default();
    if n_workers <= 1 {
        while let Some(task) = tasks.next()? {
            let mut decoded = run(&task, buffers.take())?;
            output.take(&task, &mut decoded)?;
            buffers.give(decoded);
        }
        return Ok(());
    }
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let (sender, orders) = bounded::<Order>(MAX_TASKS);
        for _ in 0..n_workers {
            let (orders, stop, buffers) = (orders.clone(), &stop, &buffers);
            scope.spawn(move || work(run, &orders, buffers, stop));
        }
        drop(orders);
        let limit = limits.in_flight_len.saturating_mul(n_workers as u64);
        let result = hand_out(&mut tasks, limit, &sender, &buffers, output);
        stop.store(true, Ordering::Relaxed);
        result
    })
}

/// The tasks of a schedule, some of them cut in advance.
struct Tasks<'a, 'b> {
    schedule: &'a mut Schedule<'b>,
    ahead: VecDeque<Task>,
}

impl Tasks<'_, '_> {
    /// Cuts up to `n` tasks in advance, and tells how many there are.
    fn look_ahead(&mut self, n: usize) -> Result<usize> {
        while self.ahead.len() < n
            && let Some(task) = self.schedule.next_task()?
        {
            self.ahead.push_back(task);
        }
        Ok(self.ahead.len())
    }

    fn next(&mut self) -> Result<Option<Task>> {
        match self.ahead.pop_front() {
            Some(task) => Ok(Some(task)),
            None => self.schedule.next_task(),
        }
    }
}

/// Answers tasks until there are no more. A panic is answered, too, so that nobody waits for it.
fn work(run: &Run<'_>, orders: &Receiver<Order>, buffers: &Buffers, stop: &AtomicBool) {
    for (task, answer) in orders {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let result = catch_unwind(AssertUnwindSafe(|| run(&task, buffers.take())));
        // Nobody listens after an error elsewhere.
        let _ = answer.send(result.unwrap_or_else(|_| Err(Error::new(ErrorKind::WorkerLost))));
    }
}

fn hand_out(
    tasks: &mut Tasks<'_, '_>,
    limit: u64,
    orders: &Sender<Order>,
    buffers: &Buffers,
    output: &mut Output<'_, '_>,
) -> Result<()> {
    let mut waiting: VecDeque<(Arc<Task>, Receiver<Result<Decoded>>)> = VecDeque::new();
    let mut in_flight = 0u64;
    let mut next = tasks.next()?;
    loop {
        while let Some(task) = next.take() {
            let fits = waiting.len() < MAX_TASKS && in_flight.saturating_add(task.len) <= limit;
            if !fits && !waiting.is_empty() {
                next = Some(task);
                break;
            }
            in_flight = in_flight.saturating_add(task.len);
            let (sender, receiver) = bounded(1);
            let task = Arc::new(task);
            orders
                .send((Arc::clone(&task), sender))
                .map_err(|_| Error::new(ErrorKind::WorkerLost))?;
            waiting.push_back((task, receiver));
            next = tasks.next()?;
        }
        let Some((task, receiver)) = waiting.pop_front() else {
            return Ok(());
        };
        let mut decoded = receiver.recv().map_err(|_| Error::new(ErrorKind::WorkerLost))??;
        in_flight = in_flight.saturating_sub(task.len);
        output.take(&task, &mut decoded)?;
        buffers.give(decoded);
    }
}
