//! Finds the k-mers that pass the filter. Every base of a reference sample goes through here.
//!
//! Eight at a time are looked at without a branch; most often none of them passes. Else they are looked at again, one by one. That
//! takes less time than to look at each (docs/measurements.md, "Details of making archives").

use super::Sampling;
use crate::alphabet::FIRST_AMBIGUOUS;
use crate::kmer::{KmerWindow, Strands};

impl Sampling {
    /// Rolls `window` along `codes` and calls `visit` with each k-mer that passes and the number of codes up to its end.
    #[inline]
    pub(super) fn scan(self, window: &mut KmerWindow, codes: &[u8], mut visit: impl FnMut(usize, Strands)) {
        // In registers: through the reference each base would wait for the one before to be stored.
        let mut rolling = window.clone();
        let (eights, rest) = codes.as_chunks::<8>();
        let mut before = 0;
        for eight in eights {
            let mut last = rolling.clone();
            match rolling.push_eight(*eight, |strands| self.passes(strands)) {
                Some(false) => {}
                Some(true) => self.scan_one_by_one(&mut last, eight, before, &mut visit),
                None => self.scan_one_by_one(&mut rolling, eight, before, &mut visit),
            }
            before += eight.len();
        }
        self.scan_one_by_one(&mut rolling, rest, before, &mut visit);
        *window = rolling;
    }

    /// For k-mers that pass, and where some are none.
    fn scan_one_by_one(
        self,
        window: &mut KmerWindow,
        codes: &[u8],
        before: usize,
        visit: &mut impl FnMut(usize, Strands),
    ) {
        for (end, code) in (before + 1..).zip(codes) {
            if *code >= FIRST_AMBIGUOUS {
                window.clear();
            } else if let Some(strands) = window.push_strands(*code)
                && self.passes(strands)
            {
                visit(end, strands);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kmer::mix;
    use proptest::prelude::*;

    fn passing(k: u32, codes: &[u8], piece_len: usize) -> Vec<(usize, Strands)> {
        let sampling = Sampling::for_segment_size(1000);
        let mut window = KmerWindow::new(k);
        let mut found = Vec::new();
        for (number, piece) in codes.chunks(piece_len).enumerate() {
            sampling.scan(&mut window, piece, |end, strands| {
                found.push((number * piece_len + end, strands));
            });
        }
        found
    }

    proptest! {
        #[test]
        fn pieces_of_any_length_give_the_same_kmers(
            k in 1u32..=32, seed: u64, piece_len in 1usize..80, ambiguous in proptest::collection::vec(0usize..400, 0..3)
        ) {
            let mut codes: Vec<u8> = (0..400).map(|i| (mix(seed ^ i) & 3) as u8).collect();
            ambiguous.iter().for_each(|pos| codes[*pos] = 4);
            prop_assert_eq!(passing(k, &codes, piece_len), passing(k, &codes, 1));
        }
    }
}
