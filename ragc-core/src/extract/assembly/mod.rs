//! Contigs, put together of their segments.
//!
//! ```text
//! contig.rs     a contig of which a range will be read
//! segments.rs   neighbouring segments, whole ones or slices of them
//! plan.rs       which slices make up a stretch          join.rs   what neighbours share
//! ```

mod contig;
mod join;
mod plan;
mod segments;

pub(crate) use contig::{LoadedContig, append_contig, segments_of_range};
pub(crate) use join::{Joiner, check_overlaps};
pub(crate) use plan::{Slice, contig_len, slices};
pub(crate) use segments::{append_segments, append_slices};
