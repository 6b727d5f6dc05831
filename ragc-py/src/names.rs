//! Names of samples and contigs as text of Python. Bytes that are no UTF-8 become lone surrogates (PEP 383), as in names of files, and come back.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

use crate::errors::Raised;
use crate::memory::{check_objects, copied, room, to_bytes};

/// A name as `str`.
pub(crate) fn to_str<'py>(py: Python<'py>, name: &[u8]) -> PyResult<Bound<'py, PyString>> {
    match std::str::from_utf8(name) {
        Ok(_) => PyString::from_bytes(py, name),
        Err(_) => PyString::from_encoded_object(
            to_bytes(py, name)?.as_any(),
            Some(c"utf-8"),
            Some(c"surrogateescape"),
        ),
    }
}

/// Names, each as `str`.
pub(crate) fn to_strs<'py, 'a>(
    py: Python<'py>,
    names: impl ExactSizeIterator<Item = &'a [u8]>,
) -> PyResult<Vec<Bound<'py, PyString>>> {
    check_objects::<u64>(names.len()).raised()?;
    let mut texts = room(names.len()).raised()?;
    for name in names {
        texts.push(to_str(py, name)?);
    }
    Ok(texts)
}

/// A name that a caller gives, as `str` or `bytes`.
pub(crate) struct NameArg(pub(crate) Vec<u8>);

impl<'py> FromPyObject<'_, 'py> for NameArg {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(text) = given.cast::<PyString>() {
            return match text.to_cow() {
                Ok(text) => Ok(Self(copied(text.as_bytes()).raised()?)),
                Err(_) => escaped(text.as_any()),
            };
        }
        match given.cast::<PyBytes>() {
            Ok(bytes) => Ok(Self(copied(bytes.as_bytes()).raised()?)),
            Err(_) => {
                let found = given.get_type().name()?;
                Err(PyTypeError::new_err(format!("a name is a str, not {found}")))
            }
        }
    }
}

fn escaped(text: &Bound<'_, PyAny>) -> PyResult<NameArg> {
    let bytes = text.call_method1("encode", ("utf-8", "surrogateescape"))?;
    Ok(NameArg(bytes.extract()?))
}
