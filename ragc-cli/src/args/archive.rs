//! The archive that a command reads.

use std::path::Path;

use ragc_core::{Archive, Error, OpenOptions};

use crate::args::block_cache::BlockCacheArgs;
use crate::args::size::parse_size;
use crate::near::near_file;
use crate::remote::{ArchivePlace, archive_place};
use crate::source::ArchiveSource;

/// References that a scan keeps though nobody has allowed it, at most: those of some human genomes.
const MAX_REFERENCES: u64 = 1 << 30;

/// Bytes of an archive that comes through a pipe which are kept in memory: as many as of what is decoded.
const DEFAULT_MEMORY: u64 = OpenOptions::DEFAULT_CACHE_LIMIT;

/// The archive to read, and how.
#[derive(Debug, clap::Args)]
pub(crate) struct ArchiveArgs {
    /// Keep up to this many bytes of what was decoded, so that less is decoded twice: 64M, 1G [default: 256M]
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    cache: Option<u64>,

    /// Read the archive as it was before later changes in place: the state of this number, counted from 1, the
    /// one that was written as a whole
    #[arg(long, value_name = "STATE")]
    at: Option<usize>,

    /// Keep up to this many bytes of an archive that comes through a pipe in memory, and the rest in a temporary file: 64M, 1G
    /// [default: 256M]
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    memory: Option<u64>,

    #[command(flatten)]
    blocks: BlockCacheArgs,

    /// Archive to read: a file, or a URL (https, http, s3, gs, az); - is standard input
    #[arg(value_name = "ARCHIVE", value_parser = archive_place())]
    archive: ArchivePlace,
}

impl ArchiveArgs {
    /// An archive that comes with others.
    pub(crate) fn of(
        archive: &ArchivePlace,
        cache: Option<u64>,
        memory: Option<u64>,
        blocks: &BlockCacheArgs,
    ) -> Self {
        Self {
            cache,
            memory,
            at: None,
            blocks: blocks.clone(),
            archive: archive.clone(),
        }
    }

    /// Opens the archive.
    pub(crate) fn open(&self) -> ragc_core::Result<Archive> {
        self.open_with_default(OpenOptions::DEFAULT_CACHE_LIMIT)
    }

    /// Opens the archive with this cache unless another is asked for.
    pub(crate) fn open_with_default(&self, cache_limit: u64) -> ragc_core::Result<Archive> {
        self.named(self.open_as(self.options(cache_limit)))
    }

    /// Opens the archive for a command that goes through many samples.
    pub(crate) fn open_to_scan(&self) -> ragc_core::Result<Archive> {
        self.named(self.open_as(self.options_to_scan()))
    }

    /// Opens an archive that may be damaged, for a command that goes through it, and gives the damage that was noticed.
    pub(crate) fn open_damaged(&self) -> ragc_core::Result<(Archive, Option<Error>)> {
        let options = self.options_to_scan();
        self.named(match self.source()? {
            None => self.archive.open_damaged(&options, self.blocks.folder().as_ref()),
            Some(ArchiveSource::File(path)) => options.open_damaged(path),
            Some(ArchiveSource::Incoming(name, spool)) => options.file_name(name).open_damaged_source(spool),
        })
    }

    fn open_as(&self, options: OpenOptions) -> ragc_core::Result<Archive> {
        match self.source()? {
            None => self.archive.open(&options, self.blocks.folder().as_ref()),
            Some(ArchiveSource::File(path)) => options.open(path),
            Some(ArchiveSource::Incoming(name, spool)) => options.file_name(name).open_source(spool),
        }
    }

    /// Where on this machine the archive comes from; `None` for a URL.
    fn source(&self) -> ragc_core::Result<Option<ArchiveSource>> {
        if self.archive.is_url() {
            return Ok(None);
        }
        ArchiveSource::of(self.archive.path(), self.memory.unwrap_or(DEFAULT_MEMORY)).map(Some)
    }

    fn options(&self, default_limit: u64) -> OpenOptions {
        let options = Archive::options().cache_limit(self.cache.unwrap_or(default_limit));
        match self.at {
            Some(state) => options.at_state(state),
            None => options,
        }
    }

    fn options_to_scan(&self) -> OpenOptions {
        let options = self.options(OpenOptions::DEFAULT_CACHE_LIMIT);
        match self.cache {
            Some(_) => options,
            None => options.keep_references(MAX_REFERENCES),
        }
    }

    fn named<T>(&self, opened: ragc_core::Result<T>) -> ragc_core::Result<T> {
        opened.map_err(|error| near_file(self.path(), error))
    }

    /// Where the archive is.
    pub(crate) fn path(&self) -> &Path {
        self.archive.path()
    }
}

/// Opens an archive that a new one is made of: a file, or a URL.
pub(crate) fn open_archive(path: &Path, options: &OpenOptions) -> ragc_core::Result<Archive> {
    let place = ArchivePlace::from(path.to_path_buf());
    place
        .open(options, BlockCacheArgs::default().folder().as_ref())
        .map_err(|error| near_file(place.path(), error))
}
