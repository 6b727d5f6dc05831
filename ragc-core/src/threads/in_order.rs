//! Threads that do tasks and put their answers out in order.
//!
//! ```text
//! next ─▶ task ─▶ work ─▶ answer ─▶ line ─▶ put out
//!                                    └ who finds the first one there puts out what is ready
//! ```
//!
//! Whoever has done a task puts it out if it is its turn, and those behind it that are ready; otherwise it leaves the
//! answer to the thread whose turn it is, and takes the next task. Nobody is woken for that. With a thread of its own for the
//! output, which waited for answers and handed out tasks, reading took longer, and the others were idle for some of the time
//! (docs/measurements.md, "Details of reading").
//!
//! `models/` tries this in many orders of its threads.

use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use crate::error::{Error, ErrorKind, Result};
use crate::lock::lock;
use crate::sync::{Condvar, Mutex, PoisonError};
use crate::threads::start::alike;

/// Gives the next task, and the room that it takes until it is put out.
pub(crate) type Next<'a, T> = dyn FnMut() -> Result<Option<(u64, T)>> + Send + 'a;
/// Does a task into a buffer that was used before.
pub(crate) type Work<'a, T, B> = dyn Fn(&T, B) -> Result<B> + Sync + 'a;
/// Takes a task that is done.
pub(crate) type PutOut<'a, T, B> = dyn FnMut(&T, &mut B) -> Result<()> + Send + 'a;

/// Does all tasks on up to `n_threads` threads and puts them out in order, each on the thread that has time for it. No more are
/// handed out while those that are not put out take `room` for each thread; a larger one passes when it is alone.
///
/// # Errors
/// The first one in the order of the tasks; a task that panicked is a lost worker. A panic of `put_out` is the caller's.
pub(crate) fn in_order<T: Send, B: Default + Send>(
    name: &str,
    n_threads: usize,
    room: u64,
    next: &mut Next<'_, T>,
    work: &Work<'_, T, B>,
    put_out: &mut PutOut<'_, T, B>,
) -> Result<()> {
    let mut tasks = Tasks {
        next,
        ahead: VecDeque::new(),
    };
    // No more threads than there is work for: a short query starts none.
    let n_threads = tasks.look_ahead(n_threads)?.max(1);
    let crew = Crew {
        tasks: Mutex::new(tasks),
        line: Mutex::new(Line::new(put_out)),
        has_room: Condvar::new(),
        room: room.saturating_mul(n_threads as u64),
    };
    // A thread that is lost leaves a task without an answer, which is noticed.
    alike(name, n_threads, || crew.work(work));
    crew.finish()
}

/// The tasks to come, some of them asked for in advance.
struct Tasks<'a, 'b, T> {
    next: &'a mut Next<'b, T>,
    ahead: VecDeque<(u64, T)>,
}

impl<T> Tasks<'_, '_, T> {
    /// Asks for up to `n` tasks in advance, and tells how many there are.
    fn look_ahead(&mut self, n: usize) -> Result<usize> {
        while self.ahead.len() < n
            && let Some(task) = (self.next)()?
        {
            self.ahead.push_back(task);
        }
        Ok(self.ahead.len())
    }

    /// The next task. A panic is an answer: without one the tasks behind it would be put out as if this one had not been.
    fn next(&mut self) -> Result<Option<(u64, T)>> {
        match self.ahead.pop_front() {
            Some(task) => Ok(Some(task)),
            None => catch_unwind(AssertUnwindSafe(|| (self.next)())).unwrap_or_else(|_| Err(lost())),
        }
    }
}

fn lost() -> Error {
    Error::new(ErrorKind::WorkerLost)
}

/// What the threads share.
struct Crew<'a, 'b, 'c, 'd, T, B> {
    /// Locked before the line, and while a task gets its number: numbers are in the order of the tasks.
    tasks: Mutex<Tasks<'a, 'b, T>>,
    line: Mutex<Line<'c, 'd, T, B>>,
    /// Something was put out, or the end has come.
    has_room: Condvar,
    /// Room of tasks handed out and not put out: no more are handed out from there on.
    room: u64,
}

/// A task with the room that it takes, done, or what went wrong before there was a task.
type TaskResult<T, B> = Result<(u64, T, B)>;

/// Why there is nothing more to be done.
enum Stop {
    Error(Error),
    /// `put_out` panicked, and the caller is to know.
    Panic(Box<dyn Any + Send>),
}

/// Tasks that are handed out, and what is done of them.
struct Line<'a, 'b, T, B> {
    /// Answers of the tasks handed out, as far as there are; the first one is put out next.
    answers: VecDeque<Option<TaskResult<T, B>>>,
    /// Number of the first one.
    first: u64,
    in_flight: u64,
    /// Gone while a thread puts out.
    put_out: Option<&'a mut PutOut<'b, T, B>>,
    /// Buffers that were used and wait for the next task. Fresh memory for each task is cleared by the system page by page:
    /// that took nearly half of the time (docs/measurements.md, "Details of reading").
    buffers: Vec<B>,
    end: Option<Stop>,
}

