//! What the first stage learns about a record beside its segments, on its way to the last.

use crate::fasta::OddResidues;
use crate::original::OriginalRecord;
use crate::track::ContigNotes;

/// What is known about a record when its last line has been read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RecordEnd {
    /// Residues that the format has no code for.
    pub(super) odd: OddResidues,
    /// What the format cannot say of it.
    pub(super) original: OriginalRecord,
    /// Its header line, if the contig is not called so.
    pub(super) header: Option<Vec<u8>>,
    /// What tracks have heard of it.
    pub(super) notes: ContigNotes,
}
