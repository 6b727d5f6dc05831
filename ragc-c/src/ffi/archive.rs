//! Open archives, and what is in them.
#![allow(unsafe_code)]

use std::ffi::{c_char, c_int};
use std::ptr;

use ragc_core::Archive;

use crate::failure::Result;
use crate::ffi::pointers::{optional_text, path, put, text};
use crate::guard::{guarded, status};
use crate::handles::ARCHIVES;
use crate::memory::{MallocText, collect, give_array, give_list};
use crate::sequences::contig_len;

/// `ragc_archive` of `ragc.h`.
#[repr(C)]
pub(crate) struct ArchiveHandle {
    _none: [u8; 0],
}

/// `ragc_open` of `ragc.h`.
///
/// # Safety
/// The header.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn ragc_open(name: *const c_char) -> *mut ArchiveHandle {
    // SAFETY: the header.
    unsafe { ragc_open_with_cache(name, ragc_core::OpenOptions::DEFAULT_CACHE_LIMIT) }
}

/// `ragc_open_with_cache` of `ragc.h`.
///
/// # Safety
/// The header.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn ragc_open_with_cache(
    name: *const c_char,
    cache_limit: u64,
) -> *mut ArchiveHandle {
    let open = || {
        // SAFETY: the header.
        let path = unsafe { path(name) }?;
        let archive = Archive::options().cache_limit(cache_limit).open(path)?;
        Ok(ARCHIVES.insert(archive))
    };
    guarded(|_| ptr::null_mut(), open)
}

/// `ragc_close` of `ragc.h`.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn ragc_close(archive: *mut ArchiveHandle) -> c_int {
    status(|| ARCHIVES.remove(archive))
}

/// `ragc_n_samples` of `ragc.h`.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn ragc_n_samples(archive: *const ArchiveHandle) -> i64 {
    number(|| Ok(ARCHIVES.get(archive)?.samples()?.len() as u64))
}

/// `ragc_n_contigs` of `ragc.h`.
///
/// # Safety
/// The header.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn ragc_n_contigs(archive: *const ArchiveHandle, sample: *const c_char) -> i64 {
    number(|| {
        // SAFETY: the header.
        let sample = unsafe { text(sample, "the sample") }?;
        Ok(ARCHIVES.get(archive)?.contigs(sample)?.len() as u64)
    })
}

/// `ragc_contig_length` of `ragc.h`.
///
/// # Safety
/// The header.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn ragc_contig_length(
    archive: *const ArchiveHandle,
    sample: *const c_char,
    contig: *const c_char,
) -> i64 {
    number(|| {
        // SAFETY: the header.
        let (sample, contig) = unsafe { (optional_text(sample), text(contig, "the contig")?) };
        contig_len(&*ARCHIVES.get(archive)?, sample, contig)
    })
}

/// `ragc_reference_sample` of `ragc.h`.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn ragc_reference_sample(archive: *const ArchiveHandle) -> *mut c_char {
    guarded(
        |_| ptr::null_mut(),
        || Ok(MallocText::of(ARCHIVES.get(archive)?.reference_sample()?)?.give()),
    )
}

/// `ragc_list_samples` of `ragc.h`.
///
/// # Safety
/// The header.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn ragc_list_samples(
    archive: *const ArchiveHandle,
    n: *mut usize,
) -> *mut *mut c_char {
    let list = || {
        let archive = ARCHIVES.get(archive)?;
        let names = archive.samples()?;
        let texts = collect(names.iter().map(MallocText::of))?;
        // SAFETY: the header.
        unsafe { put(n, texts.len()) };
        give_list(texts)
    };
    guarded(|_| ptr::null_mut(), list)
}

/// `ragc_list_contigs` of `ragc.h`.
///
/// # Safety
/// The header.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn ragc_list_contigs(
    archive: *const ArchiveHandle,
    sample: *const c_char,
    n: *mut usize,
) -> *mut *mut c_char {
    let list = || {
        // SAFETY: the header.
        let sample = unsafe { text(sample, "the sample") }?;
        let names = ARCHIVES.get(archive)?.contigs(sample)?;
        let texts = collect(names.iter().map(MallocText::of))?;
        // SAFETY: the header.
        unsafe { put(n, texts.len()) };
        give_list(texts)
    };
    guarded(|_| ptr::null_mut(), list)
}

/// `ragc_list_lengths` of `ragc.h`.
///
/// # Safety
/// The header.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn ragc_list_lengths(
    archive: *const ArchiveHandle,
    sample: *const c_char,
    n: *mut usize,
) -> *mut u64 {
    let list = || {
        // SAFETY: the header.
        let sample = unsafe { text(sample, "the sample") }?;
        let archive = ARCHIVES.get(archive)?;
        let lens = archive.contig_lens(archive.find_sample(sample)?)?;
        // SAFETY: the header.
        unsafe { put(n, lens.len()) };
        give_array(&lens)
    };
    guarded(|_| ptr::null_mut(), list)
}

/// A count or a length, or the code of an error. Nothing that an archive can hold is longer than that can tell.
pub(super) fn number(work: impl FnOnce() -> Result<u64>) -> i64 {
    guarded(i64::from, || Ok(i64::try_from(work()?).unwrap_or(i64::MAX)))
}
