//! Stretches of files and memory.

use crate::error::{Error, Result};
use crate::read_at::ReadAt;
use bytes::Bytes;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::ptr;
use std::sync::Arc;

/// A stretch of an open file or of memory, which several may read at once.
#[derive(Clone)]
pub(super) struct Span {
    of: Arc<dyn ReadAt>,
    offset: u64,
    len: u64,
}

impl Span {
    /// All bytes of an input, in a file without a name, which is gone with the program, however that ends.
    pub(super) fn copy_of(input: impl Read) -> Result<Self> {
        let cannot_write = |error: io::Error| {
            Error::io("cannot write a temporary copy", error).in_file(std::env::temp_dir())
        };
        let mut input = Noting { input, failed: false };
        let mut file = tempfile::tempfile().map_err(cannot_write)?;
        let len = io::copy(&mut input, &mut file).map_err(|error| match input.failed {
            true => Error::io("cannot read", error),
            false => cannot_write(error),
        })?;
        Ok(Self {
            of: Arc::new(file),
            offset: 0,
            len,
        })
    }

    pub(super) fn of_bytes(bytes: Bytes) -> Self {
        Self {
            len: bytes.len() as u64,
            of: Arc::new(bytes),
            offset: 0,
        }
    }

    /// All of an open file.
    pub(super) fn of_file(file: File) -> io::Result<Self> {
        Ok(Self {
            len: file.metadata()?.len(),
            of: Arc::new(file),
            offset: 0,
        })
    }

    /// A part of it.
    pub(super) fn stretch(&self, offset: u64, len: u64) -> Self {
        let start = self.offset.saturating_add(offset);
        Self {
            of: Arc::clone(&self.of),
            offset: start,
            len: len.min((self.offset + self.len).saturating_sub(start)),
        }
    }

    pub(super) fn len(&self) -> u64 {
        self.len
    }

    pub(super) fn reader(&self) -> SpanReader {
        SpanReader {
            span: self.clone(),
            position: 0,
        }
    }
}

/// Knows whether it was reading that failed.
struct Noting<R> {
    input: R,
    failed: bool,
}

impl<R: Read> Read for Noting<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buf);
        let interrupted = |error: &io::Error| error.kind() == io::ErrorKind::Interrupted;
        self.failed |= read.as_ref().is_err_and(|error| !interrupted(error));
        read
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (start, end) = (self.offset, self.offset + self.len);
        f.debug_tuple("Span").field(&(start..end)).finish()
    }
}

impl PartialEq for Span {
    fn eq(&self, other: &Self) -> bool {
        ptr::addr_eq(Arc::as_ptr(&self.of), Arc::as_ptr(&other.of))
            && (self.offset, self.len) == (other.offset, other.len)
    }
}

impl Eq for Span {}

/// Reads a stretch front to back.
pub(super) struct SpanReader {
    span: Span,
    position: u64,
}

impl Read for SpanReader {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let len = (self.span.len - self.position).min(buf.len() as u64) as usize;
        let offset = self.span.offset + self.position;
        self.span.of.read_exact_at(offset, &mut buf[..len])?;
        self.position += len as u64;
        Ok(len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_read_again_and_again() {
        let text = b">a\nACGT\n".repeat(1000);
        let copy = Span::copy_of(&text[..]).unwrap();
        let (mut first, mut second) = (copy.reader(), copy.reader());
        let mut start = [0; 5];
        first.read_exact(&mut start).unwrap();
        let mut whole = Vec::new();
        second.read_to_end(&mut whole).unwrap();
        assert_eq!(whole, text);
        let mut rest = Vec::new();
        first.read_to_end(&mut rest).unwrap();
        assert_eq!([&start[..], &rest].concat(), text);
    }

    #[test]
    fn an_input_that_breaks_is_not_told_of_the_copy() {
        struct Breaks;
        impl Read for Breaks {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::ErrorKind::ConnectionReset.into())
            }
        }
        let error = Span::copy_of(b">a\nACGT\n".chain(Breaks)).unwrap_err();
        assert_eq!(error.to_string(), "cannot read: connection reset");
    }
}
