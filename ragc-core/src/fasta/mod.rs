//! FASTA text in: what arrives as plain text, gzip, BGZF, zstd, xz or bzip2 leaves as headers and symbol codes.
//!
//! A [`Source`] is something that holds bytes (`stored`) or a file in a tar archive of such (`tarball`). `open` looks at its first bytes
//! and decompresses (`packed`); `Reader` cuts text into headers and pieces of
//! sequence lines, never holding more than one buffer of a record, so that a contig may be longer than memory;
//! `Residues` turns letters into symbol codes and counts what the format has no code for. What names of samples and contigs are
//! derived is in `name.rs`.
//!
//! The reader is our own because the well-kept crates hold a record (needletail) or a line (noodles) as a whole, which may be
//! a chromosome of a gigabase (docs/measurements.md, "Details of making archives"). A test compares it with needletail.

mod again;
mod line_start;
mod named_file;
mod once;
mod open;
mod packed;
mod raw_digest;
pub(crate) mod reader;
pub(crate) mod residues;
mod source;
mod span;
mod stored;
mod tarball;

pub(crate) use open::{open, open_digested};
pub(crate) use packed::{Text, UNPACK_MEMORY};
pub(crate) use raw_digest::RawDigest;
pub(crate) use reader::{Comments, Reader, Token};
pub(crate) use residues::{OddResidues, Residues};
pub use source::Source;
pub(crate) use tarball::PassedOver;
