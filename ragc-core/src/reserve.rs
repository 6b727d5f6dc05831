//! Memory that is kept for what is not asked for, where a library must not end the program that it is in.
//!
//! Names, messages and what threads need are small and many, and an allocation that fails and was not asked for ends the process. Whoever
//! wants a reserve has `allocator.rs`, which lets it go when that would happen. What is asked for is not given from there on, until the reserve
//! is whole again: so that it lasts until the error is told.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

#[cfg(unix)]
use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous, munmap};

/// Bytes: more than an allocator asks the system for at once. Nobody writes to them, so that they take addresses only.
const LEN: usize = 2 << 20;

/// Nobody wants a reserve: the program has an allocator of its own.
const UNWANTED: u8 = 0;
const MISSING: u8 = 1;
const KEPT: u8 = 2;

static STATE: AtomicU8 = AtomicU8::new(UNWANTED);
static RESERVE: Mutex<Option<Pages>> = Mutex::new(None);

/// From here on there is to be one.
pub(crate) fn want() {
    // Whether there is one already does not matter.
    let _ = STATE.compare_exchange(UNWANTED, MISSING, Ordering::Relaxed, Ordering::Relaxed);
}

/// Makes it whole, if one is wanted; tells whether it is. To be called as what asks for memory.
pub(crate) fn refill() -> bool {
    if STATE.load(Ordering::Relaxed) != MISSING {
        return true;
    }
    let mut reserve = locked();
    if reserve.is_none() {
        *reserve = Pages::new();
    }
    if reserve.is_some() {
        STATE.store(KEPT, Ordering::Relaxed);
    }
    reserve.is_some()
}

/// Whether it could be had once more: what libraries below this one allocate for a thread ends the process where it cannot be had.
pub(crate) fn is_there_more() -> bool {
    STATE.load(Ordering::Relaxed) == UNWANTED || Pages::new().is_some()
}

/// Lets it go. Who comes second waits until it has gone.
pub(crate) fn let_go() {
    let mut reserve = locked();
    if reserve.take().is_some() {
        STATE.store(MISSING, Ordering::Relaxed);
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

fn locked() -> MutexGuard<'static, Option<Pages>> {
    RESERVE.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_let_go_is_asked_for_again() {
        let is_kept = || locked().is_some();
        assert!(refill() && !is_kept(), "nobody wants it");
        want();
        assert!(refill() && is_kept());
        let_go();
        let_go();
        assert!(!is_kept());
        assert!(refill() && is_kept());
    }
}
