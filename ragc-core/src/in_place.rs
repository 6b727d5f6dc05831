//! Archives that are changed in place: what is new goes behind the end of the file, and until it is complete the file counts as it was.
//!
//! A [`Change`] begins with a journal beside the archive and ends when what was written is synced and the journal gone. Until then
//! [`Archive::open`] reads the old state. If the change fails, or whoever made it has died, the file is cut back ([`recover`]).

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::container::State;
use crate::error::{Error, ErrorKind, Result};
use crate::extract::{Archive, states};
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

/// A change that has begun; what is written to it goes behind the end of the file.
///
/// There must be no other writer: whoever begins a change has the archive for itself. Readers may come at any time.
///
/// # Finish
/// Dropped without [`Self::finish`], the file is cut back to what it was.
#[derive(Debug)]
pub struct Change {
    path: PathBuf,
    file: File,
    before: State,
    is_complete: bool,
}

impl Change {
    /// Begins to change the file of an open archive.
    ///
    /// # Errors
    /// `Io` when the file cannot be written, or no file be made beside it; `BadInput` when it is not any more what was opened.
    pub fn begin(path: impl AsRef<Path>, archive: &Archive) -> Result<Self> {
        let path = path.as_ref();
        let before = archive.container().state();
        let begin = || {
            let cannot_write = |error| Error::io("cannot write", error);
            let mut file = File::options()
                .read(true)
                .write(true)
                .open(path)
                .map_err(cannot_write)?;
            let len = file.metadata().map_err(cannot_write)?.len();
            if len != before.len || !journal::is_of(before, &file) {
                return Err(Error::bad_input(
                    "another program has changed this file meanwhile",
                ));
            }
            file.seek(SeekFrom::End(0)).map_err(cannot_write)?;
            journal::begin(path, before)
                .map_err(|error| Error::io("cannot write the journal beside it", error))?;
            Ok(file)
        };
        Ok(Self {
            file: begin().map_err(|error| error.in_file(path))?,
            path: path.to_path_buf(),
            before,
            is_complete: false,
        })
    }

    /// Makes the change last: when this returns it survives a power cut.
    ///
    /// # Errors
    /// `Io`; the file is what it was before, unless the error tells that it is complete.
    pub fn finish(mut self) -> Result<()> {
        let synced = self.file.sync_all();
        synced.map_err(|error| Error::io("cannot write", error).in_file(&self.path))?;
        self.is_complete = true;
        journal::remove(&self.path).map_err(|error| {
            let what =
                "the change is complete, but its journal cannot be removed, so the state before is read";
            Error::io(what, error).in_file(&self.path)
        })
    }
}

impl Write for Change {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Change {
    fn drop(&mut self) {
        if !self.is_complete {
            // If it cannot be cut back the journal stays, and readers go no further.
            let _ = cut_back(&self.path, &self.file, self.before.len);
        }
    }
}

/// Brings an archive back to what it was before a change that nobody goes on with. Whoever asks has it for itself.
///
/// # Errors
/// `Io` when the file cannot be written.
pub fn recover(path: impl AsRef<Path>) -> Result<Recovered> {
    let path = path.as_ref();
    if !journal::exists(path) {
        return Ok(Recovered::Nothing);
    }
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

/// Takes back the last change that was made in place: the file is what it was before. Whoever asks has the archive for itself.
///
/// # Errors
/// `NotFound` when the file was not changed in place since it was written as a whole; `Corrupt` when the state before is damaged; `Io`.
pub fn undo(path: impl AsRef<Path>) -> Result<State> {
    let path = path.as_ref();
    let states = states(path)?;
    let [.., before, _present] = states.as_slice() else {
        let error = Error::new(ErrorKind::NotFound {
            what: "state",
            name: "before a change in place".to_owned(),
        });
        return Err(error.in_file(path));
    };
    // What is gone back to is read as far as opening does, which compares it with its checksums.
    Archive::options()
        .at_state(states.len() - 1)
        .open(path)?
        .samples()?;
    let cut = || {
        let file = File::options().write(true).open(path)?;
        file.set_len(before.len)?;
        file.sync_all()
    };
    cut().map_err(|error: io::Error| Error::io("cannot write", error).in_file(path))?;
    Ok(*before)
}

fn cut_back(path: &Path, file: &File, len: u64) -> io::Result<()> {
    file.set_len(len)?;
    file.sync_all()?;
    journal::remove(path)
}
