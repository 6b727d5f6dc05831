//! How many threads.

use std::num::NonZeroUsize;

use pyo3::prelude::*;
use ragc_core::internals::threads;

use crate::numbers::whole;

/// How many a caller asks for.
#[derive(Clone, Copy)]
pub(crate) struct Threads(NonZeroUsize);

impl<'py> FromPyObject<'_, 'py> for Threads {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        whole("threads", &given).map(Self)
    }
}

/// The number that was asked for, as far as it makes sense, or one thread per core.
pub(crate) fn n_threads(asked: Option<Threads>) -> usize {
    asked
        .map_or_else(threads::n_cores, |Threads(asked)| threads::capped(asked))
        .get()
}
