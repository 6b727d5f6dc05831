//! What a file is, by its first bytes: one table for all who ask.
//!
//! Who reads FASTA (`fasta`) asks what it unpacks itself, and what a file looks like that is neither packed nor FASTA; who reads archives
//! (`container/foreign.rs`) asks what a file is that has no footer. Both give advice of their own.
//!
//! `table.rs` has the beginnings, `text.rs` tells text by its first line, `tar.rs` knows the headers of tar archives.

mod table;
mod tar;
mod text;

pub(crate) use table::{BZIP2, FileKind, GZIP, SKIPPABLE_END, START_LEN, XZ, ZSTD};
pub(crate) use tar::{BLOCK_LEN, has_checksum, is_tar};
