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
//! | take sequences out of an archive | [`Archive`], [`extract`] |
//! | see which samples and contigs there are | [`Archive::samples`], [`Archive::contigs`] |
//! | check an archive | [`Archive::verify`] |
//! | make an archive of FASTA files | [`CreateOptions::create`](compress::CreateOptions::create) |
//! | add samples to an archive | [`AppendOptions::append`](compress::AppendOptions::append) |
//! | make an archive hold what files hold | [`AppendOptions::sync`](compress::AppendOptions::sync) |
//! | write the file of an archive so that nothing is lost | [`archive_file`] |
//! | change the file of an archive in place | [`in_place`] |
//! | make one archive of several | [`MergeOptions::merge`](compress::MergeOptions::merge) |
//! | remove, rename, choose samples, or pack them otherwise | [`RewriteOptions`](rewrite::RewriteOptions) |
//! | say where FASTA comes from | [`fasta`] |
//! | name sequences by digests | [`digest`] |
//! | tell in an archive where samples came from, and what was done to it | [`provenance`] |
//! | keep what the format cannot say of files | [`Keep`], [`Archive::write_original`] |
//! | read archives that lie elsewhere, or are still coming in | [`ReadAt`], [`Spool`] |
//! | hear what a long run does | [`observe`] |
//! | switch a program from another `ragc-core` | the crate `ragc-compat` |
//!
//! This is all of the surface; `surface.txt` lists it. The floors below it are private: an archive byte by byte is told in FORMAT.md, and
//! each module names its section. Every error is an [`Error`] that tells what went wrong and where: file, stream, part, sample, contig.
//! Options and reports grow: options are set by their `with_…` methods.
//!
//! # Features
//! | feature | without it |
//! |---|---|
//! | `compress` (default) | archives are only read: no FASTA, and nothing is made or changed |
//! | `digest` (default) | no digests are taken; those of an archive can be read, but not verified |
//! | `compat` | there is no `compat`, the reading surface of another `ragc-core`, which the crate `ragc-compat` hands on |
//!
//! # Example
//! ```no_run
//! # fn main() -> ragc_core::Result<()> {
//! let archive = ragc_core::Archive::open("yeast.agc")?;
//! archive.write_sample("S288C", std::io::stdout(), 80)?;
//! # Ok(())
//! # }
//! ```
#![cfg_attr(
    not(test),
    warn(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used)
)]
// What a reader alone does not use stands beside its twin that it uses, and what tests alone reach is public in its module: both are seen
// where all features are on, as they are in the workspace.
#![cfg_attr(
    not(all(feature = "compat", feature = "unstable-internals")),
    allow(dead_code, unused_imports, unreachable_pub)
)]

#[cfg(feature = "unstable-internals")]
mod allocator;
mod alphabet;
#[cfg(feature = "compress")]
pub mod archive_file;
mod bytes;
mod checksum;
mod collection;
#[cfg(feature = "compat")]
pub mod compat;
#[cfg(feature = "compress")]
pub mod compress;
mod container;
#[cfg(test)]
#[path = "../../tests/bench/deadline.rs"]
#[allow(dead_code, reason = "other tests wait for more")]
mod deadline;
pub mod digest;
mod error;
pub mod extract;
#[cfg(feature = "compress")]
pub mod fasta;
mod file_info;
mod file_kind;
mod flight;
#[cfg(feature = "compress")]
mod folder;
mod group;
#[cfg_attr(
    not(feature = "compress"),
    allow(dead_code, reason = "whoever only reads needs some of it")
)]
mod identity;
#[cfg(feature = "compress")]
pub mod in_place;
#[cfg(feature = "unstable-internals")]
#[doc(hidden)]
pub mod internals;
mod journal;
mod kmer;
mod lock;
mod lz_diff;
#[cfg_attr(
    not(feature = "compress"),
    allow(dead_code, reason = "whoever only reads needs some of it")
)]
mod memory;
mod name;
#[cfg(feature = "unstable-internals")]
mod near;
pub mod observe;
mod original;
mod params;
#[cfg(feature = "compress")]
mod parse;
mod printable;
pub mod provenance;
mod queue;
mod read_at;
#[cfg_attr(
    not(feature = "unstable-internals"),
    allow(dead_code, reason = "whoever has the allocator needs the rest")
)]
mod reserve;
#[cfg(feature = "compress")]
pub mod rewrite;
mod sequence;
mod sequence_sums;
mod setters;
#[cfg_attr(
    not(feature = "unstable-internals"),
    allow(dead_code, reason = "whoever has the allocator needs it")
)]
mod spare;
#[cfg(feature = "compress")]
mod splitter;
mod splitter_streams;
mod spool;
#[cfg(feature = "unstable-internals")]
mod strand;
mod sync;
mod text_buffer;
mod threads;
mod times;
mod track;
mod tuple;
mod visibility;
mod zstd;

pub use collection::SampleNames;
pub use error::{Error, ErrorKind, Location, Result};
pub use extract::archive::Archive;
pub use extract::open::OpenOptions;
pub use name::short_name;
pub use original::Keep;
pub use params::Params;
pub use read_at::{PendingRange, ReadAt};
pub use spool::Spool;
