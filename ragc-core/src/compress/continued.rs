//! What a run asks of the archive that it goes on from, beside what is there.

use super::excerpt::{Excerpt, Genome};
use crate::alphabet::CODE_OF_LETTER;
use crate::error::Result;
use crate::extract::{SampleSink, Spelling};
use crate::group;
use crate::rewrite::Existing;
use crate::splitter::SplitterFinder;

/// What the reference sample is like, if there is one.
///
/// # Errors
/// `Corrupt` when the collection is damaged.
pub(super) fn reference_genome(existing: &Existing<'_>) -> Result<Option<Genome>> {
    if !existing.has_samples() {
        return Ok(None);
    }
    let sample = existing.archive().describe(0)?;
    let mut genome = Genome {
        len: 0,
        longest_contig: 0,
    };
    for len in existing.contig_lens(&sample) {
        let len = len?;
        genome.len = genome.len.saturating_add(len);
        genome.longest_contig = genome.longest_contig.max(len);
    }
    Ok(Some(genome))
}

/// Whether most of the last sample is stored as it is.
///
/// # Errors
/// `Corrupt` when the collection is damaged.
pub(super) fn ends_raw(existing: &Existing<'_>) -> Result<bool> {
    let Some(last) = existing.sample_names().len().checked_sub(1) else {
        return Ok(false);
    };
    let sample = existing.archive().describe(last)?;
    let segments = sample.contigs.iter().flat_map(|contig| &contig.segments);
    let n_bases = |is_raw: bool| -> u64 {
        let alike = segments
            .clone()
            .filter(|segment| group::is_raw(segment.group) == is_raw);
        alike.map(|segment| u64::from(segment.raw_len)).sum()
    };
    Ok(n_bases(true) > n_bases(false))
}

/// The first `most` symbols of a sample.
///
/// # Errors
/// `Corrupt` when it is damaged.
pub(super) fn excerpt(existing: &Existing<'_>, sample: usize, most: usize) -> Result<Excerpt> {
    let mut start = SampleStart(Excerpt::new(most));
    let archive = existing.archive();
    archive.stream_samples(&[sample], Spelling::Nucleotides, 1, &mut start)?;
    Ok(start.0)
}

/// The sampled k-mers of the reference sample, ascending: further splitters may not be among them.
///
/// # Errors
/// `Corrupt` when the sample is damaged.
pub(super) fn reference_kmers(existing: &Existing<'_>, n_threads: usize) -> Result<Vec<u64>> {
    let params = existing.params();
    let mut counter = KmerCounter {
        finder: SplitterFinder::new(params.k, params.segment_size),
        codes: Vec::new(),
    };
    let archive = existing.archive();
    archive.stream_samples(&[0], Spelling::Nucleotides, n_threads, &mut counter)?;
    counter.finder.end_contig();
    Ok(counter.finder.kmers())
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

/// Takes the beginning of a sample that is decoded.
struct SampleStart(Excerpt);

impl SampleSink for SampleStart {
    fn start_contig(&mut self, _name: &[u8]) -> Result<()> {
        self.0.start_contig();
        Ok(())
    }

    fn letters(&mut self, letters: &[u8]) -> Result<()> {
        self.0.letters(letters.iter().copied());
        Ok(())
    }
}
