//! What bytes are written to at last.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Standard output, or a file.
#[derive(Debug)]
pub(super) enum Target {
    Stdout(io::Stdout),
    /// Not a regular file.
    Direct(File),
    /// A new file, which takes its name when it is complete.
    Beside {
        file: NamedTempFile,
        path: PathBuf,
    },
}

impl Target {
    /// Opens a file for writing.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        // A link stays a link: what it points to is replaced.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        match fs::metadata(&path) {
            Ok(metadata) if metadata.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            Ok(metadata) if !metadata.is_file() => Ok(Self::Direct(File::options().write(true).open(&path)?)),
            _ => {
                let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
                let file = tempfile::Builder::new()
                    .prefix(".ragc-")
                    .suffix(".tmp")
                    // As any new file; the system takes away what the user's mask does not grant.
                    .permissions(fs::Permissions::from_mode(0o666))
                    .tempfile_in(folder.unwrap_or(Path::new(".")))?;
                Ok(Self::Beside { file, path })
            }
        }
    }

    /// Gives a new file its name.
    pub(super) fn finish(self) -> io::Result<()> {
        match self {
            Self::Stdout(mut stdout) => stdout.flush(),
            Self::Direct(mut file) => file.flush(),
            Self::Beside { mut file, path } => {
                file.flush()?;
                file.persist(path).map(drop).map_err(|e| e.error)
            }
        }
    }
}

impl Write for Target {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(out) => out.write(buf),
            Self::Direct(out) => out.write(buf),
            Self::Beside { file, .. } => file.write(buf),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.flush(),
            Self::Direct(out) => out.flush(),
            Self::Beside { file, .. } => file.flush(),
        }
    }
}
