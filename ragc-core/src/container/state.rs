//! What an archive's file is at a time: it may grow, and its earlier states stay in it.

/// A state of a file: its length, and the checksum of its footer with the footer's size, which end there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct State {
    /// Bytes of the file.
    pub len: u64,
    /// CRC-32 of the footer and its size.
    pub footer_crc: u32,
}

impl State {
    /// The part that tells of this state in a later one: its metadata, and the payload.
    #[must_use]
    pub(crate) fn encode(self) -> (u64, [u8; 4]) {
        (self.len, self.footer_crc.to_le_bytes())
    }
}
