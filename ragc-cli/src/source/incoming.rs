//! What comes in through a pipe, kept so that it can be read as a file is.

use std::fs::{self, File};
use std::io::{self, IsTerminal};
use std::os::fd::AsFd;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ragc_core::internals::container::check_end;
use ragc_core::{Error, ErrorKind, Result, Spool};

use crate::source::stdin::{STDIN_FILE, claim_stdin, is_stdin};

/// What messages call it.
const STDIN: &str = "standard input";

/// Sources whose ends were not looked at yet, with their names.
static INCOMING: Mutex<Vec<(PathBuf, Arc<Spool>)>> = Mutex::new(Vec::new());

/// Where an archive is read from.
#[derive(Debug)]
pub(crate) enum ArchiveSource {
    /// A file, which is read at any place, or something that is none, which opening tells.
    File(PathBuf),
    /// What comes in by itself, and its name.
    Incoming(PathBuf, Arc<Spool>),
}

impl ArchiveSource {
    /// What a path leads to. What comes in is kept in memory up to so many bytes, and beyond that in a file without a name.
    ///
    /// # Errors
    /// `NotArchive` for a terminal; `BadOption` when standard input is taken; `Io`.
    pub(crate) fn of(path: &Path, memory: u64) -> Result<Self> {
        if is_stdin(path) {
            return Self::of_stdin(memory).map_err(|error| error.in_file(STDIN));
        }
        let is_pipe = fs::metadata(path).is_ok_and(|found| found.file_type().is_fifo());
        match is_pipe {
            true => File::open(path)
                .map_err(|error| Error::io("cannot open", error))
                .and_then(|pipe| Self::incoming(path, pipe, memory))
                .map_err(|error| error.in_file(path)),
            false => Ok(Self::File(path.to_path_buf())),
        }
    }

    fn of_stdin(memory: u64) -> Result<Self> {
        let stdin = io::stdin();
        if stdin.is_terminal() {
            let what = "a terminal: name a file, or have an archive come through a pipe";
            return Err(Error::new(ErrorKind::NotArchive(what.to_owned())));
        }
        claim_stdin().map_err(|usage| Error::new(ErrorKind::BadOption(usage.0)))?;
        let file = stdin.as_fd().try_clone_to_owned().map(File::from);
        let file = file.map_err(|error| Error::io("cannot open", error))?;
        match file.metadata().is_ok_and(|found| found.is_file()) {
            true => Ok(Self::File(PathBuf::from(STDIN_FILE))),
            false => Self::incoming(Path::new(STDIN), file, memory),
        }
    }

    fn incoming(name: &Path, pipe: File, memory: u64) -> Result<Self> {
        let spool = Spool::new(pipe, memory, tempfile::tempfile);
        let spool = spool.map_err(|error| Error::io("cannot start a thread", error))?;
        let spool = Arc::new(spool);
        let mut incoming = INCOMING.lock().unwrap_or_else(PoisonError::into_inner);
        incoming.push((name.to_path_buf(), Arc::clone(&spool)));
        Ok(Self::Incoming(name.to_path_buf(), spool))
    }
}

/// Waits for the ends of all that came in, for whoever has read it by what its beginning tells: until this says yes, nothing that was made of it counts.
///
/// # Errors
/// Those of [`check_end`].
pub(crate) fn check_ends() -> Result<()> {
    let all = std::mem::take(&mut *INCOMING.lock().unwrap_or_else(PoisonError::into_inner));
    all.into_iter()
        .try_for_each(|(name, spool)| check_end(&*spool).map_err(|error| error.in_file(&name)))
}
