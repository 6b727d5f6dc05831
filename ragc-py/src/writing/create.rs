//! A new archive.

use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::inputs::Given;
use super::options::Creating;
use super::run::WritingRun;
use super::summary;
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
    let run = WritingRun::new(&path, options, "ragc.create")?;
    let creating: Creating = options.extract()?;
    let rules = run.rules(None)?;
    let options = creating.apply(run.options(rules).into())?;
    let stored = watched::run_raising(py, progress.as_ref(), |watch| {
        let lock = run.lock(watch)?;
        let inputs = run.inputs(samples, rules, watch)?;
        run.write(lock, creating.force, watch, |file| {
            options.create(&inputs, file, watch.clone())
        })
    })?;
    summary::of_summary(py, &stored)
}
