//! Numbers of callers, which in Python have no end.

use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::prelude::*;
use ragc_core::{Error, ErrorKind};

use crate::errors::exception;

/// The value of an option that is a whole number, which is told by its name where it is none, or below or above what there may be.
pub(crate) fn whole<T: for<'a, 'py> FromPyObject<'a, 'py, Error = PyErr>>(
    option: &str,
    given: &Bound<'_, PyAny>,
) -> PyResult<T> {
    given.extract::<T>().map_err(|error| match error {
        error if error.is_instance_of::<PyTypeError>(given.py()) => {
            wrong_type(option, "a whole number", given)
        }
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

/// The value of an option, which is told by its name where it is something else than it has to be.
pub(crate) fn typed<T: for<'a, 'py> FromPyObject<'a, 'py>>(
    option: &str,
    what: &str,
    given: &Bound<'_, PyAny>,
) -> PyResult<T> {
    given.extract::<T>().map_err(|_| wrong_type(option, what, given))
}

/// The value of an option that is `True` or `False`.
pub(crate) fn yes_or_no(option: &str, given: &Bound<'_, PyAny>) -> PyResult<bool> {
    typed(option, "True or False", given)
}

/// The value of `codes`.
pub(crate) fn codes_of(given: &Bound<'_, PyAny>) -> PyResult<bool> {
    yes_or_no("codes", given)
}

/// The exception of an option that is of another kind.
pub(crate) fn wrong_type(option: &str, what: &str, given: &Bound<'_, PyAny>) -> PyErr {
    let told = given.repr().map(|told| told.to_string_lossy().into_owned());
    let told = told.unwrap_or_else(|_| "what was given".to_owned());
    PyTypeError::new_err(format!("{option} is {what}, not {told:.80}"))
}

/// The exception of an option that has no such value.
pub(crate) fn wrong_option(why: &str) -> PyErr {
    let error = Error::new(ErrorKind::BadOption(why.to_owned()));
    exception(&error, Vec::new())
}
