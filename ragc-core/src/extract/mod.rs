//! Taking samples, contigs and regions out of an archive.
//!
//! ```text
//! Decompressor ── open.rs       opening, and what the archive says about itself
//!      │       ── lookup.rs     samples and contigs by name; query.rs: what the text of a query names
//!      │       ── anywhere.rs   many names in all samples
//!      │       ── sequences.rs  contigs and regions in memory;  reader.rs: a contig as io::Read
//!      │       ── samples.rs    whole samples, and many regions;  fasta.rs: as text
//!      │       ── original_file.rs  files as they were
//!      │            stream/     …decoded ahead by threads, in order
//!      │            scan.rs     …with what they share decoded once;  needs.rs: and for how long
//!      │       ── verify/      everything, for what is damaged
//!      ▼
//!    store.rs  ── catalogue.rs  names and segments        all decoded once, and kept
//!      │       ── items.rs      symbols of segments       within one limit of bytes
//!      │       ── demand.rs     what of it is read together
//!      │       ── lengths.rs    lengths of segments       (cache.rs)
//!      │       ── originals.rs  what files were beside their sequences
//!      │
//!   archive, collection, group, lz_diff        plan.rs, join.rs: arithmetic of segments
//! ```
//!
//! One [`Decompressor`] is one open archive. All queries take `&self` and may run on any number of threads, which
//! share what was decoded. Opening reads the end of the file and two small streams; names and segments of a batch of
//! samples are read with the first query that needs them.
//!
//! What comes out is checked on the way: lengths against what the archive declares, and the `k` symbols that
//! neighbouring segments share.

mod anywhere;
mod bounds;
mod cache;
mod catalogue;
mod contig_id;
mod contig_names;
mod demand;
mod describe;
mod digests;
mod fasta;
mod items;
mod join;
mod latest;
mod lengths;
mod lookup;
mod lost_references;
mod needs;
mod open;
mod original_file;
mod originals;
mod plan;
mod query;
mod reader;
mod samples;
mod scan;
mod sequences;
mod store;
mod stream;
mod verify;

pub use anywhere::Anywhere;
pub use contig_id::ContigId;
pub use contig_names::ContigNames;
pub use fasta::{DEFAULT_LINE_WIDTH, FastaWriter};
pub use lookup::Found;
pub use open::{DEFAULT_CACHE_LIMIT, Decompressor};
pub use original_file::OriginalWriter;
pub use originals::Spelling;
pub use query::Query;
pub use reader::ContigReader;
pub use stream::SampleSink;
pub use verify::{Lost, LostSample, Report};

pub(crate) use plan::contig_len;

use contig_id::no_such_place;
