//! The threads that do the heavy work.
//!
//! Each worker owns the groups whose number hashes to it and receives their segments through a channel of its own, in
//! order. Pure work, which needs no group, waits in one channel that all workers take from, and comes first: a stage
//! is waiting for it.
//!
//! ```text
//!              ┌────────── tasks (pure) ──────────┐
//! placement ───┼─ jobs of groups 0, 2, … ▶ worker 0 ─┬─▶ writer
//!              └─ jobs of groups 1, 3, … ▶ worker 1 ─┘
//! ```

use super::ended::Ended;
use crate::error::{Error, ErrorKind, Result};
use crate::queue;
use crossbeam_channel as channel;

/// Work that any thread may do. It carries the way back for its result.
pub(super) type Task = Box<dyn FnOnce() + Send>;

/// Where the stage before sends work.
pub(super) struct Pool<J> {
    tasks: channel::Sender<Task>,
    jobs: Vec<queue::Sender<J>>,
}

/// What one worker receives.
pub(super) struct WorkerInbox<J> {
    tasks: channel::Receiver<Task>,
    jobs: queue::Receiver<J>,
}

/// Channels for `n_workers` workers; for each of them so many bytes of jobs may wait.
pub(super) fn channels<J>(n_workers: usize, job_bytes: usize) -> (Pool<J>, Vec<WorkerInbox<J>>) {
    // Not bounded: a round has a bounded number of segments, hence of tasks, and waits for all of them.
    let (task_sender, tasks) = channel::unbounded();
    let (jobs, work) = (0..n_workers)
        .map(|_| {
            let (sender, jobs) = queue::bounded(job_bytes);
            let tasks = tasks.clone();
            (sender, WorkerInbox { tasks, jobs })
        })
        .unzip();
    let pool = Pool {
        tasks: task_sender,
        jobs,
    };
    (pool, work)
}

impl<J> Pool<J> {
    /// Hands a task to whichever worker is free first.
    fn submit(&self, task: Task) -> Result<(), Ended> {
        Ok(self.tasks.send(task)?)
    }

    /// Has all tasks done by whichever workers are free.
    pub(super) fn ask<T, F>(&self, tasks: impl Iterator<Item = F>) -> Result<Answers<T>, Ended>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let (sender, answers) = channel::unbounded();
        let mut n_asked = 0;
        for task in tasks {
            let (sender, place) = (sender.clone(), n_asked);
            self.submit(Box::new(move || {
                // Nobody listens when the run has failed elsewhere.
                let _ = sender.send((place, task()));
            }))?;
            n_asked += 1;
        }
        Ok(Answers { answers, n_asked })
    }

    /// Sends a job of `cost` bytes to the owner of a group.
    pub(super) fn send_to_owner(&self, group: u32, job: J, cost: usize) -> Result<(), Ended> {
        Ok(self.jobs[owner(group, self.jobs.len())].send(job, cost)?)
    }

    /// Sends a job to every worker, behind all that was sent to it before.
    pub(super) fn send_to_all(&self, job: impl Fn() -> J) -> Result<(), Ended> {
        Ok(self.jobs.iter().try_for_each(|jobs| jobs.send(job(), 0))?)
    }
}

/// The results of tasks, some of which are still to come.
#[derive(Debug)]
pub(super) struct Answers<T> {
    answers: channel::Receiver<(usize, T)>,
    n_asked: usize,
}

impl<T> Answers<T> {
    /// Waits for all results; they are in the order of the tasks.
    pub(super) fn all(self) -> Result<Vec<T>, Ended> {
        let mut results: Vec<Option<T>> = (0..self.n_asked).map(|_| None).collect();
        for _ in 0..self.n_asked {
            let (place, result) = self.answers.recv()?;
            results[place] = Some(result);
        }
        let twice = || Error::new(ErrorKind::Internal("a task has answered twice"));
        let results: Option<Vec<T>> = results.into_iter().collect();
        Ok(results.ok_or_else(twice)?)
    }
}

