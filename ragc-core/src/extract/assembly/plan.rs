//! Which part of which segment makes up a stretch of a contig. Arithmetic only.
//!
//! ```text
//! segments   |---------|        neighbours overlap by k
//!                  |------------|
//!                           |--------|
//! contig     0         10       20   25     a segment after the first gives what follows its first k symbols
//! ```

use std::ops::Range;

use crate::error::Result;
use crate::extract::assembly::join::check_overlaps;
use crate::memory;

/// A part of a segment, in the direction of the contig.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slice {
    /// Place of the segment in the contig.
    pub(crate) segment: usize,
    /// Length of the whole segment.
    pub(crate) segment_len: u64,
    /// Symbols to take.
    pub(crate) range: Range<u64>,
}

/// Where the segments of a contig lie, from their lengths: for each its place in the contig, without the overlap.
fn places(
    lens: impl ExactSizeIterator<Item = u64>,
    k: u32,
) -> impl Iterator<Item = Result<(u64, Range<u64>)>> {
    let has_overlaps = lens.len() > 1;
    let mut start = 0u64;
    lens.enumerate().map(move |(i, len)| {
        if has_overlaps {
            check_overlaps(len, k)?;
        }
        let skipped = if i > 0 { u64::from(k) } else { 0 };
        let end = start.saturating_add(len - skipped);
        Ok((len, std::mem::replace(&mut start, end)..end))
    })
}

/// Length of a contig from the lengths of its segments.
pub(crate) fn contig_len(lens: impl ExactSizeIterator<Item = u64>, k: u32) -> Result<u64> {
    let mut end = 0;
    for place in places(lens, k) {
        end = place?.1.end;
    }
    Ok(end)
}

/// The slices that make up `range` of a contig, in order. What lies past the end of the contig is left out; segments
/// behind the range are not looked at.
pub(crate) fn slices(
    lens: impl ExactSizeIterator<Item = u64>,
    k: u32,
    range: &Range<u64>,
) -> Result<Vec<Slice>> {
    let mut slices = Vec::new();
    for (segment, place) in places(lens, k).enumerate() {
        let (segment_len, place) = place?;
        if place.start >= range.end {
            break;
        }
        let (from, to) = (place.start.max(range.start), place.end.min(range.end));
        if from < to {
            // The place ends where the segment ends, so positions are counted from there.
            let range = segment_len - (place.end - from)..segment_len - (place.end - to);
            memory::grow(&mut slices, 1)?;
            slices.push(Slice {
                segment,
                segment_len,
                range,
            });
        }
    }
    Ok(slices)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LENS: [u64; 4] = [10, 14, 9, 4];
    const K: u32 = 4;

    fn flat(range: Range<u64>) -> Vec<(usize, Range<u64>)> {
        slices(LENS.into_iter(), K, &range)
            .unwrap()
            .into_iter()
            .map(|slice| (slice.segment, slice.range))
            .collect()
    }

    #[test]
    fn slices_tile_the_range() {
        assert_eq!(contig_len(LENS.into_iter(), K).unwrap(), 25);
        assert_eq!(flat(0..u64::MAX), [(0, 0..10), (1, 4..14), (2, 4..9)]);
        assert_eq!(flat(9..11), [(0, 9..10), (1, 4..5)]);
        assert_eq!(flat(10..20), [(1, 4..14)]);
        assert_eq!(flat(24..30), [(2, 8..9)]);
        assert_eq!(flat(25..30), []);
        assert_eq!(flat(7..7), []);
        for from in 0..27 {
            for to in from..27 {
                let n: u64 = flat(from..to)
                    .iter()
                    .map(|(_, range)| range.end - range.start)
                    .sum();
                assert_eq!(n, to.min(25) - from.min(25));
            }
        }
    }

    #[test]
    fn only_a_lone_segment_may_be_shorter_than_k() {
        assert_eq!(contig_len([].into_iter(), K).unwrap(), 0);
        assert_eq!(contig_len([2].into_iter(), K).unwrap(), 2);
        assert!(contig_len([2, 10].into_iter(), K).is_err());
        assert!(contig_len([10, 2].into_iter(), K).is_err());
        assert!(slices([10, 3, 10].into_iter(), K, &(15..20)).is_err());
    }
}
