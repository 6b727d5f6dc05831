//! The right to give a name another archive.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::archive_file::lock::{Attempt, Lock, lock_path, wait_for};
use crate::container::may_be_archive;
use crate::error::{Error, Result};
use crate::identity::{Identity, path_to_replace};
use crate::in_place::recovery;
use crate::observe::{Observer, check_wanted};

/// How often a lock that somebody else has is tried again.
const TICK: Duration = Duration::from_millis(50);

/// The name of an archive, which only its holder writes; dropped, it is free.
///
/// Whoever goes on from an archive takes this before opening it: two programs that add to one archive at once would each write what was
/// there and their own sample, and the second would take away what the first has added. Commands of the program take it too. Other
/// programs know no lock, so what has the name when the new archive is finished must still be what had it when this was taken.
#[derive(Debug)]
pub struct ArchiveLock {
    path: PathBuf,
    found: Option<Identity>,
    _lock: Option<Lock>,
}

impl ArchiveLock {
    /// Waits for whoever writes this archive. What was left of a change that its writer did not live to complete is taken back.
    ///
    /// # Errors
    /// `BadInput` when the name is that of something else than a file, or of an archive of which nothing but the journal of such a change is there; `Io`.
    pub fn take(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        loop {
            match Self::attempt(path)? {
                Ok(lock) => return Ok(lock),
                Err(None) => {}
                Err(Some(busy)) => wait_for(&busy)
                    .map_err(|error| Error::io("cannot wait for another writer", error).in_file(path))?,
            }
        }
    }

    /// As [`Self::take`], for as long as the work is wanted. What waits in the system cannot be told that it is not: the lock is tried some
    /// twenty times a second, and the observer told each time.
    ///
    /// # Errors
    /// As [`Self::take`]; `Cancelled`.
    pub fn take_observed(path: impl AsRef<Path>, observer: &dyn Observer) -> Result<Self> {
        let path = path.as_ref();
        loop {
            if let Some(lock) = Self::try_take(path)? {
                return Ok(lock);
            }
            observer.waits_for_writer();
            check_wanted(observer)?;
            thread::sleep(TICK);
        }
    }

    /// As [`Self::take`], but does not wait: `None` while somebody else writes this archive.
    ///
    /// # Errors
    /// As [`Self::take`].
    pub fn try_take(path: impl AsRef<Path>) -> Result<Option<Self>> {
        let path = path.as_ref();
        loop {
            match Self::attempt(path)? {
                Ok(lock) => return Ok(Some(lock)),
                Err(None) => {}
                Err(Some(_busy)) => return Ok(None),
            }
        }
    }

    /// The path of the archive, without links.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The lock, or the file on which somebody else has it, if that is still there.
    fn attempt(name: &Path) -> Result<Result<Self, Option<File>>> {
        let path = path_to_write(name)?;
        let lock_path = lock_path(&path);
        let attempt =
            Lock::attempt(&lock_path).map_err(|error| Error::io("cannot create", error).in_file(name))?;
        let lock = match attempt {
            Attempt::Taken(lock) => Some(lock),
            Attempt::NoLocks => None,
            Attempt::Busy(file) => return Ok(Err(Some(file))),
            Attempt::Gone => return Ok(Err(None)),
        };
        recovery::recover(&path)?;
        Ok(Ok(Self {
            found: Identity::of(&path)?,
            path,
            _lock: lock,
        }))
    }

    /// Whether an archive has the name, or what may be left of one.
    ///
    /// # Errors
    /// `Io` and `NoMemory`: nobody can say that it has not.
    pub(super) fn has_archive(&self) -> Result<bool> {
        may_be_archive(&self.path)
    }

    /// Checks that the name still belongs to what had it.
    pub(super) fn check(&self) -> Result<()> {
        match self.found == Identity::of(&self.path)? {
            true => Ok(()),
            false => Err(Error::bad_input(
                "another program has written this file meanwhile, which stays as it is: nothing was written",
            )
            .in_file(&self.path)),
        }
    }
}

/// The path of the file that is replaced, or that there will be.
fn path_to_write(name: &Path) -> Result<PathBuf> {
    path_to_replace(name)?
        .ok_or_else(|| Error::bad_input("an archive cannot be written here: this is no file").in_file(name))
}
