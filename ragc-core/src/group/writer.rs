//! Encodes references and packs as parts of an archive.

use super::repeats::repeats_itself;
use crate::error::Result;
use crate::parse::{DeltaCompressor, SymbolCompressor, TupleCompressor};
use crate::sequence::Sequence;
use crate::threads::Helped;
use crate::times::{Stage, within};
use crate::tuple;
use crate::zstd::{Compressor, MatchSearch};

/// zstd level of references in tuple form that are too long for our own search (128 MiB).
const LONG_TUPLES_LEVEL: i32 = 3;

/// How references with repeats are compressed as symbols. In tuples a copy is found only if it lies a multiple of four bases from
/// where it comes from. Level 19 and shorter matches take more (docs/measurements.md, "Searches of zstd").
const SYMBOLS_SEARCH: MatchSearch = MatchSearch {
    level: 16,
    hash_log: 18,
    chain_log: 20,
    search_log: 0,
    min_match: 7,
    looks_back: true,
};

/// Packs up to this many bytes are compressed in no time, whatever is chosen for long ones.
const SHORT_PACK: usize = 1 << 16;

/// Packs that are too long for our own search (2 MiB). Level 19 takes three times as long for a hundredth less, and with the level's own tables each
/// thread takes 40 MB more (docs/measurements.md, "Searches of zstd").
const LONG_PACK_SEARCH: MatchSearch = MatchSearch {
    level: 17,
    hash_log: 19,
    chain_log: 20,
    search_log: 5,
    min_match: 5,
    looks_back: true,
};

/// Long packs that are put together out of others when archives are merged, which has to be worth it beside compressing the samples
/// again: a tenth of the time of the search above, for a twentieth more (docs/measurements.md, "Searches of zstd").
const QUICK_SEARCH: MatchSearch = MatchSearch {
    level: 12,
    hash_log: 19,
    chain_log: 20,
    search_log: 6,
    min_match: 6,
    looks_back: true,
};

/// All packs where little is to be compressed: it takes no time to speak of.
const BEST_SEARCH: MatchSearch = MatchSearch {
    level: 19,
    hash_log: 19,
    chain_log: 20,
    search_log: 7,
    min_match: 3,
    looks_back: true,
};

/// How packs of raw groups are compressed that hold many copies of nearly the same. Trees of 2²⁴ entries, as the level has them, take a hundredth less in 80
/// instead of 31 MB of memory (docs/measurements.md, "Raw groups").
const RAW_PACK_SEARCH: MatchSearch = MatchSearch {
    level: 19,
    hash_log: 20,
    chain_log: 22,
    search_log: 0,
    min_match: 3,
    looks_back: true,
};

/// Packs to which so many symbols a byte go are compressed with zstd's search too: among hundreds of relatives it finds the one that
/// goes on longest. Dengue genomes have 39 a byte, HIV-1 23, coliphages 10 (docs/measurements.md, "Matches in raw packs").
const MANY_SYMBOLS_PER_BYTE: usize = 32;
/// The same for short packs: it takes a quarter of a second.
const SHORT_RAW_PACK: usize = 3 << 17;

/// Bases of a collection whose packs are all compressed as well as can be: it takes no time to speak of.
pub(crate) const SMALL_COLLECTION: u64 = 32 << 20;

/// zstd level of what is only held for a while: every byte of it is compressed three times. Level 3 takes a third more time and as much memory
/// (docs/measurements.md, "Searches of zstd").
const HOLD_LEVEL: i32 = 1;

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
#[derive(Default)]
pub struct PartEncoder {
    compressor: Compressor,
    deltas: DeltaCompressor,
    symbols: SymbolCompressor,
    tuples: TupleCompressor,
    /// How zstd is to search packs; where nothing is told, the search is our own.
    short_packs: Option<MatchSearch>,
    long_packs: Option<MatchSearch>,
    /// Who may do a part of what takes long.
    helped: Option<Helped>,
}

impl PartEncoder {
    /// An encoder without tables; they are made by the first part.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Compresses packs from now on as well as can be.
    pub fn take_time(&mut self) {
        self.short_packs = Some(BEST_SEARCH);
        self.long_packs = Some(BEST_SEARCH);
    }

