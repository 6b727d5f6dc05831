//! Threads that decode tasks and put their answers out in order.
//!
//! ```text
//! schedule ─▶ task ─▶ decode ─▶ answer ─▶ line ─▶ output
//!                                          └ who finds the first one there puts out what is ready
//! ```
//!
//! Whoever has decoded a task puts it out if it is its turn, and those behind it that are ready; otherwise it leaves the
//! answer to the thread whose turn it is, and takes the next task. Nobody is woken for that. With a thread of its own for the
//! output, which waited for answers and handed out tasks, `getset` of a yeast genome took 5 % more processor time, and the
//! others were idle for a tenth of theirs.

use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Condvar, Mutex, PoisonError};

use crate::error::{Error, ErrorKind, Result};
use crate::extract::stream::Limits;
use crate::extract::stream::output::Output;
use crate::extract::stream::schedule::Schedule;
use crate::extract::stream::task::{Decoded, Task};
use crate::lock::lock;
use crate::threads::on_threads;

/// Decodes a task into a buffer.
pub(super) type Run<'a> = dyn Fn(&Task, Decoded) -> Result<Decoded> + Sync + 'a;

/// Runs all tasks and gives their answers to the output in order, each on the thread that has time for it.
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
    let n_workers = tasks.look_ahead(n_threads)?.max(1);
    let crew = Crew {
        tasks: Mutex::new(tasks),
        line: Mutex::new(Line::new(output)),
        has_room: Condvar::new(),
        limit: limits.in_flight_len.saturating_mul(n_workers as u64),
    };
    // A thread that is lost leaves a task without an answer, which is noticed.
    on_threads(n_workers, || crew.work(run));
    crew.finish()
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

/// What the threads share.
struct Crew<'a, 'b, 'c, 'd, 'e> {
    /// Locked before the line, and while a task gets its number: numbers are in the order of the tasks.
    tasks: Mutex<Tasks<'a, 'b>>,
    line: Mutex<Line<'c, 'd, 'e>>,
    /// Something was put out, or the end has come.
    has_room: Condvar,
    /// Symbols of tasks handed out and not put out, about: no more are handed out from there on.
    limit: u64,
}

/// A task with its answer, or what went wrong before there was a task.
type Answer = Result<(Task, Decoded)>;

/// Why there is nothing more to be done.
enum End {
    Error(Error),
    /// The sink panicked, and the caller is to know.
    Panic(Box<dyn Any + Send>),
}

/// Tasks that are handed out, and what is done of them.
struct Line<'a, 'b, 'c> {
    /// Answers of the tasks handed out, as far as there are; the first one is put out next.
    answers: VecDeque<Option<Answer>>,
    /// Number of the first one.
    first: u64,
    in_flight: u64,
    /// Gone while a thread puts out.
    output: Option<&'a mut Output<'b, 'c>>,
    /// Buffers that were used and wait for the next task. Fresh memory for each task is cleared by the system page by page:
    /// that was 46 % of the samples of a profile of `getcol` on seven yeast genomes.
    buffers: Vec<Decoded>,
    end: Option<End>,
}

impl<'a, 'b, 'c> Line<'a, 'b, 'c> {
    fn new(output: &'a mut Output<'b, 'c>) -> Self {
        Self {
            answers: VecDeque::new(),
            first: 0,
            in_flight: 0,
            output: Some(output),
            buffers: Vec::new(),
            end: None,
        }
    }

    /// Takes the first answer out, if it is there.
    fn pop_ready(&mut self) -> Option<Answer> {
        let answer = self.answers.front_mut()?.take()?;
        self.answers.pop_front();
        self.first += 1;
        Some(answer)
    }
}

impl Crew<'_, '_, '_, '_, '_> {
    /// Does tasks until there are no more. A panic is answered, too, so that nobody waits for it.
    fn work(&self, run: &Run<'_>) {
        while let Some((number, task, buffer)) = self.next_task() {
            let decoded = catch_unwind(AssertUnwindSafe(|| run(&task, buffer)));
            let decoded = decoded.unwrap_or_else(|_| Err(Error::new(ErrorKind::WorkerLost)));
            self.answer(number, decoded.map(|decoded| (task, decoded)));
        }
    }

    /// The next task, with its number and a buffer, when there is room for its answer.
    fn next_task(&self) -> Option<(u64, Task, Decoded)> {
        let mut tasks = lock(&self.tasks);
        let is_full = |line: &mut Line<'_, '_, '_>| line.in_flight >= self.limit && line.end.is_none();
        let line = self.has_room.wait_while(lock(&self.line), is_full);
        let line = line.unwrap_or_else(PoisonError::into_inner);
        if line.end.is_some() {
            return None;
        }
        drop(line);
        // Answers may come while a batch of the collection is decoded here.
        let task = tasks.next();
        let mut line = lock(&self.line);
        let number = line.first + line.answers.len() as u64;
        match task {
            Ok(Some(task)) => {
                line.answers.push_back(None);
                line.in_flight = line.in_flight.saturating_add(task.len);
                let buffer = line.buffers.pop().unwrap_or_default();
                Some((number, task, buffer))
            }
            Ok(None) => None,
            Err(error) => {
                line.answers.push_back(None);
                drop(line);
                self.answer(number, Err(error));
                None
            }
        }
    }

    /// Leaves an answer in the line and, unless another thread does so, puts out what is ready.
    fn answer(&self, number: u64, answer: Answer) {
        let mut line = lock(&self.line);
        let place = (number - line.first) as usize;
        line.answers[place] = Some(answer);
        let Some(output) = line.output.take() else {
            return;
        };
        while line.end.is_none()
            && let Some(answer) = line.pop_ready()
        {
            drop(line);
            let done = put_out(output, answer);
            line = lock(&self.line);
            match done {
                Ok((len, buffer)) => {
                    line.in_flight = line.in_flight.saturating_sub(len);
                    line.buffers.push(buffer);
                }
                Err(end) => line.end = Some(end),
            }
            self.has_room.notify_all();
        }
        line.output = Some(output);
    }

    fn finish(self) -> Result<()> {
        let line = self.line.into_inner().unwrap_or_else(PoisonError::into_inner);
        match line.end {
            Some(End::Error(error)) => Err(error),
            Some(End::Panic(panic)) => resume_unwind(panic),
            None if line.answers.is_empty() => Ok(()),
            None => Err(Error::new(ErrorKind::WorkerLost)),
        }
    }
}

/// Gives an answer to the output, and tells the symbols of the task and its buffer.
fn put_out(output: &mut Output<'_, '_>, answer: Answer) -> std::result::Result<(u64, Decoded), End> {
    let (task, mut decoded) = answer.map_err(End::Error)?;
    match catch_unwind(AssertUnwindSafe(|| output.take(&task, &mut decoded))) {
        Ok(Ok(())) => Ok((task.len, decoded)),
        Ok(Err(error)) => Err(End::Error(error)),
        Err(panic) => Err(End::Panic(panic)),
    }
}
