//! Where a FASTA text comes from.

use super::again::Again;
use super::once::Once;
use super::packed::{Kind, Packed, START_LEN};
use super::tarball::{PassedOver, Tarball};
use crate::container::{ContainerReader, names};
use crate::error::{Error, ErrorKind, Result};
use crate::file_kind;
use crate::observe::{Observer, check_wanted};
use crate::provenance::{Provenance, SourceFile};
use crate::read_at::ReadAt;
use bytes::Bytes;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::ptr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use xxhash_rust::xxh3::Xxh3;

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
    /// What is held, in memory or as a copy.
    Held(Span),
    Reader(Once),
    Again(Again),
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

    /// Bytes that are in memory, and what messages call them. They may be compressed, or a tar archive.
    pub fn bytes(label: impl Into<PathBuf>, bytes: impl Into<Bytes>) -> Self {
        Self {
            origin: Origin::Held(Span::of_bytes(bytes.into())),
            label: label.into(),
        }
    }

    /// What a reader gives, and what messages call it. As standard input it is read once; what has to be read again, as the reference
    /// sample has, is copied to a file without a name.
    pub fn reader(label: impl Into<PathBuf>, reader: impl Read + Send + 'static) -> Self {
        Self {
            origin: Origin::Reader(Once::new(reader)),
            label: label.into(),
        }
    }

    /// What can be opened again and again and is no file here, such as an object on a server: what messages call it, the name that a file
    /// of it would have, and what opens it. It is opened when its turn comes; what is wanted at any place is copied to a file without a name.
    ///
    /// # Example
    /// ```
    /// use ragc_core::compress::Input;
    /// use ragc_core::fasta::Source;
    /// let open = || Ok(Box::new(b">c\nACGT\n".as_slice()) as _);
    /// let input = Input::of(Source::reopened("https://host.org/SK1.fa.gz", "SK1.fa.gz", open));
    /// assert_eq!(input.sample, "SK1");
    /// ```
    pub fn reopened(
        label: impl Into<PathBuf>,
        file_name: impl Into<PathBuf>,
        open: impl Fn() -> io::Result<Box<dyn Read + Send>> + Send + Sync + 'static,
    ) -> Self {
        Self {
            origin: Origin::Again(Again::new(file_name.into(), open)),
            label: label.into(),
        }
    }

    /// Text that is in memory. It is copied to a file without a name, which can be read often.
    ///
    /// # Errors
    /// `Io` when the copy cannot be written.
    pub(crate) fn text(text: &[u8], label: &str) -> Result<Self> {
        let copy = Span::copy_of(text)?;
        Ok(Self {
            origin: Origin::Held(copy),
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

    /// The name of a file that a sample may be named after.
    pub(crate) fn file_name(&self) -> Option<&Path> {
        match &self.origin {
            Origin::Again(again) => Some(again.name()),
            _ => self.path(),
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
            Origin::StandardInput { .. } | Origin::Reader(_) | Origin::Again(_) | Origin::BadTarball(_) => {
                None
            }
            Origin::Held(held) => Some(held.len),
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
        let copy = Span::copy_of(self.open_raw()?)?;
        Ok(Self {
            origin: Origin::Held(copy),
            label: self.label.clone(),
        })
    }

    /// The bytes from the first one on, as they are stored.
    pub(super) fn open_raw(&self) -> Result<Box<dyn Read + Send>> {
        Ok(match &self.origin {
            Origin::File(path) => Box::new(open(path).map_err(|error| Error::io("cannot open", error))?),
            Origin::StandardInput { begun } => {
                Box::new(io::Cursor::new(Arc::unwrap_or_clone(Arc::clone(begun))).chain(io::stdin()))
            }
            Origin::Held(held) => Box::new(held.reader()),
            Origin::Reader(once) => once.take()?,
            Origin::Again(again) => again.open().map_err(|error| Error::io("cannot open", error))?,
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
            Origin::InTarball { tarball, .. } => tarball.source().label(),
            _ => &self.label,
        }
    }

    /// What is told of it before it is read, by a run that stores it.
    pub(crate) fn described(&self, run: &Provenance) -> SourceFile {
        let container = self.container();
        let (path, member) = match &self.origin {
            Origin::InTarball { tarball, file } => (container, Some(tarball.path(*file))),
            Origin::StandardInput { .. } => (Path::new("-"), None),
            _ => (container, None),
        };
        let is_file = matches!(self.origin, Origin::File(_)) || member.is_some();
        let metadata = is_file.then(|| std::fs::metadata(path).ok()).flatten();
        let metadata = metadata.filter(|metadata| metadata.is_file());
        let text = |path: &Path| path.as_os_str().as_encoded_bytes().to_vec();
        SourceFile {
            path: text(path),
            member: member.map(text),
            size: self.size(),
            modified: run.modified(metadata.and_then(|metadata| nanoseconds(metadata.modified().ok()?))),
            xxh3: None,
        }
    }

    /// The digest of its bytes as they are stored, all of which are read.
    ///
    /// # Errors
    /// `Io` when it cannot be opened or read.
    pub(crate) fn raw_digest(&self, observer: &dyn Observer) -> Result<u128> {
        let mut input = self.open_raw()?;
        let mut hasher = Xxh3::new();
        let mut buffer = vec![0; RAW_BUFFER_LEN];
        loop {
            check_wanted(observer)?;
            match input.read(&mut buffer) {
                Ok(0) => return Ok(hasher.digest128()),
                Ok(n) => {
                    observer.bytes_read(n as u64);
                    hasher.update(&buffer[..n]);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Error::io("cannot read", error)),
            }
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

    /// The bytes as they are stored, if they can be read from anywhere.
    pub(super) fn span(&self) -> Result<Option<Span>> {
        let span = |path| Span::of_file(path).map_err(|error| Error::io("cannot open", error));
        match &self.origin {
            Origin::File(path) if self.size().is_some() => span(path).map(Some),
            Origin::Held(held) => Ok(Some(held.clone())),
            _ => Ok(None),
        }
    }

    /// The files in it with the names of their paths, if this is a tar archive, compressed or not. Pipes other than standard
    /// input are not looked at: their bytes come once, and perhaps only when other pipes have been read.
    ///
    /// One that cannot be listed is given as a source that cannot be read.
    pub(crate) fn unpack_tarball(mut self, memory: u64) -> Vec<(Self, Option<PathBuf>)> {
        let is_tarball = match &self.origin {
            Origin::File(_) | Origin::Held(_) if self.size().is_some() => {
                self.open_raw().is_ok_and(|input| starts_as_tar(input, memory))
            }
            Origin::StandardInput { .. } => {
                let mut begun = Vec::new();
                let is_tarball = starts_as_tar(Recorded(io::stdin(), &mut begun), memory);
                let begun = Arc::new(begun);
                self.origin = Origin::StandardInput { begun };
                is_tarball
            }
            Origin::Again(again) => again.is_called_tarball(),
            Origin::Reader(once) => {
                let look = |reader: &mut dyn Read| {
                    let mut begun = Vec::new();
                    (starts_as_tar(Recorded(reader, &mut begun), memory), begun)
                };
                once.look(look).unwrap_or(false)
            }
            _ => false,
        };
        if !is_tarball {
            return vec![(self, None)];
        }
        let listed = self
            .read_repeatedly()
            .and_then(|source| Tarball::open(&source, memory));
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

/// Bytes that are read at a time where they are only digested.
const RAW_BUFFER_LEN: usize = 1 << 18;

/// Nanoseconds since 1970.
fn nanoseconds(time: SystemTime) -> Option<i64> {
    let since = |duration: Duration| i64::try_from(duration.as_nanos()).ok();
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => since(after),
        Err(before) => since(before.duration()).map(|before| -before),
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

/// A stretch of an open file or of memory, which several may read at once.
#[derive(Clone)]
pub(super) struct Span {
    of: Arc<dyn ReadAt>,
    offset: u64,
    len: u64,
}

impl Span {
    /// All bytes of an input, in a file without a name, which is gone with the program, however that ends.
    fn copy_of(mut input: impl Read) -> Result<Self> {
        let mut copy = || {
            let mut file = tempfile::tempfile()?;
            let len = io::copy(&mut input, &mut file)?;
            Ok((file, len))
        };
        let (file, len) = copy().map_err(|error: io::Error| {
            Error::io("cannot write a temporary copy", error).in_file(std::env::temp_dir())
        })?;
        Ok(Self {
            of: Arc::new(file),
            offset: 0,
            len,
        })
    }

    fn of_bytes(bytes: Bytes) -> Self {
        Self {
            len: bytes.len() as u64,
            of: Arc::new(bytes),
            offset: 0,
        }
    }

    fn of_file(path: &Path) -> io::Result<Self> {
        let file = open(path)?;
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

    pub(super) fn reader(&self) -> SpanReader {
        SpanReader {
            span: self.clone(),
            position: 0,
        }
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
    fn a_file_is_its_own_copy() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.fa");
        std::fs::write(&path, "x").unwrap();
        let source = Source::file(&path);
        assert_eq!(source.read_repeatedly().unwrap(), source);
        assert!(!source.is_compressed());
    }
}
