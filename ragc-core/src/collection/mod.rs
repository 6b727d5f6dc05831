//! The collection: which samples there are, their contigs, and which segments make up each contig.
//!
//! ```text
//! collection-samples   r s t u                                one part: all names
//! collection-contigs   [chr1 | chr1 tiny | chr1 chr2 | …]     one part per batch of samples
//! collection-details   [16/0+124 17/1-50 … | … | …]           one part per batch of samples
//! ```
//!
//! A *batch* is as many samples as the archive's pack cardinality, in archive order. Segments of a batch are decoded
//! together, names for each sample of it that is asked for; other batches are not touched.
//!
//! What a writer hands over is [`SampleDesc`] → [`ContigDesc`] → [`SegmentDesc`]. What a reader gets is compact: the names
//! of a batch as they are stored ([`BatchNames`]), those of a sample in one buffer ([`ContigList`]), all descriptors of a
//! batch in one list ([`BatchDetails`]).
//!
//! Names are bytes, in no particular encoding, and hold no NUL.
//!
//! The picture is that of file version 3, the one that is written. [`v1`] and [`v2`] read what older releases of AGC
//! wrote, into the same compact forms. Which batch a sample is in, and when a batch is decoded, is decided above.

mod batch;
mod command_line;
mod details;
mod frames;
mod names;
mod substitute;
pub mod v1;
pub mod v2;

pub use batch::{AllNames, BatchDetails, ContigList, SampleNames};
pub use command_line::CommandLine;
pub(crate) use command_line::decode_command_lines;
pub use details::{decode_details, details_mem_len, encode_details, encode_details_with, repaired_len};
pub use frames::Effort;
pub use names::{
    BatchNames, decode_contig_names, decode_contig_names_within, decode_samples, decode_samples_within,
    encode_contig_names, encode_contig_names_with, encode_samples, is_storable,
};
pub(crate) use substitute::substitutes;

/// A stored segment of a contig: where its symbols are, and how they are to be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SegmentDesc {
    /// Group that holds it.
    pub group: u32,
    /// Its number in the group.
    pub in_group_id: u32,
    /// Whether the group holds the reverse complement of the contig's stretch.
    pub is_rev_comp: bool,
    /// Its symbols, the overlap with the segment before included.
    pub raw_len: u32,
}

/// A contig to be stored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContigDesc {
    /// The complete header line, without `>`.
    pub name: Vec<u8>,
    /// Its segments in order, neighbours overlapping by k symbols. None for an empty contig.
    pub segments: Vec<SegmentDesc>,
}

/// A sample to be stored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SampleDesc {
    /// Its name.
    pub name: Vec<u8>,
    /// Its contigs in input order.
    pub contigs: Vec<ContigDesc>,
}
