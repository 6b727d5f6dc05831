//! Where a FASTA text comes from.

use super::again::Again;
use super::named_file::NamedFile;
use super::once::Once;
use super::packed::{MemberKind, START_LEN};
use super::span::Span;
use super::stored::Stored;
use super::tarball::{PassedOver, Tarball, is_tarball};
use crate::error::{Error, ErrorKind, Result};
use crate::observe::{Observer, check_wanted};
use crate::provenance::{Provenance, SourceFile};
use bytes::Bytes;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
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
    Stored(Stored),
    Member {
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
        Self::stored(Stored::File(NamedFile::new(path.clone())), path)
    }

    /// Standard input, which can be read once.
    #[must_use]
    pub fn standard_input() -> Self {
        let begun = Arc::default();
        Self::stored(Stored::StandardInput { begun }, "standard input")
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
        Self::stored(Stored::Held(Span::of_bytes(bytes.into())), label)
    }

    /// What a reader gives, and what messages call it. As standard input it is read once; what has to be read again, as the reference
    /// sample has, is copied to a file without a name.
    pub fn reader(label: impl Into<PathBuf>, reader: impl Read + Send + 'static) -> Self {
        Self::stored(Stored::Reader(Once::new(reader)), label)
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
        Self::stored(Stored::Again(Again::new(file_name.into(), open)), label)
    }

    /// Text that is in memory. It is copied to a file without a name, which can be read often.
    ///
    /// # Errors
    /// `Io` when the copy cannot be written.
    pub(crate) fn text(text: &[u8], label: &str) -> Result<Self> {
        Ok(Self::stored(Stored::copy_of(text)?, label))
    }

    fn stored(stored: Stored, label: impl Into<PathBuf>) -> Self {
        Self {
            origin: Origin::Stored(stored),
            label: label.into(),
        }
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
            Origin::Stored(stored) => stored.path(),
            _ => None,
        }
    }

    /// The name of a file that a sample may be named after.
    pub(crate) fn file_name(&self) -> Option<&Path> {
        match &self.origin {
            Origin::Stored(Stored::Again(again)) => Some(again.name()),
            _ => self.path(),
        }
    }

    /// Bytes of the file when this was first asked for, if it is one with a size.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        match &self.origin {
            Origin::Stored(stored) => stored.size(),
            Origin::Member { tarball, file } => Some(tarball.len(*file)),
            Origin::BadTarball(_) => None,
        }
    }

    /// Whether the source is a file that begins like a compressed one.
    pub(crate) fn is_compressed(&self) -> bool {
        let mut start = Vec::new();
        let mut read = |input: Box<dyn Read>| {
            let read = input.take(START_LEN as u64).read_to_end(&mut start);
            read.is_ok()
        };
        self.size().is_some()
            && self.open_raw().is_ok_and(|input| read(input))
            && MemberKind::of(&start).is_some()
    }

    /// Whether the source is a file that is an archive of ours.
    #[must_use]
    pub fn is_archive(&self) -> bool {
        matches!(&self.origin, Origin::Stored(stored) if stored.is_archive())
    }

    /// The source itself if it is a file, else a copy of all its bytes: pipes give their bytes once.
    ///
    /// # Errors
    /// `Io` when the source cannot be read or the copy not be written.
    pub(crate) fn read_repeatedly(&self) -> Result<Self> {
        Ok(match &self.origin {
            Origin::Stored(stored) => Self::stored(stored.read_repeatedly()?, &self.label),
            Origin::Member { .. } => self.clone(),
            Origin::BadTarball(why) => return Err(Error::new(why.clone())),
        })
    }

    /// The bytes from the first one on, as they are stored.
    pub(super) fn open_raw(&self) -> Result<Box<dyn Read + Send>> {
        match &self.origin {
            Origin::Stored(stored) => stored.open(),
            Origin::Member { tarball, file } => tarball.read(*file),
            Origin::BadTarball(why) => Err(Error::new(why.clone())),
        }
    }

    /// Whether this is standard input, and not a file in a tar archive that comes from there.
    #[must_use]
    pub fn is_standard_input(&self) -> bool {
        matches!(self.origin, Origin::Stored(Stored::StandardInput { .. }))
    }

    /// The file that holds the source: for a file in a tar archive, the archive.
    #[must_use]
    pub fn container(&self) -> &Path {
        match &self.origin {
            Origin::Member { tarball, .. } => tarball.label(),
            _ => &self.label,
        }
    }

    /// What is told of it before it is read, by a run that stores it.
    pub(crate) fn described(&self, run: &Provenance) -> SourceFile {
        let container = self.container();
        let (path, member) = match &self.origin {
            Origin::Member { tarball, file } => (container, Some(tarball.path(*file))),
            Origin::Stored(Stored::StandardInput { .. }) => (Path::new("-"), None),
            _ => (container, None),
        };
        let is_file = self.path().is_some() || member.is_some();
        let metadata = is_file.then(|| std::fs::metadata(path).ok()).flatten();
        let metadata = metadata.filter(|metadata| metadata.is_file());
        let text = |path: &Path| path.as_os_str().as_encoded_bytes().to_vec();
        SourceFile {
            path: text(path),
            member: member.map(text),
            size: match (&metadata, &member) {
                (Some(file), None) => Some(file.len()),
                _ => self.size(),
            },
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
    pub(crate) fn passed_over(&self) -> Option<&PassedOver> {
        match &self.origin {
            Origin::Member { tarball, file: 0 } => Some(tarball.passed_over()),
            _ => None,
        }
    }

    /// The files in it with the names of their paths, if this is a tar archive, compressed or not. Pipes other than standard
    /// input are not looked at: their bytes come once, and perhaps only when other pipes have been read.
    ///
    /// One that cannot be listed is given as a source that cannot be read.
    pub(crate) fn unpack_tarball(mut self, memory: u64) -> Vec<(Self, Option<PathBuf>)> {
        let Origin::Stored(stored) = &mut self.origin else {
            return vec![(self, None)];
        };
        if !is_tarball(stored, memory) {
            return vec![(self, None)];
        }
        let tarball = match Tarball::open(stored, &self.label, memory) {
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
                origin: Origin::Member {
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
