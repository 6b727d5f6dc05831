//! A file in a tar archive, and what is no file that is read.

use std::path::PathBuf;

/// A file in a tar archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TarFile {
    pub(super) path: PathBuf,
    /// Of its bytes in the archive.
    pub(super) offset: u64,
    pub(super) len: u64,
}

/// What of a tar archive is not read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PassedOver {
    /// Links, hard and symbolic: what they point to is read under its own name, if it is in the archive.
    pub(crate) n_links: u64,
    /// The first of them.
    pub(crate) first_link: Option<PathBuf>,
    /// Bytes behind the end that belong to nothing.
    pub(crate) n_trailing: u64,
}

impl PassedOver {
    pub(super) fn add_link(&mut self, path: PathBuf) {
        self.n_links += 1;
        self.first_link.get_or_insert(path);
    }
}
