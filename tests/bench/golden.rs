//! The archives of AGC in the repository, and what they contain.

use std::path::{Path, PathBuf};

/// The folder of all of it.
pub(crate) fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/golden")
}

pub(crate) fn golden_archive(name: &str) -> PathBuf {
    golden().join("archives").join(name)
}

pub(crate) fn golden_fasta(name: &str) -> PathBuf {
    golden().join("fasta").join(name)
}
