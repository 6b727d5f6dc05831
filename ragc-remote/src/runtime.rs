//! The threads that wait for servers: few, and none before the first object is opened.

use std::future::Future;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::runtime::{Builder, Runtime};

use crate::error::{Error, ErrorKind, Result};

/// One decrypts what another one asks for: a gigabyte a second each.
const N_THREADS: usize = 2;
/// Those that ask for the addresses of servers.
const N_BLOCKING: usize = 2;

static RUNTIME: Mutex<Option<Arc<Runtime>>> = Mutex::new(None);

fn runtime() -> Result<Arc<Runtime>> {
    let mut known = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(runtime) = &*known {
        return Ok(Arc::clone(runtime));
    }
    let made = Builder::new_multi_thread()
        .worker_threads(N_THREADS)
        .max_blocking_threads(N_BLOCKING)
        .thread_name("remote")
        .enable_all()
        .build();
    let made = made.map_err(|error| {
        Error::new(ErrorKind::System(format!(
            "cannot start threads: {}",
            error.kind()
        )))
    })?;
    Ok(Arc::clone(known.insert(Arc::new(made))))
}

/// An answer that is on its way.
pub(crate) struct Pending<T>(Receiver<Result<T>>);

impl<T> Pending<T> {
    /// Waits for it; also on a thread of another runtime.
    pub(crate) fn wait(self) -> Result<T> {
        let lost = || Err(Error::new(ErrorKind::System("a thread was lost".to_owned())));
        self.0.recv().unwrap_or_else(|_| lost())
    }
}

/// Begins to do something.
pub(crate) fn begin<T: Send + 'static>(
    work: impl Future<Output = Result<T>> + Send + 'static,
) -> Result<Pending<T>> {
    let (sender, receiver) = sync_channel(1);
    runtime()?.spawn(async move {
        // Nobody may want it any more.
        let _ = sender.send(work.await);
    });
    Ok(Pending(receiver))
}

/// Does something, and waits for it.
pub(crate) fn wait<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    begin(work)?.wait()
}
