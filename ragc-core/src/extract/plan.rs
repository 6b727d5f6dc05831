//! Which part of which segment makes up a stretch of a contig. Arithmetic only.
//!
//! ```text
//! segments   |---------|        neighbours overlap by k
//!                  |------------|
//!                           |--------|
//! contig     0         10       20   25     a segment after the first gives what follows its first k symbols
//! ```

use std::ops::Range;

use crate::error::{Error, Result};

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

/// Where the segments of a contig lie: for each its place in the contig, without the overlap.
fn places(lens: &[u64], k: u64) -> impl Iterator<Item = Result<Range<u64>>> {
    let mut start = 0u64;
    lens.iter().enumerate().map(move |(i, len)| {
        if lens.len() > 1 && *len < k {
            return Err(Error::corrupt(format!(
                "segment {i} of {len} symbols cannot overlap by {k}"
            )));
        }
        let skipped = if i > 0 { k } else { 0 };
        let end = start.saturating_add(len - skipped);
        Ok(std::mem::replace(&mut start, end)..end)
    })
}

/// Length of a contig from the lengths of its segments.
pub(crate) fn contig_len(lens: &[u64], k: u64) -> Result<u64> {
    let mut end = 0;
    for place in places(lens, k) {
        end = place?.end;
    }
    Ok(end)
}

/// The slices that make up `range` of a contig, in order. What lies past the end of the contig is left out.
pub(crate) fn slices(lens: &[u64], k: u64, range: &Range<u64>) -> Result<Vec<Slice>> {
    let mut slices = Vec::new();
    for (i, place) in places(lens, k).enumerate() {
        let place = place?;
        let (from, to) = (place.start.max(range.start), place.end.min(range.end));
        if from < to {
            let segment_len = lens[i];
            // The place ends where the segment ends, so positions are counted from there.
            let range = segment_len - (place.end - from)..segment_len - (place.end - to);
            slices.push(Slice {
                segment: i,
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
    const K: u64 = 4;

    fn flat(range: Range<u64>) -> Vec<(usize, Range<u64>)> {
        slices(&LENS, K, &range)
            .unwrap()
            .into_iter()
            .map(|slice| (slice.segment, slice.range))
            .collect()
    }

    #[test]
    fn slices_tile_the_range() {
        assert_eq!(contig_len(&LENS, K).unwrap(), 25);
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
        assert_eq!(contig_len(&[], K).unwrap(), 0);
        assert_eq!(contig_len(&[2], K).unwrap(), 2);
        assert!(contig_len(&[2, 10], K).is_err());
        assert!(contig_len(&[10, 2], K).is_err());
        assert!(slices(&[10, 3, 10], K, &(15..20)).is_err());
    }
}
