//! Memory for what is in an archive or comes from a caller: where there is none, that is an exception, not the end of the process.

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use ragc_core::Error;
use ragc_core::internals::allocator::OrReserve;

pub(crate) use ragc_core::internals::memory::{collected, copied, grow, room};

#[global_allocator]
static ALLOCATOR: OrReserve = OrReserve::new();

/// Whether so many bytes can be had: what takes them in a way that cannot fail asks for them first.
pub(crate) fn check_room(len: usize) -> ragc_core::Result<()> {
    let taken = room::<u8>(len)?;
    // As good as used: else it need not even be asked for.
    std::hint::black_box(&taken);
    Ok(())
}

/// What an object of Python takes beside what is in it, with its places in a tuple and a list: lists of them are made by calls that cannot fail.
const OBJECT_LEN: usize = 160;

/// Whether there is room for a list of so many objects that hold a `T`.
pub(crate) fn check_objects<T>(n: usize) -> ragc_core::Result<()> {
    check_room(n.saturating_mul(OBJECT_LEN + size_of::<T>()))
}

/// Room for so many rows of this width.
pub(crate) fn room_for_rows(n_rows: usize, width: u64) -> ragc_core::Result<Vec<u8>> {
    let len = n_rows as u128 * u128::from(width);
    let no_memory = |_| Error::no_memory(format!("{len} bytes for the caller"));
    room(usize::try_from(len).map_err(no_memory)?)
}

/// Bytes as an object of Python.
pub(crate) fn to_bytes<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
    PyBytes::new_with(py, bytes.len(), |room| {
        room.copy_from_slice(bytes);
        Ok(())
    })
}
