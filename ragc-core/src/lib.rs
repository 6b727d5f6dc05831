//! Library behind `ragc`.
#![cfg_attr(
    not(test),
    warn(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used)
)]

pub mod alphabet;
mod error;
pub mod fasta;
pub mod kmer;
pub mod lz_diff;
pub mod sequence;
pub mod splitter;

pub use error::{Error, ErrorKind, Location, Result};
