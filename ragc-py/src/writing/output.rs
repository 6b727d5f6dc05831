//! The file that is written, and its lock.

use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use ragc_core::archive_file::{ArchiveFile, ArchiveLock};
use ragc_core::internals::unfinished::is_archive;
use ragc_core::{Error, ErrorKind};

use crate::watched::{Watch, Watched};

/// How often a lock that somebody else has is tried again: to wait for it could not be interrupted.
const TICK: Duration = Duration::from_millis(50);

/// The right to write an archive of this name, once nobody else writes one.
pub(super) fn lock(path: &Path, waits: bool, watch: &Watch) -> ragc_core::Result<ArchiveLock> {
    loop {
        if let Some(lock) = ArchiveLock::try_take(path)? {
            return Ok(lock);
        }
        if !waits {
            let why = "another program is writing this archive".to_owned();
            return Err(Error::new(ErrorKind::Io(why)).in_file(path));
        }
        watch.check()?;
        thread::sleep(TICK);
    }
}

/// A new archive, which does not take the place of another one unless that is wanted.
pub(super) fn begin(
    lock: ArchiveLock,
    is_forced: bool,
    watch: &Arc<Watch>,
) -> ragc_core::Result<Watched<ArchiveFile>> {
    if !is_forced && is_archive(lock.path()) {
        let why = "there is an archive of this name, which force=True replaces";
        return Err(Error::new(ErrorKind::BadOption(why.to_owned())).in_file(lock.path()));
    }
    Ok(Watched::new(ArchiveFile::replace(lock)?, watch))
}

/// Gives the archive its name, unless the run is to end.
pub(super) fn finish(file: Watched<ArchiveFile>, watch: &Watch) -> ragc_core::Result<()> {
    watch.check()?;
    file.into_inner().finish()
}
