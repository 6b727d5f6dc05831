//! Files without a name, which are gone when the program ends, however it does (`O_TMPFILE` of Linux).

use std::fs::{File, Permissions};
use std::io;
use std::path::{Path, PathBuf};

/// Whether a file gets no name because its system or its file system gives none to files without one: sandboxes, mounts through other
/// programs, kernels that ask for rights. A full disk refuses a copy as well.
#[cfg(target_os = "linux")]
pub(super) fn is_refused_link(error: &io::Error) -> bool {
    use rustix::io::Errno;

    const REFUSALS: [Errno; 9] = [
        Errno::PERM,
        Errno::ACCESS,
        Errno::NOENT,
        Errno::OPNOTSUPP,
        Errno::NOSYS,
        Errno::INVAL,
        Errno::XDEV,
        Errno::MLINK,
        Errno::LOOP,
    ];
    Errno::from_io_error(error).is_some_and(|error| REFUSALS.contains(&error))
}

/// There are no such files on this system.
#[cfg(not(target_os = "linux"))]
pub(super) fn is_refused_link(_error: &io::Error) -> bool {
    false
}

/// A file that has no name yet.
#[cfg(target_os = "linux")]
#[derive(Debug)]
pub(super) struct Nameless(File);

/// There is none on this system.
#[cfg(not(target_os = "linux"))]
#[derive(Debug)]
pub(super) enum Nameless {}

#[cfg(target_os = "linux")]
impl Nameless {
    /// Makes a file on the file system of a folder, if that has such files and `/proc` is there to give them names.
    pub(super) fn in_folder(folder: &Path, permissions: &Permissions) -> Option<Self> {
        use rustix::fs::{Mode, OFlags, open};
        use std::os::unix::fs::PermissionsExt;

        use crate::identity::leads_to;

        let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
        let file = Self(
            open(folder, flags, Mode::from_raw_mode(permissions.mode()))
                .ok()?
                .into(),
        );
        leads_to(&file.path(), &file.0).ok()?.then_some(file)
    }

    /// Gives the file a name that no other has.
    pub(super) fn link_to(&self, name: &Path) -> io::Result<()> {
        use rustix::fs::{AtFlags, CWD, linkat};

        Ok(linkat(CWD, self.path(), CWD, name, AtFlags::SYMLINK_FOLLOW)?)
    }

    /// Where the file can be opened.
    pub(super) fn path(&self) -> PathBuf {
        use std::os::fd::AsRawFd;

        format!("/proc/self/fd/{}", self.0.as_raw_fd()).into()
    }

    pub(super) fn as_file(&mut self) -> &mut File {
        &mut self.0
    }
}

#[cfg(not(target_os = "linux"))]
impl Nameless {
    pub(super) fn in_folder(_folder: &Path, _permissions: &Permissions) -> Option<Self> {
        None
    }

    pub(super) fn link_to(&self, _name: &Path) -> io::Result<()> {
        match *self {}
    }

    pub(super) fn path(&self) -> PathBuf {
        match *self {}
    }

    pub(super) fn as_file(&mut self) -> &mut File {
        match *self {}
    }
}
