//! Errors of the library as exceptions, which `python/ragc/_errors.py` has.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use ragc_core::internals::near::{near_contigs, near_samples};
use ragc_core::{Archive, Error, ErrorKind};

/// Raises errors of the library.
pub(crate) trait Raised<T> {
    /// As an exception of Python.
    fn raised(self) -> PyResult<T>;

    /// As an exception of Python, which tells the names that are near where one is absent.
    fn raised_near(self, archive: &Archive) -> PyResult<T>;
}

impl<T> Raised<T> for ragc_core::Result<T> {
    fn raised(self) -> PyResult<T> {
        self.map_err(|error| exception(&error, Vec::new()))
    }

    fn raised_near(self, archive: &Archive) -> PyResult<T> {
        self.map_err(|error| {
            let near = near(archive, &error);
            exception(&error, near)
        })
    }
}

/// The exception of an error.
pub(crate) fn exception(error: &Error, near: Vec<String>) -> PyErr {
    Python::attach(|py| made(py, error, near).unwrap_or_else(|failed| failed))
}

/// The exception of what is asked of an archive that was closed.
pub(crate) fn closed() -> PyErr {
    let of = |py: Python<'_>| -> PyResult<PyErr> {
        let made = py.import("ragc._errors")?.call_method0("closed")?;
        Ok(PyErr::from_value(made))
    };
    Python::attach(|py| of(py).unwrap_or_else(|failed| failed))
}

fn made(py: Python<'_>, error: &Error, near: Vec<String>) -> PyResult<PyErr> {
    let at = error.location();
    let told = PyDict::new(py);
    told.set_item("path", &at.path)?;
    told.set_item("sample", &at.sample)?;
    told.set_item("contig", &at.contig)?;
    told.set_item("line", at.line)?;
    told.set_item("errno", error.io_error().and_then(std::io::Error::raw_os_error))?;
    told.set_item("near", near)?;
    let of = py.import("ragc._errors")?.getattr("of")?;
    let made = of.call((error.kind().code(), error.to_string()), Some(&told))?;
    Ok(PyErr::from_value(made))
}

fn near(archive: &Archive, error: &Error) -> Vec<String> {
    match error.kind() {
        ErrorKind::NotFound { what: "sample", name } => near_samples(archive, name),
        ErrorKind::NotFound { what: "contig", name } => {
            near_contigs(archive, error.location().sample.as_deref(), name)
        }
        _ => Vec::new(),
    }
}
