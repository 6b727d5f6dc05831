//! Archives that are changed in place: what is new goes behind the end of the file, and until it is complete the file counts as it was.
//!
//! A [`Change`] begins with a journal beside the archive and ends when what was written is synced and the journal gone. Until then
//! [`Archive::open`] reads the old state. If the change fails, or whoever made it has died, the file is cut back ([`recover`]).
//!
//! One byte of the old state is written to: that in front of a streamable archive which says whether the index there is of the whole file.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::container::{State, note_len};
use crate::error::{Error, ErrorKind, Result};
use crate::extract::{Archive, states};
use crate::identity::{has_other_names, leads_to};
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
    is_complete: bool,
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
            is_complete: false,
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
        self.is_complete = true;
        journal::remove(&self.path).map_err(|error| {
            let what =
                "the change is complete, but its journal cannot be removed, so the state before is read";
            Error::io(what, error).in_file(&self.path)
        })
    }
}

impl Change {
    /// Checks that the name still belongs to this file, and that nobody else has written to it: other programs know no lock.
    fn check_unchanged(&self) -> Result<()> {
        let cannot_look = |error| Error::io("cannot open", error);
        let is_named = leads_to(&self.path, &self.file).map_err(cannot_look)?;
        let len = self.file.metadata().map_err(cannot_look)?.len();
        match is_named && len == self.before.len + self.n_written {
            true => Ok(()),
            false => Err(Error::bad_input(WRITTEN_MEANWHILE)),
        }
    }
}

impl Write for Change {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
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
/// `NoState` when the file was not changed in place since it was written as a whole; `Corrupt` when the state before is damaged; `Io`.
pub fn undo(path: impl AsRef<Path>) -> Result<State> {
    let path = path.as_ref();
    let states = states(path)?;
    let [.., before, _present] = states.as_slice() else {
        let error = Error::new(ErrorKind::NoState {
            number: None,
            n_states: states.len(),
        });
        return Err(error.in_file(path));
    };
    // What is gone back to is read as far as opening does, which compares it with its checksums.
    Archive::options()
        .at_state(states.len() - 1)
        .open(path)?
        .samples()?;
    // With an index in front there are two places to write to: what the journal tells is true until both are done, and afterwards.
    let cut = || {
        let file = File::options().read(true).write(true).open(path)?;
        journal::begin(path, *before)?;
        cut_back(path, &file, before.len)
    };
    cut().map_err(|error: io::Error| Error::io("cannot write", error).in_file(path))?;
    Ok(*before)
}

fn cut_back(path: &Path, file: &File, len: u64) -> io::Result<()> {
    file.set_len(len)?;
    note_len(file, len)?;
    file.sync_all()?;
    journal::remove(path)
}

/// Notes in a copy of an archive, which something will be written behind, that the index at its front tells of a part of the file only; an
/// archive without such an index stays as it is.
///
/// # Errors
/// `Io` when the file cannot be written.
#[doc(hidden)]
pub fn outdate_front_index(copy: &File) -> Result<()> {
    note_len(copy, u64::MAX).map_err(|error| Error::io("cannot write", error))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::Arc;

    use super::*;
    use crate::compress::{AppendOptions, CreateOptions, Input};
    use crate::observe::Silent;

    const BLOCK_LEN: usize = 64;

    /// An archive, and what goes behind its end when a sample is added.
    fn archive_and_end() -> (Vec<u8>, Vec<u8>) {
        let [a, b] =
            ["ACGTACGTTGCA", "ACGTACGATGCAAA"].map(|sequence| format!(">x\n{}\n", sequence.repeat(20)));
        let mut old = Vec::new();
        let inputs = [Input::bytes("a", a.into_bytes())];
        CreateOptions::default()
            .create(&inputs, &mut old, Arc::new(Silent))
            .unwrap();
        let mut end = Vec::new();
        AppendOptions::default()
            .append_behind(
                &Archive::from_reader(old.clone()).unwrap(),
                &[Input::bytes("b", b.into_bytes())],
                &mut end,
                Arc::new(Silent),
            )
            .unwrap();
        (old, end)
    }

    fn n_samples(path: &Path) -> Result<usize> {
        Archive::open(path).and_then(|archive| Ok(archive.samples()?.len()))
    }

    /// What a power cut may leave: any of the bytes that were not synced, and of the others nothing, or zeros.
    fn left_of(end: &[u8], n_bytes: usize, seed: u64) -> Vec<u8> {
        let mut left = end[..n_bytes].to_vec();
        for (i, block) in left.chunks_mut(BLOCK_LEN).enumerate() {
            if seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(i as u32) & 1 == 1 {
                block.fill(0);
            }
        }
        left
    }

    #[test]
    fn whatever_a_power_cut_leaves_is_the_old_state_or_the_new_one() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.agc");
        let (old, end) = archive_and_end();
        let state = Archive::from_reader(old.clone()).unwrap().container().state();
        for (n_bytes, seed) in (0..=end.len()).step_by(7).zip(0..) {
            fs::write(&path, &old).unwrap();
            journal::begin(&path, state).unwrap();
            fs::write(&path, [&old[..], &left_of(&end, n_bytes, seed)].concat()).unwrap();
            assert_eq!(n_samples(&path).unwrap(), 1, "{n_bytes}");
            assert_eq!(recover(&path).unwrap(), Recovered::CutBack(n_bytes as u64));
            assert!(fs::read(&path).unwrap() == old && !journal::exists(&path));
            assert_eq!(recover(&path).unwrap(), Recovered::Nothing);
        }
        // The journal goes when everything is there.
        fs::write(&path, [&old[..], &end].concat()).unwrap();
        assert_eq!(n_samples(&path).unwrap(), 2);
        assert_eq!(undo(&path).unwrap(), state);
        assert!(fs::read(&path).unwrap() == old);
        assert!(undo(&path).is_err());
    }

