//! The same work for many things, on several threads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::Result;
use crate::memory;
use crate::threads::start::alike;

/// Does `work` for each number below `n` on threads of this name and gives the answers in order; `None` where it panicked.
///
/// # Errors
/// `NoMemory`, if there is none for so many answers.
pub fn map<T: Send>(
    name: &str,
    n: usize,
    n_threads: usize,
    work: impl Fn(usize) -> T + Sync,
) -> Result<Vec<Option<T>>> {
    let next = AtomicUsize::new(0);
    let work_off = || {
        let mut answers = Vec::new();
        loop {
            let i = next.fetch_add(1, Ordering::Relaxed);
            if i >= n {
                return Ok(answers);
            }
            memory::grow(&mut answers, 1)?;
            answers.push((i, catch_unwind(AssertUnwindSafe(|| work(i))).ok()));
        }
    };
    let mut ordered: Vec<Option<T>> = memory::collected((0..n).map(|_| None))?;
    // What a thread took with it stays without an answer.
    let answers = alike(name, n_threads.min(n), work_off).into_iter().flatten();
    for answers in answers {
        for (i, answer) in answers? {
            ordered[i] = answer;
        }
    }
    Ok(ordered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deadline::in_time;

    #[test]
    fn answers_come_in_order_and_a_panic_is_none() {
        in_time("the threads end", || {
            for n_threads in [1, 3] {
                let answers = map("test", 100, n_threads, |i| {
                    assert_ne!(i, 7, "made for a test");
                    i * i
                });
                let expected: Vec<Option<usize>> = (0..100).map(|i| (i != 7).then_some(i * i)).collect();
                assert_eq!(answers.unwrap(), expected);
            }
            assert!(map("test", 0, 2, |i| i).unwrap().is_empty());
        });
    }
}
