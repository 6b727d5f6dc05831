//! What the caller gives.
#![allow(unsafe_code)]

use std::ffi::{CStr, OsStr, c_char};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::{ptr, slice};

use crate::failure::{Failure, Result};

/// A text that ends with a NUL, without it; `None` for NULL.
///
/// # Safety
/// `text` is NULL or leads to bytes of which one is 0, and that do not change meanwhile.
pub(super) unsafe fn optional_text<'a>(text: *const c_char) -> Option<&'a [u8]> {
    match text.is_null() {
        true => None,
        // SAFETY: it is not NULL, and the caller promises the rest.
        false => Some(unsafe { CStr::from_ptr(text) }.to_bytes()),
    }
}

/// As [`optional_text`], of `what`, which must be there.
///
/// # Safety
/// As [`optional_text`].
pub(super) unsafe fn text<'a>(text: *const c_char, what: &str) -> Result<&'a [u8]> {
    // SAFETY: the caller promises it.
    unsafe { optional_text(text) }.ok_or_else(|| Failure::argument(format!("{what} is NULL")))
}

/// A path of the system.
///
/// # Safety
/// As [`optional_text`].
pub(super) unsafe fn path<'a>(path: *const c_char) -> Result<&'a Path> {
    // SAFETY: the caller promises it.
    let path = unsafe { text(path, "the path") }?;
    Ok(Path::new(OsStr::from_bytes(path)))
}

/// An array of `what`; NULL is one of none.
///
/// # Safety
/// `items` is NULL or leads to `n` of them, that do not change meanwhile.
pub(super) unsafe fn array<'a, T>(items: *const T, n: usize, what: &str) -> Result<&'a [T]> {
    match (items.is_null(), n) {
        (_, 0) => Ok(&[]),
        (true, _) => Err(Failure::argument(format!("{what} is NULL"))),
        (false, _) if n > isize::MAX as usize / size_of::<T>().max(1) || !items.is_aligned() => {
            Err(Failure::argument(format!("{what} cannot lie there")))
        }
        // SAFETY: it is aligned and neither NULL nor too long, and the caller promises the rest.
        (false, _) => Ok(unsafe { slice::from_raw_parts(items, n) }),
    }
}

/// Writes a result to where the caller wants it, or nowhere.
///
/// # Safety
/// `place` is NULL or leads to memory for a `T`.
pub(super) unsafe fn put<T>(place: *mut T, value: T) {
    if !place.is_null() {
        // SAFETY: it is not NULL, and the caller promises the rest; C may lay it where it likes.
        unsafe { ptr::write_unaligned(place, value) };
    }
}

/// A structure that may have been made for an older library, and then is shorter: what it lacks is zero. It begins with its size in bytes.
///
/// # Safety
/// `given` is NULL or leads to a `size_t` and as many bytes in all as that says. Of `T` all bytes may be zero.
pub(super) unsafe fn sized<T>(given: *const T, what: &str) -> Result<Option<T>> {
    if given.is_null() {
        return Ok(None);
    }
    // SAFETY: it is not NULL, and begins with that.
    let size = unsafe { ptr::read_unaligned(given.cast::<usize>()) };
    if size < size_of::<usize>() || size > size_of::<T>() {
        return Err(Failure::argument(format!(
            "the size of {what} is none of this library: initialize them as ragc.h tells"
        )));
    }
    let mut whole = std::mem::MaybeUninit::<T>::zeroed();
    // SAFETY: both have `size` bytes, and neither is part of the other; the caller promises that what is zero is a `T`.
    unsafe {
        ptr::copy_nonoverlapping(given.cast::<u8>(), whole.as_mut_ptr().cast::<u8>(), size);
        Ok(Some(whole.assume_init()))
    }
}
