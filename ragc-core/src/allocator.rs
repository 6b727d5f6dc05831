//! The allocator of libraries that are loaded into programs of others: that of the system, with a reserve.

use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr;

use crate::memory::{ask, is_asked_for};
use crate::reserve::{RESERVE, Reserve};

/// Gives memory of the system and, where there is none for what was not asked for, that of the reserve.
pub struct OrReserve<S = System> {
    system: S,
    reserve: &'static Reserve,
}

impl OrReserve {
    /// That with the reserve of this library.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            system: System,
            reserve: &RESERVE,
        }
    }
}

impl Default for OrReserve {
    fn default() -> Self {
        Self::new()
    }
}

/// Keeps a reserve from here on.
pub fn keep_reserve() {
    RESERVE.want();
    // Without memory for one, what asks for some is given none, until there is.
    let _ = ask(|| Ok(()));
}

#[expect(unsafe_code, reason = "an allocator")]
// SAFETY: it gives what the allocator of the system gives, or spare memory, for the same arguments, and each is given back what it gave.
unsafe impl<S: GlobalAlloc> GlobalAlloc for OrReserve<S> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are those that are asked for.
        self.given(layout, || unsafe { self.system.alloc(layout) })
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above. What is spare is zero.
        self.given(layout, || unsafe { self.system.alloc_zeroed(layout) })
    }

    unsafe fn realloc(&self, old: *mut u8, layout: Layout, len: usize) -> *mut u8 {
        // SAFETY: the caller promises that so many bytes are a layout.
        let new = unsafe { Layout::from_size_align_unchecked(len, layout.align()) };
        let memory = match self.reserve.has(old) {
            // SAFETY: as above.
            true => unsafe { self.alloc(new) },
            // SAFETY: as above. What cannot grow is still there, so it can be tried again.
            false => self.given(new, || unsafe { self.system.realloc(old, layout, len) }),
        };
        if !memory.is_null() && (self.reserve.has(old) || self.reserve.has(memory)) {
            // SAFETY: it is another place with room for that, and the caller has no use for the old one now.
            unsafe {
                ptr::copy_nonoverlapping(old, memory, len.min(layout.size()));
                self.dealloc(old, layout);
            }
        }
        memory
    }

    unsafe fn dealloc(&self, old: *mut u8, layout: Layout) {
        // SAFETY: as above. What is spare memory the reserve has given.
        unsafe {
            match self.reserve.has(old) {
                true => self.reserve.give_back(old, layout),
                false => self.system.dealloc(old, layout),
            }
        }
    }
}

impl<S> OrReserve<S> {
    fn given(&self, layout: Layout, give: impl Fn() -> *mut u8) -> *mut u8 {
        let memory = give();
        if memory.is_null() && !is_asked_for() {
            return self.without_system(layout, give);
        }
        memory
    }

    #[cold]
    fn without_system(&self, layout: Layout, give: impl Fn() -> *mut u8) -> *mut u8 {
        self.reserve.let_go();
        let memory = give();
        match memory.is_null() {
            true => self.reserve.take(layout),
            false => memory,
        }
    }
}

#[cfg(test)]
#[expect(unsafe_code, reason = "an allocator is called")]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::slice;

    /// Gives so many times nothing.
    struct Lacking(Cell<usize>);

    impl Lacking {
        fn lacks(&self) -> bool {
            let left = self.0.get();
            self.0.set(left.saturating_sub(1));
            left > 0
        }
    }

    // SAFETY: it gives what the system gives, or nothing.
    unsafe impl GlobalAlloc for Lacking {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            match self.lacks() {
                true => ptr::null_mut(),
                // SAFETY: as it is asked for.
                false => unsafe { System.alloc(layout) },
            }
        }

        unsafe fn dealloc(&self, old: *mut u8, layout: Layout) {
            // SAFETY: as above.
            unsafe { System.dealloc(old, layout) }
        }
    }

    /// An allocator with a reserve of its own, which is leaked.
    fn lacking(n_times: usize) -> OrReserve<Lacking> {
        let reserve = Box::leak(Box::new(Reserve::new()));
        reserve.want();
        assert!(reserve.refill());
        OrReserve {
            system: Lacking(Cell::new(n_times)),
            reserve,
        }
    }

    const LAYOUT: Layout = Layout::new::<[u64; 3]>();
    const ALWAYS: usize = usize::MAX;

    #[test]
    fn what_is_not_there_is_tried_once_more() {
        for (n_times, is_spare) in [(0, false), (1, false), (2, true)] {
            let allocator = lacking(n_times);
            // SAFETY: a layout of some bytes, which are given back.
            unsafe {
                let memory = allocator.alloc(LAYOUT);
                assert!(!memory.is_null());
                assert_eq!(allocator.reserve.has(memory), is_spare);
                allocator.dealloc(memory, LAYOUT);
            }
            assert!(allocator.reserve.refill());
        }
    }

    #[test]
    fn who_asks_gets_nothing_of_the_reserve() {
        let allocator = lacking(ALWAYS);
        ask(|| {
            // SAFETY: a layout of some bytes.
            assert!(unsafe { allocator.alloc(LAYOUT) }.is_null());
            Ok(())
        })
        .unwrap();
        assert_eq!(allocator.system.0.get(), ALWAYS - 1);
    }

    /// As it is where another thread that asks is quicker than the second try.
    #[test]
    fn what_others_take_of_what_was_let_go_is_there_in_spare_memory() {
        let allocator = lacking(ALWAYS);
        let given = allocator.given(LAYOUT, || {
            assert!(allocator.reserve.refill());
            ptr::null_mut()
        });
        assert!(allocator.reserve.has(given));
        assert!(
            !allocator.reserve.refill(),
            "who asks is given nothing until it is back"
        );
        // SAFETY: it was given for this layout.
        unsafe { allocator.dealloc(given, LAYOUT) };
        assert!(allocator.reserve.refill());
    }

    #[test]
    fn what_grows_and_shrinks_keeps_its_bytes_wherever_it_is() {
        let allocator = lacking(0);
        let layout = |len| Layout::from_size_align(len, 8).unwrap();
        let mut len = 16;
        // SAFETY: layouts of some bytes; so many of them are there each time.
        unsafe {
            let mut memory = allocator.alloc_zeroed(layout(len));
            for (n_times, next, is_spare) in [
                (0, 300, false),
                (ALWAYS, 2_000, true),
                (ALWAYS, 700, true),
                (ALWAYS, 4_000, true),
                (0, 5_000, false),
                (ALWAYS, 40, true),
            ] {
                slice::from_raw_parts_mut(memory, len).fill(7);
                allocator.system.0.set(n_times);
                memory = allocator.realloc(memory, layout(len), next);
                assert_eq!(allocator.reserve.has(memory), is_spare, "{next}");
                let kept = slice::from_raw_parts(memory, len.min(next));
                assert!(kept.iter().all(|&byte| byte == 7), "{next}");
                len = next;
            }
            assert!(allocator.realloc(memory, layout(len), 1 << 20).is_null());
            assert!(slice::from_raw_parts(memory, len).iter().all(|&byte| byte == 7));
            allocator.dealloc(memory, layout(len));
        }
        assert!(allocator.reserve.refill());
    }
}
