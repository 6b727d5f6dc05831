//! The two streams that only a later append needs: the splitters, and which pair of them leads to which group.
//!
//! # Source
//! FORMAT.md, "`splitters`" and "`segment-splitters`".

use crate::bytes::Cursor;
use crate::error::{Error, Result};

/// In a [`SegmentKey`], the absence of a splitter.
pub use crate::kmer::NONE as NO_SPLITTER;

/// Bytes of a record of `segment-splitters`.
const RECORD_LEN: u64 = 20;

/// Segments between the splitters `a` and `b` belong to `group`.
///
/// Both are canonical k-mer values, left-aligned, with `a <= b`; or one of them is [`NO_SPLITTER`], and then its place
/// matters; or both are, and the group is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SegmentKey {
    /// First splitter of the pair.
    pub a: u64,
    /// Second splitter of the pair.
    pub b: u64,
    /// Group of the segments between them.
    pub group: u32,
}

/// Reads the `splitters` stream; `n` is the metadata of its part.
///
/// # Errors
/// `Corrupt` when the payload does not hold exactly `n` values.
pub fn decode_splitters(n: u64, payload: &[u8]) -> Result<Vec<u64>> {
    check_len(n, 8, payload)?;
    let mut cursor = Cursor::new(payload, "splitters");
    (0..n).map(|_| cursor.u64_le()).collect()
}

/// Writes the `splitters` stream: metadata and payload. The values should be ascending.
#[must_use]
pub fn encode_splitters(splitters: &[u64]) -> (u64, Vec<u8>) {
    let payload = splitters.iter().flat_map(|value| value.to_le_bytes()).collect();
    (splitters.len() as u64, payload)
}

/// Reads the `segment-splitters` stream; `n` is the metadata of its part.
///
/// # Errors
/// `Corrupt` when the payload does not hold exactly `n` records.
pub fn decode_segment_keys(n: u64, payload: &[u8]) -> Result<Vec<SegmentKey>> {
    check_len(n, RECORD_LEN, payload)?;
    let mut cursor = Cursor::new(payload, "segment splitters");
    (0..n)
        .map(|_| {
            Ok(SegmentKey {
                a: cursor.u64_le()?,
                b: cursor.u64_le()?,
                group: cursor.u32_le()?,
            })
        })
        .collect()
}

/// Writes the `segment-splitters` stream: metadata and payload. The keys should be unique and ascending.
#[must_use]
pub fn encode_segment_keys(keys: &[SegmentKey]) -> (u64, Vec<u8>) {
    let mut payload = Vec::with_capacity(keys.len() * RECORD_LEN as usize);
    for key in keys {
        payload.extend_from_slice(&key.a.to_le_bytes());
        payload.extend_from_slice(&key.b.to_le_bytes());
        payload.extend_from_slice(&key.group.to_le_bytes());
    }
    (keys.len() as u64, payload)
}

fn check_len(n: u64, len_each: u64, payload: &[u8]) -> Result<()> {
    if n.checked_mul(len_each) == Some(payload.len() as u64) {
        Ok(())
    } else {
        Err(Error::corrupt(format!(
            "{} bytes for {n} records of {len_each}",
            payload.len()
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rustfmt::skip]
    const KEY: [u8; 20] = [
        0, 0, 0, 0x40, 0x8F, 0x7D, 0x61, 0x2A,                  // a
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,         // none
        17, 0, 0, 0,                                            // group
    ];

    #[test]
    fn keys_read_and_write_the_same_bytes() {
        let key = SegmentKey {
            a: 0x2A61_7D8F_4000_0000,
            b: NO_SPLITTER,
            group: 17,
        };
        assert_eq!(decode_segment_keys(1, &KEY).unwrap(), [key]);
        assert_eq!(encode_segment_keys(&[key]), (1, KEY.to_vec()));
        for end in 0..KEY.len() {
            assert!(decode_segment_keys(1, &KEY[..end]).is_err());
        }
        assert!(decode_segment_keys(u64::MAX, &KEY).is_err());
        assert!(decode_segment_keys(0, b"").unwrap().is_empty());
    }

    #[test]
    fn splitters_read_and_write_the_same_bytes() {
        let splitters = [0x2A61_7D8F_4000_0000, 1];
        let (n, payload) = encode_splitters(&splitters);
        assert_eq!(payload[..8], KEY[..8]);
        assert_eq!(decode_splitters(n, &payload).unwrap(), splitters);
        for end in 0..payload.len() {
            assert!(decode_splitters(n, &payload[..end]).is_err());
        }
    }
}
