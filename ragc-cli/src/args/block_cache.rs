//! Where what is read of archives on servers is kept.

#[cfg(feature = "remote")]
use std::path::PathBuf;

#[cfg(feature = "remote")]
use crate::args::size::parse_size;
use crate::remote::CacheFolder;

/// The folder, and its bound.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct BlockCacheArgs {
    /// Keep what is read of an archive on a server in this folder, for the next time and for other programs [default: RAGC_CACHE_DIR of the
    /// environment, if it is set]
    #[cfg(feature = "remote")]
    #[arg(long, value_name = "DIR")]
    cache_dir: Option<PathBuf>,

    /// Keep so many bytes there, about: what was not used for longest goes first [default: 4G]
    #[cfg(feature = "remote")]
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    cache_size: Option<u64>,
}

impl BlockCacheArgs {
    /// The folder, if there is one.
    pub(crate) fn folder(&self) -> Option<CacheFolder> {
        #[cfg(feature = "remote")]
        return CacheFolder::of(self.cache_dir.clone(), self.cache_size);
        #[cfg(not(feature = "remote"))]
        return None;
    }
}
