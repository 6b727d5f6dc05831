//! New sequence too short for a group of its own is gathered: the pieces of several rounds make up one reference, and each is
//! stored as a copy of its place there. What a round has gathered can be followed from the next one on, while the reference goes on
//! growing. A group costs some 40 bytes in the footer of an archive, which is uncompressed, and has codes of its own in two frames: with
//! a pool for each round, and pieces of the reference sample as groups, archives are some tenths of a percent larger (docs/measurements.md, "References that grow").

use crate::sequence::Sequence;

/// Shortest new sequence that founds a group, in bases, once the reference sample is complete, and shortest such piece of a segment of
/// that; shorter ones are gathered. With 32 kb archives are a little larger (docs/measurements.md, "References that grow").
pub(super) const MIN_REFERENCE: usize = 1 << 17;

/// A pool that has this many bases is closed: whoever reads a piece of it decodes its reference up to there.
const POOL_BASES: usize = 1 << 18;

/// The reference that is being gathered, and its group.
#[derive(Debug)]
pub(super) struct NovelReference {
    pub(super) group: u32,
    pub(super) sequence: Sequence,
    /// Bases that are known to those who compare.
    n_known: usize,
}

impl NovelReference {
    /// An empty pool for a group that has no reference yet.
    pub(super) fn new(group: u32) -> Self {
        Self {
            group,
            sequence: Sequence::new(),
            n_known: 0,
        }
    }

    /// Makes all of it known, and tells how many bases were before.
    pub(super) fn publish(&mut self) -> usize {
        std::mem::replace(&mut self.n_known, self.sequence.len())
    }

    /// Whether the next piece opens another pool.
    pub(super) fn is_full(&self) -> bool {
        self.sequence.len() >= POOL_BASES
    }

    /// Adds a piece, which is at least `min_match` bases long, and gives its delta: one match.
    pub(super) fn add(&mut self, piece: &Sequence, min_match: u32) -> Vec<u8> {
        let start = self.sequence.len();
        self.sequence.extend(&piece.to_codes());
        format!("{start},{}.", piece.len() - min_match as usize).into_bytes()
    }
}
