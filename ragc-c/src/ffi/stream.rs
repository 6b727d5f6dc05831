//! Sequences that pass through a function of the caller.
#![allow(unsafe_code)]

use std::ffi::{c_char, c_int, c_void};

use crate::failure::Result;
use crate::ffi::archive::ArchiveHandle;
use crate::ffi::callback::{CallbackSink, Sink};
use crate::ffi::pointers::{array, text};
use crate::ffi::sequences::RegionGiven;
use crate::guard::status;
use crate::handles::ARCHIVES;
use crate::memory::collect;
use crate::records::places;
use crate::sequences::{locate, spelling};
use crate::threads;

/// `ragc_stream_samples` of `ragc.h`.
///
/// # Safety
/// The header.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn ragc_stream_samples(
    archive: *const ArchiveHandle,
    samples: *const *const c_char,
    n: usize,
    spelled: c_int,
    n_threads: c_int,
    sink: Sink,
    context: *mut c_void,
) -> c_int {
    status(|| {
        let archive = ARCHIVES.get(archive)?;
        // SAFETY: the header.
        let names = unsafe { sample_names(samples, n) }?;
        let places = places(&archive, names.as_deref())?;
        let (spelling, n_threads) = (spelling(spelled)?, threads::wanted(n_threads)?);
        // SAFETY: the header.
        let mut teller = unsafe { CallbackSink::new(sink, context) }?;
        Ok(archive.stream_samples(&places, spelling, n_threads, &mut teller)?)
    })
}

/// `ragc_stream_regions` of `ragc.h`.
///
/// # Safety
/// The header.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn ragc_stream_regions(
    archive: *const ArchiveHandle,
    regions: *const RegionGiven,
    n: usize,
    spelled: c_int,
    n_threads: c_int,
    sink: Sink,
    context: *mut c_void,
) -> c_int {
    status(|| {
        let archive = ARCHIVES.get(archive)?;
        // SAFETY: the header.
        let regions = unsafe { array(regions, n, "the array of regions") }?.iter();
        // SAFETY: the header.
        let stretches = regions.map(|region| locate(&archive, unsafe { region.read() }?));
        let places = collect(stretches.map(|stretch| stretch.map(|stretch| (stretch.id, stretch.range))))?;
        let (spelling, n_threads) = (spelling(spelled)?, threads::wanted(n_threads)?);
        // SAFETY: the header.
        let mut teller = unsafe { CallbackSink::new(sink, context) }?;
        Ok(archive.stream_regions(&places, spelling, n_threads, &mut teller)?)
    })
}

/// Names of samples; `None`, which is all of them, for NULL.
///
/// # Safety
/// The header: `samples` is NULL or leads to `n` texts that end with a NUL.
pub(super) unsafe fn sample_names<'a>(
    samples: *const *const c_char,
    n: usize,
) -> Result<Option<Vec<&'a [u8]>>> {
    if samples.is_null() && n == 0 {
        return Ok(None);
    }
    // SAFETY: the caller promises it.
    let names = unsafe { array(samples, n, "the array of samples") }?;
    // SAFETY: the caller promises it.
    let names = names.iter().map(|name| unsafe { text(*name, "a sample") });
    collect(names).map(Some)
}
