//! `Table`: listings as columns, which pyarrow, pandas and polars take by the C data interface of Arrow.

use std::sync::Arc;

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::types::UInt64Type;
use arrow_array::{ArrayRef, PrimitiveArray, RecordBatch, RecordBatchIterator, StringArray};
use arrow_schema::{ArrowError, SchemaRef};
use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyList};
use ragc_core::{Archive, short_name};

/// A column of text or of numbers.
enum Column {
    Text(Vec<String>),
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
            Self::Text(texts) => PyList::new(py, texts),
            Self::Numbers(numbers) => PyList::new(py, numbers),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Text(texts) => texts.len(),
            Self::Numbers(numbers) => numbers.len(),
        }
    }

    fn to_arrow(&self) -> ArrayRef {
        match self {
            Self::Text(texts) => Arc::new(StringArray::from_iter_values(texts)),
            Self::Numbers(numbers) => {
                let numbers = numbers.iter().copied();
                Arc::new(PrimitiveArray::<UInt64Type>::from_iter_values(numbers))
            }
        }
    }
}

/// Samples: `sample`, `contigs` (their number) and `bases`.
pub(crate) fn of_samples(archive: &Archive) -> ragc_core::Result<Table> {
    let (mut names, mut n_contigs, mut n_bases) = (Vec::new(), Vec::new(), Vec::new());
    for (sample, name) in archive.samples()?.iter().enumerate() {
        let lens = archive.contig_lens(sample)?;
        names.push(text(name));
        n_contigs.push(lens.len() as u64);
        n_bases.push(lens.iter().sum());
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
    let [mut of_sample, mut names, mut headers] = [const { Vec::new() }; 3];
    let mut lengths = Vec::new();
    let all = archive.samples()?;
    for sample in samples.iter().copied() {
        let name = text(all.get(sample).unwrap_or_default());
        for header in archive.names_of(sample)?.iter() {
            of_sample.push(name.clone());
            names.push(text(short_name(header)));
            headers.push(text(header));
        }
        lengths.extend(archive.contig_lens(sample)?);
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

/// Columns of Arrow are UTF-8: what is none is replaced.
fn text(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
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
        let columns = self
            .columns
            .iter()
            .map(|(name, column)| (*name, column.to_arrow()));
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
