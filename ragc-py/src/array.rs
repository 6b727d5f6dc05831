//! Memory that numpy takes over without a copy.
//!
//! The buffer protocol is in the stable ABI from CPython 3.11 only; `__array_interface__` is told by attributes, so one wheel serves 3.9
//! and newer, and nothing is linked with numpy.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;

/// Bytes in rows, which live as long as an array refers to them.
#[pyclass(frozen, name = "Memory", module = "ragc._ragc")]
struct ArrayMemory {
    /// Never read nor written again here: numpy has it.
    bytes: Vec<u8>,
    address: usize,
    shape: Vec<usize>,
}

#[pymethods]
impl ArrayMemory {
    #[getter]
    fn __array_interface__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        debug_assert_eq!(self.bytes.as_ptr().addr(), self.address);
        let told = PyDict::new(py);
        told.set_item("version", 3)?;
        told.set_item("typestr", "|u1")?;
        told.set_item("shape", pyo3::types::PyTuple::new(py, &self.shape)?)?;
        // Not read-only.
        told.set_item("data", (self.address, false))?;
        Ok(told)
    }
}

/// `numpy.asarray`, which need not be installed for anything else.
fn as_array(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static AS_ARRAY: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let found = AS_ARRAY.get_or_try_init(py, || -> PyResult<Py<PyAny>> {
        Ok(py.import("numpy")?.getattr("asarray")?.unbind())
    })?;
    Ok(found.bind(py))
}

/// An array of `uint8` of this shape, which takes the bytes as they are.
pub(crate) fn array(py: Python<'_>, mut bytes: Vec<u8>, shape: Vec<usize>) -> PyResult<Bound<'_, PyAny>> {
    let address = bytes.as_mut_ptr().expose_provenance();
    let memory = ArrayMemory {
        bytes,
        address,
        shape,
    };
    as_array(py)?.call1((Bound::new(py, memory)?,))
}
