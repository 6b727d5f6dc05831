//! What holds bytes that are read: a file, standard input, memory, a reader. They may be packed, or a tar archive.

use super::again::Again;
use super::named_file::NamedFile;
use super::once::Once;
use super::span::Span;
use crate::container::is_archive;
use crate::error::{Error, Result};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

/// What holds bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stored {
    File(NamedFile),
    /// What has been read of it already comes first.
    StandardInput {
        begun: Arc<Vec<u8>>,
    },
    /// What is held, in memory or as a copy.
    Held(Span),
    Reader(Once),
    Again(Again),
}

impl Stored {
    /// A copy of all bytes of an input, in a file without a name, which can be read often.
    ///
    /// # Errors
    /// `Io` when the copy cannot be written.
    pub(super) fn copy_of(input: impl Read) -> Result<Self> {
        Span::copy_of(input).map(Self::Held)
    }

    /// The path of a file.
    pub(super) fn path(&self) -> Option<&Path> {
        match self {
            Self::File(file) => Some(file.path()),
            _ => None,
        }
    }

    /// Bytes that it has, if it is a file with a size, or held.
    pub(super) fn size(&self) -> Option<u64> {
        match self {
            Self::File(file) => file.size(),
            Self::Held(held) => Some(held.len()),
            Self::StandardInput { .. } | Self::Reader(_) | Self::Again(_) => None,
        }
    }

    /// The bytes from the first one on.
    pub(super) fn open(&self) -> Result<Box<dyn Read + Send>> {
        Ok(match self {
            Self::File(file) => Box::new(open_file(file).map_err(cannot_open)?),
            Self::StandardInput { begun } => {
                Box::new(io::Cursor::new(Arc::unwrap_or_clone(Arc::clone(begun))).chain(io::stdin()))
            }
            Self::Held(held) => Box::new(held.reader()),
            Self::Reader(once) => once.take()?,
            Self::Again(again) => again.open().map_err(cannot_open)?,
        })
    }

    /// The bytes, if they can be read from anywhere.
    pub(super) fn span(&self) -> Result<Option<Span>> {
        match self {
            Self::File(file) if file.size().is_some() => {
                let span = open_file(file).and_then(Span::of_file);
                span.map(Some).map_err(cannot_open)
            }
            Self::Held(held) => Ok(Some(held.clone())),
            _ => Ok(None),
        }
    }

    /// Whether it is a file that is an archive of ours.
    pub(super) fn is_archive(&self) -> bool {
        matches!(self, Self::File(file) if is_archive(file.path()).unwrap_or(false))
    }

    /// The same if it can be read repeatedly, else a copy of all bytes: pipes give their bytes once.
    ///
    /// # Errors
    /// `Io` when it cannot be read or the copy not be written.
    pub(super) fn read_repeatedly(&self) -> Result<Self> {
        match self.size() {
            Some(_) => Ok(self.clone()),
            None => Self::copy_of(self.open()?),
        }
    }
}

/// A folder is refused here, before anybody wonders why it cannot be read.
fn open_file(named: &NamedFile) -> io::Result<File> {
    let file = File::open(named.path())?;
    // What has a size is no folder, and need not be asked again.
    match named.size().is_none() && file.metadata()?.is_dir() {
        true => Err(io::ErrorKind::IsADirectory.into()),
        false => Ok(file),
    }
}

fn cannot_open(error: io::Error) -> Error {
    Error::io("cannot open", error)
}
