//! How many threads a function takes.

use std::num::NonZero;
use std::thread::available_parallelism;

use crate::failure::{Failure, Result};

/// More for each core only take memory.
const MOST_OF_A_CORE: usize = 8;

/// As many as the caller wants, within reason; one a core for 0.
pub(crate) fn wanted(n_threads: i32) -> Result<usize> {
    let n_cores = available_parallelism().map_or(1, NonZero::get);
    match usize::try_from(n_threads) {
        Ok(0) => Ok(n_cores),
        Ok(wanted) => Ok(wanted.min(n_cores.saturating_mul(MOST_OF_A_CORE))),
        Err(_) => Err(Failure::argument(format!("there are no {n_threads} threads"))),
    }
}
