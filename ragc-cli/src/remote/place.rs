//! Where an archive is that is read: a file, or an object on a server.

use std::path::{Path, PathBuf};

use clap::builder::{PathBufValueParser, TypedValueParser};
use ragc_core::{Archive, Error, OpenOptions};
#[cfg(feature = "remote")]
use ragc_remote::{Address, BlockCache, RemoteObject};

use crate::remote::cache_folder::CacheFolder;

/// What an argument names. Messages, and figures, have a URL without its password and its query: they may be all that protects the object.
#[derive(Debug, Clone)]
pub(crate) struct ArchivePlace {
    /// The file; of a URL, what may be printed of it.
    path: PathBuf,
    #[cfg(feature = "remote")]
    address: Option<ragc_remote::Result<Address>>,
}

impl ArchivePlace {
    /// What messages call it, and where it is if it is a file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it is on a server.
    pub(crate) fn is_url(&self) -> bool {
        #[cfg(feature = "remote")]
        return self.address.is_some();
        #[cfg(not(feature = "remote"))]
        return false;
    }

    /// Opens it.
    pub(crate) fn open(
        &self,
        options: &OpenOptions,
        cache: Option<&CacheFolder>,
    ) -> ragc_core::Result<Archive> {
        #[cfg(feature = "remote")]
        if let Some(address) = &self.address {
            let object = self.object(address, cache)?;
            return options.clone().file_name(&self.path).open_source(object);
        }
        #[cfg(not(feature = "remote"))]
        let _ = cache;
        options.open(&self.path)
    }

    /// Opens it even if it is damaged, and gives the damage that was noticed.
    pub(crate) fn open_damaged(
        &self,
        options: &OpenOptions,
        cache: Option<&CacheFolder>,
    ) -> ragc_core::Result<(Archive, Option<Error>)> {
        #[cfg(feature = "remote")]
        if let Some(address) = &self.address {
            let object = self.object(address, cache)?;
            return options.clone().file_name(&self.path).open_damaged_source(object);
        }
        #[cfg(not(feature = "remote"))]
        let _ = cache;
        options.open_damaged(&self.path)
    }

    #[cfg(feature = "remote")]
    fn object(
        &self,
        address: &ragc_remote::Result<Address>,
        cache: Option<&CacheFolder>,
    ) -> ragc_core::Result<RemoteObject> {
        let open = || {
            let address = address.as_ref().map_err(Clone::clone)?;
            match cache {
                Some(cache) => {
                    RemoteObject::open_cached(address, &BlockCache::open(&cache.path, cache.most)?)
                }
                None => RemoteObject::open(address),
            }
        };
        open().map_err(|error| Error::from(error).in_file(&self.path))
    }
}

impl From<PathBuf> for ArchivePlace {
    #[cfg(feature = "remote")]
    fn from(path: PathBuf) -> Self {
        let url = path.to_str().filter(|_| Address::is_url(&path));
        let Some(url) = url else {
            return Self { path, address: None };
        };
        Self {
            address: Some(Address::parse(url)),
            path: Address::printable(url).into(),
        }
    }

    #[cfg(not(feature = "remote"))]
    fn from(path: PathBuf) -> Self {
        Self { path }
    }
}

/// Whether a path is that of an object on a server.
pub(crate) fn is_url(path: &Path) -> bool {
    #[cfg(feature = "remote")]
    return Address::is_url(path);
    #[cfg(not(feature = "remote"))]
    return {
        let _ = path;
        false
    };
}

/// What messages call it.
pub(crate) fn printable(path: &Path) -> PathBuf {
    ArchivePlace::from(path.to_path_buf()).path
}

/// Refuses an archive on a server to a command that changes the archive's own file.
pub(crate) fn refuse_url(path: &Path) -> anyhow::Result<()> {
    match is_url(path) {
        true => anyhow::bail!(
            "{}: an archive is changed where its file is, and not on a server: download it, and put the new one there",
            printable(path).display()
        ),
        false => Ok(()),
    }
}

/// Reads an argument.
pub(crate) fn archive_place() -> impl TypedValueParser<Value = ArchivePlace> {
    PathBufValueParser::new().map(ArchivePlace::from)
}
