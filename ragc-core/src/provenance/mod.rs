//! Where samples came from, and by which commands an archive was made.
//!
//! The files of a sample travel with its layout while it is stored, and become its `SampleSource` in the stream `ragc.sources`. Each command
//! leaves a `HistoryEntry` in `ragc.history`. Nothing of either is written unless a [`Provenance`] is given.
//!
//! # Source
//! FORMAT.md, "`ragc.sources`" and "`ragc.history`".

mod columns;
pub(crate) mod entry;
pub(crate) mod file;
#[cfg(feature = "compress")]
mod forgotten;
mod history;
pub(crate) mod sources;
pub(crate) mod stamps;
mod text;

pub(crate) use columns::Columns;
pub(crate) use entry::HistoryEntry;
pub(crate) use file::{SampleSource, SourceFile};
#[cfg(feature = "compress")]
pub(crate) use forgotten::Forgotten;
pub(crate) use history::read_history;
#[cfg(feature = "compress")]
pub(crate) use history::write_history;
pub(crate) use sources::Sources;
pub(crate) use stamps::Counts;
pub use stamps::Provenance;
