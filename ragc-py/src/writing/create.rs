//! A new archive.

use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use ragc_core::Keep;
use ragc_core::compress;

use super::inputs::{self, Given};
use super::options::{Creating, Storing};
use super::{output, provenance, summary};
use crate::watched;

/// Compresses samples into an archive, which appears when it is complete.
#[pyfunction]
#[pyo3(signature = (path, samples, options, progress = None))]
pub(crate) fn create<'py>(
    py: Python<'py>,
    path: PathBuf,
    samples: Vec<Given>,
    options: &Bound<'py, PyDict>,
    progress: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let storing: Storing = options.extract()?;
    let creating: Creating = options.extract()?;
    let rules = storing.rules(Keep::ALL)?;
    let provenance = provenance::provenance(storing.provenance, "ragc.create")?;
    let options = creating.apply(storing.create(rules, provenance))?;
    let stored = watched::run(py, progress.as_ref(), |watch| {
        let lock = output::lock(&path, storing.wait, watch)?;
        let inputs = inputs::inputs(samples, rules, &path, watch)?;
        let mut file = output::begin(lock, creating.force, watch)?;
        let stored = compress::create(&inputs, &options, &mut file, watch.clone())?;
        output::finish(file, watch)?;
        Ok(stored)
    })?;
    summary::of_summary(py, &stored)
}
