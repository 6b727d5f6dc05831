//! A lock beside an archive that is written: one writer at a time.
//!
//! The lock is on an open file, `.ragc-NAME.lock`, and the system releases it when the process ends, however it ends. The file
//! is removed while the lock is held; whoever waited for it finds that it has lost its name, and begins anew with the file that has it
//! now. So nothing is left behind but by `kill -9`, and what is left is an unlocked file that the next writer takes and removes.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use rustix::fs::{FlockOperation, OFlags, flock};
use rustix::io::Errno;

use crate::last_resort::RemovedOnAbort;
use crate::out::listed::{Listing, listed};
use crate::out::path::folder_of;
use crate::out::signals;

/// Bytes of the name of an archive that its lock file takes over, at most: no name may have more than 255.
const MAX_NAME_LEN: usize = 200;

/// The lock of an archive; dropped, it is free.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    path: PathBuf,
    /// A signal removes the file, which is not listed as long as somebody else may have the lock.
    _listing: Listing,
}

/// What came of trying to take a lock.
enum Attempt {
    Taken(Lock),
    /// Somebody else has the lock on this file.
    Busy(File),
    /// The file was removed by whoever had the lock.
    Gone,
    NoLocks,
}

impl Lock {
    /// Takes the lock of an archive, which is called `name` in messages: waits for whoever has it, or fails at once. `None` where
    /// the file system has no locks.
    pub(super) fn take(target: &Path, name: &Path, waits: bool) -> anyhow::Result<Option<Self>> {
        let path = path_of(target);
        let name = name.display();
        let mut has_told = false;
        loop {
            match Self::attempt(&path).with_context(|| format!("{name}: cannot create"))? {
                Attempt::Taken(lock) => return Ok(Some(lock)),
                Attempt::Busy(_) if !waits => bail!("{name}: another command is writing this archive"),
                Attempt::Busy(file) => {
                    if !std::mem::replace(&mut has_told, true) {
                        note!("{name}: another command is writing this archive; waiting until it is done");
                    }
                    wait_for(&file).with_context(|| format!("{name}: cannot wait"))?;
                }
                Attempt::Gone => {}
                Attempt::NoLocks => {
                    warning!(
                        "{name}: this file system has no locks: no other command may write this archive now"
                    );
                    return Ok(None);
                }
            }
        }
    }

    fn attempt(path: &Path) -> io::Result<Attempt> {
        signals::watch()?;
        // A signal waits for this: there is no lock of ours that is not listed.
        let mut listed = listed();
        let removed = RemovedOnAbort::of(path);
        let file = open(path)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) if is_named(&file, path) => {
                removed.begin();
                Ok(Attempt::Taken(Self {
                    file,
                    path: path.to_path_buf(),
                    _listing: Listing::among(&mut listed, path),
                }))
            }
            Ok(()) => Ok(Attempt::Gone),
            Err(Errno::WOULDBLOCK) => Ok(Attempt::Busy(file)),
            Err(error) if has_no_locks(error) => fs::remove_file(path).map(|()| Attempt::NoLocks),
            Err(error) => Err(error.into()),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        RemovedOnAbort::end();
        // Somebody may have cleaned up, and somebody else have made another.
        if is_named(&self.file, &self.path) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn path_of(target: &Path) -> PathBuf {
    let mut name = b".ragc-".to_vec();
    let of_target = target.file_name().unwrap_or_default().as_bytes();
    name.extend_from_slice(&of_target[..of_target.len().min(MAX_NAME_LEN)]);
    name.extend_from_slice(b".lock");
    folder_of(target).join(OsString::from_vec(name))
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
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    let file = File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .custom_flags(flags)
        .open(path);
    let read_only = || File::options().read(true).custom_flags(flags).open(path);
    file.or_else(|error| read_only().map_err(|_| error))
}

fn wait_for(file: &File) -> Result<(), Errno> {
    loop {
        match flock(file, FlockOperation::LockExclusive) {
            Err(Errno::INTR) => {}
            locked => return locked,
        }
    }
}

/// Network file systems that were mounted so.
fn has_no_locks(error: Errno) -> bool {
    [Errno::NOLCK, Errno::NOTSUP, Errno::OPNOTSUPP, Errno::NOSYS].contains(&error)
}

/// Whether an open file has this name still.
fn is_named(file: &File, path: &Path) -> bool {
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(open), Ok(named)) => (open.dev(), open.ino()) == (named.dev(), named.ino()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::thread;

    #[test]
    fn one_at_a_time_and_nothing_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("x.agc");
        let (n_inside, n_done) = (AtomicU32::new(0), AtomicU32::new(0));
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        let lock = Lock::take(&target, &target, true).unwrap();
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
    }

    #[test]
    fn who_does_not_wait_fails_and_a_file_that_nobody_holds_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("x".repeat(255));
        fs::write(path_of(&target), "").unwrap();
        let lock = Lock::take(&target, &target, false).unwrap();
        assert!(Lock::take(&target, &target, false).is_err());
        drop(lock);
        assert!(Lock::take(&target, &target, false).unwrap().is_some());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
