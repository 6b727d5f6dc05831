//! What the first stage learns about a record beside its segments, on its way to the last.

use crate::checksum::Checksum;
use crate::digest::SequenceDigest;
use crate::fasta::OddResidues;
use crate::original::OriginalRecord;

/// What is known about a record when its last line has been read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RecordEnd {
    /// Residues that the format has no code for.
    pub(super) odd: OddResidues,
    /// What the format cannot say of it.
    pub(super) original: OriginalRecord,
    /// Its header line, if the contig is not called so.
    pub(super) header: Option<Vec<u8>>,
    /// Of the symbol codes, one a byte, if checksums are wanted.
    pub(super) sum: Option<Checksum>,
    /// Of the letters, if digests are wanted.
    pub(super) digest: Option<Box<SequenceDigest>>,
}

/// What is taken of a record while it is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measures {
    pub(super) has_checksums: bool,
    pub(super) has_digests: bool,
}
