//! Memory that is kept for what is not asked for, where a library must not end the program that it is in.
//!
//! Names, messages and what threads need are small and many, and an allocation that fails and was not asked for ends the process. Whoever
//! wants a reserve has `allocator.rs`, which lets it go when that would happen. What is asked for is not given from there on, until the reserve
//! is whole again: so that it lasts until the error is told.
//!
//! What is let go goes to whoever comes first, in this library or another, and need not reach who lacked it: behind it is spare memory of our own.

use std::alloc::Layout;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

#[cfg(unix)]
use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous, munmap};

use crate::spare::Spare;

/// Bytes: more than an allocator asks the system for at once. Nobody writes to them, so that they take addresses only.
const LEN: usize = 2 << 20;

/// Nobody wants a reserve: the program has an allocator of its own.
const UNWANTED: u8 = 0;
const MISSING: u8 = 1;
const KEPT: u8 = 2;

/// That of this library.
pub(crate) static RESERVE: Reserve = Reserve::new();

/// Pages that the system is given back, and behind them spare memory, which nobody else can take.
pub(crate) struct Reserve {
    state: AtomicU8,
    pages: Mutex<Option<Pages>>,
    spare: Spare,
}

impl Reserve {
    pub(crate) const fn new() -> Self {
        Self {
            state: AtomicU8::new(UNWANTED),
            pages: Mutex::new(None),
            spare: Spare::new(),
        }
    }

    /// From here on there is to be one.
    pub(crate) fn want(&self) {
        // Whether there is one already does not matter.
        let _ = self
            .state
            .compare_exchange(UNWANTED, MISSING, Ordering::Relaxed, Ordering::Relaxed);
    }

    /// Makes it whole, if one is wanted; tells whether it is. To be called as what asks for memory.
    pub(crate) fn refill(&self) -> bool {
        if self.state.load(Ordering::Relaxed) != MISSING {
            return true;
        }
        let mut pages = self.locked();
        if pages.is_none() && self.spare.is_whole() {
            *pages = Pages::new();
        }
        if pages.is_some() {
            self.state.store(KEPT, Ordering::Relaxed);
        }
        pages.is_some()
    }

    /// Whether it could be had once more: what the standard library and that of C allocate for a thread ends the process where it cannot be had,
    /// with words of their own, and passes by every allocator of ours.
    pub(crate) fn is_there_more() -> bool {
        Pages::new().is_some()
    }

    /// Lets the pages go. Who comes second waits until they have gone.
    pub(crate) fn let_go(&self) {
        let mut pages = self.locked();
        if pages.take().is_some() {
            self.state.store(MISSING, Ordering::Relaxed);
        }
    }

    /// Spare memory, which is zero, or null. From here on nothing that is asked for is given until it is back.
    pub(crate) fn take(&self, layout: Layout) -> *mut u8 {
        let memory = self.spare.take(layout);
        // Another thread that asks may have made the reserve whole, with the pages that were let go.
        self.let_go();
        memory
    }

    /// Whether this is spare memory.
    pub(crate) fn has(&self, memory: *mut u8) -> bool {
        self.spare.has(memory)
    }

    /// Takes spare memory back.
    #[expect(unsafe_code, reason = "memory that is given away")]
    ///
    /// # Safety
    /// `take` has given it for this layout, and nobody uses it any more.
    pub(crate) unsafe fn give_back(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the caller promises it.
        unsafe { self.spare.give_back(memory, layout) }
    }

    fn locked(&self) -> MutexGuard<'_, Option<Pages>> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(not(unix))]
struct Pages(#[allow(dead_code, reason = "it is only there")] Vec<u8>);

#[cfg(not(unix))]
impl Pages {
    fn new() -> Option<Self> {
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(LEN).ok()?;
        Some(Self(bytes))
    }
}

/// Pages of the system: an allocator may keep for a thread what it is given back, and give others none of it.
#[cfg(unix)]
struct Pages(*mut std::ffi::c_void);

#[cfg(unix)]
#[expect(unsafe_code, reason = "pages of the system")]
// SAFETY: they belong to no thread.
unsafe impl Send for Pages {}

#[cfg(unix)]
impl Pages {
    fn new() -> Option<Self> {
        let protection = ProtFlags::READ | ProtFlags::WRITE;
        #[expect(unsafe_code, reason = "pages of the system")]
        // SAFETY: they are put where nothing is.
        let pages = unsafe { mmap_anonymous(std::ptr::null_mut(), LEN, protection, MapFlags::PRIVATE) };
        pages.ok().map(Self)
    }
}

#[cfg(unix)]
impl Drop for Pages {
    fn drop(&mut self) {
        #[expect(unsafe_code, reason = "pages of the system")]
        // SAFETY: they were given for this, and nobody else knows of them. If they stay, nothing is gained, and nothing lost.
        let _ = unsafe { munmap(self.0, LEN) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_let_go_is_asked_for_again() {
        let reserve = Box::new(Reserve::new());
        let is_kept = || reserve.locked().is_some();
        assert!(reserve.refill() && !is_kept(), "nobody wants it");
        reserve.want();
        assert!(reserve.refill() && is_kept());
        reserve.let_go();
        reserve.let_go();
        assert!(!is_kept());
        assert!(reserve.refill() && is_kept());
    }

    #[test]
    #[expect(unsafe_code, reason = "memory that was given")]
    fn until_the_spare_memory_is_back_nothing_is_given_to_who_asks() {
        let reserve = Box::new(Reserve::new());
        reserve.want();
        assert!(reserve.refill());
        let layout = Layout::new::<[u64; 3]>();
        let given = [(); 2].map(|()| reserve.take(layout));
        for memory in given {
            assert!(reserve.has(memory) && !reserve.refill());
            // SAFETY: it was given for this layout, and this is all that is done with it.
            unsafe { reserve.give_back(memory, layout) };
        }
        assert!(reserve.refill());
    }
}
