//! `ragc faidx`: regions of contigs, by the conventions of `samtools faidx`.
//!
//! ```text
//! command.rs ── region.rs      text of a region → readings, range
//!     │      ── bed.rs        lines of a BED file → names and ranges
//!     │      ── names.rs       names → contigs
//!     │      ── resolve.rs     both → what to print, or why not
//!     │      ── strand.rs      complement, marks of the strand
//!     │      ── sink.rs        symbols → FASTA, forward or reversed
//!     └───── ── table.rs       --fai
//! ```

mod bed;
mod command;
mod names;
mod region;
mod resolve;
mod sink;
mod strand;
mod table;

pub(crate) use command::{Args, run};
