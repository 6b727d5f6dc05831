//! Whether an archive is intact.
#![allow(unsafe_code)]

use std::ffi::{c_char, c_int, c_void};
use std::ptr;

use crate::ffi::callback::{ProgressFunction, listener};
use crate::ffi::pointers::{path, put};
use crate::guard::status;
use crate::memory::MallocText;
use crate::threads;
use crate::verify::{Damaged, verify};

/// `ragc_verify` of `ragc.h`.
///
/// # Safety
/// The header.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn ragc_verify(
    name: *const c_char,
    n_threads: c_int,
    progress: ProgressFunction,
    context: *mut c_void,
    report: *mut *mut c_char,
) -> c_int {
    status(|| {
        // SAFETY: the header.
        unsafe { put(report, ptr::null_mut()) };
        // SAFETY: the header.
        let (path, listener) = unsafe { (path(name)?, listener(progress, context)) };
        let Some(Damaged { lines, failure }) = verify(path, threads::wanted(n_threads)?, listener)? else {
            return Ok(());
        };
        if !report.is_null() {
            let text = MallocText::of(lines.replace('\0', "\\0").as_bytes())?;
            // SAFETY: the header.
            unsafe { put(report, text.give()) };
        }
        Err(failure)
    })
}
