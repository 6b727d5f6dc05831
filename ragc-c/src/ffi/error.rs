//! What went wrong.
#![allow(unsafe_code)]

use std::ffi::{c_char, c_int, c_void};

use crate::code;
use crate::failure::{last_code, last_text};
use crate::memory;

/// `"0.1.0"`, with its end.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");

/// `ragc_version` of `ragc.h`.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn ragc_version() -> *const c_char {
    VERSION.as_ptr().cast()
}

/// `ragc_last_error` of `ragc.h`.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn ragc_last_error() -> *const c_char {
    last_text()
}

/// `ragc_last_error_code` of `ragc.h`.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn ragc_last_error_code() -> c_int {
    last_code()
}

/// `ragc_error_name` of `ragc.h`.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn ragc_error_name(code: c_int) -> *const c_char {
    code::word(code).as_ptr()
}

/// `ragc_free` of `ragc.h`.
///
/// # Safety
/// `given` is NULL, or what a function of the library gave and is not freed yet.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn ragc_free(given: *mut c_void) {
    // SAFETY: the header.
    unsafe { memory::free(given) };
}

/// `ragc_free_list` of `ragc.h`.
///
/// # Safety
/// `list` is NULL, or what a function of the library gave and is not freed yet.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn ragc_free_list(list: *mut *mut c_char) {
    // SAFETY: the header.
    unsafe { memory::free_list(list) };
}
