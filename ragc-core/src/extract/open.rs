//! Opening an archive, and what it says about itself.

use std::fs::{self, File};
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use crate::archive::ArchiveReader;
use crate::collection::CommandLine;
use crate::error::{Error, ErrorKind, Result};
use crate::extract::ContigId;
use crate::extract::store::Store;
use crate::file_info::{FileInfo, FormatVersion};
use crate::params::Params;
use crate::read_at::ReadAt;
use crate::sequence_sums::SequenceSums;

/// Bytes kept of what was decoded, unless something else is asked for.
pub const DEFAULT_CACHE_LIMIT: u64 = 256 << 20;

/// An open archive.
///
/// # Example
/// ```
/// # fn main() -> ragc_core::Result<()> {
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/golden/archives/tiny.agc");
/// let archive = ragc_core::Decompressor::open(path)?;
/// for sample in archive.samples()?.iter() {
///     let n_contigs = archive.contigs(sample)?.len();
///     println!("{}: {n_contigs}", String::from_utf8_lossy(sample));
/// }
/// assert_eq!(archive.region("r", "chr1", 0..4)?, b"GACA");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Decompressor {
    pub(super) store: Store,
    path: Option<PathBuf>,
}

impl Decompressor {
    /// Opens an archive with the default cache.
    ///
    /// # Errors
    /// `Io` when the file cannot be read; `NotArchive` when it is of another kind; `Corrupt` when it is a damaged archive;
    /// `Unsupported` for file versions that are not read.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        Self::open_with_cache(path, DEFAULT_CACHE_LIMIT)
    }

    /// Opens an archive that keeps at most `cache_limit` bytes of what it decodes.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with_cache(path: impl AsRef<Path>, cache_limit: u64) -> Result<Self> {
        let path = path.as_ref();
        let open = || {
            let file = open_file(path)?;
            Self::from_reader_with_cache(file, cache_limit)
        };
        let mut opened = open().map_err(|e| e.in_file(path))?;
        opened.path = Some(path.to_path_buf());
        Ok(opened)
    }

    /// Opens an archive even if its footer or its checksums are damaged, as long as they can be read at all, and gives the
    /// damage: for whoever wants to know what is left, as [`Self::verify`] does. Names may hold line ends, which is damage elsewhere. Where
    /// names that the collection cannot hold are damaged, contigs have those that other programs read.
    ///
    /// # Errors
    /// As [`Self::open`], when there is nothing that can be read.
    pub fn open_damaged(path: impl AsRef<Path>, cache_limit: u64) -> Result<(Self, Option<Error>)> {
        let path = path.as_ref();
        let open = || {
            let file = open_file(path)?;
            let (archive, damage) = ArchiveReader::open_damaged(file)?;
            let mut store = Store::open(archive, cache_limit)?;
            store.takes_line_ends = true;
            store.takes_substitutes = true;
            Ok((store, damage))
        };
        let (store, damage) = open().map_err(|e: Error| e.in_file(path))?;
        let path = Some(path.to_path_buf());
        Ok((Self { store, path }, damage))
    }

    /// Opens an archive from any source of bytes.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn from_reader(source: impl ReadAt + 'static) -> Result<Self> {
        Self::from_reader_with_cache(source, DEFAULT_CACHE_LIMIT)
    }

    /// Opens an archive from any source of bytes, keeping at most `cache_limit` bytes of what it decodes.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn from_reader_with_cache(source: impl ReadAt + 'static, cache_limit: u64) -> Result<Self> {
        let store = Store::open(ArchiveReader::open(source)?, cache_limit)?;
        Ok(Self { store, path: None })
    }

    /// Lets the cache hold all references if that takes `most` bytes or less, for whoever goes through many samples: with room for
    /// some of them only, each is gone before the next sample needs it.
    pub fn keep_references(&mut self, most: u64) {
        let len = self.store.references_len();
        if len <= most {
            self.store.cache.raise_limit(len);
        }
    }

    /// Parameters of the archive.
    #[must_use]
    pub fn params(&self) -> &Params {
        self.store.params()
    }

    /// What the archive says about its format and its producer.
    #[must_use]
    pub fn file_info(&self) -> &FileInfo {
        self.store.info()
    }

    /// Which generation of the format the archive follows.
    #[must_use]
    pub fn version(&self) -> FormatVersion {
        self.store.version()
    }

    /// How the archive was made. Archives of version 3 do not keep that.
    ///
    /// # Errors
    /// `Corrupt` when the collection is damaged.
    pub fn command_lines(&self) -> Result<Vec<CommandLine>> {
        self.placed(|| self.store.command_lines())
    }

    /// Checksums of the sequences of all samples; `None` if the archive has none.
    ///
    /// # Errors
    /// `Corrupt` when they are damaged, or are those of another number of samples.
    #[doc(hidden)]
    pub fn sequence_sums(&self) -> Result<Option<SequenceSums>> {
        self.placed(|| self.store.sequence_sums())
    }

    /// The container below: its streams and parts.
    #[doc(hidden)]
    #[must_use]
    pub fn archive(&self) -> &ArchiveReader {
        self.store.archive()
    }

    /// Where the archive lies, if it is a file.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Runs a query and adds the file to its error.
    pub(crate) fn placed<T>(&self, query: impl FnOnce() -> Result<T>) -> Result<T> {
        query().map_err(|error| match &self.path {
            Some(path) => error.in_file(path),
            None => error,
        })
    }

    /// Runs a query on a contig and adds file, sample and contig to its error.
    pub(super) fn in_contig<T>(&self, id: ContigId, query: impl FnOnce() -> Result<T>) -> Result<T> {
        self.placed(|| query().map_err(|error| self.with_names(id, error)))
    }

    fn with_names(&self, id: ContigId, mut error: Error) -> Error {
        let samples = self.store.samples().ok();
        if let Some(name) = samples.and_then(|samples| samples.get(id.sample)) {
            error = error.in_sample(&String::from_utf8_lossy(name));
            if let Ok(names) = self.contig_names(id.sample)
                && let Some(name) = names.get(id.contig)
            {
                error = error.in_contig(&String::from_utf8_lossy(name));
            }
        }
        error
    }
}
/// Opens a file that can be read at any place. What cannot is not opened: a pipe would wait for its writer.
fn open_file(path: &Path) -> Result<File> {
    let what = match fs::metadata(path) {
        Ok(found) if found.is_file() => return File::open(path).map_err(|e| Error::io("cannot open", e)),
        Ok(found) if found.is_dir() => "a directory",
        Ok(found) if found.file_type().is_fifo() => {
            "a pipe: archives are read from their end, so save it to a file first"
        }
        Ok(_) => "a device: archives are read from their end, so save it to a file first",
        Err(_) if is_url(path) => "a URL: download it first",
        Err(_) if path.as_os_str() == "-" => {
            "standard input: archives are read from their end, so save it to a file first"
        }
        Err(error) => return Err(Error::io("cannot open", error)),
    };
    Err(Error::new(ErrorKind::NotArchive(what.to_owned())))
}

fn is_url(path: &Path) -> bool {
    let scheme = path.to_str().and_then(|text| text.split_once(":/"));
    scheme.is_some_and(|(scheme, _)| {
        scheme.len() > 1 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}
