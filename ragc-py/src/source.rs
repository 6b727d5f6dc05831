//! Where an archive is opened: the one place that knows what its name may be.

use ragc_core::{Archive, Error, ErrorKind, OpenOptions};

/// The name by which an archive is found again from another folder and in another process.
pub(crate) fn lasting(location: String) -> String {
    let absolute = match location.contains("://") {
        true => None,
        false => std::path::absolute(&location).ok(),
    };
    let absolute = absolute.and_then(|path| path.into_os_string().into_string().ok());
    absolute.unwrap_or(location)
}

/// Opens a file, keeping at most `cache` bytes of what is decoded.
pub(crate) fn open(location: &str, cache: Option<u64>) -> ragc_core::Result<Archive> {
    if let Some((scheme, _)) = location.split_once("://") {
        let what = format!("archives at {scheme}:// addresses cannot be opened from Python yet");
        return Err(Error::new(ErrorKind::Unsupported(what)).in_file(location));
    }
    options(cache).open(location)
}

fn options(cache: Option<u64>) -> OpenOptions {
    match cache {
        Some(cache) => Archive::options().cache_limit(cache),
        None => Archive::options(),
    }
}
