//! `Sequence`: a stretch of a contig, or all of it.

use std::borrow::Cow;
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use ragc_core::internals::strand::reverse_complement;
use ragc_core::short_name;

use crate::array::array;
use crate::errors::Raised;
use crate::memory::{copied, to_bytes};
use crate::names;
use crate::numbers::codes_of;
use crate::slice::{self, SelectedRange};
use crate::stretch::{StrandedStretch, code_of_letter};

/// A stretch of a contig on one strand; a contig is one from its first base to its last.
///
/// Nothing is decoded until letters are asked for. Slices are sequences too.
#[pyclass(frozen, module = "ragc")]
pub(crate) struct Sequence {
    pub(crate) stretch: StrandedStretch,
    /// Letters that have been decoded already, those of the forward strand: not every letter is that of its complement.
    held: Option<Arc<Vec<u8>>>,
}

impl Sequence {
    /// Without its letters.
    pub(crate) fn new(stretch: StrandedStretch) -> Self {
        Self { stretch, held: None }
    }

    /// With its letters on the forward strand.
    pub(crate) fn holding(stretch: StrandedStretch, letters: Vec<u8>) -> Self {
        Self {
            stretch,
            held: Some(Arc::new(letters)),
        }
    }

    fn select(&self, selected: &SelectedRange) -> PyResult<Self> {
        let stretch = self.stretch.select(selected);
        let held = match &self.held {
            // A part does not keep all the others in memory.
            Some(held) if stretch.len() < self.stretch.len() => {
                let first = stretch.range.start - self.stretch.range.start;
                let part = &held[first as usize..][..stretch.len() as usize];
                Some(Arc::new(copied(part).raised()?))
            }
            held => held.clone(),
        };
        Ok(Self { stretch, held })
    }

    /// The letters, which are decoded if they are not held.
    fn letters(&self, py: Python<'_>) -> PyResult<Cow<'_, [u8]>> {
        match &self.held {
            None => self.stretch.letters(py).map(Cow::Owned),
            Some(held) if self.stretch.is_reverse => {
                let mut letters = copied(held).raised()?;
                reverse_complement(&mut letters);
                Ok(Cow::Owned(letters))
            }
            Some(held) => Ok(Cow::Borrowed(held)),
        }
    }

    /// The letters, for whoever changes them.
    fn own_letters(&self, py: Python<'_>) -> PyResult<Vec<u8>> {
        match self.letters(py)? {
            Cow::Owned(letters) => Ok(letters),
            Cow::Borrowed(letters) => copied(letters).raised(),
        }
    }

    fn header(&self, py: Python<'_>) -> PyResult<Vec<u8>> {
        let archive = self.stretch.handle.archive()?;
        py.detach(|| archive.contig_name(self.stretch.id)).raised()
    }

    fn sample_name(&self) -> PyResult<Vec<u8>> {
        let archive = self.stretch.handle.archive()?;
        let samples = archive.samples().raised()?;
        Ok(samples.get(self.stretch.id.sample).unwrap_or_default().to_vec())
    }
}

#[pymethods]
impl Sequence {
    /// Name of the contig: the first word of its header.
    #[getter]
    fn name<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        names::to_str(py, short_name(&self.header(py)?))
    }

    /// The complete header of the contig.
    #[getter]
    fn long_name<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        names::to_str(py, &self.header(py)?)
    }

    /// Name of the sample.
    #[getter]
    fn sample<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        names::to_str(py, &self.sample_name()?)
    }

    /// First base on the forward strand of the contig, counted from 0.
    #[getter]
    fn start(&self) -> u64 {
        self.stretch.range.start
    }

    /// The base behind the last one, on the forward strand of the contig, counted from 0.
    #[getter]
    fn end(&self) -> u64 {
        self.stretch.range.end
    }

    /// `"+"`, or `"-"` for the reverse complement.
    #[getter]
    fn strand(&self) -> &'static str {
        if self.stretch.is_reverse { "-" } else { "+" }
    }

    /// The letters, as `str(sequence)`.
    #[getter]
    fn seq<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        self.__str__(py)
    }

    /// The letters as an array of shape `(len,)` and type `uint8`; with `codes=True` their symbol codes, 0 to 3 for `ACGT`, 4 for `N`,
    /// 5 to 15 for `RYSWKMBDHVU`. numpy takes the memory over; nothing else refers to it.
    #[pyo3(signature = (*, codes = false))]
    fn numpy<'py>(
        &self,
        py: Python<'py>,
        #[pyo3(from_py_with = codes_of)] codes: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let symbols = match (&self.held, codes) {
            (None, true) => self.stretch.codes(py)?,
            (Some(_), true) => {
                let mut symbols = self.own_letters(py)?;
                symbols
                    .iter_mut()
                    .for_each(|symbol| *symbol = code_of_letter(*symbol));
                symbols
            }
            (_, false) => self.own_letters(py)?,
        };
        let shape = vec![symbols.len()];
        array(py, symbols, shape)
    }

    /// The other strand, as `sequence[::-1]`.
    fn reverse_complement(&self) -> PyResult<Self> {
        self.select(&SelectedRange {
            range: 0..self.stretch.len(),
            is_reverse: true,
        })
    }

    fn __neg__(&self) -> PyResult<Self> {
        self.reverse_complement()
    }

    fn __len__(&self) -> PyResult<usize> {
        Ok(usize::try_from(self.stretch.len())?)
    }

    fn __getitem__(&self, index: &Bound<'_, PyAny>) -> PyResult<Self> {
        self.select(&slice::select(index, self.stretch.len())?)
    }

    fn __str__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        names::to_str(py, &self.letters(py)?)
    }

    fn __bytes__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        to_bytes(py, &self.letters(py)?)
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(self.__str__(py)?.try_iter()?.into_any())
    }

    fn __contains__(&self, py: Python<'_>, letters: &str) -> PyResult<bool> {
        self.__str__(py)?.contains(letters)
    }

    fn __eq__(&self, py: Python<'_>, other: &Bound<'_, PyAny>) -> PyResult<bool> {
        if let Ok(other) = other.cast::<Self>() {
            return Ok(self.letters(py)? == other.get().letters(py)?);
        }
        if let Ok(other) = other.cast::<PyBytes>() {
            return Ok(*self.letters(py)? == *other.as_bytes());
        }
        match other.is_instance_of::<PyString>() {
            true => self.__str__(py)?.as_any().eq(other),
            false => Ok(false),
        }
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let header = self.header(py)?;
        let [sample, name] = [&self.sample_name()?[..], short_name(&header)]
            .map(|name| String::from_utf8_lossy(name).into_owned());
        let (start, end, strand) = (self.start(), self.end(), self.strand());
        Ok(format!(
            "<ragc.Sequence {sample} {name} [{start}:{end}] {strand}>"
        ))
    }

    /// It is found again by its archive and the names of sample and contig.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let rebuild = py.import("ragc._pickle")?.getattr("sequence")?;
        let how = self.stretch.handle.how();
        let (sample, contig) = (self.sample(py)?, self.long_name(py)?);
        let place = (self.start(), self.end(), self.stretch.is_reverse);
        let parts = (how, sample, contig, place.0, place.1, place.2);
        Ok((rebuild, parts.into_pyobject(py)?.into_any()))
    }
}
