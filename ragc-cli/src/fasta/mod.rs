//! Sequences as FASTA files.
//!
//! ```text
//! OneFile, or a file per sample ──▶ NamedFasta ──▶ Out
//!  one_file.rs                          │ named.rs
//!                                       └──▶ FaiTable, block index: files beside it
//!                                             fai.rs    gzi.rs
//! ```
//!
//! `exact.rs`: files as they were.

mod exact;
mod fai;
mod gzi;
mod named;
mod one_file;

pub(crate) use exact::{ExactFiles, OneOutput, Outputs};
pub(crate) use fai::FaiTable;
pub(crate) use named::NamedFasta;
pub(crate) use one_file::{Label, OneFile};
