//! The files that are to be gone at the end, whatever ends the program: unfinished ones that have a name, and locks.
//!
//! A signal runs no destructors. A program that waits for signals calls [`remove_all`] before it ends.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// All unfinished files of the program that have a name.
static LISTED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Waits for whoever makes or removes one of them.
pub(super) fn listed() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    LISTED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An entry in the list.
#[derive(Debug)]
pub(super) struct ListEntry(PathBuf);

impl ListEntry {
    /// Lists a file.
    pub(super) fn among(listed: &mut BTreeSet<PathBuf>, path: &Path) -> Self {
        listed.insert(path.to_path_buf());
        Self(path.to_path_buf())
    }
}

impl Drop for ListEntry {
    fn drop(&mut self) {
        listed().remove(&self.0);
    }
}

/// Removes all unfinished files; none can be made afterwards, so the program is to end.
pub fn remove_all() {
    let listed = listed();
    for path in listed.iter() {
        // Gone, or not to be removed: there is nobody left to tell.
        let _ = fs::remove_file(path);
    }
    std::mem::forget(listed);
}