impl<'a, 'b, T, B> Line<'a, 'b, T, B> {
    fn new(put_out: &'a mut PutOut<'b, T, B>) -> Self {
        Self {
            answers: VecDeque::new(),
            first: 0,
            in_flight: 0,
            put_out: Some(put_out),
            buffers: Vec::new(),
            end: None,
        }
    }

    /// Takes the first answer out, if it is there.
    fn pop_ready(&mut self) -> Option<TaskResult<T, B>> {
        let answer = self.answers.front_mut()?.take()?;
        self.answers.pop_front();
        self.first += 1;
        Some(answer)
    }
}

impl<T, B: Default> Crew<'_, '_, '_, '_, T, B> {
    /// Does tasks until there are no more. A panic is answered, too, so that nobody waits for it.
    fn work(&self, work: &Work<'_, T, B>) {
        while let Some((number, room, task, buffer)) = self.next_task() {
            let done = catch_unwind(AssertUnwindSafe(|| work(&task, buffer)));
            let done = done.unwrap_or_else(|_| Err(lost()));
            self.answer(number, done.map(|done| (room, task, done)));
        }
    }

    /// The next task, with its number and a buffer, when there is room for its answer.
    fn next_task(&self) -> Option<(u64, u64, T, B)> {
        let mut tasks = lock(&self.tasks);
        let is_full = |line: &mut Line<'_, '_, T, B>| line.in_flight >= self.room && line.end.is_none();
        let line = self.has_room.wait_while(lock(&self.line), is_full);
        let line = line.unwrap_or_else(PoisonError::into_inner);
        if line.end.is_some() {
            return None;
        }
        drop(line);
        // Answers may come while the next task is made here, which can take long.
        let task = tasks.next();
        let mut line = lock(&self.line);
        let number = line.first + line.answers.len() as u64;
        match task {
            Ok(Some((room, task))) => {
                line.answers.push_back(None);
                line.in_flight = line.in_flight.saturating_add(room);
                let buffer = line.buffers.pop().unwrap_or_default();
                Some((number, room, task, buffer))
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
    fn answer(&self, number: u64, answer: TaskResult<T, B>) {
        let mut line = lock(&self.line);
        let place = (number - line.first) as usize;
        line.answers[place] = Some(answer);
        let Some(put_out) = line.put_out.take() else {
            return;
        };
        while line.end.is_none()
            && let Some(answer) = line.pop_ready()
        {
            drop(line);
            let done = take_out(put_out, answer);
            line = lock(&self.line);
            match done {
                Ok((room, buffer)) => {
                    line.in_flight = line.in_flight.saturating_sub(room);
                    line.buffers.push(buffer);
                }
                Err(end) => line.end = Some(end),
            }
            self.has_room.notify_all();
        }
        line.put_out = Some(put_out);
    }

    fn finish(self) -> Result<()> {
        let line = self.line.into_inner().unwrap_or_else(PoisonError::into_inner);
        match line.end {
            Some(Stop::Error(error)) => Err(error),
            Some(Stop::Panic(panic)) => resume_unwind(panic),
            None if line.answers.is_empty() => Ok(()),
            None => Err(lost()),
        }
    }
}

/// Puts an answer out, and tells the room that gets free and the buffer.
fn take_out<T, B>(
    put_out: &mut PutOut<'_, T, B>,
    answer: TaskResult<T, B>,
) -> std::result::Result<(u64, B), Stop> {
    let (room, task, mut done) = answer.map_err(Stop::Error)?;
    match catch_unwind(AssertUnwindSafe(|| put_out(&task, &mut done))) {
        Ok(Ok(())) => Ok((room, done)),
        Ok(Err(error)) => Err(Stop::Error(error)),
        Err(panic) => Err(Stop::Panic(panic)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deadline::in_time;

    #[test]
    fn a_panic_between_tasks_is_an_error_and_no_end() {
        in_time("the threads end", || {
            for n_threads in [1, 3] {
                let mut number = 0;
                let mut next = || {
                    number += 1;
                    assert_ne!(number, 8, "made for a test");
                    Ok((number < 20).then_some((1, number)))
                };
                let mut out = Vec::new();
                let mut put_out = |number: &i32, (): &mut ()| {
                    out.push(*number);
                    Ok(())
                };
                let done = in_order("test", n_threads, 2, &mut next, &|_, ()| Ok(()), &mut put_out);
                assert_eq!(*done.unwrap_err().kind(), ErrorKind::WorkerLost);
                assert_eq!(out, [1, 2, 3, 4, 5, 6, 7]);
            }
        });
    }
}
