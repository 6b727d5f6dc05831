//! Files that are being written, under a name that is not theirs yet, and locks: what is to be gone at the end.
//!
//! What stands in the way of a file becoming complete: an error or a panic drops it, and dropping removes it; a signal
//! ends the program without dropping anything, so a thread waits for signals and removes what is listed here. Only
//! `kill -9` leaves such a file behind.

use std::collections::BTreeSet;
use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::NamedTempFile;

use crate::out::signals;

/// Modes of a new file; the system takes away what the user's mask does not grant.
const NEW_FILE_MODE: u32 = 0o666;

/// All unfinished files of the program.
static LISTED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Waits for whoever makes or removes one of them.
pub(super) fn listed() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    LISTED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file in the folder of its target; dropped, it is removed.
#[derive(Debug)]
pub(super) struct Unfinished {
    file: NamedTempFile,
    /// Behind the file, since what is dropped first must be listed until it is removed.
    _listing: Listing,
}

impl Unfinished {
    /// Makes a new file that may be renamed to `target`.
    pub(super) fn beside(target: &Path) -> io::Result<Self> {
        signals::watch()?;
        let folder = folder_of(target);
        let permissions = replaced_permissions(target).unwrap_or(Permissions::from_mode(NEW_FILE_MODE));
        // A signal waits for this lock: there is no file that is not listed.
        let mut listed = listed();
        let file = tempfile::Builder::new()
            .prefix(".ragc-")
            .suffix(".tmp")
            .permissions(permissions)
            .tempfile_in(folder)?;
        Ok(Self {
            _listing: Listing::among(&mut listed, file.path()),
            file,
        })
    }

    pub(super) fn path(&self) -> &Path {
        self.file.path()
    }

    pub(super) fn as_file(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Comes back when the file would survive a power cut, with the permissions of what has the name `target`.
    pub(super) fn sync(&self, target: &Path) -> io::Result<()> {
        if let Some(permissions) = replaced_permissions(target) {
            self.file.as_file().set_permissions(permissions)?;
        }
        self.file.as_file().sync_all()
    }

    /// Gives the file the name `target`, in place of what has it.
    pub(super) fn rename_to(self, target: &Path) -> io::Result<()> {
        self.file.persist(target).map(drop).map_err(|error| error.error)
    }
}

/// The folder that a file is in, or will be.
pub(super) fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Permissions of the file that has the name now.
fn replaced_permissions(target: &Path) -> Option<Permissions> {
    fs::metadata(target).ok().map(|replaced| replaced.permissions())
}

/// An entry in the list.
#[derive(Debug)]
pub(super) struct Listing(PathBuf);

impl Listing {
    /// Lists a file.
    pub(super) fn among(listed: &mut BTreeSet<PathBuf>, path: &Path) -> Self {
        listed.insert(path.to_path_buf());
        Self(path.to_path_buf())
    }
}

impl Drop for Listing {
    fn drop(&mut self) {
        listed().remove(&self.0);
    }
}

/// Removes all unfinished files; none can be made afterwards.
pub(super) fn remove_all() {
    let listed = listed();
    for path in listed.iter() {
        // Gone, or not to be removed: there is nobody left to tell.
        let _ = fs::remove_file(path);
    }
    std::mem::forget(listed);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    fn names_in(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn a_panic_removes_the_file_and_its_listing() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("x");
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            let unfinished = Unfinished::beside(&target).unwrap();
            assert!(listed().contains(unfinished.file.path()));
            assert_eq!(names_in(folder.path()).len(), 1);
            panic!("made for a test");
        }));
        assert!(panicked.is_err());
        assert!(names_in(folder.path()).is_empty());
        assert!(!listed().iter().any(|path| path.starts_with(folder.path())));
    }

    #[test]
    fn the_name_keeps_its_permissions() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("x");
        fs::write(&target, "old").unwrap();
        fs::set_permissions(&target, Permissions::from_mode(0o640)).unwrap();
        let unfinished = Unfinished::beside(&target).unwrap();
        unfinished.sync(&target).unwrap();
        unfinished.rename_to(&target).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"");
        assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(names_in(folder.path()), ["x"]);
    }
}
