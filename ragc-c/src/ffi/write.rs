//! Making archives, and adding to them.
#![allow(unsafe_code)]

use std::ffi::{c_char, c_int, c_void};
use std::path::Path;
use std::sync::Arc;

use ragc_core::Keep;
use ragc_core::compress::Input;
use ragc_core::observe::Observer;

use crate::failure::{Failure, Result};
use crate::ffi::callback::{ProgressFunction, listener};
use crate::ffi::pointers::{array, optional_text, path, sized};
use crate::guard::status;
use crate::progress::{ProgressListener, observer};
use crate::threads;
use crate::write::{Options, append_to_archive, create_archive};

/// `RAGC_KEEP_…` of `ragc.h`.
const KEEP_NOTHING: u32 = 1;
const KEEP_CASE: u32 = 2;
const KEEP_LAYOUT: u32 = 4;

/// `ragc_input` of `ragc.h`.
#[repr(C)]
pub(crate) struct InputGiven {
    path: *const c_char,
    bytes: *const c_void,
    n_bytes: usize,
    sample: *const c_char,
}

/// `ragc_write_options` of `ragc.h`.
#[repr(C)]
pub(crate) struct WriteOptions {
    size: usize,
    progress: ProgressFunction,
    context: *mut c_void,
    memory: u64,
    n_threads: i32,
    keep: u32,
    replace: i32,
    in_place: i32,
    k: u32,
    min_match: u32,
    segment_size: u32,
    pack_cardinality: u32,
}

/// `ragc_create` of `ragc.h`.
///
/// # Safety
/// The header.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn ragc_create(
    name: *const c_char,
    inputs: *const InputGiven,
    n: usize,
    options: *const WriteOptions,
) -> c_int {
    // SAFETY: the header.
    unsafe { run(name, inputs, n, options, create_archive) }
}

/// `ragc_append` of `ragc.h`.
///
/// # Safety
/// The header.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn ragc_append(
    name: *const c_char,
    inputs: *const InputGiven,
    n: usize,
    options: *const WriteOptions,
) -> c_int {
    // SAFETY: the header.
    unsafe { run(name, inputs, n, options, append_to_archive) }
}

/// What writes an archive of this path.
type Write = fn(&Path, Vec<Input>, &Options, Arc<dyn Observer>) -> Result<()>;

/// Does what writes an archive with what the caller gives.
///
/// # Safety
/// The header.
unsafe fn run(
    name: *const c_char,
    inputs: *const InputGiven,
    n: usize,
    options: *const WriteOptions,
    write: Write,
) -> c_int {
    status(|| {
        // SAFETY: the caller promises it.
        let (path, inputs, given) = unsafe { (path(name)?, read_inputs(inputs, n)?, read_options(options)?) };
        let (options, listener) = given;
        write(path, inputs, &options, observer(listener))
    })
}

/// # Safety
/// The header.
unsafe fn read_inputs(inputs: *const InputGiven, n: usize) -> Result<Vec<Input>> {
    // SAFETY: the caller promises it.
    let inputs = unsafe { array(inputs, n, "the array of inputs") }?;
    // SAFETY: the caller promises it.
    inputs.iter().map(|input| unsafe { input.read() }).collect()
}

impl InputGiven {
    /// # Safety
    /// The header.
    unsafe fn read(&self) -> Result<Input> {
        // SAFETY: the caller promises it.
        let sample = unsafe { optional_text(self.sample) };
        let not_utf8 = |_| Failure::argument("the name of a sample is not UTF-8");
        let sample = sample.map(|name| String::from_utf8(name.to_vec()).map_err(not_utf8));
        let sample = sample.transpose()?;
        if self.path.is_null() {
            // SAFETY: the caller promises it.
            let bytes = unsafe { array(self.bytes.cast::<u8>(), self.n_bytes, "an input") }?;
            let sample = sample.ok_or_else(|| Failure::argument("an input in memory needs a sample"))?;
            return Ok(Input::bytes(sample, bytes.to_vec()));
        }
        // SAFETY: the caller promises it.
        let input = Input::file(unsafe { path(self.path) }?);
        Ok(match sample {
            Some(sample) => input.with_sample(sample),
            None => input,
        })
    }
}

/// # Safety
/// The header.
unsafe fn read_options(given: *const WriteOptions) -> Result<(Options, Option<ProgressListener>)> {
    // SAFETY: the caller promises it; of these fields all bytes may be zero.
    let Some(given) = (unsafe { sized(given, "the options") })? else {
        return Ok((Options::default(), None));
    };
    let some = |number: u32| (number != 0).then_some(number);
    let memory = usize::try_from(given.memory).unwrap_or(usize::MAX);
    let options = Options {
        n_threads: Some(threads::wanted(given.n_threads)?).filter(|_| given.n_threads != 0),
        memory: (memory != 0).then_some(memory),
        k: some(given.k),
        min_match: some(given.min_match),
        segment_size: some(given.segment_size),
        pack_cardinality: some(given.pack_cardinality),
        keep: keep(given.keep)?,
        replaces: given.replace != 0,
        in_place: given.in_place != 0,
    };
    // SAFETY: the caller promises it.
    let listener = unsafe { listener(given.progress, given.context) };
    Ok((options, listener))
}

fn keep(flags: u32) -> Result<Option<Keep>> {
    match flags {
        0 => Ok(None),
        KEEP_NOTHING => Ok(Some(Keep::default())),
        _ if flags & !(KEEP_CASE | KEEP_LAYOUT) == 0 => Ok(Some(
            Keep::default()
                .with_case(flags & KEEP_CASE != 0)
                .with_layout(flags & KEEP_LAYOUT != 0),
        )),
        _ => Err(Failure::argument(format!("there is no way of keeping {flags}"))),
    }
}
