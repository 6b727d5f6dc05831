//! Adaptive mode: further splitters for contigs that have none.
//!
//! A contig without a splitter comes from sequence that the reference sample lacks. Splitters are chosen in it as they
//! were in the reference sample, among k-mers that occur once in the contig and not at all in the reference sample, and
//! from then on cut every contig, so that the next sample with this sequence has segments with the same ends.
//!
//! This has to be done in input order; so it comes after the readers, which cut with the first splitters alone.

use super::{CutSegment, Cutter, SplitterFinder, Splitters};
use crate::error::Result;

/// The splitters chosen since the reference sample, and what they may not be.
#[derive(Debug)]
pub struct AdaptiveSplitters {
    segment_size: u32,
    chosen: Splitters,
    /// Sampled k-mers of the reference sample, ascending.
    reference_kmers: Vec<u64>,
}

impl AdaptiveSplitters {
    /// Nothing chosen yet. `first` are the splitters of the reference sample, `reference_kmers` its sampled k-mers,
    /// ascending.
    #[must_use]
    pub fn new(first: &Splitters, segment_size: u32, reference_kmers: Vec<u64>) -> Self {
        Self {
            segment_size,
            chosen: Splitters::new(first.k(), []),
            reference_kmers,
        }
    }

    /// The splitters chosen so far.
    #[must_use]
    pub fn chosen(&self) -> &Splitters {
        &self.chosen
    }

    /// Cuts a segment further, after choosing splitters in it if it has none and is long enough.
    ///
    /// # Errors
    /// None of its own.
    pub fn cut(&mut self, segment: CutSegment) -> Result<Vec<CutSegment>> {
        let codes = segment.sequence.to_codes();
        let mut pieces = self.cut_at_chosen(&codes)?;
        let has_splitter = segment.front.is_some() || segment.back.is_some() || pieces.len() > 1;
        if !has_splitter && codes.len() >= self.segment_size as usize {
            self.choose_in(&codes);
            pieces = self.cut_at_chosen(&codes)?;
        }
        if let Some(first) = pieces.first_mut() {
            first.front = segment.front;
        }
        if let Some(last) = pieces.last_mut() {
            last.back = segment.back;
        }
        Ok(pieces)
    }

    fn cut_at_chosen(&self, codes: &[u8]) -> Result<Vec<CutSegment>> {
        let mut pieces = Vec::new();
        let mut take = |piece| {
            pieces.push(piece);
            Ok(())
        };
        let mut cutter = Cutter::new(&self.chosen);
        cutter.push(codes, &mut take)?;
        cutter.end_contig(&mut take)?;
        Ok(pieces)
    }

    fn choose_in(&mut self, codes: &[u8]) {
        let mut finder = SplitterFinder::new(self.chosen.k(), self.segment_size);
        finder.push(codes);
        finder.end_contig();
        let more = finder.finish_without(&self.reference_kmers);
        self.chosen.extend(more.sorted());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kmer::mix;
    use crate::sequence::Sequence;

    const K: u32 = 17;

    fn codes(len: u64, seed: u64) -> Vec<u8> {
        (0..len).map(|i| (mix(seed << 32 | i) & 3) as u8).collect()
    }

    fn whole(codes: &[u8]) -> CutSegment {
        CutSegment {
            sequence: Sequence::from_codes(codes),
            front: None,
            back: None,
        }
    }

    fn adaptive(reference: &[u8]) -> AdaptiveSplitters {
        let mut finder = SplitterFinder::new(K, 500);
        finder.push(reference);
        finder.end_contig();
        let kmers = finder.kmers();
        AdaptiveSplitters::new(&finder.finish(), 500, kmers)
    }

    #[test]
    fn a_new_contig_gets_splitters_and_its_kin_is_cut_alike() {
        let mut adaptive = adaptive(&codes(5000, 1));
        let contig = codes(4000, 2);
        let first = adaptive.cut(whole(&contig)).unwrap();
        assert!(first.len() > 5, "{} segments", first.len());
        let again = adaptive.cut(whole(&contig[100..])).unwrap();
        assert_eq!(
            first[2..first.len() - 1],
            again[again.len() + 2 - first.len()..again.len() - 1]
        );
    }

    #[test]
    fn short_contigs_and_those_with_a_splitter_get_none() {
        let mut adaptive = adaptive(&codes(5000, 1));
        assert_eq!(adaptive.cut(whole(&codes(499, 2))).unwrap().len(), 1);
        let mut window = crate::kmer::KmerWindow::new(K);
        let end = codes(4000, 3);
        let back = end[4000 - K as usize..]
            .iter()
            .filter_map(|code| window.push(*code))
            .next_back();
        let ended = CutSegment { back, ..whole(&end) };
        assert_eq!(adaptive.cut(ended.clone()).unwrap(), [ended]);
        assert!(adaptive.chosen().sorted().is_empty());
    }

    #[test]
    fn kmers_of_the_reference_are_never_chosen() {
        let reference = codes(5000, 1);
        let mut adaptive = adaptive(&reference);
        assert_eq!(adaptive.cut(whole(&reference)).unwrap().len(), 1);
        assert!(adaptive.chosen().sorted().is_empty());
    }
}
