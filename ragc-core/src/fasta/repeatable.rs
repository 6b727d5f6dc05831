//! Bytes that can be read as often as wished: a file, or a copy of what came once.

use crate::error::{Error, Result};
use crate::read_at::ReadAt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Bytes that can be read as often as wished.
#[derive(Debug, Clone)]
pub(super) enum Repeatable {
    File(PathBuf),
    Copy(Span),
}

impl Repeatable {
    /// The bytes from the first one on.
    pub(super) fn open(&self) -> Result<Box<dyn Read + Send>> {
        Ok(match self {
            Self::File(path) => Box::new(open_file(path)?),
            Self::Copy(copy) => Box::new(copy.reader()),
        })
    }

    /// The bytes, to be read from anywhere.
    pub(super) fn span(&self) -> Result<Span> {
        match self {
            Self::File(path) => Span::of_file(path).map_err(|error| Error::io("cannot open", error)),
            Self::Copy(copy) => Ok(copy.clone()),
        }
    }
}

/// A folder is refused here, before anybody wonders why it cannot be read.
pub(super) fn open_file(path: &Path) -> Result<File> {
    open(path).map_err(|error| Error::io("cannot open", error))
}

fn open(path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    match file.metadata()?.is_dir() {
        true => Err(io::ErrorKind::IsADirectory.into()),
        false => Ok(file),
    }
}

/// A stretch of an open file, which several may read at once.
#[derive(Debug, Clone)]
pub(super) struct Span {
    file: Arc<File>,
    offset: u64,
    len: u64,
}

impl Span {
    /// All bytes of an input, in a file without a name, which is gone with the program, however that ends.
    pub(super) fn copy_of(mut input: impl Read) -> io::Result<Self> {
        let mut file = tempfile::tempfile()?;
        let len = io::copy(&mut input, &mut file)?;
        Ok(Self {
            file: Arc::new(file),
            offset: 0,
            len,
        })
    }

    fn of_file(path: &Path) -> io::Result<Self> {
        let file = open(path)?;
        Ok(Self {
            len: file.metadata()?.len(),
            file: Arc::new(file),
            offset: 0,
        })
    }

    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// A part of it.
    pub(super) fn stretch(&self, offset: u64, len: u64) -> Self {
        let start = self.offset.saturating_add(offset);
        Self {
            file: Arc::clone(&self.file),
            offset: start,
            len: len.min((self.offset + self.len).saturating_sub(start)),
        }
    }

    pub(super) fn reader(&self) -> SpanReader {
        SpanReader {
            span: self.clone(),
            position: 0,
        }
    }
}

impl PartialEq for Span {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.file, &other.file) && (self.offset, self.len) == (other.offset, other.len)
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
        self.span.file.read_exact_at(offset, &mut buf[..len])?;
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
}
