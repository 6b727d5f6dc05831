//! A contig by its places.

use crate::error::{Error, ErrorKind};

/// A contig of an archive, by its places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ContigId {
    /// Place of the sample in the archive.
    pub sample: usize,
    /// Place of the contig in the sample.
    pub contig: usize,
}

pub(super) fn no_such_place(id: ContigId) -> Error {
    let name = format!("#{} of sample #{}", id.contig, id.sample);
    Error::new(ErrorKind::NotFound { what: "contig", name })
}
