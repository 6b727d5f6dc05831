//! Where an archive is opened: the one place that knows what its name may be.

use std::path::Path;

use ragc_core::{Archive, Error, OpenOptions};
use ragc_remote::{Address, Identity, RemoteObject};

/// The name by which an archive is found again from another folder and in another process.
pub(crate) fn lasting(location: String) -> String {
    let absolute = match is_url(&location) {
        true => None,
        false => std::path::absolute(&location).ok(),
    };
    let absolute = absolute.and_then(|path| path.into_os_string().into_string().ok());
    absolute.unwrap_or(location)
}

/// What may be printed of a location: of a URL neither a password nor its query.
pub(crate) fn printable(location: &str) -> String {
    match is_url(location) {
        true => Address::printable(location),
        false => location.to_owned(),
    }
}

fn is_url(location: &str) -> bool {
    Address::is_url(Path::new(location))
}

/// Opens a file or an object on a server, keeping at most `cache` bytes of what is decoded. Of an object there is also what its server tells it
/// from others by.
pub(crate) fn open(location: &str, cache: Option<u64>) -> ragc_core::Result<(Archive, Option<Identity>)> {
    match is_url(location) {
        true => open_url(location, cache).map(|(archive, object)| (archive, Some(object))),
        false => options(cache).open(location).map(|archive| (archive, None)),
    }
}

fn open_url(url: &str, cache: Option<u64>) -> ragc_core::Result<(Archive, Identity)> {
    let name = printable(url);
    let object = Address::parse(url).and_then(|address| RemoteObject::open(&address));
    let object = object.map_err(|error| Error::from(error).in_file(&name))?;
    let identity = object.identity().clone();
    let archive = options(cache).file_name(name).open_source(object)?;
    Ok((archive, identity))
}

fn options(cache: Option<u64>) -> OpenOptions {
    match cache {
        Some(cache) => Archive::options().cache_limit(cache),
        None => Archive::options(),
    }
}
