//! Locks that outlive a panic.

use crate::sync::{Mutex, MutexGuard, PoisonError};

/// Takes a lock whose holder may have panicked: for what is valid after every step, so that a thread that panicked does no
/// harm to it.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
