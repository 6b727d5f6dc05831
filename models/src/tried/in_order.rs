//! Tasks that are done on several threads and put out in their order.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::{Error, ErrorKind, Result};
use crate::sync::n_held;
use crate::threads::in_order::in_order;

const N_THREADS: usize = 3;
const N_TASKS: usize = 6;

/// Does all tasks, each with `work`; tells what was put out.
fn done(work: fn(usize) -> Result<()>, take: fn(usize) -> Result<()>) -> (Result<()>, Vec<usize>) {
    let (n_begun, n_out) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let mut out = Vec::new();
    let mut tasks = 0..N_TASKS;
    let work = |task: &usize, ()| {
        assert_eq!(n_held(), 0, "no lock is held");
        let n_begun = n_begun.fetch_add(1, Ordering::SeqCst) + 1;
        assert!(n_begun <= n_out.load(Ordering::SeqCst) + N_THREADS);
        shuttle::thread::yield_now();
        work(*task)
    };
    let mut put_out = |task: &usize, (): &mut ()| {
        assert_eq!(n_held(), 0, "no lock is held");
        shuttle::thread::yield_now();
        take(*task)?;
        out.push(*task);
        n_out.fetch_add(1, Ordering::SeqCst);
        Ok(())
    };
    let mut next = || Ok(tasks.next().map(|task| (1, task)));
    let end = in_order("model", N_THREADS, 1, &mut next, &work, &mut put_out);
    (end, out)
}

fn fine(_task: usize) -> Result<()> {
    Ok(())
}

fn fail(task: usize) -> Result<()> {
    match task {
        4 => Err(Error::corrupt("made for a model")),
        _ => Ok(()),
    }
}

fn panic(task: usize) -> Result<()> {
    match task {
        4 => resume_unwind(Box::new("made for a model")),
        _ => Ok(()),
    }
}

/// All tasks come out, and no more wait than there may.
pub fn all_come_out_in_order() {
    let (end, out) = done(fine, fine);
    end.unwrap();
    assert_eq!(out, Vec::from_iter(0..N_TASKS));
}

/// An error comes in the place of its task.
pub fn an_error_ends_it() {
    let (end, out) = done(fail, fine);
    assert!(matches!(end.unwrap_err().kind(), ErrorKind::Corrupt(_)));
    assert_eq!(out, [0, 1, 2, 3]);
}

/// So does a thread that is lost.
pub fn a_panic_is_a_lost_worker() {
    let (end, out) = done(panic, fine);
    assert_eq!(*end.unwrap_err().kind(), ErrorKind::WorkerLost);
    assert_eq!(out, [0, 1, 2, 3]);
}

/// What takes the tasks can fail, and then no thread waits for room.
pub fn an_error_of_the_output_ends_it() {
    let (end, out) = done(fine, fail);
    assert!(matches!(end.unwrap_err().kind(), ErrorKind::Corrupt(_)));
    assert_eq!(out, [0, 1, 2, 3]);
}

/// Its panic is the caller's.
pub fn a_panic_of_the_output_is_the_callers() {
    let ended = catch_unwind(AssertUnwindSafe(|| done(fine, panic)));
    assert_eq!(ended.unwrap_err().downcast_ref(), Some(&"made for a model"));
}
