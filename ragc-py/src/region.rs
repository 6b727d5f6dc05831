//! What callers name: samples, contigs, ranges and strands.

use std::sync::Arc;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use ragc_core::Archive;

use crate::errors::Raised;
use crate::handle::Handle;
use crate::memory::room;
use crate::names::Name;
use crate::numbers::clamped;
use crate::sequence::Sequence;
use crate::slice::{Selected, range_of};
use crate::stretch::Stretch;

/// A region as a caller gives it.
pub(crate) enum Asked {
    Named(Named),
    /// A sequence that is there already.
    Stretch(Stretch),
}

/// A region by names: `(sample, contig)`, with `start, end` behind them or not, and `strand` behind these.
pub(crate) struct Named {
    sample: Vec<u8>,
    contig: Vec<u8>,
    start: Option<i64>,
    end: Option<i64>,
    is_reverse: bool,
}

const FORMS: &str = "a region is (sample, contig), (sample, contig, start, end), (sample, contig, start, end, strand) or a ragc.Sequence";

impl<'py> FromPyObject<'_, 'py> for Asked {
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
        Ok(Self::Named(Named {
            sample: words.get_item(0)?.extract::<Name>()?.0,
            contig: words.get_item(1)?.extract::<Name>()?.0,
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
    handle: &Arc<Handle>,
    archive: &Archive,
    asked: Vec<Asked>,
) -> PyResult<Vec<Stretch>> {
    let resolved: ragc_core::Result<Option<Vec<Stretch>>> = py.detach(|| {
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
fn place(handle: &Arc<Handle>, archive: &Archive, asked: Asked) -> ragc_core::Result<Option<Stretch>> {
    let named = match asked {
        Asked::Stretch(stretch) => return Ok(Arc::ptr_eq(&stretch.handle, handle).then_some(stretch)),
        Asked::Named(named) => named,
    };
    let id = archive.find_contig(Some(&named.sample), &named.contig)?;
    let whole = Stretch::whole(handle, archive, id)?;
    let range = range_of(named.start, named.end, whole.len());
    let is_reverse = named.is_reverse;
    Ok(Some(whole.select(&Selected { range, is_reverse })))
}
