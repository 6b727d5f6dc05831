//! A task: what one worker desymbols at a time.

use std::ops::Range;

use crate::alphabet::{Alphabet, Letters};
use crate::error::{Error, Result};
use crate::extract::ContigId;
use crate::extract::catalogue::LoadedSample;
use crate::extract::demand::Upcoming;
use crate::extract::join::{append_joined, check_overlaps};
use crate::extract::plan::Slice;
use crate::extract::store::Store;
use crate::extract::stream::in_sample;
use crate::sequence::BASES_PER_WORD;

/// Memory that is taken for a task before anything of it is decoded, at most: lengths in an archive may be wrong.
const MAX_RESERVED: u64 = 1 << 20;
/// Enough for most tasks, which have 128 kb and a segment more, so that few buffers are made anew; what is not used of it
/// is never touched.
const MIN_RESERVED: u64 = 1 << 18;

/// Some consecutive stretches of contigs, to be decoded together.
#[derive(Debug, Default)]
pub(super) struct Task {
    pub(super) pieces: Vec<Piece>,
    /// Symbols, as far as the stored lengths tell.
    pub(super) len: u64,
}

/// A step of the output.
#[derive(Debug)]
pub(super) enum Piece {
    StartSample(usize),
    Stretch(Stretch),
    EndSample(usize),
}

/// Neighbouring segments of a contig.
#[derive(Debug)]
pub(super) struct Stretch {
    pub(super) sample_idx: usize,
    pub(super) sample: LoadedSample,
    pub(super) contig: usize,
    pub(super) part: Part,
    /// The base of the contig at which a region, or the contig itself, begins here. If none does, the symbols begin with the
    /// overlap.
    pub(super) start: Option<u64>,
}

/// What a stretch takes of its contig.
#[derive(Debug)]
pub(super) enum Part {
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
    fn clear_for(&mut self, len: usize) {
        self.ends.clear();
        self.symbols.clear();
        // Whole words are written.
        let needed = len + BASES_PER_WORD;
        if self.symbols.capacity() < needed {
            self.symbols = Vec::with_capacity(needed);
        }
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

impl Task {
    /// Decodes the task. The buffer is one that was used before, so that its memory need not be had anew.
    pub(super) fn run(&self, store: &Store, mut decoded: Decoded) -> Result<Decoded> {
        decoded.clear_for(self.len.clamp(MIN_RESERVED, MAX_RESERVED) as usize);
        for piece in &self.pieces {
            if let Piece::Stretch(stretch) = piece {
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
        match &self.part {
            Part::Segments(segments) => {
                append_segments::<Letters>(store, &self.sample, self.contig, segments.clone(), symbols)
            }
            Part::Slices(slices) => {
                append_slices::<Letters>(store, &self.sample, self.contig, slices, symbols)
            }
        }
    }

    /// What was decoded for this stretch alone is not needed any more.
    fn done(&self, store: &Store) {
        if let (Part::Segments(range), Some(needs)) = (&self.part, self.sample.needs()) {
            needs.done(store, &self.sample.segments(self.contig)[range.clone()]);
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
        in_sample(
            store,
            self.sample_idx,
            error.in_contig(&String::from_utf8_lossy(self.name())),
        )
    }
}

/// Appends neighbouring segments of a contig. Their lengths need not be known; what comes is complete and checked.
pub(crate) fn append_segments<A: Alphabet>(
    store: &Store,
    sample: &LoadedSample,
    contig: usize,
    range: Range<usize>,
    symbols: &mut Vec<u8>,
) -> Result<()> {
    let k = store.params().k;
    let segments = sample.segments(contig);
    let start = symbols.len();
    reserve(
        symbols,
        segments[range.clone()]
            .iter()
            .map(|segment| segment.raw_len.into()),
    );
    let needs = sample.needs();
    let append = |segment, rest, out: &mut Vec<u8>| {
        let upcoming = Upcoming {
            needs,
            segments: rest,
        };
        let len = store.append_segment::<A>(segment, upcoming, out)?;
        if segments.len() > 1 {
            check_overlaps(len, k)?;
        }
        Ok(())
    };
    let mut rest = &segments[range];
    let mut is_first = true;
    while let [segment, behind @ ..] = rest {
        if is_first {
            append(segment, rest, symbols)?;
        } else {
            append_joined(symbols, start, k, |out, _| append(segment, rest, out))?;
        }
        (rest, is_first) = (behind, false);
    }
    Ok(())
}

/// Appends slices of a contig's segments that follow one another, with the overlaps compared where both sides have them.
pub(crate) fn append_slices<A: Alphabet>(
    store: &Store,
    sample: &LoadedSample,
    contig: usize,
    slices: &[Slice],
    symbols: &mut Vec<u8>,
) -> Result<()> {
    let start = symbols.len();
    reserve(
        symbols,
        slices.iter().map(|slice| slice.range.end - slice.range.start),
    );
    let segments = sample.segments(contig);
    let end = slices.last().map_or(0, |last| last.segment + 1);
    for (i, slice) in slices.iter().enumerate() {
        let segment = &segments[slice.segment];
        let upcoming = Upcoming {
            needs: None,
            segments: &segments[slice.segment..end],
        };
        let append = |range, out: &mut Vec<u8>| {
            store.append_range::<A>(segment, slice.segment_len, range, upcoming, out)
        };
        if i == 0 {
            append(slice.range.clone(), symbols)?;
        } else {
            append_joined(symbols, start, store.params().k, |out, skip| {
                append(skip..slice.range.end, out)
            })?;
        }
    }
    Ok(())
}

/// Makes room for segments or slices of these lengths. Growing takes the lock of the allocator again and again: two
/// threads reading windows were 1.2 to 1.9 times as fast as one, and are 1.8 to 1.95 times as fast so.
fn reserve(symbols: &mut Vec<u8>, lens: impl Iterator<Item = u64>) {
    let len = lens.fold(0, u64::saturating_add).min(MAX_RESERVED);
    // Whole words are written.
    symbols.reserve(len as usize + BASES_PER_WORD);
}
