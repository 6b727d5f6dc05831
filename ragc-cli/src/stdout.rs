//! Whether there was a standard output when the program was started.
//!
//! The runtime of Rust opens `/dev/null` in place of one that is closed (`>&-`), before `main` and so that nobody can tell: what is written
//! would be lost, and the status 0. So the loader is asked to have it looked at earlier.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::io::{Errno, FdFlags, fcntl_setfd};

static WAS_CLOSED: AtomicBool = AtomicBool::new(false);

/// What the loader calls before the runtime begins.
#[used]
#[cfg_attr(
    target_vendor = "apple",
    expect(unsafe_code, reason = "a section of the loader"),
    unsafe(link_section = "__DATA,__mod_init_func")
)]
#[cfg_attr(
    not(target_vendor = "apple"),
    expect(unsafe_code, reason = "a section of the loader"),
    unsafe(link_section = ".init_array")
)]
static LOOK: extern "C" fn() = look;

extern "C" fn look() {
    #[expect(unsafe_code, reason = "a call into the C library")]
    // SAFETY: it asks for a flag, whatever the descriptor is, and needs nothing of the runtime.
    let flags = unsafe { libc::fcntl(libc::STDOUT_FILENO, libc::F_GETFD) };
    WAS_CLOSED.store(flags == -1, Ordering::Relaxed);
}

/// Fails as a write to it would.
///
/// # Errors
/// That it was closed.
pub(crate) fn check() -> io::Result<()> {
    match WAS_CLOSED.load(Ordering::Relaxed) {
        true => Err(Errno::BADF.into()),
        false => Ok(()),
    }
}

/// Has the program that takes the place of this one find it closed, too.
pub(crate) fn hand_over() {
    if check().is_err() {
        // If it cannot be, the other one writes to `/dev/null`.
        let _ = fcntl_setfd(io::stdout(), FdFlags::CLOEXEC);
    }
}
