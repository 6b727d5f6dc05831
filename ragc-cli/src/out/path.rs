//! What paths of outputs stand for.

use std::path::{Path, PathBuf};

use ragc_core::internals::identity;

/// Folders whose entries are the files that this process has open, whatever these are.
const DESCRIPTORS: [&str; 2] = ["/dev/fd", "/proc/self/fd"];

/// The path of the regular file that is replaced if this one is written, or that there will be; `None` if something else has the
/// name, or an open file of this process.
///
/// # Errors
/// When the system cannot tell what has the name.
pub(super) fn path_to_replace(path: &Path) -> ragc_core::Result<Option<PathBuf>> {
    match descriptor(path) {
        Some(_) => Ok(None),
        None => identity::path_to_replace(path),
    }
}

/// The number in a name of an open file of this process: never to be renamed over.
pub(super) fn descriptor(path: &Path) -> Option<&str> {
    match path.to_str()? {
        "/dev/stdout" => Some("1"),
        "/dev/stderr" => Some("2"),
        name if DESCRIPTORS.map(Path::new).contains(&path.parent()?) => name.rsplit('/').next(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_open_files() {
        let number = |name| descriptor(Path::new(name));
        assert_eq!(number("/dev/stdout"), Some("1"));
        assert_eq!(number("/dev/fd/1"), Some("1"));
        assert_eq!(number("/proc/self/fd/63"), Some("63"));
        assert_eq!(number("/dev/null"), None);
        assert_eq!(number("stdout"), None);
    }
}
