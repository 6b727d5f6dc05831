//! Threads, as many as the system gives.
//!
//! Containers, batch systems and `ulimit -u` bound the threads of a program. One that cannot be started is done without: fewer
//! threads give the same bytes.

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

/// Does `work` on up to `n_threads` threads, of which the calling one is the first, and gives what each came back with: an error
/// from one that panicked.
pub(crate) fn on_threads<T: Send>(n_threads: usize, work: impl Fn() -> T + Sync) -> Vec<thread::Result<T>> {
    let catch = || std::panic::catch_unwind(std::panic::AssertUnwindSafe(&work));
    thread::scope(|scope| {
        let start = |_| thread::Builder::new().spawn_scoped(scope, catch).ok();
        let helpers: Vec<_> = (1..n_threads).map_while(start).collect();
        let first = catch();
        let others = helpers
            .into_iter()
            .map(|helper| helper.join().and_then(|done| done));
        [first].into_iter().chain(others).collect()
    })
}

/// How many of `wanted` threads can be there at once. They are started to see it, and ended.
///
/// For work that has to be divided before the first thread begins.
pub(crate) fn n_startable(wanted: usize) -> usize {
    let (release, wait) = crossbeam_channel::bounded::<()>(0);
    thread::scope(|scope| {
        let start = |_| {
            let wait = wait.clone();
            thread::Builder::new()
                .spawn_scoped(scope, move || wait.recv().is_ok())
                .ok()
        };
        let n_started = (0..wanted).map_while(start).count();
        drop(release);
        n_started
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn the_calling_thread_works_and_a_panic_is_an_error() {
        let caller = thread::current().id();
        let alone = on_threads(1, || thread::current().id());
        assert_eq!(
            alone.into_iter().map(Result::unwrap).collect::<Vec<_>>(),
            [caller]
        );
        let next = AtomicUsize::new(0);
        let done = on_threads(3, || {
            assert_ne!(next.fetch_add(1, Ordering::Relaxed), 1, "made for a test")
        });
        assert_eq!(
            (done.len(), done.iter().filter(|done| done.is_err()).count()),
            (3, 1)
        );
    }

    #[test]
    fn threads_are_there_at_once_and_not_without_end() {
        assert_eq!(n_startable(3), 3);
        let most = capped(NonZeroUsize::MAX).get();
        assert_eq!(most, MAX_PER_CORE * n_cores().get());
        assert_eq!(capped(NonZeroUsize::MIN), NonZeroUsize::MIN);
    }
}
