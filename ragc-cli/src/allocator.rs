//! The allocator of the programs: that of the system, or of static programs mimalloc, because that of musl has one lock for all threads; and
//! the end of a program that it gives nothing.
//!
//! mimalloc is without huge pages (see the features in `Cargo.toml`), with which reading takes several times the memory. docs/measurements.md, "Static programs",
//! compares it with that of glibc.
//!
//! The standard library tells in words of its own, one thread within the words of another, that an allocation has failed. So it never learns that,
//! but where it was asked whether there is memory.

use std::alloc::{GlobalAlloc, Layout};

use ragc_core::internals::memory::is_asked_for;

use crate::last_resort::{be_the_one_to_tell, end_without_memory};

#[cfg(target_env = "musl")]
static GIVING: mimalloc::MiMalloc = mimalloc::MiMalloc;
#[cfg(not(target_env = "musl"))]
static GIVING: std::alloc::System = std::alloc::System;

#[global_allocator]
static ALLOCATOR: OrEnd = OrEnd;

/// Gives memory, or ends the program.
struct OrEnd;

#[expect(unsafe_code, reason = "an allocator")]
// SAFETY: it gives what another allocator gives, for the same arguments.
unsafe impl GlobalAlloc for OrEnd {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are those that are asked for.
        given(unsafe { GIVING.alloc(layout) })
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        given(unsafe { GIVING.alloc_zeroed(layout) })
    }

    unsafe fn realloc(&self, old: *mut u8, layout: Layout, len: usize) -> *mut u8 {
        // SAFETY: as above.
        given(unsafe { GIVING.realloc(old, layout, len) })
    }

    unsafe fn dealloc(&self, old: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { GIVING.dealloc(old, layout) }
    }
}

fn given(memory: *mut u8) -> *mut u8 {
    if memory.is_null() && !is_asked_for() {
        end_once();
    }
    memory
}

/// The first thread tells it, and the others wait for the end.
#[cold]
fn end_once() -> ! {
    be_the_one_to_tell();
    end_without_memory()
}
