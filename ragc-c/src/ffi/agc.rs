//! The functions of `agc-api.h`.
#![allow(unsafe_code)]

use std::ffi::{c_char, c_int};
use std::ptr;

use ragc_core::Archive;

use crate::agc::{answer, contigs, int, stretch};
use crate::failure::{Failure, Result};
use crate::ffi::pointers::{optional_text, path, put, text};
use crate::guard::guarded;
use crate::handles::ARCHIVES;
use crate::memory::{self, MallocText, Room, collect, give_list};
use crate::sequences::contig_len;

/// `agc_t` of `agc-api.h`.
#[repr(C)]
pub(crate) struct AgcFile {
    _none: [u8; 0],
}

/// `agc_open` of `agc-api.h`.
///
/// # Safety
/// The header.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn agc_open(name: *const c_char, _prefetching: c_int) -> *mut AgcFile {
    let open = || {
        // SAFETY: the header.
        let path = unsafe { path(name) }?;
        Ok(ARCHIVES.insert(Archive::open(path)?))
    };
    guarded(|_| ptr::null_mut(), open)
}

/// `agc_close` of `agc-api.h`.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn agc_close(file: *mut AgcFile) -> c_int {
    guarded(answer, || ARCHIVES.remove(file).map(|()| 0))
}

/// `agc_n_sample` of `agc-api.h`.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn agc_n_sample(file: *const AgcFile) -> c_int {
    guarded(answer, || {
        let n = ARCHIVES.get(file)?.samples()?.len() as u64;
        int(n, "the number of samples")
    })
}

/// `agc_n_ctg` of `agc-api.h`.
///
/// # Safety
/// The header.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn agc_n_ctg(file: *const AgcFile, sample: *const c_char) -> c_int {
    guarded(answer, || {
        // SAFETY: the header.
        let sample = unsafe { text(sample, "the sample") }?;
        let n = ARCHIVES.get(file)?.contigs(sample)?.len() as u64;
        int(n, "the number of contigs")
    })
}

/// `agc_get_ctg_len` of `agc-api.h`.
///
/// # Safety
/// The header.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn agc_get_ctg_len(
    file: *const AgcFile,
    sample: *const c_char,
    contig: *const c_char,
) -> c_int {
    guarded(answer, || {
        // SAFETY: the header.
        let (sample, contig) = unsafe { (optional_text(sample), text(contig, "the contig")?) };
        let len = contig_len(&*ARCHIVES.get(file)?, sample, contig)?;
        int(len, "the length of the contig")
    })
}

/// `agc_get_ctg_seq` of `agc-api.h`.
///
/// # Safety
/// The header.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn agc_get_ctg_seq(
    file: *const AgcFile,
    sample: *const c_char,
    contig: *const c_char,
    start: c_int,
    end: c_int,
    buffer: *mut c_char,
) -> c_int {
    // Unlike the length, the sequence has one answer for all that is wrong.
    guarded(
        |_| -1,
        || {
            if buffer.is_null() {
                return Err(Failure::argument("the buffer is NULL"));
            }
            // SAFETY: the header.
            let (sample, contig) = unsafe { (optional_text(sample), text(contig, "the contig")?) };
            let archive = ARCHIVES.get(file)?;
            let stretch = stretch(&archive, sample, contig, (start, end))?;
            let len = stretch.len()?;
            // SAFETY: the header: there is room for these letters and a NUL.
            let mut room = unsafe { Room::new(buffer.cast(), len + 1) };
            stretch.write_to(&archive, ragc_core::extract::Spelling::Nucleotides, &mut room)?;
            room.push(b"\0")?;
            int(len as u64, "the number of bases")
        },
    )
}

/// `agc_reference_sample` of `agc-api.h`.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn agc_reference_sample(file: *const AgcFile) -> *mut c_char {
    guarded(
        |_| ptr::null_mut(),
        || Ok(MallocText::of(ARCHIVES.get(file)?.reference_sample()?)?.give()),
    )
}

/// `agc_list_sample` of `agc-api.h`.
///
/// # Safety
/// The header.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn agc_list_sample(file: *const AgcFile, n: *mut c_int) -> *mut *mut c_char {
    let list = || {
        let archive = ARCHIVES.get(file)?;
        let names = archive.samples()?.iter_sorted();
        // SAFETY: the header.
        unsafe { list_of(collect(names.map(MallocText::of))?, n) }
    };
    guarded(|_| ptr::null_mut(), list)
}

/// `agc_list_ctg` of `agc-api.h`.
///
/// # Safety
/// The header.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn agc_list_ctg(
    file: *const AgcFile,
    sample: *const c_char,
    n: *mut c_int,
) -> *mut *mut c_char {
    let list = || {
        let archive = ARCHIVES.get(file)?;
        // SAFETY: the header. No sample has no name.
        let sample = unsafe { optional_text(sample) }.unwrap_or_default();
        // SAFETY: the header.
        unsafe { list_of(contigs(&archive, sample)?, n) }
    };
    guarded(|_| ptr::null_mut(), list)
}

/// Gives a list and its length.
///
/// # Safety
/// `n` is NULL or leads to memory for an `int`.
unsafe fn list_of(texts: Vec<MallocText>, n: *mut c_int) -> Result<*mut *mut c_char> {
    let len = int(texts.len() as u64, "the number of names")?;
    // SAFETY: the caller promises it.
    unsafe { put(n, len) };
    give_list(texts)
}

/// `agc_list_destroy` of `agc-api.h`.
///
/// # Safety
/// `list` is NULL, or one that the library gave and that is not freed yet.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn agc_list_destroy(list: *mut *mut c_char) -> c_int {
    // SAFETY: the header.
    unsafe { memory::free_list(list) };
    0
}

/// `agc_string_destroy` of `agc-api.h`.
///
/// # Safety
/// `text` is NULL, or one that the library gave and that is not freed yet.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn agc_string_destroy(text: *mut c_char) -> c_int {
    // SAFETY: the header.
    unsafe { memory::free(text.cast()) };
    0
}
