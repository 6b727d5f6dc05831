//! What an object is, so that it is not taken for the one that has replaced it.

use object_store::ObjectMeta;

use crate::error::{Error, ErrorKind, Result};

/// What a server tells of an object, as far as it changes with it: its length, ETag and time. An object that is opened again is the same one if
/// they are equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    len: u64,
    e_tag: Option<String>,
    /// Nanoseconds; the same for all if the server does not tell.
    modified: Option<i64>,
}

impl Identity {
    pub(crate) fn of(meta: &ObjectMeta) -> Self {
        Self {
            len: meta.size,
            e_tag: meta.e_tag.clone(),
            modified: meta.last_modified.timestamp_nanos_opt(),
        }
    }

    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// What tells this object from others of its name and length, if the server says so.
    pub(crate) fn version(&self) -> Option<String> {
        let modified = self.modified.filter(|nanoseconds| *nanoseconds != 0);
        self.e_tag
            .clone()
            .or_else(|| modified.map(|nanoseconds| nanoseconds.to_string()))
    }

    #[cfg(test)]
    pub(crate) fn of_test(len: u64, e_tag: Option<&str>) -> Self {
        Self {
            len,
            e_tag: e_tag.map(str::to_owned),
            modified: Some(0),
        }
    }

    /// The ETag that a request may be bound to: weak ones match nothing.
    pub(crate) fn to_match(&self) -> Option<String> {
        self.e_tag.clone().filter(|e_tag| !e_tag.starts_with("W/"))
    }

    /// Sees that an answer is about the same object.
    pub(crate) fn check(&self, meta: &ObjectMeta) -> Result<()> {
        match *self == Self::of(meta) {
            true => Ok(()),
            false => Err(Error::new(ErrorKind::Changed)),
        }
    }
}
