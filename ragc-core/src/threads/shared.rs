//! Work that one thread has and others may help with, if they have none.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::{Error, ErrorKind, Result};
use crate::sync::{Arc, channel};

type SharedTask = Box<dyn FnOnce() + Send>;

/// The way to threads that have nothing else to do.
#[derive(Debug, Clone)]
pub(crate) struct Helped(channel::Sender<SharedTask>);

/// What comes to such a thread.
#[derive(Debug, Clone)]
pub(crate) struct Helper(channel::Receiver<SharedTask>);

/// The ends of a channel for work that may be shared.
pub(crate) fn shared() -> (Helped, Helper) {
    let (sender, tasks) = channel::unbounded();
    (Helped(sender), Helper(tasks))
}

impl Helper {
    /// Helps as long as there is anybody who may want help.
    pub(crate) fn help(&self) {
        while let Ok(task) = self.0.recv() {
            task();
        }
    }
}

impl Helped {
    /// Does `work` for each number below `n`, on this thread and on those that help, and gives the answers in order. Nobody is waited for who has
    /// not begun.
    ///
    /// # Errors
    /// `WorkerLost` where it panicked.
    pub(crate) fn map<T: Send + 'static>(
        &self,
        n: usize,
        work: impl Fn(usize) -> T + Send + Sync + 'static,
    ) -> Result<Vec<T>> {
        let (sender, answers) = channel::unbounded();
        let next = AtomicUsize::new(0);
        let work_off = Arc::new(move || {
            loop {
                let i = next.fetch_add(1, Ordering::Relaxed);
                if i >= n {
                    break;
                }
                let answer = catch_unwind(AssertUnwindSafe(|| work(i))).ok();
                // Nobody listens once a part is lost.
                let _ = sender.send((i, answer));
            }
        });
        for _ in 1..n {
            // Whoever comes when all is done finds nothing, and what the work needs is not kept for that.
            let work_off = Arc::downgrade(&work_off);
            let help = move || {
                if let Some(work_off) = work_off.upgrade() {
                    work_off();
                }
            };
            // Without anybody who helps it is all done here.
            let _ = self.0.send(Box::new(help));
        }
        work_off();
        let lost = || Error::new(ErrorKind::WorkerLost);
        let mut ordered: Vec<Option<T>> = (0..n).map(|_| None).collect();
        for _ in 0..n {
            let (i, answer) = answers.recv().map_err(|_| lost())?;
            ordered[i] = Some(answer.ok_or_else(lost)?);
        }
        ordered
            .into_iter()
            .map(|answer| answer.ok_or_else(lost))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deadline::in_time;
    use crate::sync::thread;

    #[test]
    fn answers_come_in_order_with_help_and_without() {
        in_time("all is done", || {
            for n_helpers in [0, 1, 3] {
                let (helped, helper) = shared();
                thread::scope(|scope| {
                    for _ in 0..n_helpers {
                        scope.spawn(|| helper.clone().help());
                    }
                    let squares: Vec<usize> = (0..100).map(|i| i * i).collect();
                    assert_eq!(helped.map(100, |i| i * i).unwrap(), squares);
                    assert!(helped.map(0, |i| i).unwrap().is_empty());
                    drop(helped);
                });
            }
        });
    }

    #[test]
    fn others_do_a_part_of_it() {
        in_time("both meet", || {
            let (helped, helper) = shared();
            thread::scope(|scope| {
                scope.spawn(|| helper.help());
                // Each waits for the other, so that one thread alone would never end.
                let meeting = Arc::new(std::sync::Barrier::new(2));
                let met = helped.map(2, move |_| {
                    meeting.wait();
                    thread::current().id()
                });
                let met = met.unwrap();
                assert_ne!(met[0], met[1]);
                drop(helped);
            });
        });
    }

    #[test]
    fn what_the_work_needs_is_not_kept() {
        let (helped, _helper) = shared();
        let needed = Arc::new(7);
        let work = Arc::clone(&needed);
        assert_eq!(helped.map(3, move |i| i + *work).unwrap(), [7, 8, 9]);
        assert_eq!(Arc::strong_count(&needed), 1);
    }

    #[test]
    fn a_part_that_panics_is_an_error_and_keeps_nobody_waiting() {
        in_time("the error comes", || {
            let (helped, helper) = shared();
            thread::scope(|scope| {
                scope.spawn(|| helper.help());
                let done = helped.map(9, |i| assert_ne!(i, 4, "made for a test"));
                assert_eq!(*done.unwrap_err().kind(), ErrorKind::WorkerLost);
                assert_eq!(helped.map(3, |i| i).unwrap(), [0, 1, 2]);
                drop(helped);
            });
        });
    }
}
