//! How the texts of the collection are compressed.

use crate::error::Result;
use crate::zstd::{Compressor, MatchSearch};

/// Longer texts are compressed with smaller tables than the level has: those took many times the memory of the names of drafts
/// (docs/measurements.md, "Memory").
const LONG_TEXT: usize = 1 << 20;

/// Longer names are compressed by the search for packs of deltas, up to 2 MiB: 548 kB of pneumococci take 48,205 bytes in 0.11 s, with zstd's level 18 47,757 in 0.33, which
/// was 6 % of the processor time of 100 genomes (2026-11-28, 33304b2).
const LONG_NAMES: usize = 1 << 18;

/// What it may cost to make a batch small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// It is written once and read ever after.
    Best,
    /// It is written again soon: where an archive is changed in place, with every sample until it is full. At the levels of a new archive that took most of the
    /// time of adding one (docs/measurements.md, "Appending in place").
    Quick,
}

/// Level of what is written again soon.
const QUICK_LEVEL: i32 = 5;

impl Effort {
    /// The level, where this one is the best.
    pub(super) fn level(self, best: i32) -> i32 {
        match self {
            Self::Best => best,
            Self::Quick => QUICK_LEVEL,
        }
    }
}

/// The search of this level for a text of `len` bytes.
pub(super) fn search(level: i32, len: usize) -> MatchSearch {
    match len <= LONG_TEXT {
        true => MatchSearch::of_level(level),
        false => MatchSearch {
            hash_log: 18,
            chain_log: 20,
            looks_back: true,
            ..MatchSearch::of_level(level)
        },
    }
}

/// A frame of names, at this level where they are short.
///
/// # Errors
/// `NoMemory`; `BadOption` when zstd refuses.
pub(super) fn compress_names(names: &[u8], level: i32, effort: Effort) -> Result<Vec<u8>> {
    let own = match names.len() > LONG_NAMES && effort == Effort::Best {
        true => by_own_search(names)?,
        false => None,
    };
    if let Some(frame) = own {
        return Ok(frame);
    }
    let search = search(effort.level(level), names.len());
    Ok(Compressor::new().compress_by(names, search)?.to_vec())
}

#[cfg(feature = "compress")]
fn by_own_search(names: &[u8]) -> Result<Option<Vec<u8>>> {
    let mut compressor = crate::parse::DeltaCompressor::default();
    Ok(compressor.compress(names, None)?.map(<[u8]>::to_vec))
}

/// Where only reading is built it is not there, and no archives are written.
#[cfg(not(feature = "compress"))]
fn by_own_search(_: &[u8]) -> Result<Option<Vec<u8>>> {
    Ok(None)
}
