//! Models of what hands work from thread to thread, tried in many orders of the threads by a model checker.
//!
//! The files of `ragc-core` are compiled here as they are; only [`sync`], where they take locks, condition variables, channels and
//! threads from, is another one. A model that does not come to its end (all threads wait) or breaks a promise fails, and its
//! failure is the same each time. [`fault`] plants what the models have to find.
#![allow(
    unreachable_pub,
    dead_code,
    unused_imports,
    reason = "the files have more users in ragc-core"
)]

mod error {
    pub(crate) use ragc_core::{Error, ErrorKind, Result};
}
/// There is always enough here.
mod memory {
    pub(crate) fn is_short() -> bool {
        false
    }
}
#[cfg(test)]
#[path = "../../tests/bench/deadline.rs"]
mod deadline;
mod fault;
mod sync;
mod threads;
pub mod tried;

#[path = "../../ragc-core/src/lock.rs"]
mod lock;

#[path = "../../ragc-core/src/queue.rs"]
mod queue;

#[path = "../../ragc-core/src/flight.rs"]
mod flight;

#[path = "../../ragc-core/src/extract/store/cache.rs"]
mod cache;

pub use fault::{Fault, deadlocks, holds};
