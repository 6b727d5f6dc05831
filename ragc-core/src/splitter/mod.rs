//! Splitters: the k-mers at which contigs are cut, so that the same stretch of every genome becomes a segment with the
//! same two ends.
//!
//! [`SplitterFinder`] chooses them in the reference sample; [`Splitters`] is the set; [`Cutter`] cuts contigs;
//! [`AdaptiveSplitters`] are chosen later.
//!
//! Only k-mers that pass a hash filter ([`Sampling`]) are looked at. A splitter is wanted every `segment_size` bases,
//! so hundreds of candidates in such a stretch are as good as one at every base, and then neither a table of all k-mers
//! of a genome nor a look-up at every base of every contig is needed. All occurrences of a k-mer
//! pass or fail together, so what is counted once among the sampled k-mers occurs once in the genome.

mod adaptive;
mod cut;
mod find;
mod scan;
mod stored;

pub use adaptive::AdaptiveSplitters;
pub use cut::{CutSegment, Cutter, MAX_SEGMENT_LEN};
pub use find::SplitterFinder;

use crate::kmer::{Kmer, Strands};
use ahash::AHashSet;

/// An odd number without pattern: the highest bits of a product with it depend on all bits of the other factor. Which
/// splitters come out is chance; of seven such numbers this one (from SplitMix64) did best by seven collections.
const HASH_FACTOR: u64 = 0x94D0_49BB_1331_11EB;

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
    /// This is asked at every base that is read. The sum of the strands is the same on both, so the smaller need not be found;
    /// with that and a hash that scrambles all bits, `create` took a seventh longer on SARS-CoV-2.
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

/// The set of k-mers at which contigs are cut.
#[derive(Debug, Clone)]
pub struct Splitters {
    k: u32,
    sampling: Sampling,
    values: AHashSet<u64>,
}

impl Splitters {
    /// k-mer length.
    #[must_use]
    pub fn k(&self) -> u32 {
        self.k
    }

    /// The k-mer, if it is a splitter.
    #[inline]
    #[must_use]
    pub fn find(&self, strands: Strands) -> Option<Kmer> {
        if !self.sampling.passes(strands) {
            return None;
        }
        let kmer = strands.kmer();
        self.values.contains(&kmer.value).then_some(kmer)
    }

    /// No splitters, of the same kind.
    #[must_use]
    pub fn none(&self) -> Self {
        Self {
            values: AHashSet::new(),
            ..*self
        }
    }

    /// Adds the splitters of another set.
    pub fn extend(&mut self, others: &Self) {
        self.values.extend(&others.values);
    }

    /// All values, ascending.
    #[must_use]
    pub fn sorted(&self) -> Vec<u64> {
        let mut values: Vec<u64> = self.values.iter().copied().collect();
        values.sort_unstable();
        values
    }
}