    #[test]
    fn a_journal_that_was_never_complete_means_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.agc");
        let (old, _) = archive_and_end();
        fs::write(&path, &old).unwrap();
        let state = Archive::open(&path).unwrap().container().state();
        journal::begin(&path, state).unwrap();
        let journal = dir.path().join("x.agc.ragc-journal");
        let text = fs::read(&journal).unwrap();
        for end in 0..text.len() {
            fs::write(&journal, &text[..end]).unwrap();
            assert_eq!(n_samples(&path).unwrap(), 1);
            assert_eq!(recover(&path).unwrap(), Recovered::JournalOnly);
        }
        assert!(fs::read(&path).unwrap() == old);
    }

    #[test]
    fn a_change_that_is_dropped_leaves_the_file_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.agc");
        let (old, end) = archive_and_end();
        fs::write(&path, &old).unwrap();
        let archive = Archive::open(&path).unwrap();
        let mut change = Change::begin(&path, &archive).unwrap();
        assert!(Change::begin(&path, &archive).is_err(), "one is going on");
        change.write_all(&end[..100]).unwrap();
        assert_eq!(n_samples(&path).unwrap(), 1);
        drop(change);
        assert!(fs::read(&path).unwrap() == old && !journal::exists(&path));

        let mut change = Change::begin(&path, &archive).unwrap();
        change.write_all(&end).unwrap();
        assert_eq!(n_samples(&path).unwrap(), 1);
        change.finish().unwrap();
        assert_eq!(n_samples(&path).unwrap(), 2);
        assert!(!journal::exists(&path));
        assert_eq!(
            archive.samples().unwrap().len(),
            1,
            "who opened it before reads on"
        );
        let now = Archive::open(&path).unwrap();
        let mut change = Change::begin(&path, &now).unwrap();
        change.write_all(b"more").unwrap();
        let other = dir.path().join("other.agc");
        fs::write(&other, &old).unwrap();
        fs::rename(&other, &path).unwrap();
        let error = change.finish().unwrap_err().to_string();
        assert!(error.contains("another program"), "{error}");
        assert!(fs::read(&path).unwrap() == old && !journal::exists(&path));
        fs::write(&path, [&old[..], &end].concat()).unwrap();
        assert!(Change::begin(&path, &archive).is_err(), "it is another file now");

        // The same footer at the same place tells nothing of what is in front of it.
        let before = Archive::open(&path).unwrap();
        fs::copy(&path, &other).unwrap();
        fs::rename(&other, &path).unwrap();
        let error = Change::begin(&path, &before).unwrap_err().to_string();
        assert!(error.contains("another program"), "{error}");
        Change::begin(&path, &Archive::open(&path).unwrap()).unwrap();
    }
}
