//! More samples in an archive.

use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use ragc_core::Archive;
use ragc_core::internals::identity::is_same_file;

use super::behind::behind;
use super::inputs::Given;
use super::options::check;
use super::run::WritingRun;
use super::summary;
use crate::errors::Raised;
use crate::watched;

/// Where the archive with the new samples goes.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Going {
    output: Option<PathBuf>,
    rewrite: bool,
    force: bool,
}

/// Adds samples to an archive: behind the end of its file, or in a new one.
#[pyfunction]
#[pyo3(signature = (path, samples, options, progress = None))]
pub(crate) fn append<'py>(
    py: Python<'py>,
    path: PathBuf,
    samples: Vec<Given>,
    options: &Bound<'py, PyDict>,
    progress: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    check(options)?;
    let going: Going = options.extract()?;
    let output = going.output.as_deref().unwrap_or(&path);
    let run = WritingRun::new(output, options, "ragc.append")?;
    let stored = watched::run_raising(py, progress.as_ref(), |watch| {
        let lock = run.lock(watch)?;
        let archive = Archive::open(&path).raised()?;
        let rules = run.rules(Some(&archive))?;
        let options = run.options(rules);
        let inputs = run.inputs(samples, rules, watch)?;
        let is_same = is_same_file(output, &path).raised()?;
        // What is to be read back before it has its name is written anew.
        if is_same && !going.rewrite && !run.is_read_back() {
            return behind(&archive, &inputs, &options, &path, watch).raised();
        }
        run.write(lock, going.force || is_same, watch, |file| {
            options.append(&archive, &inputs, file, watch.clone())
        })
    })?;
    summary::of_summary(py, &stored)
}
