//! Splitters: the k-mers at which contigs are cut, so that the same stretch of every genome becomes a segment with the
//! same two ends.
//!
//! [`SplitterFinder`] chooses them in the reference sample; [`Splitters`] is the set; [`Cutter`] cuts contigs;
//! [`AdaptiveSplitters`] are chosen later.
//!
//! Only k-mers that pass a hash filter ([`Sampling`]) may become splitters. One is wanted every `segment_size` bases,
//! so hundreds of candidates in such a stretch are as good as one at every base, and then no table of all k-mers
//! of a genome is needed. All occurrences of a k-mer
//! pass or fail together, so what is counted once among the sampled k-mers occurs once in the genome.
//!
//! Where splitters are is found otherwise (`marks`), whoever chose them.

mod adaptive;
mod cut;
mod find;
mod marks;
mod sampling;
mod scan;

pub use adaptive::AdaptiveSplitters;
pub use cut::{CutSegment, Cutter, MAX_SEGMENT_LEN};
pub use find::SplitterFinder;
pub use sampling::Sampling;

use self::marks::Marks;
use crate::kmer::Kmer;
use crate::sequence::Sequence;
use ahash::AHashSet;

/// The set of k-mers at which contigs are cut.
#[derive(Debug, Clone)]
pub struct Splitters {
    k: u32,
    values: AHashSet<u64>,
    marks: Marks,
}

impl Splitters {
    /// These k-mers of length `k`: canonical values.
    #[must_use]
    pub fn new(k: u32, values: impl IntoIterator<Item = u64>) -> Self {
        let mut splitters = Self {
            k,
            values: AHashSet::new(),
            marks: Marks::new(k, 0),
        };
        splitters.extend(values);
        splitters
    }

    /// k-mer length.
    #[must_use]
    pub fn k(&self) -> u32 {
        self.k
    }

    /// The first splitter of `sequence` that begins at `from` or behind it, and where it begins.
    #[must_use]
    pub fn first_in(&self, sequence: &Sequence, from: usize) -> Option<(usize, Kmer)> {
        if self.values.is_empty() {
            return None;
        }
        let end = (sequence.len() + 1).saturating_sub(self.k as usize);
        let step = self.marks.step();
        let (mut start, mut stretch) = (from, from.next_multiple_of(step));
        while start < end {
            // All k-mers that begin here hold this stretch.
            let starts = start..end.min(stretch + 1);
            if self.marks.contains(sequence, stretch) {
                let found = starts
                    .clone()
                    .find_map(|pos| Some((pos, self.at(sequence, pos)?)));
                if found.is_some() {
                    return found;
                }
            }
            start = starts.end;
            stretch += step;
        }
        None
    }

    /// The splitter that begins here, where a whole k-mer has room.
    fn at(&self, sequence: &Sequence, pos: usize) -> Option<Kmer> {
        if sequence.acgt_len_from(pos) < self.k as usize {
            return None;
        }
        let kmer = sequence.kmer(pos, self.k).kmer();
        self.values.contains(&kmer.value).then_some(kmer)
    }

    /// Adds further splitters.
    pub fn extend(&mut self, values: impl IntoIterator<Item = u64>) {
        let n_before = self.values.len();
        let mut added: Vec<u64> = values.into_iter().collect();
        added.retain(|value| self.values.insert(*value));
        if self.values.len() > self.marks.capacity() {
            // Twice as many in the end as there are now, if they come a few at a time.
            let room = if n_before == 0 { 1 } else { 2 };
            self.marks = Marks::new(self.k, room * self.values.len());
            added = self.values.iter().copied().collect();
        }
        added.into_iter().for_each(|value| self.marks.add(value));
    }

    /// All values, ascending.
    #[must_use]
    pub fn sorted(&self) -> Vec<u64> {
        let mut values: Vec<u64> = self.values.iter().copied().collect();
        values.sort_unstable();
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alphabet::FIRST_AMBIGUOUS;
    use crate::kmer::{KmerWindow, mix};
    use proptest::prelude::*;

    fn kmers(codes: &[u8], k: u32) -> Vec<(usize, Kmer)> {
        let mut window = KmerWindow::new(k);
        let push = |(end, code): (usize, &u8)| {
            if *code >= FIRST_AMBIGUOUS {
                window.clear();
                return None;
            }
            window.push(*code).map(|kmer| (end + 1 - k as usize, kmer))
        };
        codes.iter().enumerate().filter_map(push).collect()
    }

    proptest! {
        #[test]
        fn every_splitter_is_found_where_it_is(
            k in 1u32..=32,
            seed: u64,
            from in 0usize..400,
            chosen in proptest::collection::vec(0usize..300, 0..6),
            ambiguous in proptest::collection::vec(0usize..400, 0..3),
        ) {
            let mut codes: Vec<u8> = (0..400).map(|i| (mix(seed ^ i) & 3) as u8).collect();
            // The other strand of what is there.
            let mut copy = codes[..100].to_vec();
            crate::alphabet::reverse_complement(&mut copy);
            codes[250..350].copy_from_slice(&copy);
            ambiguous.iter().for_each(|pos| codes[*pos] = 4);
            let all = kmers(&codes, k);
            let values: Vec<u64> = chosen.iter().filter_map(|i| all.get(*i)).map(|(_, kmer)| kmer.value).collect();
            let mut splitters = Splitters::new(k, values.iter().copied().take(2));
            values.iter().for_each(|value| splitters.extend([*value]));
            let expected = all.into_iter().find(|(pos, kmer)| *pos >= from && values.contains(&kmer.value));
            prop_assert_eq!(splitters.first_in(&Sequence::from_codes(&codes), from), expected);
        }
    }
}
