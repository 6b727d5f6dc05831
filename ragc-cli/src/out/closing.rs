//! Files that are complete are closed by a thread of their own.
//!
//! Syncing a file waits for the disk and needs no processor: one by one it took two fifths of the time in which genomes were extracted into files
//! (docs/measurements.md, "Details of reading").

use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use anyhow::anyhow;
use ragc_core::internals::threads::start_alone;

/// Files that wait to be closed, at most; each is open until then.
const MAX_WAITING: usize = 4;

/// What closes one file.
type CloseJob = Box<dyn FnOnce() -> anyhow::Result<()> + Send>;

/// Closes files in the order in which they come. Dropped, it waits for those that it was given.
pub(crate) struct Closing {
    /// Gone at the end, both, and without a thread.
    jobs: Option<SyncSender<CloseJob>>,
    thread: Option<JoinHandle<anyhow::Result<()>>>,
}

impl Closing {
    /// Starts the thread. Where there is none to be had, files are closed at once.
    pub(crate) fn new() -> Self {
        let (jobs, received) = sync_channel::<CloseJob>(MAX_WAITING);
        let close_all = move || received.into_iter().try_for_each(|job| job());
        match start_alone("close", close_all) {
            Ok(thread) => Self {
                jobs: Some(jobs),
                thread: Some(thread),
            },
            Err(_) => Self {
                jobs: None,
                thread: None,
            },
        }
    }

    /// Closes a file some time; if one before could not be closed, tells why.
    pub(crate) fn close(
        &mut self,
        job: impl FnOnce() -> anyhow::Result<()> + Send + 'static,
    ) -> anyhow::Result<()> {
        let Some(jobs) = &self.jobs else {
            return job();
        };
        match jobs.send(Box::new(job)) {
            Ok(()) => Ok(()),
            // The thread ends before its time only if a file could not be closed.
            Err(_) => self
                .end()
                .and(Err(anyhow!("the thread that closes files was lost"))),
        }
    }

    /// Comes back when all files are closed; tells why one could not be.
    pub(crate) fn end(&mut self) -> anyhow::Result<()> {
        self.jobs = None;
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(closed)) => closed,
            Some(Err(_)) => Err(anyhow!("the thread that closes files was lost")),
            None => Ok(()),
        }
    }
}

impl Drop for Closing {
    fn drop(&mut self) {
        // Only after an error elsewhere, which is told.
        let _ = self.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deadline::in_time;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn files_are_closed_in_order_and_the_first_error_is_told() {
        in_time("all is closed", || {
            let closed = Arc::new(AtomicUsize::new(0));
            let mut closing = Closing::new();
            for i in 0..20 {
                let closed = Arc::clone(&closed);
                closing
                    .close(move || {
                        assert_eq!(closed.fetch_add(1, Ordering::Relaxed), i);
                        Ok(())
                    })
                    .unwrap();
            }
            let failing = closing.close(|| Err(anyhow!("the disk is full")));
            let told = failing.and_then(|()| {
                (0..20).try_for_each(|_| closing.close(|| Ok(())))?;
                closing.end()
            });
            assert_eq!(told.unwrap_err().to_string(), "the disk is full");
            assert_eq!(closed.load(Ordering::Relaxed), 20);
        });
    }

    #[test]
    fn dropping_waits() {
        in_time("all is closed", || {
            let closed = Arc::new(AtomicUsize::new(0));
            let mut closing = Closing::new();
            for _ in 0..MAX_WAITING {
                let closed = Arc::clone(&closed);
                let close = move || {
                    std::thread::yield_now();
                    closed.fetch_add(1, Ordering::Relaxed);
                    Ok(())
                };
                closing.close(close).unwrap();
            }
            drop(closing);
            assert_eq!(closed.load(Ordering::Relaxed), MAX_WAITING);
        });
    }
}
