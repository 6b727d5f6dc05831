//! Memory for what is in an archive or comes from a caller: where there is none, that is an exception, not the end of the process.

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use ragc_core::Error;

/// Room for so many bytes.
pub(crate) fn room(len: usize) -> ragc_core::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(len).map_err(|_| no_memory(len))?;
    Ok(bytes)
}

/// Room for so many rows of this width.
pub(crate) fn room_for_rows(n_rows: usize, width: u64) -> ragc_core::Result<Vec<u8>> {
    let len = n_rows as u128 * u128::from(width);
    room(usize::try_from(len).map_err(|_| no_memory(len))?)
}

/// The same bytes once more.
pub(crate) fn copied(bytes: &[u8]) -> ragc_core::Result<Vec<u8>> {
    let mut copy = room(bytes.len())?;
    copy.extend_from_slice(bytes);
    Ok(copy)
}

/// Bytes as an object of Python.
pub(crate) fn to_bytes<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
    PyBytes::new_with(py, bytes.len(), |room| {
        room.copy_from_slice(bytes);
        Ok(())
    })
}

fn no_memory(len: impl std::fmt::Display) -> Error {
    Error::no_memory(format!("{len} bytes for the caller"))
}
