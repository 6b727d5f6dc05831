//! Where a FASTA text comes from.

use super::open::{GZIP_MAGIC, ZSTD_MAGIC};
use crate::error::{Error, Result};
use crate::read_at::ReadAt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where FASTA text comes from, and what messages call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    origin: Origin,
    label: PathBuf,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Origin {
    File(PathBuf),
    StandardInput,
    Copy(TemporaryCopy),
}

impl Source {
    /// A file named by its path.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self {
            label: path.clone(),
            origin: Origin::File(path),
        }
    }

    /// Standard input, which can be read once.
    #[must_use]
    pub fn standard_input() -> Self {
        Self {
            origin: Origin::StandardInput,
            label: PathBuf::from("standard input"),
        }
    }

    /// What an argument names: a file, or standard input by the name `-`.
    pub fn argument(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        match path.as_os_str() == "-" {
            true => Self::standard_input(),
            false => Self::file(path),
        }
    }

    /// Text that is in memory. It is copied to a file without a name, which can be read often.
    ///
    /// # Errors
    /// `Io` when the copy cannot be written.
    pub(crate) fn text(text: &[u8], label: &str) -> Result<Self> {
        let copy =
            TemporaryCopy::of(text).map_err(|error| Error::io("cannot write a temporary copy", error))?;
        Ok(Self {
            origin: Origin::Copy(copy),
            label: PathBuf::from(label),
        })
    }

    /// What messages call it.
    #[must_use]
    pub fn label(&self) -> &Path {
        &self.label
    }

    /// The path of a file.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &self.origin {
            Origin::File(path) => Some(path),
            Origin::StandardInput | Origin::Copy(_) => None,
        }
    }

    /// Bytes of the file, if it is one with a size.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        match &self.origin {
            Origin::File(path) => std::fs::metadata(path)
                .ok()
                .filter(|m| m.is_file())
                .map(|m| m.len()),
            Origin::StandardInput => None,
            Origin::Copy(copy) => Some(copy.len),
        }
    }

    /// Whether the source is a file that begins like a compressed one.
    #[must_use]
    pub fn is_compressed(&self) -> bool {
        let mut start = Vec::new();
        let mut read = |input: Box<dyn Read>| {
            input
                .take(ZSTD_MAGIC.len() as u64)
                .read_to_end(&mut start)
                .is_ok()
        };
        self.size().is_some()
            && self.open_raw().is_ok_and(|input| read(input))
            && (start.starts_with(GZIP_MAGIC) || start == ZSTD_MAGIC)
    }

    /// The source itself if it is a file, else a copy of all its bytes: pipes give their bytes once.
    ///
    /// # Errors
    /// `Io` when the source cannot be read or the copy not be written.
    pub fn read_repeatedly(&self) -> Result<Self> {
        if self.size().is_some() {
            return Ok(self.clone());
        }
        let copy = TemporaryCopy::of(self.open_raw()?)
            .map_err(|error| Error::io("cannot write a temporary copy", error))?;
        Ok(Self {
            origin: Origin::Copy(copy),
            label: self.label.clone(),
        })
    }

    /// The bytes from the first one on, as they are stored.
    pub(super) fn open_raw(&self) -> Result<Box<dyn Read + Send>> {
        Ok(match &self.origin {
            Origin::File(path) => Box::new(open(path).map_err(|error| Error::io("cannot open", error))?),
            Origin::StandardInput => Box::new(io::stdin()),
            Origin::Copy(copy) => Box::new(copy.open()),
        })
    }
}

/// A folder is refused here, before anybody wonders why it cannot be read.
fn open(path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    match file.metadata()?.is_dir() {
        true => Err(io::ErrorKind::IsADirectory.into()),
        false => Ok(file),
    }
}

/// A file without a name, which is gone with the program, however that ends.
#[derive(Debug, Clone)]
struct TemporaryCopy {
    file: Arc<File>,
    len: u64,
}

impl TemporaryCopy {
    fn of(mut input: impl Read) -> io::Result<Self> {
        let mut file = tempfile::tempfile()?;
        let len = io::copy(&mut input, &mut file)?;
        Ok(Self {
            file: Arc::new(file),
            len,
        })
    }

    fn open(&self) -> CopyReader {
        CopyReader {
            copy: self.clone(),
            offset: 0,
        }
    }
}

impl PartialEq for TemporaryCopy {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.file, &other.file)
    }
}

impl Eq for TemporaryCopy {}

/// Reads a copy front to back; several may do so at once.
struct CopyReader {
    copy: TemporaryCopy,
    offset: u64,
}

impl Read for CopyReader {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let len = (self.copy.len - self.offset).min(buf.len() as u64) as usize;
        self.copy.file.read_exact_at(self.offset, &mut buf[..len])?;
        self.offset += len as u64;
        Ok(len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_read_again_and_again() {
        let text = b">a\nACGT\n".repeat(1000);
        let copy = TemporaryCopy::of(&text[..]).unwrap();
        let (mut first, mut second) = (copy.open(), copy.open());
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
    fn a_file_is_its_own_copy() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.fa");
        std::fs::write(&path, "x").unwrap();
        let source = Source::file(&path);
        assert_eq!(source.read_repeatedly().unwrap(), source);
        assert!(!source.is_compressed());
    }
}
