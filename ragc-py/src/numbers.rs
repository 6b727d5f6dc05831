//! Numbers of callers, which in Python have no end.

use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::prelude::*;
use ragc_core::{Error, ErrorKind};

use crate::errors::exception;

/// The value of an option, which is told by its name where it is below or above what there may be.
pub(crate) fn whole<T: for<'a, 'py> FromPyObject<'a, 'py, Error = PyErr>>(
    option: &str,
    given: &Bound<'_, PyAny>,
) -> PyResult<T> {
    given.extract::<T>().map_err(|error| match error {
        error if error.is_instance_of::<PyTypeError>(given.py()) => error,
        _ => wrong_option(&format!("{option} cannot be {given}")),
    })
}

/// An integer, or the last one on its side where it is beyond all that can be counted here; none if it is something else.
pub(crate) fn clamped(given: &Bound<'_, PyAny>) -> PyResult<Option<i64>> {
    match given.extract::<i64>() {
        Ok(number) => Ok(Some(number)),
        Err(error) if error.is_instance_of::<PyOverflowError>(given.py()) => {
            Ok(Some(if given.lt(0)? { i64::MIN } else { i64::MAX }))
        }
        Err(_) => Ok(None),
    }
}

/// The exception of an option that has no such value.
pub(crate) fn wrong_option(why: &str) -> PyErr {
    let error = Error::new(ErrorKind::BadOption(why.to_owned()));
    exception(&error, Vec::new())
}
