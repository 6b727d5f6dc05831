//! Library behind `ragc`.
#![cfg_attr(
    not(test),
    warn(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used)
)]

pub mod alphabet;
pub mod bytes;
mod error;
pub mod read_at;
pub mod tuple;
pub mod zstd;

pub use error::{Error, ErrorKind, Location, Result};
