//! `Records`: contigs one after the other, which whoever takes them pulls.

use std::sync::{Arc, Mutex, PoisonError};

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use ragc_core::extract;

use crate::errors::Raised;
use crate::handle::{ForkSafeHandle, n_forks};
use crate::sequence::Sequence;
use crate::stretch::StrandedStretch;

/// Contigs of whole samples with their letters, in order. Threads decode some megabases ahead, and end with the iterator.
#[pyclass(frozen, module = "ragc")]
pub(crate) struct Records {
    handle: Arc<ForkSafeHandle>,
    n_forks: u64,
    records: Mutex<Option<extract::Records>>,
}

impl Records {
    pub(crate) fn new(handle: &Arc<ForkSafeHandle>, records: extract::Records) -> Self {
        Self {
            handle: Arc::clone(handle),
            n_forks: n_forks(),
            records: Mutex::new(Some(records)),
        }
    }

    fn next(&self) -> Option<ragc_core::Result<extract::Record>> {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        records.as_mut()?.next()
    }
}

#[pymethods]
impl Records {
    fn __iter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Sequence>> {
        if self.n_forks != n_forks() {
            let why =
                "records are decoded by threads of the parent process: ask the archive for them in this one";
            return Err(PyRuntimeError::new_err(why));
        }
        let Some(record) = py.detach(|| self.next()) else {
            return Ok(None);
        };
        let record = record.raised()?;
        let stretch = StrandedStretch {
            handle: Arc::clone(&self.handle),
            id: record.id,
            range: 0..record.letters.len() as u64,
            is_reverse: false,
        };
        Ok(Some(Sequence::holding(stretch, record.letters)))
    }
}

impl Drop for Records {
    fn drop(&mut self) {
        let records = self
            .records
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if self.n_forks != n_forks() {
            // Its threads are those of another process: nobody here can wait for them.
            std::mem::forget(records);
        }
    }
}
