//! A lock beside an archive that is written: one writer at a time.
//!
//! The lock is on an open file, `.ragc-NAME.lock`, and the system releases it when the process ends, however it ends. The file
//! is removed while the lock is held; whoever waited for it finds that it has lost its name, and begins anew with the file that has it
//! now. So nothing is left behind but by `kill -9`, and what is left is an unlocked file that the next writer takes and removes.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::archive_file::listed::{ListEntry, listed};
use crate::folder::folder_of;
use crate::identity::is_named;

/// Bytes of the name of an archive that its lock file takes over, at most: no name may have more than 255.
const MAX_NAME_LEN: usize = 200;

/// A lock that is held; dropped, it is free.
#[derive(Debug)]
pub struct Lock {
    file: File,
    path: PathBuf,
    /// A signal removes the file, which is not listed as long as somebody else may have the lock.
    _listing: ListEntry,
}

/// What came of trying to take a lock.
#[derive(Debug)]
pub enum Attempt {
    /// It is held now.
    Taken(Lock),
    /// Somebody else has the lock on this file.
    Busy(File),
    /// The file was removed by whoever had the lock: try again.
    Gone,
    /// The file system has no locks.
    NoLocks,
}

impl Lock {
    /// Tries to take the lock whose file has this path (see [`lock_path`]).
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn attempt(path: &Path) -> io::Result<Attempt> {
        // A signal waits for this: there is no lock of ours that is not listed.
        let mut listed = listed();
        let file = open(path)?;
        match system::try_lock(&file) {
            system::Answer::Locked => match is_named(&file, path)? {
                true => Ok(Attempt::Taken(Self {
                    file,
                    path: path.to_path_buf(),
                    _listing: ListEntry::among(&mut listed, path),
                })),
                false => Ok(Attempt::Gone),
            },
            system::Answer::Busy => Ok(Attempt::Busy(file)),
            system::Answer::NoLocks => fs::remove_file(path).map(|()| Attempt::NoLocks),
            system::Answer::Failed(error) => Err(error),
        }
    }
}

/// Waits until whoever has the lock on this file is done.
///
/// # Errors
/// What the system reports.
pub fn wait_for(file: &File) -> io::Result<()> {
    system::wait_for(file)
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Somebody may have cleaned up, and somebody else have made another.
        if is_named(&self.file, &self.path).unwrap_or(false) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// The file whose lock an archive has.
#[must_use]
pub fn lock_path(archive: &Path) -> PathBuf {
    let mut name = OsString::from(".ragc-");
    name.push(beginning(archive.file_name().unwrap_or_default()));
    name.push(".lock");
    folder_of(archive).join(name)
}

#[cfg(unix)]
fn beginning(name: &OsStr) -> OsString {
    use std::os::unix::ffi::{OsStrExt, OsStringExt};
    let name = name.as_bytes();
    OsString::from_vec(name[..name.len().min(MAX_NAME_LEN)].to_vec())
}

#[cfg(not(unix))]
fn beginning(name: &OsStr) -> OsString {
    name.to_string_lossy()
        .chars()
        .take(MAX_NAME_LEN / 4)
        .collect::<String>()
        .into()
}

/// For writing, since NFS locks nothing else; what another user has left can perhaps be read only.
///
/// What has the name and is no file is not ours: a link would lead the lock elsewhere, and opening a pipe would wait for its other end.
fn open(path: &Path) -> io::Result<File> {
    if fs::symlink_metadata(path).is_ok_and(|found| !found.is_file()) {
        let name = path.file_name().unwrap_or_default().display();
        return Err(io::Error::other(format!(
            "{name} is in the way, which is no file"
        )));
    }
    let mut to_write = File::options();
    to_write.write(true).create(true).truncate(false);
    let mut to_read = File::options();
    to_read.read(true);
    let file = system::without_following(&mut to_write).open(path);
    file.or_else(|error| {
        system::without_following(&mut to_read)
            .open(path)
            .map_err(|_| error)
    })
}

#[cfg(unix)]
mod system {
    use std::fs::{File, OpenOptions};
    use std::io;
    use std::os::unix::fs::OpenOptionsExt;

    use rustix::fs::{FlockOperation, OFlags, flock};
    use rustix::io::Errno;

    pub(super) enum Answer {
        Locked,
        Busy,
        NoLocks,
        Failed(io::Error),
    }

    pub(super) fn try_lock(file: &File) -> Answer {
        match flock(file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Answer::Locked,
            Err(Errno::WOULDBLOCK) => Answer::Busy,
            // Network file systems that were mounted so.
            Err(Errno::NOLCK | Errno::NOTSUP | Errno::NOSYS) => Answer::NoLocks,
            Err(error) if error == Errno::OPNOTSUPP => Answer::NoLocks,
            Err(error) => Answer::Failed(error.into()),
        }
    }

    pub(super) fn wait_for(file: &File) -> io::Result<()> {
        loop {
            match flock(file, FlockOperation::LockExclusive) {
                Err(Errno::INTR) => {}
                locked => return Ok(locked?),
            }
        }
    }

    pub(super) fn without_following(options: &mut OpenOptions) -> &mut OpenOptions {
        options.custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed())
    }
}

/// Locks of the standard library need Rust 1.89.
#[cfg(not(unix))]
mod system {
    use std::fs::{File, OpenOptions};
    use std::io;

    #[expect(dead_code, reason = "as on systems that have locks")]
    pub(super) enum Answer {
        Locked,
        Busy,
        NoLocks,
        Failed(io::Error),
    }

    pub(super) fn try_lock(_file: &File) -> Answer {
        Answer::NoLocks
    }

    pub(super) fn wait_for(_file: &File) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn without_following(options: &mut OpenOptions) -> &mut OpenOptions {
        options
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::deadline::in_time;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::thread;

    fn take(path: &Path) -> Lock {
        loop {
            match Lock::attempt(path).unwrap() {
                Attempt::Taken(lock) => return lock,
                Attempt::Busy(file) => wait_for(&file).unwrap(),
                Attempt::Gone => {}
                Attempt::NoLocks => panic!("this file system has no locks"),
            }
        }
    }

    #[test]
    fn one_at_a_time_and_nothing_is_left() {
        in_time("all have had the lock", || {
            let folder = tempfile::tempdir().unwrap();
            let path = lock_path(&folder.path().join("x.agc"));
            let (n_inside, n_done) = (AtomicU32::new(0), AtomicU32::new(0));
            thread::scope(|scope| {
                for _ in 0..8 {
                    scope.spawn(|| {
                        for _ in 0..50 {
                            let lock = take(&path);
                            assert_eq!(n_inside.fetch_add(1, Ordering::SeqCst), 0);
                            n_done.fetch_add(1, Ordering::SeqCst);
                            n_inside.fetch_sub(1, Ordering::SeqCst);
                            drop(lock);
                        }
                    });
                }
            });
            assert_eq!(n_done.into_inner(), 400);
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        });
    }

    #[test]
    fn a_second_finds_it_busy_and_a_file_that_nobody_holds_is_taken() {
        in_time("the lock is taken", || {
            let folder = tempfile::tempdir().unwrap();
            let path = lock_path(&folder.path().join("x".repeat(255)));
            fs::write(&path, "").unwrap();
            let lock = take(&path);
            assert!(matches!(Lock::attempt(&path).unwrap(), Attempt::Busy(_)));
            drop(lock);
            drop(take(&path));
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        });
    }
}
