//! `Sample`: the contigs of a genome, by name and by place.

use std::sync::Arc;

use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString};
use ragc_core::extract::{ContigId, ContigNames};
use ragc_core::{ErrorKind, short_name};

use crate::errors::Raised;
use crate::handle::ForkSafeHandle;
use crate::memory::{check_objects, collected, room};
use crate::names::{self, NameArg};
use crate::numbers::clamped;
use crate::sequence::Sequence;
use crate::stretch::StrandedStretch;

/// A sample of an archive: contigs by name, in their order.
#[pyclass(frozen, module = "ragc")]
pub(crate) struct Sample {
    handle: Arc<ForkSafeHandle>,
    place: usize,
}

impl Sample {
    pub(crate) fn new(handle: &Arc<ForkSafeHandle>, place: usize) -> Self {
        let handle = Arc::clone(handle);
        Self { handle, place }
    }

    fn name_bytes(&self) -> PyResult<Vec<u8>> {
        let archive = self.handle.archive()?;
        let samples = archive.samples().raised()?;
        Ok(samples.get(self.place).unwrap_or_default().to_vec())
    }

    fn names(&self, py: Python<'_>) -> PyResult<ContigNames> {
        let archive = self.handle.archive()?;
        py.detach(|| archive.names_of(self.place)).raised()
    }

    fn contig_at(&self, py: Python<'_>, contig: usize) -> PyResult<Sequence> {
        let sample = self.place;
        let archive = self.handle.archive()?;
        let stretch =
            py.detach(|| StrandedStretch::whole(&self.handle, &archive, ContigId { sample, contig }));
        Ok(Sequence::new(stretch.raised()?))
    }

    fn contig_of(&self, py: Python<'_>, name: &[u8]) -> PyResult<Sequence> {
        let archive = self.handle.archive()?;
        let sample = self.name_bytes()?;
        let found = py.detach(|| {
            let id = archive.find_contig(Some(&sample), name)?;
            StrandedStretch::whole(&self.handle, &archive, id)
        });
        Ok(Sequence::new(found.raised_near(&archive)?))
    }
}

#[pymethods]
impl Sample {
    /// Its name.
    #[getter]
    fn name<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        names::to_str(py, &self.name_bytes()?)
    }

    /// Names of the contigs, the first words of their headers, in order.
    fn keys<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyString>>> {
        let names = self.names(py)?;
        names::to_strs(py, names.iter().map(short_name))
    }

    /// All contigs, in order.
    fn values(&self, py: Python<'_>) -> PyResult<Vec<Sequence>> {
        let n_contigs = self.names(py)?.len();
        let mut contigs = room(n_contigs).raised()?;
        for contig in 0..n_contigs {
            contigs.push(self.contig_at(py, contig)?);
        }
        check_objects::<Sequence>(n_contigs).raised()?;
        Ok(contigs)
    }

    /// Pairs of name and contig, in order.
    fn items<'py>(&self, py: Python<'py>) -> PyResult<Vec<(Bound<'py, PyString>, Sequence)>> {
        let items = collected(self.keys(py)?.into_iter().zip(self.values(py)?)).raised()?;
        check_objects::<Sequence>(items.len()).raised()?;
        Ok(items)
    }

    /// Lengths of the contigs in bases, in order.
    fn lengths(&self, py: Python<'_>) -> PyResult<Vec<u64>> {
        let archive = self.handle.archive()?;
        py.detach(|| archive.contig_lens(self.place)).raised()
    }

    fn __len__(&self, py: Python<'_>) -> PyResult<usize> {
        Ok(self.names(py)?.len())
    }

    /// A contig by its name, or by its place.
    fn __getitem__(&self, py: Python<'_>, contig: &Bound<'_, PyAny>) -> PyResult<Sequence> {
        let Some(place) = clamped(contig)? else {
            return self.contig_of(py, &contig.extract::<NameArg>()?.0);
        };
        let n_contigs = self.names(py)?.len();
        match place_of(place, n_contigs) {
            Some(place) => self.contig_at(py, place),
            None => Err(PyIndexError::new_err(format!("contig {contig} of {n_contigs}"))),
        }
    }

    fn __contains__(&self, py: Python<'_>, name: NameArg) -> PyResult<bool> {
        let archive = self.handle.archive()?;
        let sample = self.name_bytes()?;
        let found = py.detach(|| archive.find_contig(Some(&sample), &name.0));
        is_found(found)
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyList::new(py, self.values(py)?)?.try_iter()?.into_any())
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let name = self.name_bytes()?;
        let n_contigs = self.names(py)?.len();
        Ok(format!(
            "<ragc.Sample {}, {n_contigs} contigs>",
            String::from_utf8_lossy(&name)
        ))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let rebuild = py.import("ragc._pickle")?.getattr("sample")?;
        let parts = (self.handle.how(), self.name(py)?);
        Ok((rebuild, parts.into_pyobject(py)?.into_any()))
    }
}

/// A place that may be counted from the end.
pub(crate) fn place_of(place: i64, n: usize) -> Option<usize> {
    let place = if place < 0 {
        place.checked_add_unsigned(n as u64)?
    } else {
        place
    };
    usize::try_from(place).ok().filter(|place| *place < n)
}

/// Whether something is there; an error that says that it is not is an answer.
pub(crate) fn is_found<T>(found: ragc_core::Result<T>) -> PyResult<bool> {
    match found {
        Ok(_) => Ok(true),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound { .. }) => Ok(false),
        Err(error) => Err(error).raised(),
    }
}
