//! Neighbouring segments of a contig, put together.

use std::ops::Range;

use crate::alphabet::Alphabet;
use crate::error::Result;
use crate::extract::assembly::join::{append_joined, check_overlaps};
use crate::extract::assembly::plan::Slice;
use crate::extract::store::{Items, LoadedSample, Upcoming};
use crate::memory;
use crate::sequence::BASES_PER_WORD;

/// Memory that is taken before anything is decoded, at most: lengths in an archive may be wrong.
const MAX_RESERVED: u64 = 1 << 20;

/// Appends neighbouring segments of a contig. Their lengths need not be known; what comes is complete and checked.
pub(crate) fn append_segments<A: Alphabet>(
    items: &Items,
    sample: &LoadedSample,
    contig: usize,
    range: Range<usize>,
    symbols: &mut Vec<u8>,
) -> Result<()> {
    let k = items.k();
    let segments = sample.segments(contig);
    let start = symbols.len();
    reserve(
        symbols,
        segments[range.clone()]
            .iter()
            .map(|segment| segment.raw_len.into()),
    )?;
    let needs = sample.needs();
    let append = |segment, rest, out: &mut Vec<u8>| {
        let upcoming = Upcoming {
            needs,
            segments: rest,
        };
        let len = items.append_segment::<A>(segment, upcoming, out)?;
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
    items: &Items,
    sample: &LoadedSample,
    contig: usize,
    slices: &[Slice],
    symbols: &mut Vec<u8>,
) -> Result<()> {
    let start = symbols.len();
    reserve(
        symbols,
        slices.iter().map(|slice| slice.range.end - slice.range.start),
    )?;
    let segments = sample.segments(contig);
    let end = slices.last().map_or(0, |last| last.segment + 1);
    for (i, slice) in slices.iter().enumerate() {
        let segment = &segments[slice.segment];
        let upcoming = Upcoming {
            needs: None,
            segments: &segments[slice.segment..end],
        };
        let append = |range, out: &mut Vec<u8>| {
            items.append_range::<A>(segment, slice.segment_len, range, upcoming, out)
        };
        if i == 0 {
            append(slice.range.clone(), symbols)?;
        } else {
            append_joined(symbols, start, items.k(), |out, skip| {
                append(skip..slice.range.end, out)
            })?;
        }
    }
    Ok(())
}

/// Makes room for segments or slices of these lengths. Growing takes the lock of the allocator again and again, for which several threads
/// that read windows waited (docs/measurements.md, "Details of reading").
fn reserve(symbols: &mut Vec<u8>, lens: impl Iterator<Item = u64>) -> Result<()> {
    let len = lens.fold(0, u64::saturating_add).min(MAX_RESERVED);
    // Whole words are written.
    memory::grow(symbols, len as usize + BASES_PER_WORD)
}
