//! Where a FASTA text comes from.

use super::packed::{Kind, Packed, START_LEN};
use super::repeatable::{Repeatable, Span, open_file};
use super::tarball::{PassedOver, Tarball};
use crate::container::{ContainerReader, names};
use crate::error::{Error, ErrorKind, Result};
use crate::file_kind;
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
    /// What has been read of it already comes first.
    StandardInput {
        begun: Arc<Vec<u8>>,
    },
    Copy(Span),
    InTarball {
        tarball: Arc<Tarball>,
        file: usize,
    },
    /// A tar archive that cannot be listed, and why.
    BadTarball(ErrorKind),
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
            origin: Origin::StandardInput {
                begun: Arc::default(),
            },
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
        let copy = Span::copy_of(text).map_err(|error| Error::io("cannot write a temporary copy", error))?;
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
            _ => None,
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
            Origin::StandardInput { .. } | Origin::BadTarball(_) => None,
            Origin::Copy(copy) => Some(copy.len()),
            Origin::InTarball { tarball, file } => Some(tarball.len(*file)),
        }
    }

    /// Whether the source is a file that begins like a compressed one.
    #[must_use]
    pub fn is_compressed(&self) -> bool {
        let mut start = Vec::new();
        let mut read = |input: Box<dyn Read>| {
            let read = input.take(START_LEN as u64).read_to_end(&mut start);
            read.is_ok()
        };
        self.size().is_some() && self.open_raw().is_ok_and(|input| read(input)) && Kind::of(&start).is_some()
    }

    /// Whether the source is a file that is an archive of ours.
    #[must_use]
    pub fn is_archive(&self) -> bool {
        match &self.origin {
            Origin::File(path) => {
                let archive = File::open(path)
                    .ok()
                    .and_then(|file| ContainerReader::open_damaged(file).ok());
                archive.is_some_and(|(archive, _)| archive.stream(names::PARAMS).is_ok())
            }
            _ => false,
        }
    }

    /// The source itself if it is a file, else a copy of all its bytes: pipes give their bytes once.
    ///
    /// # Errors
    /// `Io` when the source cannot be read or the copy not be written.
    pub fn read_repeatedly(&self) -> Result<Self> {
        if self.size().is_some() {
            return Ok(self.clone());
        }
        Ok(Self {
            origin: Origin::Copy(self.copy()?),
            label: self.label.clone(),
        })
    }

    fn copy(&self) -> Result<Span> {
        Span::copy_of(self.open_raw()?).map_err(|error| Error::io("cannot write a temporary copy", error))
    }

    /// The bytes from the first one on, as they are stored.
    pub(super) fn open_raw(&self) -> Result<Box<dyn Read + Send>> {
        Ok(match &self.origin {
            Origin::File(path) => Box::new(open_file(path)?),
            Origin::StandardInput { begun } => {
                Box::new(io::Cursor::new(Arc::unwrap_or_clone(Arc::clone(begun))).chain(io::stdin()))
            }
            Origin::Copy(copy) => Box::new(copy.reader()),
            Origin::InTarball { tarball, file } => tarball.read(*file)?,
            Origin::BadTarball(why) => return Err(Error::new(why.clone())),
        })
    }

    /// Whether this is standard input, and not a file in a tar archive that comes from there.
    #[must_use]
    pub fn is_standard_input(&self) -> bool {
        matches!(self.origin, Origin::StandardInput { .. })
    }

    /// The file that holds the source: for a file in a tar archive, the archive.
    #[must_use]
    pub fn container(&self) -> &Path {
        match &self.origin {
            Origin::InTarball { tarball, .. } => tarball.label(),
            _ => &self.label,
        }
    }

    /// What of a tar archive is not read, known of the first file in it.
    #[must_use]
    pub fn passed_over(&self) -> Option<&PassedOver> {
        match &self.origin {
            Origin::InTarball { tarball, file: 0 } => Some(tarball.passed_over()),
            _ => None,
        }
    }

    /// Its bytes, if they can be read more than once.
    fn repeatable(&self) -> Option<Repeatable> {
        match &self.origin {
            Origin::File(path) if self.size().is_some() => Some(Repeatable::File(path.clone())),
            Origin::Copy(copy) => Some(Repeatable::Copy(copy.clone())),
            _ => None,
        }
    }

    /// The files in it with the names of their paths, if this is a tar archive, compressed or not. Pipes other than standard
    /// input are not looked at: their bytes come once, and perhaps only when other pipes have been read.
    ///
    /// One that cannot be listed is given as a source that cannot be read.
    pub(crate) fn unpack_tarball(mut self, memory: u64) -> Vec<(Self, Option<PathBuf>)> {
        let is_tarball = match &self.origin {
            Origin::File(_) | Origin::Copy(_) if self.size().is_some() => {
                self.open_raw().is_ok_and(|input| starts_as_tar(input, memory))
            }
            Origin::StandardInput { .. } => {
                let mut begun = Vec::new();
                let is_tarball = starts_as_tar(Recorded(io::stdin(), &mut begun), memory);
                let begun = Arc::new(begun);
                self.origin = Origin::StandardInput { begun };
                is_tarball
            }
            _ => false,
        };
        if !is_tarball {
            return vec![(self, None)];
        }
        let bytes = match self.repeatable() {
            Some(bytes) => Ok(bytes),
            None => self.copy().map(Repeatable::Copy),
        };
        let listed = bytes.and_then(|bytes| Tarball::open(bytes, self.label.clone(), memory));
        let tarball = match listed {
            Ok(tarball) => Arc::new(tarball),
            Err(error) => {
                self.origin = Origin::BadTarball(error.kind().clone());
                return vec![(self, None)];
            }
        };
        let file = |file| {
            let path = tarball.path(file).to_path_buf();
            let mut label = self.label.clone().into_os_string();
            label.push(":");
            label.push(&path);
            let source = Self {
                origin: Origin::InTarball {
                    tarball: Arc::clone(&tarball),
                    file,
                },
                label: PathBuf::from(label),
            };
            (source, Some(path))
        };
        (0..tarball.n_files()).map(file).collect()
    }
}

/// Whether what comes is a tar archive, compressed or not.
fn starts_as_tar(mut input: impl Read, memory: u64) -> bool {
    let Some(start) = start_of(&mut input) else {
        return false;
    };
    if Kind::of(&start).is_none() {
        return file_kind::is_tar(&start);
    }
    let packed = io::Cursor::new(start).chain(input);
    let text = Packed::new(packed, memory).ok();
    text.and_then(|mut text| start_of(&mut text))
        .is_some_and(|start| file_kind::is_tar(&start))
}

/// The first bytes of an input, unless it cannot be read.
fn start_of(input: &mut impl Read) -> Option<Vec<u8>> {
    let mut start = Vec::with_capacity(file_kind::START_LEN);
    let mut input = input.take(file_kind::START_LEN as u64);
    input.read_to_end(&mut start).ok().map(|_| start)
}

/// A reader that keeps what it gives.
struct Recorded<'a, R>(R, &'a mut Vec<u8>);

impl<R: Read> Read for Recorded<'_, R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.0.read(buf)?;
        self.1.extend_from_slice(&buf[..n]);
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
