//! Writes steps as a zstd frame, with the coder of the reference library.
//!
//! The library's safe interface does not reach the function that takes sequences from outside; it is called here and nowhere else.

use super::Step;
use super::blocks::divide;
use super::deltas::DeltaParser;
use super::literals::{DeltaLiterals, Literals, SymbolLiterals, TupleLiterals};
use super::parser::Parser;
use super::prices::MIN_MATCH;
use super::tuples::TupleParser;
use crate::error::{Error, ErrorKind, Result};
use crate::memory;
use crate::threads::Helped;
use crate::zstd::{refused, window_log};
use ::zstd::zstd_safe::compress_bound;
use ::zstd::zstd_safe::zstd_sys::{self as sys, ZSTD_cParameter as Parameter};
use std::ptr::NonNull;

/// Compresses texts of bases to frames.
#[derive(Debug, Default)]
pub(crate) struct SymbolCompressor {
    parser: Parser,
    frames: FrameWriter,
}

impl SymbolCompressor {
    /// Compresses symbols, few of which are not from 0 to 3, to one frame. It is valid until the next call. `None` for texts of 16 MiB
    /// and more, which its index cannot hold.
    ///
    /// # Errors
    /// `BadOption` when zstd refuses, which means no memory.
    pub(crate) fn compress(&mut self, symbols: &[u8]) -> Result<Option<&[u8]>> {
        let steps = self.parser.parse(symbols);
        self.frames.write::<SymbolLiterals>(symbols, steps)
    }
}

/// Compresses packs of deltas to frames.
#[derive(Debug, Default)]
pub(crate) struct DeltaCompressor {
    parser: DeltaParser,
    frames: FrameWriter,
}

impl DeltaCompressor {
    /// Compresses deltas, or any other bytes, to one frame, with help if there is any. It is valid until the next call. `None` for more than 2 MiB, whose copies would
    /// take too much memory to find.
    ///
    /// # Errors
    /// `NoMemory`; `BadOption` when zstd refuses; `WorkerLost`.
    pub(crate) fn compress(&mut self, deltas: &[u8], helped: Option<&Helped>) -> Result<Option<&[u8]>> {
        let steps = self.parser.parse(deltas, helped)?;
        self.frames.write::<DeltaLiterals>(deltas, steps)
    }
}

/// Compresses references in tuple form to frames.
#[derive(Debug, Default)]
pub(crate) struct TupleCompressor {
    parser: TupleParser,
    frames: FrameWriter,
}

impl TupleCompressor {
    /// Compresses a tuple form to one frame. It is valid until the next call. `None` for more than 128 MiB, which is the longest
    /// window.
    ///
    /// # Errors
    /// `BadOption` when zstd refuses, which means no memory.
    pub(crate) fn compress(&mut self, tuples: &[u8]) -> Result<Option<&[u8]>> {
        let steps = self.parser.parse(tuples);
        self.frames.write::<TupleLiterals>(tuples, steps)
    }
}

/// Writes frames, keeping the context and the memory of the last one.
#[derive(Debug, Default)]
struct FrameWriter {
    context: Option<Context>,
    buffer: Vec<u8>,
}

impl FrameWriter {
    /// Divides the steps of a text among blocks, and writes these. None if there are no steps, or not those of this text: the library would not
    /// see it, and what the frame gives would be another text.
    fn write<L: Literals>(&mut self, text: &[u8], steps: Option<Vec<Step>>) -> Result<Option<&[u8]>> {
        let Some(steps) = steps.map(|steps| divide::<L>(text, steps)) else {
            return Ok(None);
        };
        let is_right = are_of(&steps, text);
        debug_assert!(is_right, "steps of another text");
        if !is_right {
            return Ok(None);
        }
        let context = match &mut self.context {
            Some(context) => context,
            none => none.insert(Context::new()?),
        };
        context.write(text, &steps, &mut self.buffer)?;
        Ok(Some(&self.buffer))
    }
}

/// Whether these steps write this text.
fn are_of(steps: &[Step], text: &[u8]) -> bool {
    let mut at = 0;
    steps.iter().all(|step| {
        let start = at + step.run as usize;
        at = start + step.len as usize;
        let copied = text.get(start..at);
        let source = start.checked_sub(step.offset as usize);
        let earlier = source.and_then(|source| text.get(source..source + step.len as usize));
        copied.is_some() && copied == earlier
    }) && at == text.len()
}

/// A context of the library.
#[derive(Debug)]
struct Context(NonNull<sys::ZSTD_CCtx>);

