//! Contigs that are asked for one after the other.
#![allow(unsafe_code)]

use std::ffi::{c_char, c_int};
use std::ptr;
use std::sync::{Mutex, PoisonError};

use crate::ffi::archive::ArchiveHandle;
use crate::ffi::pointers::put;
use crate::ffi::stream::sample_names;
use crate::guard::{guarded, status};
use crate::handles::{ARCHIVES, Handles};
use crate::records::{RecordReader, places};
use crate::sequences::spelling;
use crate::threads;

/// All that are open.
static READERS: Handles<Mutex<RecordReader>> = Handles::new("reader of records");

/// `ragc_records` of `ragc.h`.
#[repr(C)]
pub(crate) struct RecordsHandle {
    _none: [u8; 0],
}

/// `ragc_record` of `ragc.h`.
#[repr(C)]
pub(crate) struct RecordGiven {
    sample: *const c_char,
    name: *const c_char,
    letters: *const c_char,
    length: u64,
}

/// `ragc_records_open` of `ragc.h`.
///
/// # Safety
/// The header.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn ragc_records_open(
    archive: *const ArchiveHandle,
    samples: *const *const c_char,
    n: usize,
    spelled: c_int,
    n_threads: c_int,
) -> *mut RecordsHandle {
    let open = || {
        let archive = ARCHIVES.get(archive)?;
        // SAFETY: the header.
        let names = unsafe { sample_names(samples, n) }?;
        let places = places(&archive, names.as_deref())?;
        let (spelling, n_threads) = (spelling(spelled)?, threads::wanted(n_threads)?);
        Ok(READERS.insert(Mutex::new(RecordReader::new(
            archive, &places, spelling, n_threads,
        ))))
    };
    guarded(|_| ptr::null_mut(), open)
}

/// `ragc_records_next` of `ragc.h`.
///
/// # Safety
/// The header.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn ragc_records_next(
    records: *mut RecordsHandle,
    record: *mut RecordGiven,
) -> c_int {
    let next = || {
        let reader = READERS.get(records)?;
        let mut reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(current) = reader.next()? else {
            return Ok(0);
        };
        let given = RecordGiven {
            sample: current.sample.as_ptr(),
            name: current.name.as_ptr(),
            letters: current.letters.as_ptr().cast(),
            // The NUL behind them does not count.
            length: current.letters.len() as u64 - 1,
        };
        // SAFETY: the header.
        unsafe { put(record, given) };
        Ok(1)
    };
    guarded(|code| code, next)
}

/// `ragc_records_close` of `ragc.h`.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn ragc_records_close(records: *mut RecordsHandle) -> c_int {
    status(|| READERS.remove(records))
}
