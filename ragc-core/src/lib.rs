//! Library behind `ragc`: archives of assembled genomes in the AGC format.
//!
//! ```text
//! sample ─▶ contig ─▶ segments, which overlap by k symbols
//!                        │ group, in-group id, orientation, length
//!                        ▼
//!              reference of the group, or a delta against it
//! ```
//!
//! # Map
//! | to | look at |
//! |---|---|
//! | take sequences out of an archive | [`Decompressor`], [`extract`] |
//! | switch a program from another `ragc-core` | [`compat`] |
//! | make an archive of FASTA files | [`compress::create`] |
//! | add samples to an archive | [`compress::append`] |
//! | see which samples and contigs there are | [`Decompressor::samples`], [`collection`] |
//! | find a segment in its group | [`group`], [`lz_diff`] |
//! | read and write the container | [`archive`] |
//! | read the small streams | [`params`], [`file_info`], [`splitter_streams`], [`sequence_sums`] |
//! | cut contigs, place segments, code deltas | [`splitter`], [`compress`], [`lz_diff`], [`sequence`] |
//! | read FASTA | [`fasta`] |
//! | derive names of samples and contigs, show names | [`name`], [`printable`] |
//! | name sequences by digests | [`digest`] |
//! | keep what the format cannot say of files | [`original`], [`Decompressor::write_original`] |
//! | do with few threads and little memory | [`threads`], [`memory`] |
//! | code symbols, integers and frames | [`alphabet`], [`mod@tuple`], [`bytes`], [`zstd`], [`checksum`] |
//!
//! The format is told byte by byte in FORMAT.md; each module names its section. Every error is an [`Error`] that
//! tells what went wrong and where: file, stream, part, sample, contig.
//!
//! # Features
//! | feature | without it |
//! |---|---|
//! | `compress` (default) | archives are only read: no FASTA, [`compress::create`] or [`compress::append`] |
//! | `digest` (default) | no digests are taken; those of an archive can be read, but not verified |
//!
//! # Example
//! ```no_run
//! # fn main() -> ragc_core::Result<()> {
//! let archive = ragc_core::Decompressor::open("yeast.agc")?;
//! archive.write_sample("S288C", std::io::stdout(), 80)?;
//! # Ok(())
//! # }
//! ```
#![cfg_attr(
    not(test),
    warn(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used)
)]
// What only a writer takes stands beside its twin that reads; a reader alone does not use it.
#![cfg_attr(not(feature = "compress"), allow(dead_code, unused_imports))]

pub mod alphabet;
pub mod archive;
pub mod bytes;
pub mod checksum;
pub mod collection;
pub mod compat;
#[cfg(feature = "compress")]
pub mod compress;
pub mod digest;
mod error;
pub mod extract;
#[cfg(feature = "compress")]
pub mod fasta;
pub mod file_info;
mod file_kind;
pub mod group;
pub mod kmer;
mod lock;
pub mod lz_diff;
#[cfg(feature = "compress")]
pub mod memory;
pub mod name;
pub mod observe;
pub mod original;
pub mod params;
#[cfg(feature = "compress")]
mod parse;
pub mod printable;
#[cfg(feature = "compress")]
pub mod queue;
pub mod read_at;
pub mod sequence;
pub mod sequence_sums;
#[cfg(feature = "compress")]
pub mod splitter;
pub mod splitter_streams;
mod sync;
mod text_buffer;
pub mod threads;
pub mod times;
mod track;
pub mod tuple;
pub mod zstd;

pub use error::{Error, ErrorKind, Location, Quoted, Result};
pub use extract::Decompressor;