// SAFETY: the library lets a context be used by any thread, by one at a time; it is only used through `&mut`.
#[expect(unsafe_code, reason = "a pointer of the C library")]
unsafe impl Send for Context {}

impl Drop for Context {
    #[expect(unsafe_code, reason = "calls into the C library")]
    fn drop(&mut self) {
        // SAFETY: the pointer came from `ZSTD_createCCtx` and is given back once.
        unsafe { sys::ZSTD_freeCCtx(self.0.as_ptr()) };
    }
}

impl Context {
    #[expect(unsafe_code, reason = "calls into the C library")]
    fn new() -> Result<Self> {
        // SAFETY: no arguments.
        let context = unsafe { sys::ZSTD_createCCtx() };
        NonNull::new(context).map(Self).ok_or_else(no_memory)
    }

    fn set(&mut self, parameter: Parameter, value: i32) -> Result<()> {
        #[expect(unsafe_code, reason = "calls into the C library")]
        // SAFETY: the context is valid; values out of bounds are refused with an error.
        let code = unsafe { sys::ZSTD_CCtx_setParameter(self.0.as_ptr(), parameter, value) };
        checked(code).map(|_| ())
    }

    /// Forgets the last frame: the library leaves it open.
    fn begin(&mut self) -> Result<()> {
        #[expect(unsafe_code, reason = "calls into the C library")]
        // SAFETY: the context is valid.
        let code = unsafe {
            let all = sys::ZSTD_ResetDirective::ZSTD_reset_session_and_parameters;
            sys::ZSTD_CCtx_reset(self.0.as_ptr(), all)
        };
        checked(code).map(|_| ())
    }

    /// Writes a frame of these symbols and steps into `buffer`.
    fn write(&mut self, symbols: &[u8], steps: &[Step], buffer: &mut Vec<u8>) -> Result<()> {
        let parameters = [
            (Parameter::ZSTD_c_compressionLevel, CODING_LEVEL),
            (Parameter::ZSTD_c_windowLog, window_log(symbols.len()) as i32),
            (Parameter::ZSTD_c_minMatch, MIN_MATCH as i32),
            // Its own search is not used: the smallest tables.
            (Parameter::ZSTD_c_hashLog, 6),
            (Parameter::ZSTD_c_chainLog, 6),
            // Steps say where blocks end.
            (Parameter::ZSTD_c_experimentalParam11, 1),
            // Steps that begin nowhere in the text are refused.
            (Parameter::ZSTD_c_experimentalParam12, 1),
            // Offsets that repeat are to be found.
            (Parameter::ZSTD_c_experimentalParam19, 1),
        ];
        self.begin()?;
        for (parameter, value) in parameters {
            self.set(parameter, value)?;
        }
        let sequences: Vec<_> = steps.iter().map(sequence).collect();
        let capacity = compress_bound(symbols.len()) + FRAME_SPARE;
        buffer.clear();
        memory::ask(|| buffer.try_reserve_exact(capacity)).map_err(|_| no_memory())?;
        #[expect(unsafe_code, reason = "calls into the C library")]
        // SAFETY: all three pointers are valid for the lengths beside them, the first for writing; no more than `capacity` bytes are
        // written, and as many as the code says when it is no error.
        unsafe {
            let code = sys::ZSTD_compressSequences(
                self.0.as_ptr(),
                buffer.as_mut_ptr().cast(),
                capacity,
                sequences.as_ptr(),
                sequences.len(),
                symbols.as_ptr().cast(),
                symbols.len(),
            );
            buffer.set_len(checked(code)?);
        }
        Ok(())
    }
}

/// The level at which the library chooses tables with most care.
const CODING_LEVEL: i32 = 19;
/// A frame of many small blocks may be longer than the bound that the library gives for large ones.
const FRAME_SPARE: usize = 1 << 12;

fn sequence(step: &Step) -> sys::ZSTD_Sequence {
    sys::ZSTD_Sequence {
        offset: step.offset,
        litLength: step.run,
        matchLength: step.len,
        rep: 0,
    }
}

fn checked(code: usize) -> Result<usize> {
    #[expect(unsafe_code, reason = "calls into the C library")]
    // SAFETY: a pure function.
    match unsafe { sys::ZSTD_isError(code) } {
        0 => Ok(code),
        _ => Err(refused(code)),
    }
}

fn no_memory() -> Error {
    Error::new(ErrorKind::BadOption("zstd: no memory".to_owned()))
}
