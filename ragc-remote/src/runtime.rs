//! The threads that wait for servers: few, and none before the first object is opened. Those that do queries for others are apart: they wait for these.

use std::future::Future;
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::runtime::{Builder, Runtime};

use crate::error::{Error, ErrorKind, Result};

/// One decrypts what another one asks for: a gigabyte a second each.
const N_THREADS: usize = 2;
/// Those that ask for the addresses of servers.
const N_BLOCKING: usize = 2;

/// Queries at once; more wait for their turn.
const N_QUERIES: usize = 64;

static RUNTIME: Mutex<Option<Started>> = Mutex::new(None);
static QUERIES: Mutex<Option<Started>> = Mutex::new(None);

/// Threads, and the process that has them: a child of `fork` has none of its parent's.
struct Started {
    process: u32,
    runtime: Arc<Runtime>,
}

fn runtime() -> Result<Arc<Runtime>> {
    known_or(&RUNTIME, || {
        Builder::new_multi_thread()
            .worker_threads(N_THREADS)
            .max_blocking_threads(N_BLOCKING)
            // A panic of theirs is told by whoever waits; programs know them by this name (`last_resort` of ragc-cli).
            .thread_name("remote")
            .enable_all()
            .build()
    })
}

/// Nothing runs on it but what blocks.
fn queries() -> Result<Arc<Runtime>> {
    known_or(&QUERIES, || {
        Builder::new_current_thread()
            .max_blocking_threads(N_QUERIES)
            .thread_name("query")
            .build()
    })
}

fn known_or(
    known: &Mutex<Option<Started>>,
    make: impl FnOnce() -> io::Result<Runtime>,
) -> Result<Arc<Runtime>> {
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    let process = std::process::id();
    if let Some(started) = known.as_ref().filter(|started| started.process == process) {
        return Ok(Arc::clone(&started.runtime));
    }
    let made = make().map_err(|error| {
        Error::new(ErrorKind::System(format!(
            "cannot start threads: {}",
            error.kind()
        )))
    })?;
    let runtime = Arc::new(made);
    let started = Started {
        process,
        runtime: Arc::clone(&runtime),
    };
    // To end the threads of another process would be to wait for them without end.
    std::mem::forget(known.replace(started));
    Ok(runtime)
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
        let lost = || {
            let why = "the client of the server has failed in a way of its own: see whether the URL and the settings for it are right";
            Err(Error::new(ErrorKind::System(why.to_owned())))
        };
        self.0.recv().unwrap_or_else(|_| lost())
    }
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
    let done = queries()?.spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(ragc_core::Error::new(ragc_core::ErrorKind::WorkerLost)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_that_panics_is_an_error_of_one_line() {
        let error = wait::<()>(async { panic!("as planned") }).unwrap_err();
        let told = error.to_string();
        assert!(told.starts_with("the client of the server has failed"), "{told}");
        assert_eq!(told.lines().count(), 1);
    }
}
