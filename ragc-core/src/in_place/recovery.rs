//! Bringing a file back to what it was.

use std::fs::File;
use std::io;
use std::path::Path;

use crate::container::note_len;
use crate::error::{Error, Result};
use crate::journal;

/// What became of an archive that was left in the middle of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Recovered {
    /// There is no journal: nothing was to be done.
    Nothing,
    /// The journal was of another file, or was never complete, so that nothing had been changed; it is removed.
    JournalOnly,
    /// The file was cut back by so many bytes.
    CutBack(u64),
}

/// Brings an archive back to what it was before a change that nobody goes on with. Whoever asks has it for itself.
///
/// # Errors
/// `BadInput` when the archive is not there and its journal is; `Io` when the file cannot be written.
pub fn recover(path: impl AsRef<Path>) -> Result<Recovered> {
    let path = path.as_ref();
    if !journal::exists(path)? {
        return Ok(Recovered::Nothing);
    }
    journal::check_not_alone(path)?;
    let recover = || {
        let file = File::options().read(true).write(true).open(path)?;
        match journal::state_before(path, &file)? {
            None => journal::remove(path).map(|()| Recovered::JournalOnly),
            Some(before) => {
                let n_bytes = file.metadata()?.len().saturating_sub(before.len);
                cut_back(path, &file, before.len).map(|()| Recovered::CutBack(n_bytes))
            }
        }
    };
    recover()
        .map_err(|error: io::Error| Error::io("cannot bring it back to what it was", error).in_file(path))
}

pub(super) fn cut_back(path: &Path, file: &File, len: u64) -> io::Result<()> {
    file.set_len(len)?;
    note_len(file, len)?;
    file.sync_all()?;
    journal::remove(path)
}
