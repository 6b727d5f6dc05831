//! Where the data goes: standard output or a file, plain or packed.
//!
//! ```text
//! Out ── packing: plain, gzip, BGZF, zstd ──▶ buffer ──▶ latch ──▶ target: standard output, or a file
//! writer.rs       packing.rs                             latch.rs   target.rs
//! ```
//!
//! A file appears under its name when it is complete: it is written beside the target, without a name where the
//! system has such files (`unfinished` of the library), and [`Out::finish`] syncs it and gives it its name, with its indexes if it has some
//! (`publish`). The name of an archive is claimed from the time its old content is read (`claim`), which a lock beside it tells
//! others (`lock`). Until then a file of that name stays as it was; an error, a panic or a signal (`signals`) removes what was
//! written and is `listed`. A command that writes many files leaves finishing them to a thread (`closing`). What
//! is written to be read again is in a file of the same kind that gets no name (`scratch`). What is not
//! a regular file (`/dev/null`, a named pipe) is written to directly. An archive may be changed in place (`in_place`). No two outputs of a run are one
//! file (`taken`).

mod bgzf;
mod claim;
mod closing;
mod going_on;
mod in_place;
mod latch;
mod lock;
mod packing;
mod path;
mod publish;
mod scratch;
mod signals;
mod taken;
mod target;
mod writer;

pub(crate) use claim::{Claim, Claiming};
pub(crate) use closing::Closing;
pub(crate) use packing::OutputPacking;
pub(crate) use scratch::Scratch;
pub(crate) use signals::outlive_file_limit;
pub(crate) use taken::{reads_from, with_ending};
pub(crate) use writer::Out;
