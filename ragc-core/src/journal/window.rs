//! An archive's file as it was before a change that is not complete.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::Path;

use bytes::Bytes;

use crate::journal::state_before;
use crate::read_at::{PendingRange, ReadAt};

/// The beginning of a file, or of another source.
#[derive(Debug)]
pub(crate) struct Window<S = File> {
    file: S,
    len: u64,
}

impl<S: ReadAt> Window<S> {
    /// The first `len` bytes of a file.
    pub(crate) fn new(file: S, len: u64) -> Self {
        Self { file, len }
    }

    fn check(&self, end: Option<u64>) -> io::Result<()> {
        match end.is_some_and(|end| end <= self.len) {
            true => Ok(()),
            false => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}

impl Window {
    /// The file that it is of.
    pub(crate) fn file(&self) -> &File {
        &self.file
    }
}

impl<S: ReadAt> ReadAt for Window<S> {
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        self.check(offset.checked_add(buf.len() as u64))?;
        self.file.read_exact_at(offset, buf)
    }

    fn read_ranges(&self, ranges: &[Range<u64>]) -> io::Result<Vec<Bytes>> {
        ranges.iter().try_for_each(|range| self.check(Some(range.end)))?;
        self.file.read_ranges(ranges)
    }

    fn lookahead(&self) -> u64 {
        self.file.lookahead()
    }

    fn begin_ranges(&self, ranges: &[Range<u64>]) -> Option<Vec<PendingRange>> {
        let is_within = ranges.iter().all(|range| range.end <= self.len);
        is_within.then(|| self.file.begin_ranges(ranges)).flatten()
    }

    fn forget(&self, range: &Range<u64>) -> bool {
        self.file.forget(range)
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.len)
    }
}

/// The archive of an open file: as far as it was written when no change was going on, or before the one that is.
///
/// A change begins with a journal and ends without it. So if there is none when the length is known, and the length is the same behind that, no
/// change was going on when it was looked at.
pub(crate) fn open_window(file: File, path: &Path) -> io::Result<Window> {
    let mut len = file.metadata()?.len();
    loop {
        if let Some(before) = state_before(path, &file)? {
            return Ok(Window::new(file, before.len));
        }
        let now = file.metadata()?.len();
        if now == len {
            return Ok(Window::new(file, len));
        }
        len = now;
    }
}
