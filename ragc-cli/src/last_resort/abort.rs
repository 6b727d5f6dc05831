//! The end of a process that aborts: with status 1, and without the file of its lock.
//!
//! A handler of a signal may call next to nothing: it reads a pointer, removes one file, and ends the process.

use std::ffi::{CString, c_char};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use signal_hook::consts::SIGABRT;
use signal_hook::low_level;

/// The path of the file that is removed, or null.
static REMOVED: AtomicPtr<c_char> = AtomicPtr::new(ptr::null_mut());

/// Makes an abort a failure as any other.
pub(super) fn prepare() {
    #[expect(unsafe_code, reason = "a handler of a signal")]
    // SAFETY: the handler calls what may be called there, and neither allocates nor panics.
    // Without it the status is another one, which is all that is lost if it cannot be set.
    let _ = unsafe { low_level::register(SIGABRT, end) };
}

/// From here on an abort removes this file; with `None` no file. A process has one lock at most.
pub(crate) fn remove_on_abort(path: Option<&Path>) {
    let path = path.and_then(|path| CString::new(path.as_os_str().as_bytes()).ok());
    // The handler may be reading the one before, so that is never freed: a process makes one or two.
    REMOVED.store(path.map_or(ptr::null_mut(), CString::into_raw), Ordering::SeqCst);
}

fn end() {
    let path = REMOVED.load(Ordering::SeqCst);
    if !path.is_null() {
        #[expect(unsafe_code, reason = "a call into the C library")]
        // SAFETY: it came from a `CString`, which is never freed.
        unsafe {
            libc::unlink(path);
        }
    }
    low_level::exit(1)
}
