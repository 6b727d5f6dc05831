//! The place of one value, which one thread makes while the others wait.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::flight::Single;
use crate::sync::{n_held, thread};

const N_THREADS: usize = 3;

/// Makes a value, and is interrupted in it.
fn make(value: u32) -> Result<u32, ()> {
    assert_eq!(n_held(), 0, "no lock is held");
    shuttle::thread::yield_now();
    Ok(value)
}

/// Threads that want the value make it once.
pub fn one_makes_a_single_one() {
    let place = Single::default();
    let n_made = AtomicUsize::new(0);
    let get = || {
        let count_and_make = || {
            n_made.fetch_add(1, Ordering::SeqCst);
            make(7)
        };
        assert_eq!(place.get_or_make(count_and_make), Ok(7));
    };
    thread::scope(|scope| {
        for _ in 0..N_THREADS {
            scope.spawn(get);
        }
    });
    assert_eq!(n_made.into_inner(), 1);
}

/// The first makings fail, by an error and by a panic, and the next thread tries; of nothing but failures nothing is left.
fn some_fail(n_failing: usize) {
    let place = Single::default();
    let (n_tried, n_failed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let get = || {
        let fail_or_make = || match n_tried.fetch_add(1, Ordering::SeqCst) {
            0 if n_failing > 0 => make(0).and(Err(())),
            tried if tried < n_failing => resume_unwind(Box::new(())),
            _ => make(7),
        };
        match catch_unwind(AssertUnwindSafe(|| place.get_or_make(fail_or_make))) {
            Ok(Ok(value)) => assert_eq!(value, 7),
            _ => drop(n_failed.fetch_add(1, Ordering::SeqCst)),
        }
    };
    thread::scope(|scope| {
        for _ in 0..N_THREADS {
            scope.spawn(get);
        }
    });
    assert_eq!(n_failed.into_inner(), n_failing);
    assert_eq!(place.is_known(), n_failing < N_THREADS);
}

/// Failures let the next one try.
pub fn the_next_one_makes_it() {
    some_fail(2);
}

/// And so do failures of all.
pub fn failures_leave_nothing() {
    some_fail(N_THREADS);
}

/// A value may be cleared while it is made and wanted: everybody gets one.
pub fn what_is_cleared_is_made_again() {
    let place = Single::default();
    let get = || assert_eq!(place.get_or_make(|| make(7)), Ok(7));
    thread::scope(|scope| {
        scope.spawn(get);
        scope.spawn(get);
        scope.spawn(|| place.clear());
    });
    get();
    assert!(place.is_known());
}
