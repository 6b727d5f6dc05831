//! Library behind `ragc`.
#![cfg_attr(
    not(test),
    warn(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used)
)]

pub mod alphabet;
pub mod archive;
pub mod bytes;
pub mod collection;
pub mod compress;
mod error;
pub mod extract;
pub mod fasta;
pub mod file_info;
pub mod group;
pub mod kmer;
pub mod lz_diff;
pub mod observe;
pub mod params;
pub mod queue;
pub mod read_at;
pub mod sequence;
pub mod splitter;
pub mod splitter_streams;
pub mod tuple;
pub mod zstd;

pub use error::{Error, ErrorKind, Location, Result};
pub use extract::Decompressor;
