//! Starts threads with names that profilers and debuggers show, and joins them.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{Error, ErrorKind, Result};
use crate::lock::lock;
use crate::memory;
use crate::sync::Mutex;
use crate::sync::thread::{self, Builder, JoinHandle, Scope, ScopedJoinHandle};

/// A thread that was started, and will have an answer.
pub(crate) struct Started<'scope, T, E = Error>(ScopedJoinHandle<'scope, Result<T, E>>);

impl<T, E: From<Error>> Started<'_, T, E> {
    /// Waits for the answer; a thread that panicked is a lost worker.
    pub(crate) fn join(self) -> Result<T, E> {
        let lost = |_| Err(Error::new(ErrorKind::WorkerLost).into());
        self.0.join().unwrap_or_else(lost)
    }
}

fn named(name: &str) -> Builder {
    Builder::new().name(name.to_owned())
}

/// The stack of a thread would take what is kept for messages.
fn check_memory() -> io::Result<()> {
    match memory::is_short() {
        true => Err(io::ErrorKind::OutOfMemory.into()),
        false => Ok(()),
    }
}

/// Starts a thread of a scope, whose panic is the caller's to see.
///
/// # Errors
/// Those of the system, which may have no more threads.
pub fn start_in<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    name: &str,
    work: impl FnOnce() -> T + Send + 'scope,
) -> io::Result<ScopedJoinHandle<'scope, T>> {
    check_memory()?;
    named(name).spawn_scoped(scope, work)
}

/// Starts a thread of a scope.
pub(crate) fn start<'scope, T: Send + 'scope, E: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    name: &str,
    work: impl FnOnce() -> Result<T, E> + Send + 'scope,
) -> Result<Started<'scope, T, E>> {
    start_in(scope, name, work)
        .map(Started)
        .map_err(|error| Error::io("cannot start a thread", error))
}

/// Starts as many of `n_threads` threads as there can be, each for what `work` gives it; an error if there can be none.
pub(crate) fn start_some<'scope, T: Send + 'scope, E: Send + 'scope, W>(
    scope: &'scope Scope<'scope, '_>,
    name: &str,
    n_threads: usize,
    mut work: impl FnMut() -> W,
) -> Result<Vec<Started<'scope, T, E>>>
where
    W: FnOnce() -> Result<T, E> + Send + 'scope,
{
    let first = start(scope, name, work())?;
    let others = (1..n_threads).map_while(|_| start(scope, name, work()).ok());
    Ok([first].into_iter().chain(others).collect())
}

/// Starts a thread that belongs to no scope, for what goes on beside everything else.
///
/// # Errors
/// Those of the system, which may have no more threads.
pub fn start_alone<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<JoinHandle<T>> {
    check_memory()?;
    named(name).spawn(work)
}

/// Does `work` on up to `n_threads` threads, of which the calling one is the first, and gives what each came back with: an error
/// from one that panicked.
pub(super) fn alike<T: Send>(
    name: &str,
    n_threads: usize,
    work: impl Fn() -> T + Sync,
) -> Vec<thread::Result<T>> {
    let catch = || catch_unwind(AssertUnwindSafe(&work));
    thread::scope(|scope| {
        let start = |_| start_in(scope, name, catch).ok();
        let helpers: Vec<_> = (1..n_threads).map_while(start).collect();
        let first = catch();
        let others = helpers
            .into_iter()
            .map(|helper| helper.join().and_then(|done| done));
        [first].into_iter().chain(others).collect()
    })
}

/// How many of `wanted` threads can be there at once. They are started to see it, and ended.
///
/// For work that has to be divided before the first thread begins.
pub(crate) fn n_startable(wanted: usize) -> usize {
    let gate = Mutex::new(());
    thread::scope(|scope| {
        let closed = lock(&gate);
        let wait = || drop(lock(&gate));
        let start = |_| start_in(scope, "try", wait).ok();
        let started: Vec<_> = (0..wanted).map_while(start).collect();
        drop(closed);
        // The end of a scope does not wait until the system has let go of its threads, and those to come need their places.
        started.into_iter().map(ScopedJoinHandle::join).count()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deadline::in_time;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn the_calling_thread_works_and_a_panic_is_an_error() {
        in_time("the threads end", || {
            let caller = thread::current().id();
            let alone = alike("test", 1, || thread::current().id());
            assert_eq!(
                alone.into_iter().map(Result::unwrap).collect::<Vec<_>>(),
                [caller]
            );
            let next = AtomicUsize::new(0);
            let done = alike("test", 3, || {
                assert_ne!(next.fetch_add(1, Ordering::Relaxed), 1, "made for a test")
            });
            assert_eq!(
                (done.len(), done.iter().filter(|done| done.is_err()).count()),
                (3, 1)
            );
        });
    }

    #[test]
    fn threads_have_names_and_answers_and_a_panic_is_a_lost_worker() {
        in_time("the threads end", || {
            thread::scope(|scope| {
                let name = || Ok::<_, Error>(thread::current().name().map(str::to_owned));
                let started = start_some(scope, "test", 3, || name).unwrap();
                let names: Vec<_> = started.into_iter().map(|thread| thread.join().unwrap()).collect();
                assert_eq!(names, vec![Some("test".to_owned()); 3]);
                let panic = || -> Result<()> { panic!("made for a test") };
                let error = start(scope, "test", panic).unwrap().join().unwrap_err();
                assert_eq!(*error.kind(), ErrorKind::WorkerLost);
            });
            let alone = start_alone("alone", || thread::current().name().map(str::to_owned));
            assert_eq!(alone.unwrap().join().unwrap().as_deref(), Some("alone"));
        });
    }

    #[test]
    fn threads_are_there_at_once() {
        in_time("the threads end", || {
            assert_eq!(n_startable(3), 3);
        });
    }
}
