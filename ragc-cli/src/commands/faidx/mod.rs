//! `ragc faidx`: regions of contigs, by the conventions of `samtools faidx`.
//!
//! ```text
//! command.rs ── asked.rs      regions as they are asked for; address/: what they mean
//!     │      ── bed.rs        lines of a BED file → names, ranges and strands
//!     │      ── strand.rs      complement, marks of the strand
//!     │      ── sink.rs        symbols → FASTA, forward or reversed
//!     └───── ── table.rs       --fai
//! ```

mod asked;
mod bed;
mod command;
mod sink;
mod strand;
mod table;

pub(crate) use command::{Args, run};
