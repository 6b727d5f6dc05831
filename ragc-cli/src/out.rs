//! Where the data goes: standard output or a file, gzipped or not.
//!
//! A file appears under its name when it is complete: it is written beside the target and renamed by [`Out::finish`].
//! Until then a file of that name stays as it was. What is not a regular file (`/dev/null`, a named pipe) is written
//! to directly.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::NamedTempFile;

/// An output that must be finished.
#[derive(Debug)]
pub(crate) struct Out {
    text: Text,
    /// The name to print in errors.
    name: PathBuf,
}

#[derive(Debug)]
enum Text {
    Plain(BufWriter<Target>),
    Gzip(Box<GzEncoder<BufWriter<Target>>>),
}

#[derive(Debug)]
enum Target {
    Stdout(io::Stdout),
    /// Not a regular file.
    Direct(File),
    Beside {
        file: NamedTempFile,
        path: PathBuf,
    },
}

impl Out {
    /// Opens the output of a command that reads `input`, which must not be the same file: extracting never costs an
    /// archive.
    pub(crate) fn open_while_reading(
        input: &Path,
        path: Option<&Path>,
        gzip_level: u32,
    ) -> anyhow::Result<Self> {
        if let Some(path) = path.filter(|path| is_same_file(path, input)) {
            bail!(
                "{}: this is the archive being read; write to another file",
                path.display()
            );
        }
        Self::open(path, gzip_level)
    }

    /// Opens the output: a file if there is a path, else standard output. Level 0 means no gzip.
    pub(crate) fn open(path: Option<&Path>, gzip_level: u32) -> anyhow::Result<Self> {
        let name = path.unwrap_or(Path::new("standard output")).to_path_buf();
        let target = match path {
            Some(path) => Target::open(path).with_context(|| format!("{}: cannot create", name.display()))?,
            None => Target::Stdout(io::stdout()),
        };
        let buffered = BufWriter::with_capacity(1 << 16, target);
        let text = match gzip_level {
            0 => Text::Plain(buffered),
            level => Text::Gzip(Box::new(GzEncoder::new(buffered, Compression::new(level)))),
        };
        Ok(Self { text, name })
    }

    /// The name to print in errors.
    pub(crate) fn name(&self) -> &Path {
        &self.name
    }

    /// Writes what is buffered and gives the file its name.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        let finish = || {
            let buffered = match self.text {
                Text::Plain(buffered) => buffered,
                Text::Gzip(gzip) => gzip.finish()?,
            };
            buffered
                .into_inner()
                .map_err(io::IntoInnerError::into_error)?
                .finish()
        };
        finish().with_context(|| format!("{}: cannot write", self.name.display()))
    }
}

fn is_same_file(a: &Path, b: &Path) -> bool {
    match (fs::metadata(a), fs::metadata(b)) {
        (Ok(a), Ok(b)) => (a.dev(), a.ino()) == (b.dev(), b.ino()),
        _ => false,
    }
}

impl Write for Out {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        match &mut self.text {
            Text::Plain(out) => out.write(buf),
            Text::Gzip(out) => out.write(buf),
        }
    }

    /// Does nothing: a gzip stream that is flushed in between grows. [`Out::finish`] writes everything.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Target {
    fn open(path: &Path) -> io::Result<Self> {
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

    fn finish(self) -> io::Result<()> {
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
