//! The open archive, and what it says about itself.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::collection::CommandLine;
use crate::container::ContainerReader;
use crate::error::{Error, Result};
use crate::extract::ContigId;
use crate::extract::store::Store;
use crate::file_info::{FileInfo, FormatVersion};
use crate::identity::FileId;
use crate::params::Params;
use crate::sequence_sums::SequenceSums;
use crate::visibility::internal;

/// An open archive.
///
/// # Example
/// ```
/// # fn main() -> ragc_core::Result<()> {
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/golden/archives/tiny.agc");
/// let archive = ragc_core::Archive::open(path)?;
/// for sample in archive.samples()?.iter() {
///     let n_contigs = archive.contigs(sample)?.len();
///     println!("{}: {n_contigs}", String::from_utf8_lossy(sample));
/// }
/// assert_eq!(archive.region("r", "chr1", 0..4)?, b"GACA");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Archive {
    store: Store,
    path: Option<PathBuf>,
    /// Which file was opened, if it was one: another may have its name later.
    file: Option<FileId>,
}

impl Archive {
    /// An archive whose errors name this file, if any.
    pub(super) fn new(store: Store, path: Option<PathBuf>) -> Self {
        Self {
            store,
            path,
            file: None,
        }
    }

    /// The same archive, which is in this file.
    pub(super) fn of_file(self, file: Option<FileId>) -> Self {
        Self { file, ..self }
    }

    /// Whether it is in this file, as far as that is known.
    pub(crate) fn may_be_in(&self, file: &File) -> bool {
        self.file.is_none() || self.file == FileId::of_open(file).ok()
    }

    /// Parameters of the archive.
    #[must_use]
    pub fn params(&self) -> &Params {
        self.store.params()
    }

    internal! {
        /// What the archive says about its format and its producer.
        #[must_use]
        fn file_info(&self) -> &FileInfo {
            self.store.info()
        }
    }

    internal! {
        /// Which generation of the format the archive follows.
        #[must_use]
        fn version(&self) -> FormatVersion {
            self.store.version()
        }
    }

    internal! {
        /// How the archive was made. Archives of version 3 do not keep that.
        ///
        /// # Errors
        /// `Corrupt` when the collection is damaged.
        fn command_lines(&self) -> Result<Vec<CommandLine>> {
            self.placed(|| self.store.catalogue().command_lines())
        }
    }

    internal! {
        /// Checksums of the sequences of all samples; `None` if the archive has none.
        ///
        /// # Errors
        /// `Corrupt` when they are damaged, or are those of another number of samples.
        fn sequence_sums(&self) -> Result<Option<SequenceSums>> {
            self.placed(|| self.store.catalogue().sequence_sums())
        }
    }

    internal! {
        /// The container below: its streams and parts.
        #[must_use]
        fn container(&self) -> &ContainerReader {
            self.store.container()
        }
    }

    /// What queries ask.
    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    /// Where the archive lies, if it is a file.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Runs a query and adds the file to its error.
    pub(crate) fn placed<T>(&self, query: impl FnOnce() -> Result<T>) -> Result<T> {
        query().map_err(|error| match &self.path {
            Some(path) => error.in_source(path),
            None => error,
        })
    }

    /// Runs a query on a contig and adds file, sample and contig to its error.
    pub(super) fn in_contig<T>(&self, id: ContigId, query: impl FnOnce() -> Result<T>) -> Result<T> {
        self.placed(|| query().map_err(|error| self.with_names(id, error)))
    }

    /// Adds sample and contig to an error, as far as their names can be read.
    fn with_names(&self, id: ContigId, mut error: Error) -> Error {
        let catalogue = self.store.catalogue();
        let is_there = catalogue.samples().is_ok_and(|samples| id.sample < samples.len());
        if is_there
            && let Ok(names) = catalogue.names_of(id.sample)
            && id.contig < names.len()
        {
            error = error.in_contig(&String::from_utf8_lossy(names.name(id.contig)));
        }
        catalogue.in_sample(id.sample, error)
    }
}