/// The worker that owns a group.
pub(super) fn owner(group: u32, n_workers: usize) -> usize {
    (crate::kmer::mix(u64::from(group)) % n_workers as u64) as usize
}

impl<J> WorkerInbox<J> {
    /// Does tasks as they come and hands over the next job; `None` when there will be none.
    pub(super) fn next_job(&self) -> Option<J> {
        loop {
            if let Ok(task) = self.tasks.try_recv() {
                task();
                continue;
            }
            channel::select! {
                recv(self.tasks) -> task => match task {
                    Ok(task) => task(),
                    // The stage before is gone, but its last jobs may still wait.
                    Err(channel::RecvError) => return self.jobs.recv().ok(),
                },
                recv(self.jobs.items()) -> held => return held.ok().map(|held| self.jobs.unpack(held)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deadline::in_time;
    use crate::threads::start;
    use std::thread;

    #[test]
    fn jobs_reach_the_owner_in_order_and_tasks_reach_anyone() {
        in_time("the workers end", || {
            let (pool, work) = channels::<(u32, u32)>(3, 4 << 20);
            let (results, done) = channel::unbounded();
            thread::scope(|scope| {
                let workers: Vec<_> = work
                    .into_iter()
                    .map(|work| {
                        scope.spawn(move || std::iter::from_fn(|| work.next_job()).collect::<Vec<_>>())
                    })
                    .collect();
                for i in 0..300u32 {
                    let results = results.clone();
                    pool.submit(Box::new(move || results.send(i).unwrap())).unwrap();
                    pool.send_to_owner(i % 7, (i % 7, i), 1 << 18).unwrap();
                }
                drop((pool, results));
                let mut n_jobs = 0;
                for (number, worker) in workers.into_iter().enumerate() {
                    let jobs = worker.join().unwrap();
                    assert!(jobs.iter().all(|(group, _)| owner(*group, 3) == number));
                    assert!(jobs.is_sorted_by_key(|(_, i)| *i));
                    n_jobs += jobs.len();
                }
                assert_eq!(n_jobs, 300);
            });
            let mut results: Vec<u32> = done.iter().collect();
            results.sort_unstable();
            assert_eq!(results, (0..300).collect::<Vec<_>>());
        });
    }

    #[test]
    fn a_worker_that_panics_is_lost_and_nobody_waits_for_it() {
        in_time("the workers end", || {
            for n_workers in [1, 3] {
                let (pool, work) = channels::<u32>(n_workers, 4 << 20);
                let (results, done) = channel::unbounded();
                thread::scope(|scope| {
                    let workers: Vec<_> = work
                        .into_iter()
                        .map(|work| {
                            let work_on = move || {
                                while work.next_job().is_some() {}
                                Ok::<(), Error>(())
                            };
                            start(scope, "encode", work_on).unwrap()
                        })
                        .collect();
                    for i in 0..50 {
                        let results = results.clone();
                        let task = move || {
                            assert_ne!(i, 7, "made for a test");
                            results.send(i).unwrap();
                        };
                        // The only worker may be gone already.
                        let submitted = pool.submit(Box::new(task));
                        assert!(submitted.is_ok() || n_workers == 1);
                    }
                    drop(results);
                    let n_done = done.iter().count();
                    assert_eq!(n_done, if n_workers == 1 { 7 } else { 49 });
                    if n_workers == 1 {
                        // Its channel of jobs goes right behind that of tasks.
                        let error =
                            std::iter::repeat_with(|| pool.send_to_owner(0, 1, 1)).find_map(Result::err);
                        assert!(matches!(error, Some(Ended::CutOff)));
                    }
                    drop(pool);
                    let lost = workers.into_iter().filter_map(|worker| worker.join().err());
                    let lost: Vec<_> = lost.map(|error| error.kind().clone()).collect();
                    assert_eq!(lost, [ErrorKind::WorkerLost]);
                });
            }
        });
    }
}
