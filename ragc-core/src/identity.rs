//! Which file has a name, told from what has it later.

use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

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

    /// Of what a name leads to, by a link or not, if it leads to anything.
    fn of_named(path: &Path) -> Result<Option<Self>> {
        Ok(looked_at(path)?.map(|found| Self::of(&found)))
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
    ///
    /// # Errors
    /// `Io` when the system cannot tell.
    pub fn of(path: &Path) -> Result<Option<Self>> {
        Ok(looked_at(path)?.map(|found| Self {
            file: FileId::of(&found),
            len: found.len(),
            modified: modified(&found),
        }))
    }
}

/// Whether two names lead to one file.
///
/// # Errors
/// `Io` when the system cannot tell.
pub fn is_same_file(one: &Path, other: &Path) -> Result<bool> {
    is_among(one, [other])
}

/// Whether a name leads to the file of one of these.
///
/// # Errors
/// As [`is_same_file`].
pub fn is_among<'a>(one: &Path, others: impl IntoIterator<Item = &'a Path>) -> Result<bool> {
    let Some(one) = FileId::of_named(one)? else {
        return Ok(false);
    };
    for other in others {
        if FileId::of_named(other)? == Some(one) {
            return Ok(true);
        }
    }
    Ok(false)
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
    let named = unless_missing(fs::symlink_metadata(path))?;
    Ok(named.is_some_and(|named| open == FileId::of(&named)))
}

/// Whether a name leads to an open file still, by a link or not.
///
/// # Errors
/// What the system reports.
pub fn leads_to(path: &Path, file: &File) -> io::Result<bool> {
    Ok(FileId::of_open(file)? == FileId::of(&fs::metadata(path)?))
}

/// The path of the regular file that is replaced if this name is written to, or that there will be; `None` if something else has the name. A link
/// stays a link: what it leads to is replaced.
///
/// # Errors
/// `Io` when the system cannot tell.
pub fn path_to_replace(name: &Path) -> Result<Option<PathBuf>> {
    let path = fs::canonicalize(name).unwrap_or_else(|_| name.to_path_buf());
    let found = looked_at(&path)?;
    Ok(found.is_none_or(|found| found.is_file()).then_some(path))
}

/// What a name leads to, if to anything: what the system cannot look at may be there.
///
/// # Errors
/// `Io` when the system cannot tell.
pub fn looked_at(path: &Path) -> Result<Option<Metadata>> {
    found_at(path, fs::metadata(path))
}

/// What has a name, if anything, be it a link: as [`looked_at`].
///
/// # Errors
/// `Io` when the system cannot tell.
pub fn named_itself(path: &Path) -> Result<Option<Metadata>> {
    found_at(path, fs::symlink_metadata(path))
}

fn found_at(path: &Path, found: io::Result<Metadata>) -> Result<Option<Metadata>> {
    unless_missing(found).map_err(|error| Error::io("cannot look at what is there", error).in_file(path))
}

/// What was found of a file, if there is one: none has a name that no file can have, as long URLs are.
fn unless_missing(found: io::Result<Metadata>) -> io::Result<Option<Metadata>> {
    use io::ErrorKind::{InvalidFilename, NotADirectory, NotFound};
    match found {
        Err(error) if matches!(error.kind(), NotFound | NotADirectory | InvalidFilename) => Ok(None),
        found => found.map(Some),
    }
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

    #[cfg(unix)]
    #[test]
    fn what_cannot_be_looked_at_is_not_taken_for_what_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let [link, circle] = ["link", "circle"].map(|name| folder.path().join(name));
        std::os::unix::fs::symlink("nowhere", &link).unwrap();
        std::os::unix::fs::symlink("circle", &circle).unwrap();
        assert!(looked_at(&link).unwrap().is_none() && named_itself(&link).unwrap().is_some());
        assert!(looked_at(&circle).is_err() && named_itself(&circle).unwrap().is_some());
        for look in [looked_at, named_itself] {
            assert!(look(&circle.join("x")).is_err());
            assert!(look(&folder.path().join("x")).unwrap().is_none());
            assert!(look(&folder.path().join("x".repeat(300))).unwrap().is_none());
        }
    }

    #[test]
    fn what_has_a_name_later_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let [one, other] = ["one", "other"].map(|name| folder.path().join(name));
        assert_eq!(Identity::of(&one).unwrap(), None);
        assert_eq!(
            Identity::of(&folder.path().join("x".repeat(2_000))).unwrap(),
            None
        );
        fs::write(&one, "1").unwrap();
        let first = Identity::of(&one).unwrap();
        assert_eq!(Identity::of(&one).unwrap(), first);
        let file = File::open(&one).unwrap();
        assert!(
            is_named(&file, &one).unwrap()
                && leads_to(&one, &file).unwrap()
                && is_same_file(&one, &one).unwrap()
        );
        fs::write(&other, "2").unwrap();
        assert!(!is_same_file(&one, &other).unwrap());
        assert!(is_among(&one, [&*other, &*one]).unwrap());
        assert!(!is_among(&one, [&*other, &*other]).unwrap());
        fs::rename(&other, &one).unwrap();
        assert!(!is_named(&file, &one).unwrap() && !leads_to(&one, &file).unwrap());
        assert_ne!(Identity::of(&one).unwrap(), first);
        assert!(!is_same_file(&one, &other).unwrap());
    }
}
