//! The archive that a command reads.

use std::path::{Path, PathBuf};

use ragc_core::extract::DEFAULT_CACHE_LIMIT;
use ragc_core::{Decompressor, Error};

use crate::args::size::parse_size;

/// The archive to read, and how.
#[derive(Debug, clap::Args)]
pub(crate) struct ArchiveArgs {
    /// Keep up to this many bytes of what was decoded, so that less is decoded twice: 64M, 1G [default: 256M]
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    cache: Option<u64>,

    /// Archive to read
    #[arg(value_name = "ARCHIVE")]
    archive: PathBuf,
}

impl ArchiveArgs {
    /// Opens the archive.
    pub(crate) fn open(&self) -> ragc_core::Result<Decompressor> {
        self.open_with_default(DEFAULT_CACHE_LIMIT)
    }

    /// Opens the archive with this cache unless another is asked for.
    pub(crate) fn open_with_default(&self, cache_limit: u64) -> ragc_core::Result<Decompressor> {
        Decompressor::open_with_cache(&self.archive, self.cache.unwrap_or(cache_limit))
    }

    /// Opens an archive that may be damaged, and gives the damage that was noticed.
    pub(crate) fn open_damaged(&self, cache_limit: u64) -> ragc_core::Result<(Decompressor, Option<Error>)> {
        Decompressor::open_damaged(&self.archive, self.cache.unwrap_or(cache_limit))
    }

    /// Where the archive is.
    pub(crate) fn path(&self) -> &Path {
        &self.archive
    }
}
