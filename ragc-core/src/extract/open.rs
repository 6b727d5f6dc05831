//! Opening an archive.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::container::ContainerReader;
use crate::error::{Error, Result};
use crate::extract::Archive;
use crate::extract::file::open_file;
use crate::extract::states::open_state;
use crate::extract::store::Store;
use crate::identity::FileId;
use crate::read_at::ReadAt;
use crate::visibility::internal;

/// How an archive is opened.
///
/// # Example
/// ```
/// # fn main() -> ragc_core::Result<()> {
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/golden/archives/tiny.agc");
/// use ragc_core::Archive;
/// let archive = Archive::options().cache_limit(64 << 20).open(path)?;
/// # assert_eq!(archive.samples()?.len(), 4);
/// let downloaded: Vec<u8> = std::fs::read(path).unwrap();
/// let archive = Archive::options().file_name("yeast.agc").open_source(downloaded)?;
/// let error = archive.contig("r", "no such contig").unwrap_err();
/// assert!(error.to_string().starts_with("yeast.agc: "));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenOptions {
    cache_limit: u64,
    max_references: Option<u64>,
    file_name: Option<PathBuf>,
    state: Option<usize>,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self {
            cache_limit: Self::DEFAULT_CACHE_LIMIT,
            max_references: None,
            file_name: None,
            state: None,
        }
    }
}

impl OpenOptions {
    /// Bytes kept of what was decoded, unless something else is asked for.
    pub const DEFAULT_CACHE_LIMIT: u64 = 256 << 20;

    /// Those of [`Archive::open`].
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps at most so many bytes of what is decoded.
    #[must_use]
    pub fn cache_limit(mut self, len: u64) -> Self {
        self.cache_limit = len;
        self
    }

    /// Keeps all references, whatever the limit, if that takes `most` bytes or less, for whoever goes through many samples: with room
    /// for some of them only, each is gone before the next sample needs it.
    #[must_use]
    pub fn keep_references(mut self, most: u64) -> Self {
        self.max_references = Some(most);
        self
    }

    /// Errors name this file; without it that which is opened, if it is one.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<PathBuf>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    internal! {
        /// Opens a file, or a source, in the state of this number, counted from 1, of those that [`states`](crate::extract::states::states) tells.
        #[must_use]
        fn at_state(mut self, number: usize) -> Self {
            self.state = Some(number);
            self
        }
    }

    /// Opens a file.
    ///
    /// # Errors
    /// As [`Archive::open`]; `NoState` for a state that there is not.
    pub fn open(&self, path: impl AsRef<Path>) -> Result<Archive> {
        let path = path.as_ref();
        let mut file = None;
        let archive = self.opened(Some(path), || {
            let window = open_file(path)?;
            file = FileId::of_open(window.file()).ok();
            Store::open(ContainerReader::open(self.in_state(window)?)?, self.cache_limit)
        })?;
        Ok(archive.of_file(file))
    }

    fn file(&self, path: &Path) -> Result<Box<dyn ReadAt>> {
        self.in_state(open_file(path)?)
    }

    fn in_state(&self, source: impl ReadAt + 'static) -> Result<Box<dyn ReadAt>> {
        match self.state {
            Some(number) => Ok(Box::new(open_state(&(Arc::new(source) as _), number)?)),
            None => Ok(Box::new(source)),
        }
    }

    /// Opens any source of bytes.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_source(&self, source: impl ReadAt + 'static) -> Result<Archive> {
        self.opened(None, || {
            Store::open(ContainerReader::open(self.in_state(source)?)?, self.cache_limit)
        })
    }

    /// Opens a file even if its footer or its checksums are damaged, as long as they can be read at all, and gives the
    /// damage: for whoever wants to know what is left, as [`Archive::verify`] does. Names may hold line ends, which is damage elsewhere. Where
    /// names that the collection cannot hold are damaged, contigs have those that other programs read.
    ///
    /// # Errors
    /// As [`Archive::open`], when there is nothing that can be read.
    pub fn open_damaged(&self, path: impl AsRef<Path>) -> Result<(Archive, Option<Error>)> {
        let path = path.as_ref();
        self.opened_damaged(Some(path), || self.file(path))
    }

    /// As [`Self::open_damaged`], of any source of bytes.
    ///
    /// # Errors
    /// As [`Self::open_damaged`].
    pub fn open_damaged_source(&self, source: impl ReadAt + 'static) -> Result<(Archive, Option<Error>)> {
        self.opened_damaged(None, || self.in_state(source))
    }

    fn opened_damaged(
        &self,
        path: Option<&Path>,
        open: impl FnOnce() -> Result<Box<dyn ReadAt>>,
    ) -> Result<(Archive, Option<Error>)> {
        let mut noticed = None;
        let archive = self.opened(path, || {
            let (container, damage) = ContainerReader::open_damaged(open()?)?;
            noticed = damage;
            Store::open_damaged(container, self.cache_limit)
        })?;
        Ok((archive, noticed))
    }

    fn opened(&self, path: Option<&Path>, open: impl FnOnce() -> Result<Store>) -> Result<Archive> {
        let name = self.file_name.as_deref().or(path);
        let store = open().map_err(|error| match name {
            Some(name) => error.in_file(name),
            None => error,
        })?;
        if let Some(most) = self.max_references {
            store.keep_references(most);
        }
        Ok(Archive::new(store, name.map(Path::to_path_buf)))
    }
}

impl Archive {
    /// Opens an archive.
    ///
    /// # Errors
    /// `Io` when the file cannot be read; `NotArchive` when it is of another kind; `Corrupt` when it is a damaged archive;
    /// `Unsupported` for file versions that are not read.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        Self::options().open(path)
    }

    /// Opens an archive from any source of bytes.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn from_reader(source: impl ReadAt + 'static) -> Result<Self> {
        Self::options().open_source(source)
    }

    /// Other ways to open one.
    #[must_use]
    pub fn options() -> OpenOptions {
        OpenOptions::new()
    }
}
