//! The allocator of libraries that are loaded into programs of others: that of the system, with a reserve.

use std::alloc::{GlobalAlloc, Layout, System};

use crate::memory::{ask, is_asked_for};
use crate::reserve;

/// Gives memory of the system and, where there is none for what was not asked for, that of the reserve.
#[derive(Debug)]
pub struct OrReserve;

/// Keeps a reserve from here on.
pub fn keep_reserve() {
    reserve::want();
    // Without memory for one, what asks for some is given none, until there is.
    let _ = ask(|| Ok(()));
}

#[expect(unsafe_code, reason = "an allocator")]
// SAFETY: it gives what the allocator of the system gives, for the same arguments.
unsafe impl GlobalAlloc for OrReserve {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are those that are asked for.
        given(|| unsafe { System.alloc(layout) })
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        given(|| unsafe { System.alloc_zeroed(layout) })
    }

    unsafe fn realloc(&self, old: *mut u8, layout: Layout, len: usize) -> *mut u8 {
        // SAFETY: as above. What cannot grow is still there, so it can be tried again.
        given(|| unsafe { System.realloc(old, layout, len) })
    }

    unsafe fn dealloc(&self, old: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(old, layout) }
    }
}

fn given(give: impl Fn() -> *mut u8) -> *mut u8 {
    let memory = give();
    if memory.is_null() && !is_asked_for() {
        return without_reserve(give);
    }
    memory
}

#[cold]
fn without_reserve(give: impl Fn() -> *mut u8) -> *mut u8 {
    reserve::let_go();
    give()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::ptr;

    #[test]
    fn what_is_not_there_is_tried_once_more() {
        let n_tries = Cell::new(0);
        let give = |from| {
            n_tries.set(n_tries.get() + 1);
            if n_tries.get() < from {
                ptr::null_mut()
            } else {
                ptr::dangling_mut()
            }
        };
        assert!(!given(|| give(1)).is_null() && n_tries.get() == 1);
        n_tries.set(0);
        assert!(!given(|| give(2)).is_null() && n_tries.get() == 2);
        n_tries.set(0);
        assert!(given(|| give(3)).is_null() && n_tries.get() == 2);
    }
}
