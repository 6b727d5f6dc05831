//! What was done, as a dictionary.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};
use ragc_core::compress::{Merged, Summary};

use crate::names;

/// Of genomes that were stored.
pub(super) fn of_summary<'py>(py: Python<'py>, summary: &Summary) -> PyResult<Bound<'py, PyDict>> {
    let told = PyDict::new(py);
    told.set_item("n_samples", summary.n_samples)?;
    told.set_item("n_contigs", summary.n_contigs)?;
    told.set_item("n_bases", summary.n_bases)?;
    told.set_item("n_groups", summary.n_groups)?;
    let is_folded = !summary.keep.case;
    told.set_item("n_folded", if is_folded { summary.n_lower } else { 0 })?;
    told.set_item("n_odd", summary.n_odd())?;
    told.set_item("n_left_out", summary.n_left_out())?;
    let renamed: PyResult<Vec<_>> = summary
        .renamed()
        .iter()
        .map(|renaming| pair(py, renaming.code(), renaming.from(), renaming.to()))
        .collect();
    told.set_item("renamed", renamed?)?;
    told.set_item("dropped_streams", &summary.dropped_streams)?;
    Ok(told)
}

/// Of archives that were merged.
pub(super) fn of_merged<'py>(py: Python<'py>, merged: &Merged) -> PyResult<Bound<'py, PyDict>> {
    let told = PyDict::new(py);
    told.set_item("n_samples", merged.n_samples)?;
    told.set_item("n_groups", merged.n_groups)?;
    told.set_item("n_same", merged.n_same)?;
    let renamed = merged.renamed.iter();
    let renamed: PyResult<Vec<_>> = renamed.map(|(from, to)| pair(py, "sample", from, to)).collect();
    told.set_item("renamed", renamed?)?;
    told.set_item("skipped", list(py, merged.skipped.iter().map(Vec::as_slice))?)?;
    told.set_item("dropped_streams", &merged.dropped_streams)?;
    Ok(told)
}

/// A list of names.
pub(super) fn list<'py, 'a>(
    py: Python<'py>,
    names: impl Iterator<Item = &'a [u8]>,
) -> PyResult<Bound<'py, PyList>> {
    let names: PyResult<Vec<Bound<'py, PyString>>> = names.map(|name| names::to_str(py, name)).collect();
    PyList::new(py, names?)
}

type Renaming<'py> = (&'static str, Bound<'py, PyString>, Bound<'py, PyString>);

fn pair<'py>(py: Python<'py>, what: &'static str, from: &[u8], to: &[u8]) -> PyResult<Renaming<'py>> {
    Ok((what, names::to_str(py, from)?, names::to_str(py, to)?))
}
