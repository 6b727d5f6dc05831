//! Cuts a contig into segments while it streams.

use super::Splitters;
use crate::kmer::Kmer;
use crate::sequence::Sequence;

/// Longest segment in bases; a longer stretch without splitters is cut here.
///
/// A stretch of a gigabase without a splitter would otherwise stand in memory as a whole.
pub const MAX_SEGMENT_LEN: usize = 1 << 24;

/// Symbols in which splitters are looked for together: a line has few.
const LOOK_LEN: usize = 1 << 12;

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
    /// What has been read and not cut off.
    sequence: Sequence,
    /// Splitters that begin before this symbol have been looked for, or would overlap the one before.
    looked: usize,
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
            sequence: Sequence::new(),
            looked: 0,
            front: None,
        }
    }

    /// Takes the next symbol codes of the contig and hands over segments that are complete.
    ///
    /// # Errors
    /// Those of `emit`.
    pub fn push<E>(
        &mut self,
        codes: &[u8],
        mut emit: impl FnMut(CutSegment) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut rest = codes;
        while !rest.is_empty() {
            if self.sequence.len() == self.max_segment_len {
                self.cut_at_splitters(&mut emit)?;
            }
            if self.sequence.len() == self.max_segment_len {
                emit(self.cut(self.max_segment_len, None))?;
            }
            let room = self.max_segment_len - self.sequence.len();
            let (piece, behind) = rest.split_at(rest.len().min(room));
            self.sequence.extend(piece);
            rest = behind;
            if self.sequence.len() >= self.looked + LOOK_LEN {
                self.cut_at_splitters(&mut emit)?;
            }
        }
        Ok(())
    }

    /// Ends the contig and hands over its last segments: none for a contig without symbols.
    ///
    /// # Errors
    /// Those of `emit`.
    pub fn end_contig<E>(&mut self, mut emit: impl FnMut(CutSegment) -> Result<(), E>) -> Result<(), E> {
        self.cut_at_splitters(&mut emit)?;
        self.looked = 0;
        let front = self.front.take();
        let sequence = std::mem::take(&mut self.sequence);
        if sequence.is_empty() {
            return Ok(());
        }
        emit(CutSegment {
            sequence,
            front,
            back: None,
        })
    }

    /// Cuts at the splitters in what has been read.
    fn cut_at_splitters<E>(&mut self, emit: &mut impl FnMut(CutSegment) -> Result<(), E>) -> Result<(), E> {
        let k = self.splitters.k() as usize;
        while let Some((start, splitter)) = self.splitters.first_in(&self.sequence, self.looked) {
            let segment = self.cut(start + k, Some(splitter));
            // The next one may begin behind this one.
            self.looked = k;
            emit(segment)?;
        }
        self.looked = self.looked.max((self.sequence.len() + 1).saturating_sub(k));
        Ok(())
    }

    /// Ends the segment here; the next one begins with its last k symbols.
    fn cut(&mut self, end: usize, at: Option<Kmer>) -> CutSegment {
        let next = end - self.splitters.k() as usize;
        let rest = self.sequence.slice(next..self.sequence.len());
        let sequence = std::mem::replace(&mut self.sequence, rest).slice(0..end);
        self.looked = self.looked.saturating_sub(next);
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
    use std::convert::Infallible;

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
        let mut take = |segment| {
            segments.push(segment);
            Ok::<_, Infallible>(())
        };
        for piece in codes.chunks(piece_len) {
            cutter.push(piece, &mut take).unwrap();
        }
        cutter.end_contig(&mut take).unwrap();
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
