//! Locks, channels and threads of what hands work from thread to thread.
//!
//! These modules take them from here and from nowhere else: `models/` compiles the same files with the types of a model checker in
//! this place, which tries the orders in which threads can run.

pub(crate) use crossbeam_channel as channel;
pub(crate) use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, atomic};
pub(crate) use std::thread;
