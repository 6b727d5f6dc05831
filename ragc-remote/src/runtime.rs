//! The thread that waits for servers: none before the first object is opened. Those that do queries for others are apart: they wait for it.
//!
//! They are started here and not by the executor, which panics where there can be no more threads, and then waits for those that it has; and not by
//! the library, whose surface has nothing for that.

use std::future::{Future, pending as for_ever};
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tokio::runtime::{Builder, Handle};
use tokio::sync::{Semaphore, oneshot};

use crate::error::{Error, ErrorKind, Result};

/// Those that ask for the addresses of servers.
const N_BLOCKING: usize = 2;

/// Queries at once; more wait for their turn.
const N_QUERIES: usize = 64;

static RUNTIME: Mutex<Option<PerProcess<Handle>>> = Mutex::new(None);
static QUERIES: Mutex<Option<PerProcess<Semaphore>>> = Mutex::new(None);

/// What has to do with threads, and the process that has them: a child of `fork` has none of its parent's.
struct PerProcess<T> {
    process: u32,
    value: Arc<T>,
}

/// What runs work on the thread. A second one made nothing faster (docs/measurements.md, "From a bucket").
fn runtime() -> Result<Arc<Handle>> {
    known_or(&RUNTIME, || {
        let runtime = Builder::new_current_thread()
            .max_blocking_threads(N_BLOCKING)
            .thread_name("remote")
            .enable_all()
            .build()?;
        let handle = runtime.handle().clone();
        // A panic of it is told by whoever waits; programs know it by this name (`last_resort` of ragc-cli).
        started("remote", move || runtime.block_on(for_ever::<()>()))?;
        Ok(handle)
    })
}

fn known_or<T>(known: &Mutex<Option<PerProcess<T>>>, make: impl FnOnce() -> io::Result<T>) -> Result<Arc<T>> {
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    let process = std::process::id();
    if let Some(started) = known.as_ref().filter(|started| started.process == process) {
        return Ok(Arc::clone(&started.value));
    }
    let value = Arc::new(make().map_err(|error| no_threads(&error))?);
    let started = PerProcess {
        process,
        value: Arc::clone(&value),
    };
    // What another process had is left as it is: nobody is there to let go of it.
    std::mem::forget(known.replace(started));
    Ok(value)
}

fn started(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    thread::Builder::new().name(name.to_owned()).spawn(work).map(drop)
}

fn no_threads(error: &io::Error) -> Error {
    let why = format!("cannot start threads: {}", error.kind());
    Error::new(ErrorKind::System(why))
}

/// An answer that is on its way.
pub(crate) struct Pending<T>(Receiver<Result<T>>);

/// Who has the answer when it is here.
pub(crate) struct Answering<T>(SyncSender<Result<T>>);

/// An answer that somebody will give, and somebody waits for.
pub(crate) fn pending<T>() -> (Answering<T>, Pending<T>) {
    let (sender, receiver) = sync_channel(1);
    (Answering(sender), Pending(receiver))
}

impl<T> Answering<T> {
    pub(crate) fn give(self, answer: Result<T>) {
        // Nobody may want it any more.
        let _ = self.0.send(answer);
    }
}

impl<T> Pending<T> {
    /// Waits for it; also on a thread of another runtime.
    pub(crate) fn wait(self) -> Result<T> {
        self.0.recv().unwrap_or_else(|_| Err(why_lost()))
    }
}

/// Why nobody gives an answer any more. To ask for the address of a server takes a thread.
fn why_lost() -> Error {
    if let Err(error) = started("remote", || ()) {
        return no_threads(&error);
    }
    let why = "the client of the server has failed in a way of its own: see whether the URL and the settings for it are right";
    Error::new(ErrorKind::System(why.to_owned()))
}

/// Begins to do something.
pub(crate) fn begin(work: impl Future<Output = ()> + Send + 'static) -> Result<()> {
    runtime()?.spawn(work);
    Ok(())
}

/// Does something, and waits for it.
pub(crate) fn wait<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    let (answering, pending) = pending();
    begin(async move { answering.give(work.await) })?;
    pending.wait()
}

/// Does what takes a thread for itself, and tells whoever awaits it.
pub(crate) async fn query<T: Send + 'static>(
    work: impl FnOnce() -> ragc_core::Result<T> + Send + 'static,
) -> ragc_core::Result<T> {
    let turns = known_or(&QUERIES, || Ok(Semaphore::new(N_QUERIES)))?;
    // It is never closed.
    let turn = turns.acquire_owned().await;
    let (sender, done) = oneshot::channel();
    let work = move || {
        let _turn = turn;
        // Nobody may want it any more.
        let _ = sender.send(work());
    };
    started("query", work).map_err(|error| no_threads(&error))?;
    done.await
        .unwrap_or_else(|_| Err(ragc_core::Error::new(ragc_core::ErrorKind::WorkerLost)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deadline::in_time;

    #[test]
    fn a_client_that_panics_is_an_error_of_one_line() {
        let error = in_time("an answer", || wait::<()>(async { panic!("as planned") })).unwrap_err();
        let told = error.to_string();
        assert!(told.starts_with("the client of the server has failed"), "{told}");
        assert_eq!(told.lines().count(), 1);
    }
}
