//! The seeds of a text that is read on one strand.

use super::seeds::Seed;
use ahash::AHashSet;

/// The seeds of a text, each as the text reads it.
///
/// A seed takes 31 bits of its hash and one for the strand: of a million seeds one in two thousand that are looked up is found by chance.
#[derive(Debug, Default)]
pub(super) struct StrandSeeds(AHashSet<u32>);

impl StrandSeeds {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a seed of a sequence that the text has as it is, or turned.
    pub(super) fn add(&mut self, seed: Seed, is_rev_comp: bool) {
        self.0.insert(key(seed, is_rev_comp));
    }

    /// Whether the text has the seed as the sequence reads it, or turned.
    pub(super) fn contains(&self, seed: Seed, is_rev_comp: bool) -> bool {
        self.0.contains(&key(seed, is_rev_comp))
    }
}

/// The lowest bits of hashes tell which seeds are asked for the group.
fn key(seed: Seed, is_rev_comp: bool) -> u32 {
    let bits = (seed.hash >> 32) as u32;
    bits & !1 | u32::from(seed.is_direct != is_rev_comp)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compress::place::seeds::Seeds;
    use crate::kmer::mix;
    use crate::sequence::Sequence;

    #[test]
    fn a_text_has_its_seeds_on_one_strand() {
        let codes: Vec<u8> = (0..500).map(|i| (mix(i) & 3) as u8).collect();
        let sequence = Sequence::from_codes(&codes);
        let seeds = Seeds::new(1.0);
        let mut text = StrandSeeds::default();
        seeds.for_each(&sequence, |seed| text.add(seed, false));
        let found = |sequence: &Sequence, is_rev_comp| {
            let mut n_found = 0;
            seeds.for_each(sequence, |seed| {
                n_found += usize::from(text.contains(seed, is_rev_comp));
            });
            n_found
        };
        let turned = sequence.reverse_complement();
        assert_eq!([found(&sequence, false), found(&turned, true)], [480, 480]);
        assert_eq!([found(&sequence, true), found(&turned, false)], [0, 0]);
    }
}
