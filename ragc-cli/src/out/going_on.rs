//! The change of an archive's file that is going on, which a signal has to find.

use std::sync::{Mutex, MutexGuard, PoisonError};

use ragc_core::in_place::Change;

/// The change that is going on.
static CHANGE: Mutex<Option<Change>> = Mutex::new(None);

/// Waits for whoever begins, writes or ends it.
pub(super) fn change() -> MutexGuard<'static, Option<Change>> {
    CHANGE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Cuts the file back that is being changed; nothing can be written to it afterwards.
pub(super) fn cut_back() {
    let mut change = change();
    drop(change.take());
    std::mem::forget(change);
}
