//! Earlier states of an archive whose file was changed in place.

use std::fs::File;
use std::path::Path;

use crate::container::{ContainerReader, State, state_before};
use crate::error::{Error, ErrorKind, Result};
use crate::extract::Archive;
use crate::extract::file::open_file;
use crate::journal::{Window, is_of};

/// The states of an archive's file that can be read, the present one last. Rewriting an archive ends all before.
///
/// # Errors
/// As [`Archive::open`]; `Corrupt` when an earlier state is told that the file does not hold.
pub fn states(path: impl AsRef<Path>) -> Result<Vec<State>> {
    let path = path.as_ref();
    all(path).map_err(|error| error.in_file(path))
}

fn all(path: &Path) -> Result<Vec<State>> {
    let mut container = ContainerReader::open(open_file(path)?)?;
    let mut states = vec![container.state()];
    while let Some(before) = state_before(&container)? {
        container = ContainerReader::open(window(path, before)?)?;
        states.push(before);
    }
    states.reverse();
    Ok(states)
}

/// A file as it was in a state.
fn window(path: &Path, state: State) -> Result<Window> {
    let file = File::open(path).map_err(|error| Error::io("cannot open", error))?;
    match is_of(state, &file) {
        true => Ok(Window::new(file, state.len)),
        false => Err(Error::corrupt(
            "the state before the last change is not in the file any more",
        )),
    }
}

/// What is read of a file that is opened in the state of this number, counted from 1.
///
/// # Errors
/// As [`states`]; `NotFound` for a number that no state has.
pub(super) fn open_state(path: &Path, number: usize) -> Result<Window> {
    let states = all(path)?;
    let state = number.checked_sub(1).and_then(|place| states.get(place));
    let absent = || {
        Error::new(ErrorKind::NotFound {
            what: "state",
            name: format!("{number} (there are {})", states.len()),
        })
    };
    window(path, *state.ok_or_else(absent)?)
}

impl Archive {
    /// The state of the file that is read.
    #[must_use]
    pub fn state(&self) -> State {
        self.container().state()
    }
}
