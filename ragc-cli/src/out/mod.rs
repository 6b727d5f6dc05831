//! Where the data goes: standard output or a file, plain or packed.
//!
//! ```text
//! Out ── packing: plain, gzip, BGZF, zstd ──▶ buffer ──▶ latch ──▶ target: standard output, or a file
//! writer.rs       packing.rs                             latch.rs   target.rs
//! ```
//!
//! A file appears under its name when it is complete: it is written beside the target and renamed by [`Out::finish`].
//! Until then a file of that name stays as it was. What is not a regular file (`/dev/null`, a named pipe) is written
//! to directly.

mod latch;
mod packing;
mod target;
mod writer;

pub(crate) use packing::Packing;
pub(crate) use writer::Out;
