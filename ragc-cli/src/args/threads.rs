//! How many threads.

use std::num::NonZeroUsize;

use ragc_core::internals::threads;

/// Number of threads of a command that prints sequences.
#[derive(Debug, clap::Args)]
pub(crate) struct ThreadArgs {
    /// Threads that decode ahead of the output, 8 per core at most [default: one per core]
    #[arg(short = 't', long, value_name = "N")]
    threads: Option<NonZeroUsize>,
}

impl ThreadArgs {
    /// Number of threads to use.
    pub(crate) fn n_threads(&self) -> NonZeroUsize {
        n_threads(self.threads)
    }
}

/// The number that was asked for, as far as it makes sense, or one thread per core.
pub(crate) fn n_threads(asked: Option<NonZeroUsize>) -> NonZeroUsize {
    asked.map_or_else(threads::n_cores, threads::capped)
}
