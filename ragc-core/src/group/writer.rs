//! Encodes references and packs as parts of an archive.

use crate::error::Result;
use crate::sequence::Sequence;
use crate::times::{Stage, within};
use crate::tuple;
use crate::zstd::{Compressor, Search};

/// zstd level of references in tuple form up to [`SHORT_TUPLES`] bytes. Bases at two bits have little left but repeats, which
/// the best search finds: eleven yeast genomes take 3,882,437 bytes with 19, 3,915,893 with 3 and 3,912,240 with 15, human MHC
/// 956, 976 and 961 kB; `create` takes 2.02, 1.82 and 2.01 s of processor time.
const SHORT_TUPLES_LEVEL: i32 = 19;
const SHORT_TUPLES: usize = 1 << 18;

/// zstd level of longer ones, where that search takes memory.
const LONG_TUPLES_LEVEL: i32 = 3;

/// zstd level of all packs where little is to be compressed.
const BEST_LEVEL: i32 = 17;

/// zstd level of packs up to [`SHORT_PACK`] bytes. Eleven yeast genomes take 3,914,926 bytes with 16, 3,914,617 with 17 and
/// 3,923,544 with 14; `create` takes 2.00, 2.36 and 1.82 s of processor time.
const SHORT_PACK_LEVEL: i32 = 16;
const SHORT_PACK: usize = 1 << 16;

/// zstd level of longer packs, where the better search takes much longer than it saves. On 100 genomes of *S. pneumoniae* 17
/// and 10 give 2,353,816 bytes in 3.7 s of processor time; 17 and 12 give 2,325,142 bytes in 4.5 s, 19 throughout 2,298,690
/// bytes in 6.3 s.
const LONG_PACK_LEVEL: i32 = 10;

/// Entries of zstd's tables for longer packs, as a power of two. The level's own take 6 MB for each thread; with these a
/// hundred yeast genomes peaked at 73 instead of 83 MB, and the archive is 0.3 % larger.
const LONG_PACK_TABLE_LOG: u32 = 17;

/// How packs of raw groups are compressed. 500 genomes of HIV-1 in one pack take 181.2 kB, 97 of coliphages 697 kB; with trees
/// of 2²⁴ entries, as the level has them, 180.5 and 690 kB, but 80 instead of 31 MB of memory; with level 16 195.3 and 671 kB,
/// 120 plastids 1,700 instead of 1,596 kB.
const RAW_PACK_SEARCH: Search = Search {
    level: 19,
    hash_log: 20,
    chain_log: 22,
    min_match: 3,
    looks_back: true,
};

/// zstd level of what is only held for a while.
const HOLD_LEVEL: i32 = 3;

/// Ends a frame that holds the bytes themselves.
const PLAIN_MARKER: u8 = 0;
/// Ends a frame that holds the tuple form of a reference.
const TUPLE_MARKER: u8 = 1;

/// A part ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodedPart {
    /// 0 when the payload is stored as it is, else the decoded length: bytes of a pack, symbols of a reference.
    pub metadata: u64,
    /// The bytes of the part.
    pub payload: Vec<u8>,
}

/// Compresses parts, keeping the tables of zstd from one to the next.
pub struct PartEncoder {
    compressor: Compressor,
    short_pack_level: i32,
    long_pack_level: i32,
}

impl Default for PartEncoder {
    fn default() -> Self {
        Self {
            compressor: Compressor::default(),
            short_pack_level: SHORT_PACK_LEVEL,
            long_pack_level: LONG_PACK_LEVEL,
        }
    }
}

impl PartEncoder {
    /// An encoder without tables; they are made by the first part.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Compresses packs from now on as well as can be: with the tables of the levels, deltas of 394 genomes of dengue
    /// virus took 144 kB so, and 153 kB otherwise.
    pub fn take_time(&mut self) {
        self.short_pack_level = BEST_LEVEL;
        self.long_pack_level = BEST_LEVEL;
    }

    /// A pack: its items, each followed by the separator.
    ///
    /// # Errors
    /// Those of zstd.
    pub fn pack(&mut self, items: &[u8]) -> Result<EncodedPart> {
        within(Stage::Packs, || self.encode_pack(items))
    }

    fn encode_pack(&mut self, items: &[u8]) -> Result<EncodedPart> {
        let frame = if items.len() <= SHORT_PACK {
            self.compressor.compress(items, self.short_pack_level)?
        } else {
            let search = Search {
                hash_log: LONG_PACK_TABLE_LOG,
                chain_log: LONG_PACK_TABLE_LOG,
                ..Search::of_level(self.long_pack_level)
            };
            self.compressor.compress_by(items, search)?
        };
        Ok(smaller(frame, PLAIN_MARKER, items))
    }

    /// A pack of a raw group: sequences, each followed by the separator.
    ///
    /// # Errors
    /// Those of zstd.
    pub fn raw_pack(&mut self, items: &[u8]) -> Result<EncodedPart> {
        let compressor = &mut self.compressor;
        let frame = within(Stage::Packs, || compressor.compress_by(items, RAW_PACK_SEARCH))?;
        Ok(smaller(frame, PLAIN_MARKER, items))
    }

    /// Bytes that are held for a while, as a frame.
    ///
    /// # Errors
    /// Those of zstd.
    pub(super) fn held(&mut self, bytes: &[u8]) -> Result<&[u8]> {
        self.compressor.compress(bytes, HOLD_LEVEL)
    }

    /// A reference, which is not empty.
    ///
    /// # Errors
    /// Those of zstd.
    pub fn reference(&mut self, reference: &Sequence) -> Result<EncodedPart> {
        within(Stage::References, || self.encode_reference(reference))
    }

    fn encode_reference(&mut self, reference: &Sequence) -> Result<EncodedPart> {
        let codes = reference.to_codes();
        let tuples = tuple::pack(&codes);
        let level = match tuples.len() <= SHORT_TUPLES {
            true => SHORT_TUPLES_LEVEL,
            false => LONG_TUPLES_LEVEL,
        };
        let frame = self.compressor.compress(&tuples, level)?;
        Ok(smaller(frame, TUPLE_MARKER, &codes))
    }
}

/// The frame with its marker, or the bytes as they are if they are no longer.
fn smaller(frame: &[u8], marker: u8, plain: &[u8]) -> EncodedPart {
    if frame.len() + 1 < plain.len() {
        EncodedPart {
            metadata: plain.len() as u64,
            payload: [frame, &[marker]].concat(),
        }
    } else {
        EncodedPart {
            metadata: 0,
            payload: plain.to_vec(),
        }
    }
}
