//! Files that are being written, and have no name yet, or one that is not theirs; and locks: what is to be gone at the end.
//!
//! What stands in the way of a file becoming complete: an error or a panic drops it, a signal or an abort ends the program without
//! dropping anything, and so does `kill -9`. Linux has files without a name, which are gone with the program whatever ends it. Where the
//! file system has none of these the file is written under a name that is not its own; dropping removes it, and a thread waits for
//! signals and removes what is listed (`listed`). Where it has them and will not give them names, it is copied into such a one.

use std::fs::{self, File, Permissions};
use std::io::{self, Seek};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use crate::archive_file::listed::{ListEntry, listed};
use crate::archive_file::nameless::{Nameless, is_refused_link};
use crate::folder::folder_of;

/// A file in the folder of its target; dropped, it is removed.
#[derive(Debug)]
pub struct Unfinished {
    file: Body,
    folder: PathBuf,
}

#[derive(Debug)]
enum Body {
    Nameless(Nameless),
    Named(Listed<File>),
}

impl Unfinished {
    /// Makes a new file that may be renamed to `target`. Where the system has no files without a name, `watched` tells whether somebody
    /// would remove it after a signal; an error is given back then.
    ///
    /// # Errors
    /// When no file can be made in that folder.
    pub fn beside(target: &Path, watched: io::Result<()>) -> io::Result<Self> {
        let folder = folder_of(target).to_path_buf();
        let permissions = replaced_permissions(target).or_else(of_a_new_file);
        let nameless = permissions
            .as_ref()
            .and_then(|permissions| Nameless::in_folder(&folder, permissions));
        let file = match nameless {
            Some(file) => Body::Nameless(file),
            None => {
                watched?;
                let mut builder = builder();
                if let Some(permissions) = permissions {
                    builder.permissions(permissions);
                }
                Body::Named(Listed::make(|| builder.tempfile_in(&folder))?)
            }
        };
        Ok(Self { file, folder })
    }

    /// Where the file can be opened while it has not its name.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        match &self.file {
            Body::Nameless(file) => file.path(),
            Body::Named(file) => file.file.path().to_path_buf(),
        }
    }

    /// The file itself.
    pub fn as_file(&mut self) -> &mut File {
        match &mut self.file {
            Body::Nameless(file) => file.as_file(),
            Body::Named(file) => file.file.as_file_mut(),
        }
    }

    /// Comes back when the file would survive a power cut, with the permissions of what has the name `target`.
    ///
    /// # Errors
    /// What the system reports.
    pub fn sync(&mut self, target: &Path) -> io::Result<()> {
        if let Some(permissions) = replaced_permissions(target) {
            self.as_file().set_permissions(permissions)?;
        }
        self.as_file().sync_all()
    }

    /// Gives the file the name `target`, in place of what has it.
    ///
    /// # Errors
    /// What the system reports.
    pub fn rename_to(self, target: &Path) -> io::Result<()> {
        match self.file {
            Body::Named(file) => file.persist(target),
            Body::Nameless(mut file) => match file.link_to(target) {
                // A link never takes the place of another: a name for a moment, which is renamed.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    let link = |path: &Path| file.link_to(path);
                    match Listed::make(|| builder().make_in(&self.folder, link)) {
                        Err(error) if is_refused_link(&error) => {
                            copied(&mut file, &self.folder)?.persist(target)
                        }
                        linked => linked?.persist(target),
                    }
                }
                Err(error) if is_refused_link(&error) => copied(&mut file, &self.folder)?.persist(target),
                linked => linked,
            },
        }
    }
}

/// Copies a file that gets no name into one that has one, and comes back when that would survive a power cut.
fn copied(file: &mut Nameless, folder: &Path) -> io::Result<Listed<File>> {
    let mut copy = Listed::make(|| builder().tempfile_in(folder))?;
    let (from, to) = (file.as_file(), copy.file.as_file_mut());
    from.rewind()?;
    io::copy(from, to)?;
    to.set_permissions(from.metadata()?.permissions())?;
    to.sync_all()?;
    Ok(copy)
}

/// Names of unfinished files.
fn builder() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(".ragc-").suffix(".tmp");
    builder
}

/// A file with a name that is not its own, listed for the thread that waits for signals.
#[derive(Debug)]
struct Listed<F> {
    file: NamedTempFile<F>,
    /// Behind the file, since what is dropped first must be listed until it is removed.
    _listing: ListEntry,
}

impl<F> Listed<F> {
    fn make(make: impl FnOnce() -> io::Result<NamedTempFile<F>>) -> io::Result<Self> {
        // A signal waits for this lock: there is no file that is not listed.
        let mut listed = listed();
        let file = make()?;
        Ok(Self {
            _listing: ListEntry::among(&mut listed, file.path()),
            file,
        })
    }

    fn persist(self, target: &Path) -> io::Result<()> {
        self.file.persist(target).map(drop).map_err(|error| error.error)
    }
}

/// Permissions of the file that has the name now.
fn replaced_permissions(target: &Path) -> Option<Permissions> {
    fs::metadata(target).ok().map(|replaced| replaced.permissions())
}

/// What is readable and writable for all; the system takes away what the user's mask does not grant.
#[cfg(unix)]
fn of_a_new_file() -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn of_a_new_file() -> Option<Permissions> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::archive_file::test_folder::names_in;
    use std::io::Write;
    use std::os::unix::fs::PermissionsExt;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    #[test]
    fn a_panic_removes_the_file_and_its_listing() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("x");
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            let unfinished = named(&target);
            assert!(listed().contains(&unfinished.path()));
            assert_eq!(names_in(folder.path()).len(), 1);
            panic!("made for a test");
        }));
        assert!(panicked.is_err());
        assert!(names_in(folder.path()).is_empty());
        assert!(!listed().iter().any(|path| path.starts_with(folder.path())));
    }

    /// As on a file system that has no files without a name.
    fn named(target: &Path) -> Unfinished {
        let folder = target.parent().unwrap().to_path_buf();
        Unfinished {
            file: Body::Named(Listed::make(|| builder().tempfile_in(&folder)).unwrap()),
            folder,
        }
    }

    fn publish(mut file: Unfinished, target: &Path) {
        file.sync(target).unwrap();
        file.rename_to(target).unwrap();
    }

    #[test]
    fn the_name_keeps_its_permissions() {
        for make in [named, |target: &Path| Unfinished::beside(target, Ok(())).unwrap()] {
            let folder = tempfile::tempdir().unwrap();
            let target = folder.path().join("x");
            publish(make(&target), &target);
            assert_eq!(names_in(folder.path()), ["x"]);
            fs::write(&target, "old").unwrap();
            fs::set_permissions(&target, Permissions::from_mode(0o640)).unwrap();
            let mut file = make(&target);
            file.as_file().write_all(b"new").unwrap();
            assert_eq!(fs::read(file.path()).unwrap(), b"new");
            publish(file, &target);
            assert_eq!(fs::read(&target).unwrap(), b"new");
            assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o640);
            assert_eq!(names_in(folder.path()), ["x"]);
        }
    }
}
