//! An archive is read back before it has its name.

use std::fs::File;
use std::path::Path;

use crate::error::{Error, ErrorKind, Result};
use crate::extract::Archive;
use crate::observe::Observer;

/// Reads an archive back that has just been written; it must be intact. Its path is not that of its final name, and is not told.
///
/// # Errors
/// What is damaged first, if anything is; `NoMemory`; `Cancelled`; `Io`.
pub fn read_back(path: &Path, n_threads: usize, observer: &dyn Observer) -> Result<()> {
    let file = File::open(path).map_err(|error| Error::io("cannot be read back", error))?;
    let archive = Archive::from_reader(file)?;
    archive
        .check_intact(n_threads, observer)
        .map_err(|error| match error.kind() {
            ErrorKind::Cancelled => error,
            ErrorKind::NoMemory(_) => Error::no_memory("reading all of the archive back"),
            _ => Error::corrupt(format!(
                "{error}: so the archive would read back, which is why it was not written"
            )),
        })
}
