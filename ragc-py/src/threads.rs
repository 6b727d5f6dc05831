//! How many threads.

use std::num::NonZeroUsize;

use ragc_core::internals::threads;

/// The number that was asked for, as far as it makes sense, or one thread per core.
pub(crate) fn n_threads(asked: Option<NonZeroUsize>) -> usize {
    asked.map_or_else(threads::n_cores, threads::capped).get()
}
