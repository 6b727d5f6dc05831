//! The end of a process that aborts: with status 1, and without the file of its lock.
//!
//! A handler of a signal may call next to nothing: it reads a pointer, removes one file, and ends the process.

use std::ffi::{CString, c_char, c_int};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use rustix::fs::{Mode, OFlags};

/// The path of the file that is removed, or null.
static REMOVED: AtomicPtr<c_char> = AtomicPtr::new(ptr::null_mut());

/// Makes an abort a failure as any other. It takes no memory for that: there may be none.
pub(super) fn prepare() {
    let handler: extern "C" fn(c_int) = end;
    #[expect(unsafe_code, reason = "a handler of a signal")]
    // SAFETY: the handler calls what may be called there, and neither allocates nor panics.
    // Without it the status is another one, which is all that is lost if it cannot be set.
    unsafe {
        libc::signal(libc::SIGABRT, handler as libc::sighandler_t);
    }
}

/// A file that an abort is to remove, which takes no more memory when it is there.
pub(crate) struct RemovedOnAbort(Option<CString>);

impl RemovedOnAbort {
    /// The file of this name.
    pub(crate) fn of(path: &Path) -> Self {
        Self(CString::new(path.as_os_str().as_bytes()).ok())
    }

    /// From here on an abort removes it. A process has one lock at most.
    pub(crate) fn begin(self) {
        // The handler may be reading the one before, so that is never freed: a process makes one or two.
        REMOVED.store(
            self.0.map_or(ptr::null_mut(), CString::into_raw),
            Ordering::SeqCst,
        );
    }

    /// From here on no file is removed.
    pub(crate) fn end() {
        REMOVED.store(ptr::null_mut(), Ordering::SeqCst);
    }
}

/// Tells that there is no memory, by one call and without any, and ends as an abort does.
pub(crate) fn end_without_memory() -> ! {
    let _ = rustix::io::write(io::stderr(), b"ragc: error: not enough memory\n");
    fall_silent();
    process::abort()
}

/// What other threads, or the library for C on their behalf, say in the moment that is left is of the same kind, and goes nowhere.
pub(super) fn fall_silent() {
    if let Ok(nowhere) = rustix::fs::open(c"/dev/null", OFlags::WRONLY, Mode::empty()) {
        let _ = rustix::stdio::dup2_stderr(nowhere);
    }
}

extern "C" fn end(_signal: c_int) {
    let path = REMOVED.load(Ordering::SeqCst);
    if !path.is_null() {
        #[expect(unsafe_code, reason = "a call into the C library")]
        // SAFETY: it came from a `CString`, which is never freed.
        unsafe {
            libc::unlink(path);
        }
    }
    #[expect(unsafe_code, reason = "a call into the C library")]
    // SAFETY: it ends the process, and runs nothing.
    unsafe {
        libc::_exit(1)
    }
}
