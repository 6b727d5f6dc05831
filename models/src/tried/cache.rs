//! The cache, in which one thread makes a value and the others wait for it.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::cache::{Cache, KeyTable};
use crate::error::{Error, Result};
use crate::sync::{n_held, thread};

/// A cache whose keys are of one kind.
type OneKind = Cache<KeyTable<u32, u32>>;

const N_THREADS: usize = 3;
const LARGE: u64 = 1 << 20;

/// Makes a value, and is interrupted in it.
fn load(value: u32) -> Result<(u32, u64)> {
    assert_eq!(n_held(), 0, "no lock is held");
    shuttle::thread::yield_now();
    Ok((value, 1))
}

/// Threads that want one value make it once.
pub fn one_makes_it_and_the_others_wait() {
    let cache = OneKind::new(LARGE);
    let n_loads = AtomicUsize::new(0);
    let get = || {
        let count_and_load = || {
            n_loads.fetch_add(1, Ordering::SeqCst);
            load(7)
        };
        assert_eq!(cache.get_or_load(1, count_and_load).unwrap(), 7);
    };
    thread::scope(|scope| {
        for _ in 0..N_THREADS {
            scope.spawn(get);
        }
    });
    assert_eq!(n_loads.into_inner(), 1);
}

/// The first of so many makings fails: each is the failure of the thread that has made it, and the next one tries. What one brings
/// is kept, and of nothing but failures nothing is left.
fn some_fail(n_failing: usize, fail: fn() -> Result<(u32, u64)>) {
    let cache = OneKind::new(LARGE);
    let (n_loads, n_failed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let get = || {
        let fail_or_load = || match n_loads.fetch_add(1, Ordering::SeqCst) < n_failing {
            true => load(0).and_then(|_| fail()),
            false => load(7),
        };
        match catch_unwind(AssertUnwindSafe(|| cache.get_or_load(1, fail_or_load))) {
            Ok(Ok(value)) => assert_eq!(value, 7),
            _ => drop(n_failed.fetch_add(1, Ordering::SeqCst)),
        }
    };
    thread::scope(|scope| {
        for _ in 0..N_THREADS {
            scope.spawn(get);
        }
    });
    let all_failed = n_failing == N_THREADS;
    assert_eq!(n_failed.into_inner(), n_failing);
    assert_eq!(n_loads.into_inner(), n_failing + usize::from(!all_failed));
    assert_eq!(cache.get(1), (!all_failed).then_some(7));
    assert_eq!(cache.get_or_load(1, || load(7)).unwrap(), 7);
    assert_eq!(cache.get(1), Some(7));
}

fn error() -> Result<(u32, u64)> {
    Err(Error::corrupt("made for a model"))
}

/// An error wakes those who wait.
pub fn an_error_lets_the_next_one_try() {
    some_fail(1, error);
}

/// And so do several.
pub fn errors_leave_nothing() {
    some_fail(N_THREADS, error);
}

/// So does a panic.
pub fn a_panic_lets_the_next_one_try() {
    some_fail(2, || resume_unwind(Box::new(())));
}

/// Threads push out what others have made, and all get what they want.
pub fn values_that_leave_are_made_again() {
    let cache = OneKind::new(0);
    let (first, second) = ([1, 2, 1], [2, 1, 3]);
    let get = |keys: [u32; 3]| {
        for key in keys {
            assert_eq!(cache.get_or_load(key, || load(key)).unwrap(), key);
        }
    };
    thread::scope(|scope| {
        scope.spawn(|| get(first));
        scope.spawn(|| get(second));
    });
    cache.get_or_load(4, || load(4)).unwrap();
    assert_eq!(
        [1, 2, 3, 4].map(|key| cache.get(key)),
        [None, None, None, Some(4)]
    );
}
