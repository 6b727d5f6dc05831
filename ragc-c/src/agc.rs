//! What the functions of `agc-api.h` mean: ranges with both ends, numbers that fit an `int`.

use ragc_core::{Archive, ErrorKind};

use crate::failure::{Failure, Result};
use crate::memory::{MallocText, collect};
use crate::sequences::{ContigStretch, Region, locate};

/// What is absent, or wrong in any other way.
const FAILED: i32 = -1;
/// The contig is in several samples.
const AMBIGUOUS: i32 = -2;

/// What these functions return for a code of `ragc.h`.
pub(crate) fn answer(code: i32) -> i32 {
    let ambiguous = ErrorKind::Ambiguous {
        name: String::new(),
        n_samples: 0,
    };
    match code == crate::code::of(&ambiguous) {
        true => AMBIGUOUS,
        false => FAILED,
    }
}

/// A number that `int` can tell.
pub(crate) fn int(number: u64, what: &str) -> Result<i32> {
    i32::try_from(number).map_err(|_| Failure::argument(format!("{what}, {number}, does not fit an int")))
}

/// The stretch from `start` to `end`, both included and counted from 0. Where one is negative it is the end of the contig on that side.
pub(crate) fn stretch(
    archive: &Archive,
    sample: Option<&[u8]>,
    contig: &[u8],
    (start, end): (i32, i32),
) -> Result<ContigStretch> {
    let region = Region {
        sample,
        contig,
        start: u64::try_from(start).unwrap_or(0),
        end: u64::try_from(end).map_or(u64::MAX, |last| last + 1),
    };
    // `[5, 4]` would be an empty region that is counted without its end.
    if end >= 0 && region.start >= region.end {
        return Err(Failure::argument(format!("{start} is behind {end}")));
    }
    let stretch = locate(archive, region)?;
    int(stretch.range.end - stretch.range.start, "the number of bases")?;
    Ok(stretch)
}

/// Names of the contigs of a sample; none of one that there is not.
pub(crate) fn contigs(archive: &Archive, sample: &[u8]) -> Result<Vec<MallocText>> {
    match archive.contigs(sample) {
        Ok(names) => collect(names.iter().map(MallocText::of)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound { .. }) => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive() -> Archive {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/golden/archives/tiny.agc");
        Archive::open(path).unwrap()
    }

    #[test]
    fn ranges_have_both_ends() {
        let archive = archive();
        // Five bases.
        let range = |ends| {
            stretch(&archive, Some(b"s"), b"tiny", ends)
                .ok()
                .map(|found| found.range)
        };
        for (ends, expected) in [
            ((-1, -1), 0..5),
            ((0, 0), 0..1),
            ((1, 3), 1..4),
            ((-7, 2), 0..3),
            ((2, -1), 2..5),
            ((0, 5), 0..5),
            ((4, i32::MAX), 4..5),
            ((5, 5), 5..5),
            ((9, -1), 5..5),
            ((i32::MAX, i32::MAX), 5..5),
        ] {
            assert_eq!(range(ends), Some(expected), "{ends:?}");
        }
        for ends in [(1, 0), (5, 4), (i32::MAX, 0)] {
            assert_eq!(range(ends), None, "{ends:?}");
        }
    }

    #[test]
    fn a_number_that_does_not_fit_is_an_error() {
        assert_eq!(int(i32::MAX as u64, "x").unwrap(), i32::MAX);
        assert!(int(1 << 31, "x").is_err() && int(u64::MAX, "x").is_err());
        assert_eq!([answer(-11), answer(-10), answer(-1)], [-2, -1, -1]);
    }
}
