//! `Table`: listings as columns, which pyarrow, pandas and polars take by the C data interface of Arrow.

use std::sync::Arc;

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::types::UInt64Type;
use arrow_array::{ArrayRef, PrimitiveArray, RecordBatch, RecordBatchIterator, StringArray};
use arrow_schema::{ArrowError, SchemaRef};
use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyList, PyString};
use ragc_core::{Archive, Error, short_name};

use crate::errors::Raised;
use crate::memory::{check_room, grow};

/// A column of text or of numbers.
enum Column {
    Text(TextColumn),
    Numbers(Vec<u64>),
}

/// Columns of one length. `pyarrow.table(t)`, `polars.DataFrame(t)` and `pandas.DataFrame.from_arrow(t)` take it; `dict(t)` needs none of them.
#[pyclass(frozen, module = "ragc")]
pub(crate) struct Table {
    columns: Vec<(&'static str, Column)>,
}

impl Column {
    fn to_list<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        match self {
            Self::Text(texts) => {
                let text = |text: &str| Ok(PyString::from_bytes(py, text.as_bytes())?.into_any());
                list(py, texts.iter().map(text))
            }
            Self::Numbers(numbers) => {
                let number = |number: &u64| Ok(number.into_pyobject(py)?.into_any());
                list(py, numbers.iter().map(number))
            }
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Text(texts) => texts.ends.len(),
            Self::Numbers(numbers) => numbers.len(),
        }
    }

    /// As Arrow has it, which takes memory for a copy, and for another one while it grows, without asking whether there is some.
    fn to_arrow(&self) -> ragc_core::Result<ArrayRef> {
        match self {
            Self::Text(texts) => {
                check_room(3 * (texts.bytes.len() + texts.ends.len() * size_of::<i32>()))?;
                Ok(Arc::new(StringArray::from_iter_values(texts.iter())))
            }
            Self::Numbers(numbers) => {
                check_room(3 * size_of_val(&numbers[..]))?;
                let numbers = numbers.iter().copied();
                Ok(Arc::new(PrimitiveArray::<UInt64Type>::from_iter_values(numbers)))
            }
        }
    }
}

/// Texts, one behind the other.
#[derive(Default)]
struct TextColumn {
    bytes: String,
    ends: Vec<usize>,
}

impl TextColumn {
    /// Columns of Arrow are UTF-8: what is none is replaced.
    fn push(&mut self, text: &[u8]) -> ragc_core::Result<()> {
        for chunk in text.utf8_chunks() {
            self.add(chunk.valid())?;
            if !chunk.invalid().is_empty() {
                self.add("\u{FFFD}")?;
            }
        }
        push(&mut self.ends, self.bytes.len())
    }

    fn add(&mut self, text: &str) -> ragc_core::Result<()> {
        let room = self.bytes.try_reserve(text.len());
        room.map_err(|_| Error::no_memory("the texts of a table"))?;
        self.bytes.push_str(text);
        Ok(())
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        let mut start = 0;
        self.ends
            .iter()
            .map(move |end| &self.bytes[std::mem::replace(&mut start, *end)..*end])
    }
}

fn push<T>(items: &mut Vec<T>, item: T) -> ragc_core::Result<()> {
    grow(items, 1)?;
    items.push(item);
    Ok(())
}

/// A list of Python, for which there may not be memory.
fn list<'py>(
    py: Python<'py>,
    items: impl Iterator<Item = PyResult<Bound<'py, PyAny>>>,
) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for item in items {
        list.append(item?)?;
    }
    Ok(list)
}

/// Samples: `sample`, `contigs` (their number) and `bases`.
pub(crate) fn of_samples(archive: &Archive) -> ragc_core::Result<Table> {
    let (mut names, mut n_contigs, mut n_bases) = (TextColumn::default(), Vec::new(), Vec::new());
    for (sample, name) in archive.samples()?.iter().enumerate() {
        let lens = archive.contig_lens(sample)?;
        names.push(name)?;
        push(&mut n_contigs, lens.len() as u64)?;
        push(&mut n_bases, lens.iter().sum())?;
    }
    Ok(Table {
        columns: vec![
            ("sample", Column::Text(names)),
            ("contigs", Column::Numbers(n_contigs)),
            ("bases", Column::Numbers(n_bases)),
        ],
    })
}

/// Contigs of these samples: `sample`, `contig` (the first word of the header), `header` and `length` in bases.
pub(crate) fn of_contigs(archive: &Archive, samples: &[usize]) -> ragc_core::Result<Table> {
    let [mut of_sample, mut names, mut headers]: [TextColumn; 3] = Default::default();
    let mut lengths = Vec::new();
    let all = archive.samples()?;
    for sample in samples.iter().copied() {
        let name = all.get(sample).unwrap_or_default();
        for header in archive.names_of(sample)?.iter() {
            of_sample.push(name)?;
            names.push(short_name(header))?;
            headers.push(header)?;
        }
        let lens = archive.contig_lens(sample)?;
        grow(&mut lengths, lens.len())?;
        lengths.extend(lens);
    }
    Ok(Table {
        columns: vec![
            ("sample", Column::Text(of_sample)),
            ("contig", Column::Text(names)),
            ("header", Column::Text(headers)),
            ("length", Column::Numbers(lengths)),
        ],
    })
}

#[pymethods]
impl Table {
    /// Names of the columns.
    fn keys(&self) -> Vec<&'static str> {
        self.columns.iter().map(|(name, _)| *name).collect()
    }

    /// All columns, as lists, by their names.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let columns = PyDict::new(py);
        for (name, column) in &self.columns {
            columns.set_item(name, column.to_list(py)?)?;
        }
        Ok(columns)
    }

    /// Number of rows.
    fn __len__(&self) -> usize {
        self.columns.first().map_or(0, |(_, column)| column.len())
    }

    /// A column, as a list.
    fn __getitem__<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyList>> {
        let found = self.columns.iter().find(|(column, _)| *column == name);
        let (_, column) = found.ok_or_else(|| PyKeyError::new_err(name.to_owned()))?;
        column.to_list(py)
    }

    fn __repr__(&self) -> String {
        format!("<ragc.Table {} rows: {}>", self.__len__(), self.keys().join(", "))
    }

    /// The table as a stream of Arrow (the PyCapsule interface). Another schema than its own cannot be asked for.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The interface lets a producer give its own schema where it cannot give the one that was asked for.
        drop(requested_schema);
        let mut columns = Vec::new();
        for (name, column) in &self.columns {
            columns.push((*name, column.to_arrow().raised()?));
        }
        let batch = RecordBatch::try_from_iter(columns).map_err(refused)?;
        let schema: SchemaRef = batch.schema();
        let batches = RecordBatchIterator::new([Ok::<_, ArrowError>(batch)], schema);
        let stream = FFI_ArrowArrayStream::new(Box::new(batches));
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }
}

fn refused(error: ArrowError) -> PyErr {
    PyValueError::new_err(error.to_string())
}
