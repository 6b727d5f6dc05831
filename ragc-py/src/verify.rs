//! What a verification found, as Python takes it.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use ragc_core::Archive;
use ragc_core::Error;
use ragc_core::extract::Report;

use crate::errors::Raised;
use crate::names;
use crate::watched;

/// Decodes everything, and tells what is damaged.
pub(crate) fn verify<'py>(
    py: Python<'py>,
    archive: &Archive,
    n_threads: usize,
    progress: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let report = watched::run(py, progress, |watch| {
        let report = archive.verify(n_threads, &**watch);
        watch.check()?;
        match report.no_memory.is_some() {
            true => Err(Error::no_memory("decoding all of the archive")),
            false => Ok(report),
        }
    })?;
    told(py, archive, &report)
}

fn told<'py>(py: Python<'py>, archive: &Archive, report: &Report) -> PyResult<Bound<'py, PyDict>> {
    let told = PyDict::new(py);
    told.set_item("is_intact", report.is_intact())?;
    told.set_item("n_samples", report.n_samples)?;
    told.set_item("n_contigs", report.n_contigs)?;
    told.set_item("n_bases", report.n_bases)?;
    told.set_item("n_damages", report.n_damages)?;
    told.set_item("n_lost_contigs", report.n_lost_contigs())?;
    let damages: Vec<String> = report.damages.iter().map(Error::to_string).collect();
    told.set_item("damages", damages)?;
    let lost: PyResult<Vec<Bound<'py, PyAny>>> = report
        .lost_samples()
        .map(|sample| {
            let name = archive.samples().raised()?.get(sample).unwrap_or_default();
            Ok(names::to_str(py, name)?.into_any())
        })
        .collect();
    told.set_item("lost_samples", lost?)?;
    told.set_item("has_checksums", report.has_part_sums || report.has_sequence_sums)?;
    Ok(told)
}
