//! What an archive's file is at a time: it may grow, and its earlier states stay in it.
//!
//! # Source
//! FORMAT.md, "`ragc.previous`".

use crate::container::{ContainerReader, names};
use crate::error::{Error, Result};

/// A state of a file: its length, and the checksum of its footer with the footer's size, which end there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// Bytes of the file.
    pub len: u64,
    /// CRC-32 of the footer and its size.
    pub footer_crc: u32,
}

impl State {
    /// The part that tells of this state in a later one: its metadata, and the payload.
    #[must_use]
    pub fn encode(self) -> (u64, [u8; 4]) {
        (self.len, self.footer_crc.to_le_bytes())
    }

    /// The state that an archive was in before it was changed in place; `None` if it never was.
    ///
    /// # Errors
    /// `Corrupt` when what tells is damaged.
    pub fn before(archive: &ContainerReader) -> Result<Option<Self>> {
        let name = names::PREVIOUS;
        if archive.footer().find(name).is_none() {
            return Ok(None);
        }
        let part = archive.read_only_part(name)?;
        let read = || match <[u8; 4]>::try_from(part.payload()) {
            Ok(crc) if part.metadata < archive.state().len => Ok(Self {
                len: part.metadata,
                footer_crc: u32::from_le_bytes(crc),
            }),
            _ => Err(Error::corrupt("no earlier state of the file")),
        };
        read().map(Some).map_err(|error| error.in_part(0).in_stream(name))
    }
}
