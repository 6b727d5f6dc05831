//! An output that must be finished.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::out::latch::{Latch, Latched};
use crate::out::packing::{Packer, Packing};
use crate::out::target::Target;

/// An output that must be finished: what is dropped without that ends where it is, and a file never appears.
pub(crate) struct Out {
    /// Gone once it is finished.
    packer: Option<Packer>,
    latch: Latch,
    /// The name to print in errors.
    name: PathBuf,
}

impl Out {
    /// Opens the output of a command that reads `input`, which must not be the same file: extracting never costs an
    /// archive.
    pub(crate) fn open_while_reading(
        input: &Path,
        path: Option<&Path>,
        packing: Packing,
    ) -> anyhow::Result<Self> {
        if let Some(path) = path.filter(|path| is_same_file(path, input)) {
            bail!(
                "{}: this is the archive being read; write to another file",
                path.display()
            );
        }
        Self::open(path, packing)
    }

    /// Opens the output: a file if there is a path, else standard output.
    pub(crate) fn open(path: Option<&Path>, packing: impl Into<Packing>) -> anyhow::Result<Self> {
        let name = path.unwrap_or(Path::new("standard output")).to_path_buf();
        let target = path.map_or_else(|| Ok(Target::Stdout(io::stdout())), Target::open);
        let latch = Latch::default();
        let packer =
            target.and_then(|target| Packer::new(Latched::new(target, latch.clone()), packing.into()));
        let packer = packer.with_context(|| format!("{}: cannot create", name.display()))?;
        Ok(Self {
            packer: Some(packer),
            latch,
            name,
        })
    }

    /// The name to print in errors.
    pub(crate) fn name(&self) -> &Path {
        &self.name
    }

    /// Writes what is buffered and gives the file its name.
    pub(crate) fn finish(mut self) -> anyhow::Result<()> {
        let finish = |packer: Packer, latch: &Latch| {
            let latched = packer.finish()?;
            latch.check()?;
            latched.into_target().finish()
        };
        let finished = self
            .packer
            .take()
            .map_or(Ok(()), |packer| finish(packer, &self.latch));
        finished.with_context(|| format!("{}: cannot write", self.name.display()))
    }
}

impl Drop for Out {
    fn drop(&mut self) {
        self.latch.shut();
    }
}

impl Write for Out {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let Some(packer) = &mut self.packer else {
            return Err(io::ErrorKind::WriteZero.into());
        };
        let n = packer.write(buf)?;
        self.latch.check()?;
        Ok(n)
    }

    /// Does nothing: a packed stream that is flushed in between grows. [`Out::finish`] writes everything.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn is_same_file(a: &Path, b: &Path) -> bool {
    match (fs::metadata(a), fs::metadata(b)) {
        (Ok(a), Ok(b)) => (a.dev(), a.ino()) == (b.dev(), b.ino()),
        _ => false,
    }
}
