//! The four numbers that fix how an archive cuts, matches and packs.

use std::ops::RangeInclusive;

use crate::bytes::Cursor;
use crate::error::{Error, Result};
use crate::file_info::FormatVersion;
use crate::visibility::internal;

/// Parameters of an archive.
///
/// # Source
/// FORMAT.md, "`params`".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Params {
    /// Length of splitters, and so the overlap of neighbouring segments, in bases.
    pub k: u32,
    /// Shortest match of a delta, in bases; a closed match stores its length less this number.
    pub min_match_len: u32,
    /// Items per pack, and samples per batch of the collection.
    pub pack_cardinality: u32,
    /// Distance aimed at between splitters, in bases; 0 where the archive does not tell (version 1).
    pub segment_size: u32,
}

impl Params {
    /// Items of a pack that are accepted where an archive is written.
    pub const PACK_CARDINALITY: RangeInclusive<u32> = 1..=1_000_000_000;

    internal! {
        /// Reads the payload of the `params` stream.
        ///
        /// # Errors
        /// `Truncated` or `Corrupt` when it has another size, or a parameter leaves its range.
        fn decode(payload: &[u8], version: FormatVersion) -> Result<Self> {
            let mut cursor = Cursor::new(payload, "parameters");
            let params = Self {
                k: cursor.u32_le()?,
                min_match_len: cursor.u32_le()?,
                pack_cardinality: cursor.u32_le()?,
                segment_size: match version {
                    FormatVersion::V1 => 0,
                    FormatVersion::V2 | FormatVersion::V3 => cursor.u32_le()?,
                },
            };
            cursor.finish()?;
            params.check()?;
            Ok(params)
        }
    }

    internal! {
        /// Writes the payload of the `params` stream of a version 3 archive; its metadata is 0.
        #[must_use]
        fn encode(&self) -> Vec<u8> {
            let fields = [
                self.k,
                self.min_match_len,
                self.pack_cardinality,
                self.segment_size,
            ];
            fields.into_iter().flat_map(u32::to_le_bytes).collect()
        }
    }

    internal! {
        /// What a segment's length is coded against: `segment_size + k`.
        #[must_use]
        fn predicted_len(&self) -> u64 {
            u64::from(self.segment_size) + u64::from(self.k)
        }
    }

    fn check(&self) -> Result<()> {
        let rules = [
            ("k-mer length", self.k, 1..=32),
            ("minimum match length", self.min_match_len, 4..=35),
            ("pack cardinality", self.pack_cardinality, 1..=u32::MAX),
        ];
        for (what, value, range) in rules {
            if !range.contains(&value) {
                let (from, to) = range.into_inner();
                return Err(Error::corrupt(format!(
                    "{what} {value} is not between {from} and {to}"
                )));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARAMS: [u8; 16] = [17, 0, 0, 0, 15, 0, 0, 0, 50, 0, 0, 0, 100, 0, 0, 0];

    #[test]
    fn reads_and_writes_the_same_bytes() {
        let params = Params::decode(&PARAMS, FormatVersion::V3).unwrap();
        assert_eq!(
            params,
            Params {
                k: 17,
                min_match_len: 15,
                pack_cardinality: 50,
                segment_size: 100
            }
        );
        assert_eq!(params.encode(), PARAMS);
        assert_eq!(params.predicted_len(), 117);
        for end in 0..PARAMS.len() {
            assert!(Params::decode(&PARAMS[..end], FormatVersion::V3).is_err());
        }
        assert_eq!(
            Params::decode(&PARAMS[..12], FormatVersion::V1)
                .unwrap()
                .segment_size,
            0
        );
    }

    #[test]
    fn impossible_parameters_are_refused() {
        for (place, value) in [(0, 0), (0, 33), (4, 3), (4, 36), (8, 0)] {
            let mut bytes = PARAMS;
            bytes[place] = value;
            assert!(Params::decode(&bytes, FormatVersion::V3).is_err());
        }
    }
}
