//! Slices of Python to ranges of bases.

use std::ops::Range;

use pyo3::exceptions::{PyIndexError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PySlice;

use crate::numbers::clamped;

/// What a slice selects: positions of what is sliced, and whether they are read backwards.
pub(crate) struct SelectedRange {
    pub(crate) range: Range<u64>,
    pub(crate) is_reverse: bool,
}

/// What an index or a slice selects of `len` bases. Negative and open ends count as everywhere in Python.
pub(crate) fn select(index: &Bound<'_, PyAny>, len: u64) -> PyResult<SelectedRange> {
    if let Ok(slice) = index.cast::<PySlice>() {
        return sliced(slice, len);
    }
    let place = clamped(index)?.ok_or_else(|| {
        PyTypeError::new_err("a sequence is indexed by integers and slices, such as [1000:2000]")
    })?;
    let place = if place < 0 { place + len as i64 } else { place };
    match u64::try_from(place) {
        Ok(place) if place < len => Ok(SelectedRange {
            range: place..place + 1,
            is_reverse: false,
        }),
        _ => Err(PyIndexError::new_err(format!(
            "base {index} of a sequence of {len} bases"
        ))),
    }
}

/// The range of a start and an end, each of which may be negative or missing, as those of a slice.
pub(crate) fn range_of(start: Option<i64>, end: Option<i64>, len: u64) -> Range<u64> {
    let place = |place: i64| match u64::try_from(place) {
        Ok(place) => place.min(len),
        Err(_) => len.saturating_sub(place.unsigned_abs()),
    };
    let start = start.map_or(0, place);
    start..end.map_or(len, place).max(start)
}

fn sliced(slice: &Bound<'_, PySlice>, len: u64) -> PyResult<SelectedRange> {
    let len = isize::try_from(len)?;
    let indices = slice.indices(len)?;
    let n = indices.slicelength;
    let first = match indices.step {
        1 => indices.start,
        -1 => indices.start + 1 - n as isize,
        step => {
            return Err(PyValueError::new_err(format!(
                "the step of a slice of a sequence is 1, or -1 for the reverse complement, not {step}"
            )));
        }
    };
    // Of nothing the place does not matter, and may be before the beginning.
    let first = first.clamp(0, len) as u64;
    Ok(SelectedRange {
        range: first..first + n as u64,
        is_reverse: indices.step < 0,
    })
}
