//! Text that can be read again and again, by whoever knows how.

use std::fmt;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Opens a text at its first byte.
type OpenText = dyn Fn() -> io::Result<Box<dyn Read + Send>> + Send + Sync;

/// Endings of the names of tar archives, compressed or not.
const OF_TARBALLS: [&str; 9] = [
    ".tar", ".tar.gz", ".tar.zst", ".tar.xz", ".tar.bz2", ".tgz", ".tzst", ".txz", ".tbz2",
];

/// What opens a text, and the name that the text has there.
#[derive(Clone)]
pub(super) struct Again {
    name: PathBuf,
    open: Arc<OpenText>,
}

impl Again {
    pub(super) fn new(
        name: PathBuf,
        open: impl Fn() -> io::Result<Box<dyn Read + Send>> + Send + Sync + 'static,
    ) -> Self {
        Self {
            name,
            open: Arc::new(open),
        }
    }

    pub(super) fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        (self.open)()
    }

    pub(super) fn name(&self) -> &Path {
        &self.name
    }

    /// Whether it is called a tar archive. What is in it may be far away, and is not looked at for that.
    pub(super) fn is_called_tarball(&self) -> bool {
        let name = self.name.as_os_str().to_string_lossy().to_ascii_lowercase();
        OF_TARBALLS.iter().any(|ending| name.ends_with(ending))
    }
}

impl fmt::Debug for Again {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Again").field(&self.name).finish()
    }
}

impl PartialEq for Again {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.open, &other.open)
    }
}

impl Eq for Again {}
