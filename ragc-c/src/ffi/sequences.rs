//! Sequences in memory.
#![allow(unsafe_code)]

use std::ffi::{c_char, c_int};
use std::ptr;

use crate::failure::{Failure, Result};
use crate::ffi::archive::{ArchiveHandle, number};
use crate::ffi::pointers::{array, optional_text, put, text};
use crate::guard::guarded;
use crate::handles::ARCHIVES;
use crate::memory::{MallocText, Room, collect, give_list};
use crate::sequences::{self, Region, locate, spelling};
use crate::threads;

/// `ragc_region` of `ragc.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct RegionGiven {
    sample: *const c_char,
    contig: *const c_char,
    start: u64,
    end: u64,
}

impl RegionGiven {
    /// # Safety
    /// The header: its names are NULL or end with a NUL.
    pub(super) unsafe fn read<'a>(self) -> Result<Region<'a>> {
        // SAFETY: the caller promises it.
        let (sample, contig) = unsafe { (optional_text(self.sample), text(self.contig, "the contig")?) };
        Ok(Region {
            sample,
            contig,
            start: self.start,
            end: self.end,
        })
    }
}

/// `ragc_read` of `ragc.h`.
///
/// # Safety
/// The header.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn ragc_read(
    archive: *const ArchiveHandle,
    sample: *const c_char,
    contig: *const c_char,
    start: u64,
    end: u64,
    spelled: c_int,
    buffer: *mut c_char,
    buffer_len: usize,
) -> i64 {
    number(|| {
        let region = RegionGiven {
            sample,
            contig,
            start,
            end,
        };
        let archive = ARCHIVES.get(archive)?;
        // SAFETY: the header.
        let stretch = locate(&archive, unsafe { region.read() }?)?;
        let len = stretch.len()?;
        if len > buffer_len || (buffer.is_null() && len > 0) {
            return Err(Failure::argument(format!(
                "the region has {len} bases, and the buffer room for {buffer_len}"
            )));
        }
        // SAFETY: the header.
        let mut room = unsafe { Room::new(buffer.cast(), buffer_len) };
        stretch.write_to(&archive, spelling(spelled)?, &mut room)?;
        Ok((buffer_len - room.left()) as u64)
    })
}

/// `ragc_fetch` of `ragc.h`.
///
/// # Safety
/// The header.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn ragc_fetch(
    archive: *const ArchiveHandle,
    sample: *const c_char,
    contig: *const c_char,
    start: u64,
    end: u64,
    spelled: c_int,
    len: *mut u64,
) -> *mut c_char {
    let fetch = || {
        let region = RegionGiven {
            sample,
            contig,
            start,
            end,
        };
        let archive = ARCHIVES.get(archive)?;
        // SAFETY: the header.
        let stretch = locate(&archive, unsafe { region.read() }?)?;
        let letters = sequences::fetch(&archive, &stretch, spelling(spelled)?)?;
        // SAFETY: the header.
        unsafe { put(len, letters.len() as u64) };
        Ok(letters.give())
    };
    guarded(|_| ptr::null_mut(), fetch)
}

/// `ragc_fetch_many` of `ragc.h`.
///
/// # Safety
/// The header.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn ragc_fetch_many(
    archive: *const ArchiveHandle,
    regions: *const RegionGiven,
    n: usize,
    spelled: c_int,
    n_threads: c_int,
    lens: *mut u64,
) -> *mut *mut c_char {
    let fetch = || {
        let archive = ARCHIVES.get(archive)?;
        // SAFETY: the header.
        let regions = unsafe { array(regions, n, "the array of regions") }?.iter();
        // SAFETY: the header.
        let stretches = collect(regions.map(|region| locate(&archive, unsafe { region.read() }?)))?;
        let n_threads = threads::wanted(n_threads)?;
        let texts: Vec<MallocText> =
            sequences::fetch_many(&archive, &stretches, spelling(spelled)?, n_threads)?;
        for (place, text) in texts.iter().enumerate() {
            // SAFETY: the header: NULL, or room for `n` of them.
            unsafe {
                put(
                    lens.wrapping_add(if lens.is_null() { 0 } else { place }),
                    text.len() as u64,
                )
            };
        }
        give_list(texts)
    };
    guarded(|_| ptr::null_mut(), fetch)
}
