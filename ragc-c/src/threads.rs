//! How many threads a function takes.

use std::num::NonZero;

use ragc_core::internals::threads::{capped, n_cores};

use crate::failure::{Failure, Result};

/// As many as the caller wants, within reason; one a core for 0.
pub(crate) fn wanted(n_threads: i32) -> Result<usize> {
    match usize::try_from(n_threads) {
        Ok(wanted) => Ok(NonZero::new(wanted).map_or_else(n_cores, capped).get()),
        Err(_) => Err(Failure::argument(format!("there are no {n_threads} threads"))),
    }
}
