//! Which k-mers may become splitters.

use crate::kmer::Strands;

/// An odd number without pattern: the highest bits of a product with it depend on all bits of the other factor. Which
/// splitters come out is chance; of seven such numbers this one (from SplitMix64) did best by seven collections.
pub(super) const HASH_FACTOR: u64 = 0x94D0_49BB_1331_11EB;

/// Which k-mers may become splitters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sampling {
    /// The highest hash that passes.
    limit: u64,
}

impl Sampling {
    /// Sampled k-mers that a segment of the wished size has at least, on average.
    pub const CANDIDATES_PER_SEGMENT: u32 = 256;
    const MAX_INTERVAL: u32 = 128;

    /// The filter for splitters that are `segment_size` bases apart.
    #[must_use]
    pub fn for_segment_size(segment_size: u32) -> Self {
        let interval = (segment_size / Self::CANDIDATES_PER_SEGMENT).clamp(1, Self::MAX_INTERVAL);
        Self {
            limit: u64::MAX >> interval.ilog2(),
        }
    }

    /// Whether a k-mer may be a splitter.
    ///
    /// This is asked at every base of a reference sample. The sum of the strands is the same on both, so the smaller need not be
    /// found.
    #[inline]
    #[must_use]
    pub fn passes(self, strands: Strands) -> bool {
        strands
            .direct
            .wrapping_add(strands.reverse)
            .wrapping_mul(HASH_FACTOR)
            <= self.limit
    }
}
