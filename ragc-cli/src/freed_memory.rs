//! What becomes of memory that is free: given back to the system while archives are made, kept while they are read.
//!
//! Making: segments, deltas and frames of all sizes come and go on several threads, and glibc keeps what is free between
//! those that stay, a fifth of the peak of a hundred yeast genomes. It also begins to take large blocks from between the small ones
//! once it has seen some freed; told to get them from the system as at first, it needs less in the same time
//! (docs/measurements.md, "Details of making archives").
//!
//! Reading: packs and references come and go, and are small together. What is given back is cleared by the system when it
//! is needed again: kept, it saves time for little memory (docs/measurements.md, "Details of reading").
//!
//! mimalloc, which static programs have, keeps what is free for some milliseconds before it gives it back; making takes twice the memory so
//! (docs/measurements.md, "Static programs"). Other allocators have no such calls.

use std::sync::atomic::{AtomicU64, Ordering};

pub(crate) use allocator::keep;

/// Rounds between two times. They have a few megabases each, after the first.
const INTERVAL: u64 = 4;

/// Counts the rounds of a run and gives free memory back from time to time: at the end of a round the least is in use.
#[derive(Debug)]
pub(crate) struct FreedMemory {
    n_rounds: AtomicU64,
}

impl FreedMemory {
    /// No round yet.
    pub(crate) fn new() -> Self {
        allocator::give_back_at_once();
        Self {
            n_rounds: AtomicU64::new(0),
        }
    }

    /// A round has come to its end.
    pub(crate) fn round_placed(&self) {
        if self
            .n_rounds
            .fetch_add(1, Ordering::Relaxed)
            .is_multiple_of(INTERVAL)
        {
            allocator::give_back();
        }
    }
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "calls into the C library")]
mod allocator {
    use libc::c_int;

    /// Bytes from which on a block comes from the system and goes back there: what glibc begins with.
    const LARGE_BLOCK: c_int = 1 << 17;
    /// The same while an archive is read: the largest that glibc takes.
    const LARGEST_BLOCK: c_int = 1 << 25;
    /// What is got from the system at a time while an archive is read.
    const STEP: c_int = 1 << 21;
    /// What may be free then and is kept.
    const KEPT: c_int = 1 << 26;

    /// Keeps memory that is free, for a command that reads.
    pub(crate) fn keep() {
        set(libc::M_TOP_PAD, STEP);
        set(libc::M_TRIM_THRESHOLD, KEPT);
        set(libc::M_MMAP_THRESHOLD, LARGEST_BLOCK);
    }

    pub(super) fn give_back_at_once() {
        set(libc::M_MMAP_THRESHOLD, LARGE_BLOCK);
    }

    pub(super) fn give_back() {
        // SAFETY: it may be called at any time on any thread, and touches only memory that is free.
        unsafe {
            libc::malloc_trim(0);
        }
    }

    fn set(parameter: c_int, value: c_int) {
        // SAFETY: it may be called at any time on any thread, and changes only where blocks come from that are asked for later.
        unsafe {
            libc::mallopt(parameter, value);
        }
    }
}

#[cfg(target_env = "musl")]
#[expect(unsafe_code, reason = "a call into mimalloc")]
mod allocator {
    use libmimalloc_sys::{mi_option_set, mi_option_t};

    /// Milliseconds that what is free is kept (`mi_option_purge_delay` of `mimalloc.h`).
    const PURGE_DELAY: mi_option_t = 15;

    pub(crate) fn keep() {}

    pub(super) fn give_back_at_once() {
        // SAFETY: it may be called at any time on any thread, and changes only when memory goes back that becomes free later.
        unsafe {
            mi_option_set(PURGE_DELAY, 0);
        }
    }

    pub(super) fn give_back() {}
}

/// Allocators that cannot be told.
#[cfg(not(any(all(target_os = "linux", target_env = "gnu"), target_env = "musl")))]
mod allocator {
    pub(crate) fn keep() {}

    pub(super) fn give_back_at_once() {}

    pub(super) fn give_back() {}
}
