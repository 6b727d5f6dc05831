//! What bytes are written to at last.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

use ragc_core::Archive;
use ragc_core::internals::unfinished::Unfinished;

use crate::out::in_place::{Changing, clone_beside};
use crate::out::path::descriptor;
use crate::out::publish::NewFile;
use crate::out::signals;
use crate::remote::{ObjectInMaking, is_url, servers};
use crate::stdout;

/// Bytes that a pipe may hold; as much as Linux grants everyone. A genome comes through it in less time
/// (docs/measurements.md, "Details of reading").
#[cfg(target_os = "linux")]
const PIPE_LEN: usize = 1 << 20;

/// Standard output, or a file.
#[derive(Debug)]
pub(super) enum OutputTarget {
    /// Standard output, what is not a regular file, or a file that somebody else has opened for us.
    Direct(File),
    /// Standard output that is closed: whatever is written to it is an error.
    Closed,
    /// A new file, which takes its name when it is complete.
    Beside(NewFile),
    /// The end of an archive's file.
    Behind(Changing),
    /// A new object in a bucket, which is there when it is complete.
    Uploaded(Box<dyn ObjectInMaking>),
}

impl OutputTarget {
    /// Standard output, as a file: the standard library's would look for line ends, and write what stands behind the last by
    /// itself.
    pub(super) fn stdout() -> io::Result<Self> {
        if stdout::check().is_err() {
            return Ok(Self::Closed);
        }
        let file = io::stdout().as_fd().try_clone_to_owned()?;
        widen(&file);
        Ok(Self::Direct(file.into()))
    }

    /// Opens the end of an archive's file.
    pub(super) fn behind(path: &Path, archive: &Archive) -> anyhow::Result<Self> {
        match clone_beside(path, archive) {
            Some(copy) => Ok(Self::Beside(copy)),
            None => Ok(Self::Behind(Changing::begin(path, archive)?)),
        }
    }

    /// Opens a new object in a bucket.
    pub(super) fn object(url: &str, replaces: bool) -> io::Result<Self> {
        signals::watch()?;
        servers()?.create(url, replaces).map(Self::Uploaded)
    }

    /// Opens a file for writing, given the path of the regular file that its name leads to, if it is one.
    pub(super) fn open(path: &Path, place: Option<PathBuf>) -> io::Result<Self> {
        if let Some(number) = descriptor(path) {
            return match number {
                "1" => Self::stdout(),
                // Behind what was written to it before.
                _ => Ok(Self::Direct(File::options().append(true).open(path)?)),
            };
        }
        if is_url(path) {
            return Err(io::Error::other(
                "archives alone are written to servers, and this is something else",
            ));
        }
        match place {
            Some(path) => Ok(Self::Beside(NewFile {
                file: Unfinished::beside(&path, signals::watch())?,
                path,
            })),
            None if path.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            None => Ok(Self::Direct(File::options().write(true).open(path)?)),
        }
    }
}

/// Lets a pipe hold more, so that both ends wait for each other less often. What is no pipe, or may not, stays as it is.
#[cfg(target_os = "linux")]
fn widen(pipe: impl AsFd) {
    let _ = rustix::pipe::fcntl_setpipe_size(pipe, PIPE_LEN);
}

#[cfg(not(target_os = "linux"))]
fn widen(_pipe: impl AsFd) {}

impl Write for OutputTarget {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        match self {
            Self::Direct(out) => out.write(buf),
            Self::Closed => stdout::check().map(|()| buf.len()),
            Self::Beside(new) => new.file.as_file().write(buf),
            Self::Behind(end) => end.write(buf),
            Self::Uploaded(object) => object.write(buf),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Direct(out) => out.flush(),
            Self::Closed => Ok(()),
            Self::Beside(new) => new.file.as_file().flush(),
            Self::Behind(end) => end.flush(),
            Self::Uploaded(object) => object.flush(),
        }
    }
}
