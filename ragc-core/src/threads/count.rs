//! How many threads there may be.

use std::num::NonZeroUsize;
use std::sync::OnceLock;
use std::thread;

/// More threads to a core than this only take memory.
const MAX_PER_CORE: usize = 8;

/// Number of cores, asked once: seventeen calls to the system tell it, as many as a small query makes otherwise.
#[must_use]
pub fn n_cores() -> NonZeroUsize {
    static N_CORES: OnceLock<NonZeroUsize> = OnceLock::new();
    *N_CORES.get_or_init(|| thread::available_parallelism().unwrap_or(NonZeroUsize::MIN))
}

/// The number of threads that were asked for, or as many as make sense on this machine.
#[must_use]
pub fn capped(n_threads: NonZeroUsize) -> NonZeroUsize {
    n_threads.min(n_cores().saturating_mul(NonZeroUsize::MIN.saturating_add(MAX_PER_CORE - 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_not_threads_without_end() {
        let most = capped(NonZeroUsize::MAX).get();
        assert_eq!(most, MAX_PER_CORE * n_cores().get());
        assert_eq!(capped(NonZeroUsize::MIN), NonZeroUsize::MIN);
    }
}
