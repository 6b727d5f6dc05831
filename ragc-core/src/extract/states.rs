//! Earlier states of an archive whose file was changed in place.

use std::path::Path;
use std::sync::Arc;

use crate::container::{ContainerReader, State, state_before};
use crate::error::{Error, ErrorKind, Result};
use crate::extract::Archive;
use crate::extract::file::open_file;
use crate::journal::{Window, is_of};
use crate::read_at::ReadAt;
use crate::visibility::internal;

/// The states of an archive's file that can be read, the present one last. Rewriting an archive ends all before.
///
/// # Errors
/// As [`Archive::open`]; `Corrupt` when an earlier state is told that the file does not hold.
pub fn states(path: impl AsRef<Path>) -> Result<Vec<State>> {
    let path = path.as_ref();
    let states = open_file(path).and_then(|file| all(&(Arc::new(file) as _)));
    states.map_err(|error| error.in_file(path))
}

fn all(source: &Arc<dyn ReadAt>) -> Result<Vec<State>> {
    let mut container = ContainerReader::open(Arc::clone(source))?;
    let mut states = vec![container.state()];
    while let Some(before) = state_before(&container)? {
        container = ContainerReader::open(window(source, before)?)?;
        states.push(before);
    }
    states.reverse();
    Ok(states)
}

/// A file as it was in a state.
fn window(source: &Arc<dyn ReadAt>, state: State) -> Result<Window<Arc<dyn ReadAt>>> {
    match is_of(state, source) {
        true => Ok(Window::new(Arc::clone(source), state.len)),
        false => Err(Error::corrupt(
            "the state before the last change is not in the file any more",
        )),
    }
}

/// What is read of a file, or another source, that is opened in the state of this number, counted from 1.
///
/// # Errors
/// As [`states`]; `NoState` for a number that no state has.
pub(super) fn open_state(source: &Arc<dyn ReadAt>, number: usize) -> Result<Window<Arc<dyn ReadAt>>> {
    let states = all(source)?;
    let state = number.checked_sub(1).and_then(|place| states.get(place));
    let absent = || {
        Error::new(ErrorKind::NoState {
            number: Some(number),
            n_states: states.len(),
        })
    };
    window(source, *state.ok_or_else(absent)?)
}

impl Archive {
    internal! {
        /// The state of the file that is read.
        #[must_use]
        fn state(&self) -> State {
            self.container().state()
        }
    }
}
