//! A target that can be shut from outside.
//!
//! The packer of gzip finishes its text when it is dropped, as if it were complete: after an error elsewhere a reader of
//! the pipe would find a well-formed end of half the data. So packers never see an error: the latch keeps the first one for
//! [`Latch::check`] and swallows what follows, as it does once it is shut.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::out::target::OutputTarget;

/// The outer end of a latched target.
#[derive(Debug, Clone, Default)]
pub(super) struct Latch(Arc<LatchState>);

#[derive(Debug, Default)]
struct LatchState {
    is_shut: AtomicBool,
    error: Mutex<Option<io::Error>>,
}

impl Latch {
    /// Nothing reaches the target any more.
    pub(super) fn shut(&self) {
        self.0.is_shut.store(true, Ordering::Release);
    }

    /// The error that shut the latch, if one did.
    pub(super) fn check(&self) -> io::Result<()> {
        if !self.is_shut() {
            return Ok(());
        }
        let error = self.0.error.lock().unwrap_or_else(PoisonError::into_inner).take();
        Err(error.unwrap_or_else(|| io::Error::other("the output was given up")))
    }

    fn is_shut(&self) -> bool {
        self.0.is_shut.load(Ordering::Acquire)
    }

    fn keep(&self, error: io::Error) {
        *self.0.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        self.shut();
    }
}

/// A target behind a latch: writing to it always succeeds.
#[derive(Debug)]
pub(super) struct Latched {
    target: OutputTarget,
    latch: Latch,
}

impl Latched {
    pub(super) fn new(target: OutputTarget, latch: Latch) -> Self {
        Self { target, latch }
    }

    pub(super) fn into_target(self) -> OutputTarget {
        self.target
    }
}

impl Write for Latched {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        if !self.latch.is_shut()
            && let Err(error) = self.target.write_all(buf)
        {
            self.latch.keep(error);
        }
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