    /// Lets others do a part of what takes long from now on, or nobody.
    pub(crate) fn get_help(&mut self, helped: Option<Helped>) {
        self.helped = helped;
    }

    /// Compresses long packs from now on quickly.
    pub fn hurry(&mut self) {
        self.long_packs = Some(QUICK_SEARCH);
    }

    /// A pack: its items, each followed by the separator.
    ///
    /// # Errors
    /// Those of zstd.
    pub fn pack(&mut self, items: &[u8]) -> Result<EncodedPart> {
        self.leave_tuples();
        within(Stage::Packs, || self.encode_pack(items))
    }

    /// Gives back the tables for tuples: together with those of zstd they would be the peak of memory, and most packs are closed when all
    /// references are there.
    fn leave_tuples(&mut self) {
        self.tuples = TupleCompressor::default();
    }

    fn encode_pack(&mut self, items: &[u8]) -> Result<EncodedPart> {
        let search = match items.len() <= SHORT_PACK {
            true => self.short_packs,
            false => self.long_packs,
        };
        let own = match search {
            Some(_) => None,
            None => self.deltas.compress(items, self.helped.as_ref())?,
        };
        let frame = match own {
            Some(frame) => frame,
            None => self
                .compressor
                .compress_by(items, search.unwrap_or(LONG_PACK_SEARCH))?,
        };
        Ok(smaller(frame, PLAIN_MARKER, items))
    }

    /// A pack of a raw group: sequences, each followed by the separator.
    ///
    /// # Errors
    /// Those of zstd.
    pub fn raw_pack(&mut self, items: &[u8]) -> Result<EncodedPart> {
        self.leave_tuples();
        within(Stage::Packs, || self.encode_raw_pack(items))
    }

    fn encode_raw_pack(&mut self, items: &[u8]) -> Result<EncodedPart> {
        let frame = self.symbols.compress(items)?;
        let takes_other = frame.is_none_or(|frame| {
            items.len() <= SHORT_RAW_PACK || frame.len() * MANY_SYMBOLS_PER_BYTE < items.len()
        });
        let other = match takes_other {
            true => Some(self.compressor.compress_by(items, RAW_PACK_SEARCH)?),
            false => None,
        };
        let frames = frame.into_iter().chain(other);
        let shortest = frames.min_by_key(|frame| frame.len()).unwrap_or_default();
        Ok(smaller(shortest, PLAIN_MARKER, items))
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
        let as_tuples = self.encode_tuples(reference)?;
        if !repeats_itself(reference) {
            return Ok(as_tuples);
        }
        self.leave_tuples();
        let codes = reference.to_codes();
        let frame = self.compressor.compress_by(&codes, SYMBOLS_SEARCH)?;
        let as_symbols = smaller(frame, PLAIN_MARKER, &codes);
        // What is a little larger is read faster as tuples, which are a quarter as long.
        let is_worth_it = as_symbols.payload.len() * 64 < as_tuples.payload.len() * 63;
        Ok(if is_worth_it { as_symbols } else { as_tuples })
    }
}

impl PartEncoder {
    fn encode_tuples(&mut self, reference: &Sequence) -> Result<EncodedPart> {
        let tuples = tuple::pack_sequence(reference);
        let frame = match self.tuples.compress(&tuples)? {
            Some(frame) => frame,
            None => self.compressor.compress(&tuples, LONG_TUPLES_LEVEL)?,
        };
        Ok(match frame.len() + 1 < reference.len() {
            true => framed(frame, TUPLE_MARKER, reference.len()),
            false => plain(&reference.to_codes()),
        })
    }
}

/// The frame with its marker, or the bytes as they are if they are no longer.
fn smaller(frame: &[u8], marker: u8, bytes: &[u8]) -> EncodedPart {
    match frame.len() + 1 < bytes.len() {
        true => framed(frame, marker, bytes.len()),
        false => plain(bytes),
    }
}

fn framed(frame: &[u8], marker: u8, len: usize) -> EncodedPart {
    EncodedPart {
        metadata: len as u64,
        payload: [frame, &[marker]].concat(),
    }
}

fn plain(bytes: &[u8]) -> EncodedPart {
    EncodedPart {
        metadata: 0,
        payload: bytes.to_vec(),
    }
}
