//! Where what is read of archives on servers is kept.

#[cfg(feature = "remote")]
use std::env;
use std::path::PathBuf;

/// Names a folder for all commands.
#[cfg(feature = "remote")]
const VARIABLE: &str = "RAGC_CACHE_DIR";
/// Bytes that are kept, unless something else is asked for.
#[cfg(feature = "remote")]
const DEFAULT_LEN: u64 = 4 << 30;

/// Where what is read of archives on servers is kept.
#[derive(Debug)]
pub struct CacheFolder {
    /// The folder.
    pub path: PathBuf,
    /// Bytes that it may hold.
    pub most: u64,
}

#[cfg(feature = "remote")]
impl CacheFolder {
    /// The folder that is asked for, by an option or by the environment.
    pub(crate) fn of(path: Option<PathBuf>, most: Option<u64>) -> Option<Self> {
        let of_environment = || env::var_os(VARIABLE).filter(|path| !path.is_empty());
        let path = path.or_else(|| of_environment().map(PathBuf::from))?;
        Some(Self {
            path,
            most: most.unwrap_or(DEFAULT_LEN),
        })
    }
}
