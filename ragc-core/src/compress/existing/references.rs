//! The references that an archive holds.

use super::Existing;
use crate::alphabet::CODE_OF_LETTER;
use crate::error::Result;
use crate::extract::{SampleSink, Spelling};
use crate::group::{self, N_RAW_GROUPS};
use crate::sequence::Sequence;
use crate::splitter::SplitterFinder;
use std::ops::Range;

impl Existing<'_> {
    /// Numbers of all groups with a reference.
    pub(in crate::compress) fn delta_groups(&self) -> Range<u32> {
        N_RAW_GROUPS..self.n_groups()
    }

    /// Decodes the reference of a group.
    ///
    /// # Errors
    /// `Corrupt` when it is damaged, or holds a symbol that the format does not know (AGC stores such).
    pub(in crate::compress) fn reference(&self, group: u32) -> Result<Sequence> {
        self.archive
            .placed(|| group::read_reference(self.archive.container(), self.naming(), group))
    }

    /// Bases of all references, without decoding them.
    ///
    /// # Errors
    /// `Corrupt` when a reference tells no length.
    pub(in crate::compress) fn n_reference_bases(&self) -> Result<u64> {
        self.archive.placed(|| {
            self.delta_groups().try_fold(0u64, |n_bases, group| {
                let len = group::reference_len(self.archive.container(), self.naming(), group)?;
                Ok(n_bases.saturating_add(len))
            })
        })
    }

    /// The sampled k-mers of the reference sample, ascending: further splitters may not be among them.
    ///
    /// # Errors
    /// `Corrupt` when the sample is damaged.
    pub(in crate::compress) fn reference_kmers(&self, n_threads: usize) -> Result<Vec<u64>> {
        let params = self.params();
        let mut counter = KmerCounter {
            finder: SplitterFinder::new(params.k, params.segment_size),
            codes: Vec::new(),
        };
        self.archive
            .stream_samples(&[0], Spelling::Nucleotides, n_threads, &mut counter)?;
        counter.finder.end_contig();
        Ok(counter.finder.kmers())
    }
}

/// Takes the k-mers out of a sample that is decoded.
struct KmerCounter {
    finder: SplitterFinder,
    codes: Vec<u8>,
}

impl SampleSink for KmerCounter {
    fn start_contig(&mut self, _name: &[u8]) -> Result<()> {
        self.finder.end_contig();
        Ok(())
    }

    fn letters(&mut self, letters: &[u8]) -> Result<()> {
        self.codes.clear();
        let codes = letters.iter().map(|letter| CODE_OF_LETTER[usize::from(*letter)]);
        self.codes.extend(codes);
        self.finder.push(&self.codes);
        Ok(())
    }
}
