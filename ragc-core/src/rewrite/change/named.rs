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

/// Refuses a new name of a sample that no file could have given.
///
/// # Errors
/// `BadInput` for an empty name, for control characters, and for bytes that are no text.
pub(super) fn check_new_sample(new: &[u8]) -> Result<()> {
    match name::fault_in_sample(new) {
        None if new.is_empty() => Err(unfit("sample", new, "hold nothing")),
        None => Ok(()),
        Some(what) => Err(unfit("sample", new, &format!("hold {what}"))),
    }
}

/// Refuses a new name of a contig that no header line could have given; blanks in front of the first word are no part of a name.
///
/// # Errors
/// `BadInput` for an empty name, for one that begins with a blank, and for control characters but tabs.
pub(super) fn check_new_contig(new: &[u8]) -> Result<()> {
    let fault = match name::control_in_contig(new) {
        Some(byte) => format!("hold {}", name::control(byte)),
        None if new.is_empty() => "hold nothing".to_owned(),
        None if name::short_name(new).is_empty() => "hold nothing but blanks".to_owned(),
        None if name::without_blanks(new) != new => "begin with a blank".to_owned(),
        None => return Ok(()),
    };
    Err(unfit("contig", new, &fault))
}

fn unfit(what: &str, new: &[u8], fault: &str) -> Error {
    let shown = printable::text_of(new);
    Error::bad_input(format!(
        "the new name of a {what}, {}, would {fault}",
        Quoted(&shown)
    ))
}
