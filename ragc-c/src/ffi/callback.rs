//! Functions of the caller, with what they want to be given.
#![allow(unsafe_code)]

use std::ffi::{c_char, c_int, c_void};

use ragc_core::extract::SampleSink;
use ragc_core::{Error, ErrorKind, Result};

use crate::failure::{self, Failure};
use crate::progress::{Progress, ProgressListener};

/// `ragc_sink` of `ragc.h`.
pub(super) type Sink = Option<unsafe extern "C" fn(*mut c_void, c_int, *const c_char, usize) -> c_int>;

/// `ragc_progress_function` of `ragc.h`.
pub(super) type ProgressFunction = Option<unsafe extern "C" fn(*mut c_void, *const ProgressEvent) -> c_int>;

/// `ragc_progress` of `ragc.h`.
#[repr(C)]
pub(crate) struct ProgressEvent {
    phase: i32,
    done: u64,
    total: u64,
    sample: *const c_char,
    sample_len: usize,
}

/// The events of a sink, as in `ragc.h`.
#[derive(Clone, Copy)]
enum SinkEvent {
    Sample = 1,
    Contig = 2,
    Letters = 3,
    SampleEnd = 4,
}

/// Tells the caller what is streamed, in the order of the archive.
pub(super) struct CallbackSink {
    call: unsafe extern "C" fn(*mut c_void, c_int, *const c_char, usize) -> c_int,
    context: *mut c_void,
}

// SAFETY: the header tells that the function is called from any thread, though never by two at once.
unsafe impl Send for CallbackSink {}

impl CallbackSink {
    /// # Safety
    /// The function may be called, from any thread, with this context.
    pub(super) unsafe fn new(sink: Sink, context: *mut c_void) -> failure::Result<Self> {
        let call = sink.ok_or_else(|| Failure::argument("the function is NULL"))?;
        Ok(Self { call, context })
    }

    fn tell(&self, event: SinkEvent, bytes: &[u8]) -> Result<()> {
        // SAFETY: whoever made this promised it, and the bytes are there while it is called.
        let answer = unsafe { (self.call)(self.context, event as c_int, bytes.as_ptr().cast(), bytes.len()) };
        match answer {
            0 => Ok(()),
            _ => Err(Error::new(ErrorKind::Cancelled)),
        }
    }
}

impl SampleSink for CallbackSink {
    fn start_sample(&mut self, name: &[u8]) -> Result<()> {
        self.tell(SinkEvent::Sample, name)
    }

    fn start_contig(&mut self, name: &[u8]) -> Result<()> {
        self.tell(SinkEvent::Contig, name)
    }

    fn letters(&mut self, letters: &[u8]) -> Result<()> {
        self.tell(SinkEvent::Letters, letters)
    }

    fn end_sample(&mut self) -> Result<()> {
        self.tell(SinkEvent::SampleEnd, b"")
    }
}

/// Hears for the caller how far a run is.
struct Hearer {
    call: unsafe extern "C" fn(*mut c_void, *const ProgressEvent) -> c_int,
    context: *mut c_void,
}

// SAFETY: as of `CallbackSink`.
unsafe impl Send for Hearer {}

impl Hearer {
    fn hear(&self, progress: &Progress<'_>) -> bool {
        let event = ProgressEvent {
            phase: progress.phase,
            done: progress.done,
            total: progress.total,
            sample: progress
                .sample
                .map_or(std::ptr::null(), |name| name.as_ptr().cast()),
            sample_len: progress.sample.map_or(0, <[u8]>::len),
        };
        // SAFETY: whoever made this promised it, and the event is there while it is called.
        unsafe { (self.call)(self.context, &raw const event) == 0 }
    }
}

/// What tells the caller how far a run is, and asks whether it is wanted; `None` if nobody wants to know.
///
/// # Safety
/// The function may be called, from any thread, with this context.
pub(super) unsafe fn listener(function: ProgressFunction, context: *mut c_void) -> Option<ProgressListener> {
    let call = function?;
    let hearer = Hearer { call, context };
    Some(Box::new(move |progress| hearer.hear(progress)))
}
