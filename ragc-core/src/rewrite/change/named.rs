//! Samples by their names.

use std::collections::BTreeSet;

use crate::error::{Error, ErrorKind, Quoted, Result};
use crate::name;
use crate::printable;
use crate::rewrite::Existing;

/// The places of samples of these names.
///
/// # Errors
/// `NotFound` for a name that no sample has.
pub(super) fn places<'a>(
    existing: &Existing<'_>,
    names: impl Iterator<Item = &'a [u8]>,
) -> Result<BTreeSet<usize>> {
    names.map(|name| place(existing, name)).collect()
}

/// The place of a sample.
///
/// # Errors
/// `NotFound` if there is none of this name.
pub(super) fn place(existing: &Existing<'_>, name: &[u8]) -> Result<usize> {
    let absent = || {
        Error::new(ErrorKind::NotFound {
            what: "sample",
            name: printable::text_of(name).into_owned(),
        })
    };
    existing.find_sample(name).ok_or_else(absent)
}

/// Refuses a new name that no file could have given.
///
/// # Errors
/// `BadInput` for an empty name and for control characters; tabs are allowed if `takes_tabs`.
pub(super) fn check_new(what: &str, new: &[u8], takes_tabs: bool) -> Result<()> {
    let why = match name::control_in(new).filter(|byte| !(takes_tabs && *byte == b'\t')) {
        Some(byte) => format!("a control character ({byte:02X} hex)"),
        None if new.is_empty() => "nothing".to_owned(),
        None => return Ok(()),
    };
    let shown = printable::text_of(new);
    Err(Error::bad_input(format!(
        "the new name of a {what}, {}, would hold {why}",
        Quoted(&shown)
    )))
}
