//! Whether a file is an archive of ours.

use std::fs::File;
use std::path::Path;

use super::{ContainerReader, names};
use crate::error::{Error, ErrorKind, Result};
use crate::identity::looked_at;

/// Whether a file is an archive, even a damaged one, as far as its footer can be read. A pipe is none: to open it waits for a writer.
///
/// # Errors
/// `Io` and `NoMemory`: nobody can say that it is none.
pub fn is_archive(path: &Path) -> Result<bool> {
    found(path, false)
}

/// As [`is_archive`], or the beginning of one, or one with other bytes behind it: what is still in it can perhaps be had again.
///
/// # Errors
/// As [`is_archive`].
pub fn may_be_archive(path: &Path) -> Result<bool> {
    found(path, true)
}

/// Whether what is there is an archive, where what cannot be opened as one for its bytes is taken for one or not.
fn found(path: &Path, if_damaged: bool) -> Result<bool> {
    match opened(path) {
        Ok(container) => Ok(container.is_some_and(|container| has_params(&container))),
        Err(error) => match error.kind() {
            ErrorKind::Io(_) | ErrorKind::NoMemory(_) => Err(error.in_file(path)),
            ErrorKind::NotArchive(_) => Ok(false),
            _ => Ok(if_damaged),
        },
    }
}

/// What a file is opened as, damaged or not; `None` if there is none.
fn opened(path: &Path) -> Result<Option<ContainerReader>> {
    if looked_at(path)?.is_none_or(|found| !found.is_file()) {
        return Ok(None);
    }
    let file = File::open(path).map_err(|error| Error::io("cannot open", error).in_file(path))?;
    ContainerReader::open_damaged(file).map(|(container, _)| Some(container))
}

fn has_params(container: &ContainerReader) -> bool {
    container.footer().find(names::PARAMS).is_some()
}
