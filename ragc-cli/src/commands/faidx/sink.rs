//! Regions as FASTA, forward or reversed.
//!
//! A region on the reverse strand is asked for in stretches, the last one first: each is reversed when it is complete,
//! so that a chromosome is never held as a whole.

use std::ops::Range;

use ragc_core::extract::{ContigId, SampleSink};
use ragc_core::internals::strand::reverse_complement;

use crate::fasta::NamedFasta;

/// Bases of a stretch.
const STRETCH_LEN: u64 = 1 << 20;

/// Stretches of regions in the order of the output, and for each that begins a region its header line.
#[derive(Debug, Default)]
pub(super) struct Stretches {
    pub(super) regions: Vec<(ContigId, Range<u64>)>,
    heads: Vec<Head>,
}

/// How a stretch is written.
#[derive(Debug, Default, PartialEq, Eq)]
struct Head {
    header: Option<Vec<u8>>,
    is_reverse: bool,
}

impl Stretches {
    /// Adds a region, which ends where its contig does at the latest.
    pub(super) fn push(&mut self, contig: ContigId, range: &Range<u64>, header: Vec<u8>, is_reverse: bool) {
        let mut header = Some(header);
        let Range { start, mut end } = *range;
        let mut push = |range, header| {
            self.regions.push((contig, range));
            self.heads.push(Head { header, is_reverse });
        };
        while is_reverse && end - start > STRETCH_LEN {
            push(end - STRETCH_LEN..end, header.take());
            end -= STRETCH_LEN;
        }
        push(start..end, header);
    }

    /// Bases of all.
    pub(super) fn n_bases(&self) -> u64 {
        self.regions
            .iter()
            .map(|(_, range)| range.end.saturating_sub(range.start))
            .sum()
    }

    /// Regions, of which the long ones on the reverse strand are several stretches.
    pub(super) fn n_regions(&self) -> u64 {
        self.heads.iter().filter(|head| head.header.is_some()).count() as u64
    }
}

/// Takes the stretches.
pub(super) struct RegionSink {
    fasta: NamedFasta,
    heads: std::vec::IntoIter<Head>,
    is_reverse: bool,
    /// The current stretch, if it is to be reversed.
    stretch: Vec<u8>,
}

impl RegionSink {
    pub(super) fn new(fasta: NamedFasta, stretches: &mut Stretches) -> Self {
        Self {
            fasta,
            heads: std::mem::take(&mut stretches.heads).into_iter(),
            is_reverse: false,
            stretch: Vec::new(),
        }
    }

    /// Ends the text and gives a file its name.
    pub(super) fn finish(mut self) -> anyhow::Result<()> {
        self.end_stretch()?;
        self.fasta.finish()
    }

    fn end_stretch(&mut self) -> ragc_core::Result<()> {
        reverse_complement(&mut self.stretch);
        self.fasta.letters(&self.stretch)?;
        self.stretch.clear();
        Ok(())
    }
}

impl SampleSink for RegionSink {
    /// A stretch begins; the name of the contig was asked for in another form.
    fn start_contig(&mut self, _name: &[u8]) -> ragc_core::Result<()> {
        self.end_stretch()?;
        let Head { header, is_reverse } = self.heads.next().unwrap_or_default();
        self.is_reverse = is_reverse;
        match header {
            Some(header) => self.fasta.start_contig(&header),
            None => Ok(()),
        }
    }

    fn letters(&mut self, letters: &[u8]) -> ragc_core::Result<()> {
        if self.is_reverse {
            self.stretch.extend_from_slice(letters);
            Ok(())
        } else {
            self.fasta.letters(letters)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reverse_strand_begins_with_the_last_stretch() {
        let contig = ContigId { sample: 0, contig: 0 };
        let range = 5..5 + 2 * STRETCH_LEN + 1;
        let mut stretches = Stretches::default();
        stretches.push(contig, &range, b"x".to_vec(), true);
        let ranges: Vec<_> = stretches.regions.iter().map(|(_, range)| range.clone()).collect();
        let cut = [5, 6, 6 + STRETCH_LEN, 6 + 2 * STRETCH_LEN];
        assert_eq!(ranges, [cut[2]..cut[3], cut[1]..cut[2], cut[0]..cut[1]]);
        let headers: Vec<_> = stretches
            .heads
            .iter()
            .map(|head| head.header.as_deref())
            .collect();
        assert_eq!(headers, [Some(&b"x"[..]), None, None]);
        stretches.push(contig, &(0..9), b"y".to_vec(), false);
        assert!(stretches.heads[2].is_reverse && !stretches.heads[3].is_reverse);
    }
}
