//! Cuts a contig into segments while it streams.

use super::Splitters;
use crate::error::Result;
use crate::kmer::{Kmer, KmerWindow};
use crate::sequence::Sequence;

/// Longest segment in bases; a longer stretch without splitters is cut here.
///
/// A stretch of a gigabase without a splitter would otherwise stand in memory as a whole.
pub const MAX_SEGMENT_LEN: usize = 1 << 24;

/// A piece of a contig; consecutive ones overlap by exactly k symbols.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CutSegment {
    /// The symbols, on the strand of the contig.
    pub sequence: Sequence,
    /// The splitter that the segment begins with.
    pub front: Option<Kmer>,
    /// The splitter that the segment ends with.
    pub back: Option<Kmer>,
}

/// Cuts contigs at the occurrences of splitters.
///
/// A segment reaches up to and including the splitter, the next one begins with it. Splitters that are cut at never
/// overlap.
#[derive(Debug)]
pub struct Cutter<'a> {
    splitters: &'a Splitters,
    max_segment_len: usize,
    window: KmerWindow,
    sequence: Sequence,
    front: Option<Kmer>,
}

impl<'a> Cutter<'a> {
    /// A cutter at the beginning of a contig.
    #[must_use]
    pub fn new(splitters: &'a Splitters) -> Self {
        Self::with_max_segment_len(splitters, MAX_SEGMENT_LEN)
    }

    fn with_max_segment_len(splitters: &'a Splitters, max_segment_len: usize) -> Self {
        Self {
            splitters,
            max_segment_len,
            window: KmerWindow::new(splitters.k()),
            sequence: Sequence::new(),
            front: None,
        }
    }

    /// Takes the next symbol codes of the contig and hands over the segments that they complete.
    ///
    /// # Errors
    /// Those of `emit`.
    pub fn push(&mut self, codes: &[u8], mut emit: impl FnMut(CutSegment) -> Result<()>) -> Result<()> {
        let mut rest = codes;
        while !rest.is_empty() {
            let room = self.max_segment_len - self.sequence.len();
            if room == 0 {
                emit(self.cut(None))?;
                continue;
            }
            let piece = &rest[..rest.len().min(room)];
            let hit = self.next_splitter(piece);
            let len = hit.map_or(piece.len(), |(end, _)| end);
            self.sequence.extend(&piece[..len]);
            rest = &rest[len..];
            if let Some((_, splitter)) = hit {
                self.window.clear();
                emit(self.cut(Some(splitter)))?;
            }
        }
        Ok(())
    }

    /// The first splitter that ends inside `codes`, and the number of symbols up to its end.
    #[inline]
    fn next_splitter(&mut self, codes: &[u8]) -> Option<(usize, Kmer)> {
        let Self {
            splitters, window, ..
        } = self;
        splitters.sampling.scan(window, codes, |end, strands| {
            let kmer = strands.kmer();
            splitters.values.contains(&kmer.value).then_some((end, kmer))
        })
    }

    /// Ends the contig with its last segment: none for a contig without symbols.
    pub fn end_contig(&mut self) -> Option<CutSegment> {
        self.window.clear();
        let front = self.front.take();
        let sequence = std::mem::take(&mut self.sequence);
        (!sequence.is_empty()).then_some(CutSegment {
            sequence,
            front,
            back: None,
        })
    }

    /// Ends the segment here; the next one begins with its last k symbols.
    fn cut(&mut self, at: Option<Kmer>) -> CutSegment {
        let len = self.sequence.len();
        let overlap = self.sequence.slice(len - self.splitters.k() as usize..len);
        let mut sequence = std::mem::replace(&mut self.sequence, overlap);
        sequence.shrink();
        CutSegment {
            sequence,
            front: std::mem::replace(&mut self.front, at),
            back: at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::splitter::SplitterFinder;

    const K: u32 = 17;

    fn contig() -> Vec<u8> {
        let mut x = 7u64;
        let mut codes: Vec<u8> = (0..5000)
            .map(|_| {
                x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                (x >> 62) as u8
            })
            .collect();
        codes[1000..1100].fill(4);
        codes
    }

    fn splitters(codes: &[u8]) -> Splitters {
        let mut finder = SplitterFinder::new(K, 300);
        finder.push(codes);
        finder.end_contig();
        finder.finish()
    }

    fn cut(mut cutter: Cutter<'_>, codes: &[u8], piece_len: usize) -> Vec<CutSegment> {
        let mut segments = Vec::new();
        for piece in codes.chunks(piece_len) {
            cutter
                .push(piece, |segment| {
                    segments.push(segment);
                    Ok(())
                })
                .unwrap();
        }
        segments.extend(cutter.end_contig());
        segments
    }

    fn joined(segments: &[CutSegment]) -> Vec<u8> {
        let mut codes = Vec::new();
        for segment in segments {
            let overlap = if codes.is_empty() { 0 } else { K as usize };
            let piece = segment.sequence.to_codes();
            assert_eq!(codes[codes.len() - overlap..], piece[..overlap]);
            codes.extend_from_slice(&piece[overlap..]);
        }
        codes
    }

    #[test]
    fn segments_overlap_by_k_and_join_to_the_contig() {
        let codes = contig();
        let splitters = splitters(&codes);
        let segments = cut(Cutter::new(&splitters), &codes, 60);
        assert!(segments.len() > 10);
        assert_eq!(joined(&segments), codes);
        assert_eq!(segments, cut(Cutter::new(&splitters), &codes, 1));
        for pair in segments.windows(2) {
            assert_eq!(pair[0].back, pair[1].front);
            assert!(pair[0].back.is_some());
        }
        assert_eq!(segments[0].front, None);
        assert_eq!(segments.last().unwrap().back, None);
    }

    #[test]
    fn a_stretch_without_splitters_is_cut_at_the_limit() {
        let codes = contig();
        let none = splitters(&[]);
        let segments = cut(Cutter::with_max_segment_len(&none, 700), &codes, 60);
        assert_eq!(joined(&segments), codes);
        assert!(segments.iter().all(|segment| segment.sequence.len() <= 700));
        assert!(
            segments
                .iter()
                .all(|segment| segment.front.is_none() && segment.back.is_none())
        );
    }

    #[test]
    fn an_empty_contig_has_no_segment() {
        let none = splitters(&[]);
        assert!(cut(Cutter::new(&none), &[], 1).is_empty());
        assert_eq!(cut(Cutter::new(&none), &[2], 1)[0].sequence.to_codes(), [2]);
    }
}
