//! The checksum of everything: CRC-32 as gzip and PNG have it, with the number of bytes that it is of.
//!
//! A CRC sees every single flipped bit for sure, and every run of up to 32 bits that are wrong; anything else escapes once
//! in four thousand million times. The number of bytes makes sums of neighbouring stretches into one of both.

use crc32fast::Hasher;

/// Short pieces are gathered up to this many bytes: on fewer than 128 at a time the fast way of the CRC is not taken.
const BUFFER_LEN: usize = 1 << 12;

/// The CRC-32 of some bytes, and how many they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checksum {
    /// The CRC-32; 0 of no bytes.
    pub crc: u32,
    /// Number of bytes.
    pub len: u64,
}

impl Checksum {
    /// The checksum of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self {
            crc: crc32fast::hash(bytes),
            len: bytes.len() as u64,
        }
    }

    /// Adds the bytes that follow.
    pub fn add(&mut self, bytes: &[u8]) {
        let mut hasher = self.hasher();
        hasher.update(bytes);
        self.crc = hasher.finalize();
        self.len += bytes.len() as u64;
    }

    /// The checksum of these bytes with those of `next` behind them.
    #[must_use]
    pub fn followed_by(self, next: Self) -> Self {
        let mut hasher = self.hasher();
        hasher.combine(&next.hasher());
        Self {
            crc: hasher.finalize(),
            len: self.len + next.len,
        }
    }

    fn hasher(self) -> Hasher {
        Hasher::new_with_initial_len(self.crc, self.len)
    }
}

/// Takes the checksum of bytes that come piece by piece.
#[derive(Debug, Default)]
pub struct Summer {
    sum: Checksum,
    waiting: Vec<u8>,
}

impl Summer {
    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.waiting.len() + bytes.len() > BUFFER_LEN {
            self.drain();
        }
        if bytes.len() < BUFFER_LEN {
            self.waiting.extend_from_slice(bytes);
        } else {
            self.sum.add(bytes);
        }
    }

    /// The checksum of all bytes so far, which are forgotten.
    pub fn take(&mut self) -> Checksum {
        self.drain();
        std::mem::take(&mut self.sum)
    }

    fn drain(&mut self) {
        self.sum.add(&self.waiting);
        self.waiting.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn it_is_the_crc_of_gzip() {
        // The check value that every description of CRC-32 gives.
        assert_eq!(Checksum::of(b"123456789").crc, 0xCBF4_3926);
        assert_eq!(Checksum::of(b""), Checksum::default());
    }

    proptest! {
        #[test]
        fn pieces_sum_up_to_the_whole(pieces in prop::collection::vec((any::<u8>(), 0..6000usize), 0..8)) {
            let pieces: Vec<Vec<u8>> = pieces.into_iter().map(|(byte, len)| vec![byte; len]).collect();
            let whole = Checksum::of(&pieces.concat());
            let mut summer = Summer::default();
            pieces.iter().for_each(|piece| summer.push(piece));
            prop_assert_eq!(summer.take(), whole);
            prop_assert_eq!(summer.take(), Checksum::default());
            let joined = pieces.iter().map(|piece| Checksum::of(piece)).fold(Checksum::default(), Checksum::followed_by);
            prop_assert_eq!(joined, whole);
        }
    }
}
