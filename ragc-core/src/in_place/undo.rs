//! Taking changes back that are complete.

use std::fs::File;
use std::io;
use std::path::Path;

use crate::container::{State, note_len};
use crate::error::{Error, ErrorKind, Result};
use crate::extract::Archive;
use crate::extract::states::states;
use crate::in_place::recovery::cut_back;
use crate::journal;

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
    let file = File::options().read(true).write(true).open(path);
    let file = file.map_err(|error| Error::io("cannot write", error).in_file(path))?;
    take_back(path, &file, *before).map_err(|error| error.in_file(path))?;
    Ok(*before)
}

/// Cuts the file back to a state.
///
/// With an index in front there are two places to write to: what the journal tells is true until both are done, and afterwards. Who reads goes by it,
/// so where it stays the change is taken back.
fn take_back(path: &Path, file: &File, before: State) -> Result<()> {
    let cannot_write = |error: io::Error| Error::io("cannot write", error);
    let but_not_safely = |error: io::Error| {
        let what = "the last change is taken back, but a power cut may bring it back, or a copy of the file: recover completes this";
        Error::io(what, error)
    };
    journal::begin(path, before).map_err(cannot_write)?;
    if let Err(error) = file.set_len(before.len) {
        return Err(match journal::remove(path) {
            Ok(()) => cannot_write(error),
            Err(_) => but_not_safely(error),
        });
    }
    cut_back(path, file, before.len).map_err(but_not_safely)
}

/// Notes in a copy of an archive, which something will be written behind, that the index at its front tells of a part of the file only; an
/// archive without such an index stays as it is.
///
/// # Errors
/// `Io` when the file cannot be written.
pub fn outdate_front_index(copy: &File) -> Result<()> {
    note_len(copy, u64::MAX).map_err(|error| Error::io("cannot write", error))
}
