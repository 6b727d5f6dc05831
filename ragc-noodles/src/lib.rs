//! Archives as reference sequences of [noodles](https://docs.rs/noodles): [`ArchiveAdapter`] is the adapter of a
//! [`noodles_fasta::Repository`], of which the readers and writers of CRAM take their references.
//!
//! ```
//! use std::sync::Arc;
//!
//! use noodles_fasta::Repository;
//! use ragc_core::Archive;
//! use ragc_noodles::ArchiveAdapter;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/golden/archives/tiny.agc");
//! let archive = Arc::new(Archive::open(path)?);
//! let repository = Repository::new(ArchiveAdapter::of_sample(Arc::clone(&archive), "r")?);
//! let chr1 = repository.get(b"chr1").transpose()?.expect("is in the sample");
//! assert!((*chr1).as_ref().starts_with(b"GACA"));
//!
//! // All samples, each contig with the name of its own in front.
//! let repository = Repository::new(ArchiveAdapter::new(archive));
//! assert_eq!(repository.get(b"r#chr1").transpose()?, Some(chr1));
//! assert!(repository.get(b"r#no such contig").is_none());
//! # Ok(())
//! # }
//! ```

mod adapter;

pub use adapter::ArchiveAdapter;
