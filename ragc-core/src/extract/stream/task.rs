//! A task: what one worker decodes at a time.

use std::ops::Range;

use crate::alphabet::Letters;
use crate::error::{Error, Result};
use crate::extract::ContigId;
use crate::extract::assembly::{Slice, append_segments, append_slices};
use crate::extract::store::{LoadedSample, Store};
use crate::memory;
use crate::sequence::BASES_PER_WORD;

/// Memory that is taken for a task before anything of it is decoded, at most: lengths in an archive may be wrong.
const MAX_RESERVED: u64 = 1 << 20;
/// Enough for most tasks, which have 128 kb and a segment more, so that few buffers are made anew; what is not used of it
/// is never touched.
const MIN_RESERVED: u64 = 1 << 18;

/// Some consecutive stretches of contigs, to be decoded together.
#[derive(Debug, Default)]
pub(super) struct DecodeTask {
    pub(super) steps: Vec<OutputStep>,
    /// Symbols, as far as the stored lengths tell.
    pub(super) len: u64,
}

/// A step of the output.
#[derive(Debug)]
pub(super) enum OutputStep {
    StartSample(usize),
    Stretch(Stretch),
    EndSample,
}

impl OutputStep {
    /// Whole segments that it takes.
    pub(super) fn n_segments(&self) -> usize {
        match self {
            Self::Stretch(Stretch {
                extent: Extent::Segments(segments),
                ..
            }) => segments.len(),
            _ => 0,
        }
    }
}

/// Neighbouring segments of a contig.
#[derive(Debug)]
pub(super) struct Stretch {
    pub(super) sample_idx: usize,
    pub(super) sample: LoadedSample,
    pub(super) contig: usize,
    pub(super) extent: Extent,
    /// The base of the contig at which a region, or the contig itself, begins here. If none does, the symbols begin with the
    /// overlap.
    pub(super) start: Option<u64>,
    /// Where the region ends, if it is of one.
    pub(super) end: Option<u64>,
}

/// What a stretch takes of its contig.
#[derive(Debug)]
pub(super) enum Extent {
    /// Whole segments. Their lengths need not be known.
    Segments(Range<usize>),
    /// Slices of segments, one after the other without a gap.
    Slices(Vec<Slice>),
}

/// Symbols of the stretches of a task, as letters.
#[derive(Debug, Default)]
pub(super) struct Decoded {
    symbols: Vec<u8>,
    /// Where each stretch ends.
    ends: Vec<usize>,
}

impl Decoded {
    /// Forgets the symbols and makes room for `len` others. Growing to that by and by would touch twice the memory, and
    /// growing a buffer that was used would copy what it held.
    fn clear_for(&mut self, len: usize) -> Result<()> {
        self.ends.clear();
        self.symbols.clear();
        // Whole words are written.
        let needed = len + BASES_PER_WORD;
        if self.symbols.capacity() < needed {
            self.symbols = Vec::new();
            self.symbols = memory::room(needed)?;
        }
        Ok(())
    }

    /// Symbols of each stretch.
    pub(super) fn stretches_mut(&mut self) -> impl Iterator<Item = &mut [u8]> {
        let mut rest = self.symbols.as_mut_slice();
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let (stretch, behind) = std::mem::take(&mut rest).split_at_mut(end - start);
            (rest, start) = (behind, *end);
            stretch
        })
    }
}

impl DecodeTask {
    /// Decodes the task. The buffer is one that was used before, so that its memory need not be had anew.
    pub(super) fn run(&self, store: &Store, mut decoded: Decoded) -> Result<Decoded> {
        decoded.clear_for(self.len.clamp(MIN_RESERVED, MAX_RESERVED) as usize)?;
        for step in &self.steps {
            if let OutputStep::Stretch(stretch) = step {
                stretch
                    .append(store, &mut decoded.symbols)
                    .map_err(|e| stretch.place(store, e))?;
                decoded.ends.push(decoded.symbols.len());
                stretch.done(store);
            }
        }
        Ok(decoded)
    }
}

impl Stretch {
    fn append(&self, store: &Store, symbols: &mut Vec<u8>) -> Result<()> {
        match &self.extent {
            Extent::Segments(segments) => append_segments::<Letters>(
                store.items(),
                &self.sample,
                self.contig,
                segments.clone(),
                symbols,
            ),
            Extent::Slices(slices) => {
                append_slices::<Letters>(store.items(), &self.sample, self.contig, slices, symbols)
            }
        }
    }

    /// What was decoded for this stretch alone is not needed any more.
    fn done(&self, store: &Store) {
        if let (Extent::Segments(range), Some(needs)) = (&self.extent, self.sample.needs()) {
            let segments = &self.sample.segments(self.contig)[range.clone()];
            store.items().done(needs, segments);
        }
    }

    pub(super) fn name(&self) -> &[u8] {
        self.sample.name(self.contig)
    }

    pub(super) fn contig_id(&self) -> ContigId {
        ContigId {
            sample: self.sample_idx,
            contig: self.contig,
        }
    }

    /// Adds sample and contig to an error.
    pub(super) fn place(&self, store: &Store, error: Error) -> Error {
        let error = error.in_contig(&String::from_utf8_lossy(self.name()));
        store.catalogue().in_sample(self.sample_idx, error)
    }
}
