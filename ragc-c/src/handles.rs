//! What is open, by handles.
//!
//! A handle is a number that never comes twice, dressed as a pointer. So a second close, and any use of a closed handle, is told; and what
//! is closed while other threads work with it goes when they are done.

use std::collections::BTreeMap;
use std::ptr;
use std::sync::{Arc, PoisonError, RwLock};

use ragc_core::Archive;

use crate::failure::{Failure, Result};

/// Between two handles. Pointers to what C has allocated are multiples of this, so there are programs that use the bits below.
const STEP: usize = 16;

/// All open archives, of `agc_open` and of `ragc_open`.
pub(crate) static ARCHIVES: Handles<Archive> = Handles::new("archive");

/// Open things of one kind.
pub(crate) struct Handles<T> {
    what: &'static str,
    open: RwLock<Open<T>>,
}

struct Open<T> {
    last: usize,
    by_number: BTreeMap<usize, Arc<T>>,
}

impl<T> Handles<T> {
    pub(crate) const fn new(what: &'static str) -> Self {
        let open = Open {
            last: 0,
            by_number: BTreeMap::new(),
        };
        Self {
            what,
            open: RwLock::new(open),
        }
    }

    /// A handle for this.
    pub(crate) fn insert<H>(&self, value: T) -> *mut H {
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        open.last += STEP;
        let number = open.last;
        open.by_number.insert(number, Arc::new(value));
        ptr::without_provenance_mut(number)
    }

    /// What has this handle.
    pub(crate) fn get<H>(&self, handle: *const H) -> Result<Arc<T>> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        let found = open.by_number.get(&handle.addr()).cloned();
        found.ok_or_else(|| self.none(handle))
    }

    /// Closes it. It ends when nobody works with it any more.
    pub(crate) fn remove<H>(&self, handle: *const H) -> Result<()> {
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        let removed = open.by_number.remove(&handle.addr());
        // The lock is free before that ends, which may take a while.
        drop(open);
        removed.map(drop).ok_or_else(|| self.none(handle))
    }

    fn none<H>(&self, handle: *const H) -> Failure {
        let what = self.what;
        Failure::argument(match handle.is_null() {
            true => format!("the handle of the {what} is NULL"),
            false => format!("the {what} was closed, or never opened"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_handle_is_never_another_one() {
        let handles = Handles::new("thing");
        let one: *mut u8 = handles.insert("one");
        let used = handles.get(one).unwrap();
        handles.remove(one).unwrap();
        let other: *mut u8 = handles.insert("other");
        assert!(one != other && handles.get(one).is_err() && handles.remove(one).is_err());
        assert_eq!((*used, *handles.get(other).unwrap()), ("one", "other"));
        assert!(handles.get(ptr::null::<u8>()).is_err());
        assert!(handles.get(other.wrapping_add(1)).is_err());
    }
}
