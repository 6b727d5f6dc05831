//! The file of an archive, to the end of which something is written.
//!
//! Where the file system copies files by sharing their blocks, a copy is changed and takes the name of the old one, as any new file does. Elsewhere
//! the file itself is, with a journal beside it; an error, a panic or a signal cuts it back.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

use anyhow::bail;
use ragc_core::Archive;
use ragc_core::in_place::Change;
use ragc_core::internals::recovery::outdate_front_index;
use ragc_core::internals::unfinished::Unfinished;

use crate::out::going_on::change;
use crate::out::path::path_to_replace;
use crate::out::publish::NewFile;
use crate::out::signals;

/// The file that is changed; dropped, it is cut back.
#[derive(Debug)]
pub(super) struct Changing(());

impl Changing {
    /// Begins to change the file of an open archive.
    ///
    /// # Errors
    /// When it cannot be written, or no file be made beside it.
    pub(super) fn begin(path: &Path, archive: &Archive) -> anyhow::Result<Self> {
        signals::watch()?;
        // A signal waits for this: there is no change of ours that it does not find.
        let mut change = change();
        if change.is_some() {
            bail!("{}: another change of a file is going on", path.display());
        }
        *change = Some(Change::begin(path, archive)?);
        Ok(Self(()))
    }

    /// Makes the change last.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        match change().take() {
            Some(change) => Ok(change.finish()?),
            None => bail!("the change of a file has ended too early"),
        }
    }
}

impl Write for Changing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        change().as_mut().ok_or(io::ErrorKind::WriteZero)?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Changing {
    fn drop(&mut self) {
        drop(change().take());
    }
}

/// A copy of an archive's file, to be written behind its end, that shares the blocks of it; `None` where the file system has no such.
pub(super) fn clone_beside(path: &Path, archive: &Archive) -> Option<NewFile> {
    let path = path_to_replace(path).ok()??;
    let old = File::open(&path).ok()?;
    let mut copy = Unfinished::beside(&path, signals::watch()).ok()?;
    clone(&old, copy.as_file()).ok()?;
    outdate_front_index(copy.as_file()).ok()?;
    let end = copy.as_file().seek(SeekFrom::End(0)).ok()?;
    (end == archive.container().state().len).then_some(NewFile { file: copy, path })
}

#[cfg(target_os = "linux")]
fn clone(old: &File, copy: &File) -> io::Result<()> {
    Ok(rustix::fs::ioctl_ficlone(copy, old)?)
}

#[cfg(not(target_os = "linux"))]
fn clone(_old: &File, _copy: &File) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
