//! What callers name: samples, contigs, ranges and strands.

use std::sync::Arc;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use ragc_core::Archive;

use crate::errors::Raised;
use crate::handle::ForkSafeHandle;
use crate::memory::room;
use crate::names::NameArg;
use crate::numbers::clamped;
use crate::sequence::Sequence;
use crate::slice::{SelectedRange, range_of};
use crate::stretch::StrandedStretch;

/// A region as a caller gives it.
pub(crate) enum RegionArg {
    Named(NamedRegion),
    /// A sequence that is there already.
    Stretch(StrandedStretch),
}

/// A region by names: `(sample, contig)`, with `start, end` behind them or not, and `strand` behind these.
pub(crate) struct NamedRegion {
    sample: Vec<u8>,
    contig: Vec<u8>,
    start: Option<i64>,
    end: Option<i64>,
    is_reverse: bool,
}

const FORMS: &str = "a region is (sample, contig), (sample, contig, start, end), (sample, contig, start, end, strand) or a ragc.Sequence";

impl<'py> FromPyObject<'_, 'py> for RegionArg {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(sequence) = given.cast::<Sequence>() {
            return Ok(Self::Stretch(sequence.get().stretch.clone()));
        }
        let words = given.cast::<PyTuple>().map_err(|_| PyTypeError::new_err(FORMS))?;
        let is_reverse = match words.len() {
            2 | 4 => false,
            5 => is_reverse(&words.get_item(4)?.extract::<String>()?)?,
            _ => return Err(PyTypeError::new_err(FORMS)),
        };
        let place = |i: usize| -> PyResult<Option<i64>> {
            match words.len() {
                2 => Ok(None),
                _ => place_of(&words.get_item(i)?),
            }
        };
        Ok(Self::Named(NamedRegion {
            sample: words.get_item(0)?.extract::<NameArg>()?.0,
            contig: words.get_item(1)?.extract::<NameArg>()?.0,
            start: place(2)?,
            end: place(3)?,
            is_reverse,
        }))
    }
}

/// The start or the end of a region, where that is given; beyond all contigs it counts as that of a slice.
fn place_of(given: &Bound<'_, PyAny>) -> PyResult<Option<i64>> {
    match clamped(given)? {
        // What it is not is told by whoever cannot take it.
        None => given.extract(),
        place => Ok(place),
    }
}

fn is_reverse(strand: &str) -> PyResult<bool> {
    match strand {
        "+" => Ok(false),
        "-" => Ok(true),
        _ => Err(PyValueError::new_err(format!(
            "a strand is \"+\" or \"-\", not {strand:?}"
        ))),
    }
}

/// Where these regions are in an archive.
pub(crate) fn resolve(
    py: Python<'_>,
    handle: &Arc<ForkSafeHandle>,
    archive: &Archive,
    asked: Vec<RegionArg>,
) -> PyResult<Vec<StrandedStretch>> {
    let resolved: ragc_core::Result<Option<Vec<StrandedStretch>>> = py.detach(|| {
        let mut stretches = room(asked.len())?;
        for asked in asked {
            match place(handle, archive, asked)? {
                Some(stretch) => stretches.push(stretch),
                None => return Ok(None),
            }
        }
        Ok(Some(stretches))
    });
    let other = || PyValueError::new_err("a sequence of another archive: ask that one for it");
    resolved.raised_near(archive)?.ok_or_else(other)
}

/// `None` for a sequence of another archive.
fn place(
    handle: &Arc<ForkSafeHandle>,
    archive: &Archive,
    asked: RegionArg,
) -> ragc_core::Result<Option<StrandedStretch>> {
    let named = match asked {
        RegionArg::Stretch(stretch) => return Ok(Arc::ptr_eq(&stretch.handle, handle).then_some(stretch)),
        RegionArg::Named(named) => named,
    };
    let id = archive.find_contig(Some(&named.sample), &named.contig)?;
    let whole = StrandedStretch::whole(handle, archive, id)?;
    let range = range_of(named.start, named.end, whole.len());
    let is_reverse = named.is_reverse;
    Ok(Some(whole.select(&SelectedRange { range, is_reverse })))
}
