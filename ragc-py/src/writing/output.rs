//! The file that is written, and its lock.

use std::path::Path;
use std::sync::Arc;

use ragc_core::archive_file::{ArchiveFile, ArchiveLock};
use ragc_core::internals::container::may_be_archive;
use ragc_core::{Error, ErrorKind};

use crate::watched::{CancellableSink, Watch};

/// The right to write an archive of this name, once nobody else writes one.
pub(super) fn lock(path: &Path, waits: bool, watch: &Watch) -> ragc_core::Result<ArchiveLock> {
    if waits {
        return ArchiveLock::take_observed(path, watch);
    }
    ArchiveLock::try_take(path)?.ok_or_else(|| {
        let why = "another program is writing this archive".to_owned();
        Error::new(ErrorKind::Io(why)).in_file(path)
    })
}

/// A new archive, which has its name when it is complete, unless the run is to end. It does not take the place of another one unless that is
/// wanted, and is read back first if threads are given for that.
pub(super) fn write<T>(
    lock: ArchiveLock,
    is_forced: bool,
    n_threads_to_verify: Option<usize>,
    watch: &Arc<Watch>,
    store: impl FnOnce(&mut CancellableSink<ArchiveFile>) -> ragc_core::Result<T>,
) -> ragc_core::Result<T> {
    if !is_forced && may_be_archive(lock.path())? {
        let why = "there is an archive of this name, which force=True replaces";
        return Err(Error::new(ErrorKind::BadOption(why.to_owned())).in_file(lock.path()));
    }
    let path = lock.path().to_path_buf();
    let mut file = CancellableSink::new(ArchiveFile::replace(lock)?, watch);
    let stored = store(&mut file).map_err(|error| error.in_sink(path))?;
    let file = file.into_inner();
    if let Some(n_threads) = n_threads_to_verify {
        file.read_back(n_threads, &**watch)?;
    }
    watch.settle()?;
    file.finish()?;
    Ok(stored)
}
