//! [`ragc_core::compat`] as a crate, so that a program written for another `ragc-core` switches by one line of its
//! `Cargo.toml`:
//!
//! ```toml
//! ragc-core = { package = "ragc-compat", git = "…" }
//! ```
//!
//! Its sources stay as they are:
//!
//! ```
//! # use ragc_compat as ragc_core;
//! use ragc_core::{Decompressor, DecompressorConfig};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/golden/archives/tiny.agc");
//! let mut archive = Decompressor::open(path, DecompressorConfig { verbosity: 0 })?;
//! assert_eq!(archive.get_contig_range("s", "tiny", 0, 4)?, [0, 1, 2, 3]);
//! # Ok(())
//! # }
//! ```

pub use ragc_core::compat::{CNV_NUM, Contig, Decompressor, DecompressorConfig, SegmentDesc};
pub use ragc_core::{Error, Result};
