//! An open archive that survives `fork` and `pickle`.
//!
//! A child of `fork` has none of its parent's threads: a lock that one of them held, or a value that one of them was decoding, would be
//! waited for without end. So a handle knows in which process it was opened, by the number of forks before, and opens the archive again
//! where that is another one. Bytes are not mixed: an archive that has changed meanwhile is an error.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use pyo3::prelude::*;
use pyo3::types::PyTuple;
use ragc_core::extract::Spelling;
use ragc_core::internals::identity::Identity;
use ragc_core::{Archive, Error, ErrorKind};

use crate::errors::{self, Raised};
use crate::source;

/// How many forks lead to this process.
static N_FORKS: AtomicU64 = AtomicU64::new(0);

/// Handles that came out of a pickle: what is unpickled of one archive has one handle.
static REOPENED: Mutex<Option<HashMap<OpenArgs, Weak<ForkSafeHandle>>>> = Mutex::new(None);

/// How an archive was opened.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct OpenArgs {
    pub(crate) location: String,
    pub(crate) cache: Option<u64>,
    pub(crate) is_upper: bool,
}

/// An archive, open unless it was closed.
pub(crate) struct ForkSafeHandle {
    how: OpenArgs,
    /// Which file it was, if it is one.
    file: Option<Identity>,
    /// Which object of a server, if it is one.
    object: Option<ragc_remote::Identity>,
    opened: Mutex<Option<Opened>>,
}

struct Opened {
    n_forks: u64,
    archive: Arc<Archive>,
}

/// The number of forks, by which threads are known to be those of another process.
pub(crate) fn n_forks() -> u64 {
    N_FORKS.load(Ordering::Relaxed)
}

/// Tells that this is the child of a fork. `os.register_at_fork` calls it.
#[pyfunction(name = "_forked")]
pub(crate) fn forked() {
    N_FORKS.fetch_add(1, Ordering::Relaxed);
}

impl<'py> IntoPyObject<'py> for &OpenArgs {
    type Target = PyTuple;
    type Output = Bound<'py, PyTuple>;
    type Error = PyErr;

    /// As `_reopen` takes it.
    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        (&self.location, self.cache, self.is_upper).into_pyobject(py)
    }
}

impl ForkSafeHandle {
    /// Opens an archive.
    pub(crate) fn open(py: Python<'_>, how: OpenArgs) -> PyResult<Arc<Self>> {
        // Whoever replaces it after this is noticed.
        let file = file_of(&how);
        let (archive, object) = py.detach(|| source::open(&how.location, how.cache)).raised()?;
        Ok(Arc::new(Self {
            file,
            object,
            how,
            opened: Mutex::new(Some(Opened {
                n_forks: n_forks(),
                archive: Arc::new(archive),
            })),
        }))
    }

    /// The archive, opened again in the child of a fork. Called with the lock of the interpreter, as all that takes `opened`: a fork, which
    /// needs that lock too, never finds it taken.
    pub(crate) fn archive(&self) -> PyResult<Arc<Archive>> {
        let mut opened = locked(&self.opened);
        let found = opened.as_mut().ok_or_else(errors::closed)?;
        if found.n_forks != n_forks() {
            let archive = Arc::new(self.again().raised()?);
            // What threads of another process have locked is not touched, not even to free it.
            std::mem::forget(std::mem::replace(&mut found.archive, archive));
            found.n_forks = n_forks();
        }
        Ok(Arc::clone(&found.archive))
    }

    /// Closes the archive; what goes on with it keeps it open until then.
    pub(crate) fn close(&self) {
        let closed = locked(&self.opened).take();
        if let Some(closed) = closed.filter(|closed| closed.n_forks != n_forks()) {
            std::mem::forget(closed);
        }
    }

    pub(crate) fn is_closed(&self) -> bool {
        locked(&self.opened).is_none()
    }

    pub(crate) fn how(&self) -> &OpenArgs {
        &self.how
    }

    /// How letters are told.
    pub(crate) fn spelling(&self) -> Spelling {
        match self.how.is_upper {
            true => Spelling::Residues,
            false => Spelling::Cased,
        }
    }

    fn again(&self) -> ragc_core::Result<Archive> {
        let (archive, object) = source::open(&self.how.location, self.how.cache)?;
        match file_of(&self.how) == self.file && object == self.object {
            true => Ok(archive),
            false => {
                let why = "the archive was changed after it was opened: open it again in this process";
                Err(Error::new(ErrorKind::Io(why.to_owned())).in_file(source::printable(&self.how.location)))
            }
        }
    }
}

impl Drop for ForkSafeHandle {
    fn drop(&mut self) {
        self.close();
    }
}

/// Which file was opened, if it was one: an object of a server is known by what the server says of it.
fn file_of(how: &OpenArgs) -> Option<Identity> {
    Identity::of(how.location.as_ref()).ok().flatten()
}

/// The handle of something that is unpickled.
pub(crate) fn handle_of_pickle(py: Python<'_>, how: OpenArgs) -> PyResult<Arc<ForkSafeHandle>> {
    let known = known_handle(&how).filter(|handle| !handle.is_closed());
    if let Some(handle) = known {
        return Ok(handle);
    }
    let handle = ForkSafeHandle::open(py, how.clone())?;
    let mut reopened = locked(&REOPENED);
    let reopened = reopened.get_or_insert_default();
    reopened.retain(|_, handle| handle.strong_count() > 0);
    reopened.insert(how, Arc::downgrade(&handle));
    Ok(handle)
}

fn known_handle(how: &OpenArgs) -> Option<Arc<ForkSafeHandle>> {
    locked(&REOPENED).as_ref()?.get(how)?.upgrade()
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
