//! Taking samples, contigs and regions out of an archive.
//!
//! ```text
//! archive.rs    Archive: what it says about itself;  open.rs: how it is opened
//!   │  lookup.rs     samples and contigs by name; query.rs: what the text of a query names
//!   │  anywhere.rs   many names in all samples
//!   │  sequences.rs  contigs and regions in memory;  reader.rs: a contig as io::Read
//!   │  samples.rs    whole samples, and many regions;  fasta.rs: as text;  records.rs: as an iterator
//!   │  original_file.rs, kept.rs  files as they were;  digests.rs
//!   │  verify/       everything, for what is damaged
//!   │  first_use.rs  which parts samples need, one after the other;  incoming.rs: archives that are still coming in
//!   ▼
//! stream/       samples decoded ahead by threads, in order
//!   │  scan.rs       …with what they share decoded once;  lookahead.rs: and asked for before it is wanted
//!   ▼
//! assembly/     contigs, put together of their segments
//!   ▼
//! store/        names, segments, items and texts: decoded once, and kept within one limit of bytes
//!   ▼
//! container, collection, group, lz_diff
//! ```
//!
//! One [`Archive`] is one open archive. All queries take `&self` and may run on any number of threads, which
//! share what was decoded. Opening reads the end of the file and two small streams; names and segments of a batch of
//! samples are read with the first query that needs them.
//!
//! What comes out is checked on the way: lengths against what the archive declares, and the `k` symbols that
//! neighbouring segments share.

#[cfg(feature = "unstable-internals")]
pub(crate) mod anywhere;
pub(crate) mod archive;
mod assembly;
mod contig_id;
mod contig_names;
mod describe;
mod digests;
mod fasta;
mod file;
mod first_use;
mod incoming;
mod kept;
mod lookahead;
mod lookup;
pub(crate) mod open;
pub(crate) mod original_file;
mod query;
mod reader;
mod records;
mod samples;
mod scan;
mod sequences;
mod sources;
pub(crate) mod states;
mod store;
mod stream;
pub(crate) mod verify;

pub(crate) use archive::Archive;
pub use contig_id::ContigId;
pub use contig_names::ContigNames;
pub(crate) use fasta::DEFAULT_LINE_WIDTH;
pub use fasta::FastaWriter;
use query::Query;
pub use reader::ContigReader;
pub use records::{Record, Records};
pub use store::Spelling;
pub use stream::SampleSink;
pub use verify::Report;

pub(crate) use assembly::contig_len;
pub(crate) use fasta::FastaSink;

use contig_id::no_such_place;
