//! What an archive tells of its file before it was changed in place.
//!
//! # Source
//! FORMAT.md, "Appending in place".

use crate::container::{ContainerReader, State, names};
use crate::error::{Error, Result};

/// The state that an archive was in before it was changed in place; `None` if it never was.
///
/// # Errors
/// `Corrupt` when what tells is damaged.
pub fn state_before(container: &ContainerReader) -> Result<Option<State>> {
    let name = names::PREVIOUS;
    if container.footer().find(name).is_none() {
        return Ok(None);
    }
    let part = container.read_only_part(name)?;
    let read = || match <[u8; 4]>::try_from(part.payload()) {
        Ok(crc) if part.metadata < container.state().len => Ok(State {
            len: part.metadata,
            footer_crc: u32::from_le_bytes(crc),
        }),
        _ => Err(Error::corrupt("no earlier state of the file")),
    };
    read().map(Some).map_err(|error| error.in_part(0).in_stream(name))
}
