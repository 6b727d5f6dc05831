//! Which file has a name, told from what has it later.

use std::fs::{self, File, Metadata};
use std::io;
use std::path::Path;

/// The number of a file on a machine: what is asked for wherever it matters whether two files are one.
#[cfg(unix)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileId {
    device: u64,
    inode: u64,
}

/// Where files have no number that can be asked for, their length and the time when they were made.
#[cfg(not(unix))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileId {
    len: u64,
    created: Option<std::time::SystemTime>,
}

impl FileId {
    /// Of an open file.
    ///
    /// # Errors
    /// What the system reports.
    pub(crate) fn of_open(file: &File) -> io::Result<Self> {
        file.metadata().map(|found| Self::of(&found))
    }

    /// Of what a name leads to, by a link or not.
    fn of_named(path: &Path) -> io::Result<Self> {
        fs::metadata(path).map(|found| Self::of(&found))
    }

    #[cfg(unix)]
    fn of(found: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self {
            device: found.dev(),
            inode: found.ino(),
        }
    }

    #[cfg(not(unix))]
    fn of(found: &Metadata) -> Self {
        Self {
            len: found.len(),
            created: found.created().ok(),
        }
    }
}

/// Tells a file from another that has its name later, and from itself when it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    file: FileId,
    len: u64,
    modified: (i64, i64),
}

impl Identity {
    /// What has a name now, if anything.
    pub fn of(path: &Path) -> Option<Self> {
        fs::metadata(path).ok().map(|found| Self {
            file: FileId::of(&found),
            len: found.len(),
            modified: modified(&found),
        })
    }
}

/// Whether two names lead to one file.
pub fn is_same_file(one: &Path, other: &Path) -> bool {
    is_among(one, [other])
}

/// Whether a name leads to the file of one of these.
pub fn is_among<'a>(one: &Path, others: impl IntoIterator<Item = &'a Path>) -> bool {
    let Ok(one) = FileId::of_named(one) else {
        return false;
    };
    let is_one = |other: &Path| FileId::of_named(other).is_ok_and(|other| other == one);
    others.into_iter().any(is_one)
}

/// Whether a file has several names (hard links), as far as the system tells.
///
/// # Errors
/// What the system reports.
#[cfg(unix)]
pub fn has_other_names(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    Ok(file.metadata()?.nlink() > 1)
}

/// Elsewhere it is not told.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn has_other_names(_file: &File) -> io::Result<bool> {
    Ok(false)
}

/// Whether an open file has a name still, which is no link.
///
/// # Errors
/// What the system reports, other than that nothing has this name.
pub fn is_named(file: &File, path: &Path) -> io::Result<bool> {
    let open = FileId::of_open(file)?;
    match fs::symlink_metadata(path) {
        Ok(named) => Ok(open == FileId::of(&named)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether a name leads to an open file still, by a link or not.
///
/// # Errors
/// What the system reports.
pub fn leads_to(path: &Path, file: &File) -> io::Result<bool> {
    Ok(FileId::of_open(file)? == FileId::of_named(path)?)
}

/// Seconds and nanoseconds.
fn modified(found: &Metadata) -> (i64, i64) {
    let since = |time: std::time::SystemTime| time.duration_since(std::time::UNIX_EPOCH).ok();
    let since = found.modified().ok().and_then(since).unwrap_or_default();
    (since.as_secs().cast_signed(), i64::from(since.subsec_nanos()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_name_later_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let [one, other] = ["one", "other"].map(|name| folder.path().join(name));
        assert_eq!(Identity::of(&one), None);
        fs::write(&one, "1").unwrap();
        let first = Identity::of(&one);
        assert_eq!(Identity::of(&one), first);
        let file = File::open(&one).unwrap();
        assert!(is_named(&file, &one).unwrap() && leads_to(&one, &file).unwrap() && is_same_file(&one, &one));
        fs::write(&other, "2").unwrap();
        assert!(!is_same_file(&one, &other));
        assert!(is_among(&one, [&*other, &*one]) && !is_among(&one, [&*other, &*other]));
        fs::rename(&other, &one).unwrap();
        assert!(!is_named(&file, &one).unwrap() && !leads_to(&one, &file).unwrap());
        assert_ne!(Identity::of(&one), first);
        assert!(!is_same_file(&one, &other));
    }
}
