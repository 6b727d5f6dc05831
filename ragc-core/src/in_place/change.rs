//! A change that begins with a journal and ends without one.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::container::{State, note_len};
use crate::error::{Error, Result};
use crate::extract::Archive;
use crate::identity::{has_other_names, leads_to};
use crate::in_place::recovery::cut_back;
use crate::journal;

const WRITTEN_MEANWHILE: &str =
    "another program has written this file meanwhile, which stays as it is: nothing was written";

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
    n_written: u64,
    end: End,
}

/// How a change ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The file is cut back to what it was.
    CutBack,
    /// It is complete.
    Complete,
    /// The file is what another program has made of it, which stays.
    LeftAlone,
}

impl Change {
    /// Begins to change the file of an open archive.
    ///
    /// # Errors
    /// `Io` when the file cannot be written, or no file be made beside it; `BadInput` when it is not any more what was opened, or has several names: the
    /// journal, and the lock, are beside one of them.
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
            // Another archive of as many samples can have the same footer.
            if len != before.len || !archive.may_be_in(&file) || !journal::is_of(before, &file) {
                return Err(Error::bad_input(WRITTEN_MEANWHILE));
            }
            if has_other_names(&file).map_err(cannot_write)? {
                return Err(Error::bad_input(
                    "this file has other names (hard links), by which half of the change would be read: write the archive anew",
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
            n_written: 0,
            end: End::CutBack,
        })
    }

    /// Makes the change last: when this returns it survives a power cut.
    ///
    /// # Errors
    /// `BadInput` when another program has written the file meanwhile; `Io`. The file is what it was before, unless the error tells that it is
    /// complete.
    pub fn finish(mut self) -> Result<()> {
        self.check_unchanged()
            .map_err(|error| error.in_file(&self.path))?;
        let len = self.before.len + self.n_written;
        let synced = note_len(&self.file, len).and_then(|()| self.file.sync_all());
        synced.map_err(|error| Error::io("cannot write", error).in_file(&self.path))?;
        self.end = End::Complete;
        journal::remove(&self.path).map_err(|error| {
            let what =
                "the change is complete, but its journal cannot be removed, so the state before is read";
            Error::io(what, error).in_file(&self.path)
        })
    }
}

impl Change {
    /// Checks that the name still belongs to this file, and that nobody else has written to it: other programs know no lock.
    fn check_unchanged(&mut self) -> Result<()> {
        let cannot_look = |error| Error::io("cannot open", error);
        let is_named = leads_to(&self.path, &self.file).map_err(cannot_look)?;
        let is_ours = self.check_len().map_err(cannot_look)?;
        // What is written over from its front has the length that is expected, but not the footer.
        match is_named && is_ours && journal::is_of(self.before, &self.file) {
            true => Ok(()),
            false => Err(Error::bad_input(WRITTEN_MEANWHILE)),
        }
    }

    /// Whether the file is as long as it was with what was written. If it is not, another program has written it, and it is not cut back.
    fn check_len(&mut self) -> io::Result<bool> {
        let is_ours = self.file.metadata()?.len() == self.before.len + self.n_written;
        if !is_ours {
            self.end = End::LeftAlone;
        }
        Ok(is_ours)
    }
}

impl Write for Change {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // What is written behind the end of something else would lengthen that.
        if !self.check_len()? {
            return Err(io::Error::other(WRITTEN_MEANWHILE));
        }
        let n = self.file.write(bytes)?;
        self.n_written += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Change {
    fn drop(&mut self) {
        let _ = match self.end {
            End::Complete => Ok(()),
            // If it cannot be cut back the journal stays, and readers go no further.
            End::CutBack => cut_back(&self.path, &self.file, self.before.len),
            End::LeftAlone => journal::remove(&self.path),
        };
    }
}
