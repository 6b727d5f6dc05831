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
    /// Whoever reads it would obey control characters.
    is_terminal: bool,
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

    /// Opens the output of a command that reads these files, none of which it may be: what is stored stays where it was.
    pub(crate) fn open_apart_from<'a>(
        mut inputs: impl Iterator<Item = &'a Path>,
        path: Option<&Path>,
    ) -> anyhow::Result<Self> {
        if let Some(path) =
            path.filter(|path| path.is_file() && inputs.any(|input| is_same_file(path, input)))
        {
            bail!("{}: this is an input file; write to another file", path.display());
        }
        Self::open(path, Packing::Plain)
    }

    /// Opens the output: a file if there is a path, else standard output.
    pub(crate) fn open(path: Option<&Path>, packing: impl Into<Packing>) -> anyhow::Result<Self> {
        let name = path.unwrap_or(Path::new("standard output")).to_path_buf();
        let target = path.map_or_else(Target::stdout, Target::open);
        let latch = Latch::default();
        let packer =
            target.and_then(|target| Packer::new(Latched::new(target, latch.clone()), packing.into()));
        let packer = packer.map_err(without_path);
        let packer = packer.with_context(|| format!("{}: cannot create", name.display()))?;
        Ok(Self {
            packer: Some(packer),
            latch,
            name,
            is_terminal: false,
        })
    }

    /// Writes control characters in names as `?`, as `ls` does on a terminal.
    pub(crate) fn for_terminal(mut self) -> Self {
        self.is_terminal = true;
        self
    }

    /// The name to print in errors.
    pub(crate) fn name(&self) -> &Path {
        &self.name
    }

    /// Writes what is buffered and gives the file its name.
    pub(crate) fn finish(mut self) -> anyhow::Result<()> {
        let finished = self
            .close()
            .and_then(|target| target.map_or(Ok(()), Target::finish));
        finished.with_context(|| format!("{}: cannot write", self.name.display()))
    }

    /// Writes what is buffered, and gives the file its name if the check of what was written says yes.
    pub(crate) fn finish_after(
        mut self,
        check: impl FnOnce(&Path) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let target = self.close();
        let cannot_write = || format!("{}: cannot write", self.name.display());
        let Some(target) = target.with_context(cannot_write)? else {
            return Ok(());
        };
        match target.unfinished_path() {
            Some(path) => check(&path).with_context(|| self.name.display().to_string())?,
            None => bail!("{}: this is no file that can be read back", self.name.display()),
        }
        target.finish().with_context(cannot_write)
    }

    /// Writes what is buffered; `None` if that was done before.
    fn close(&mut self) -> io::Result<Option<Target>> {
        let Some(packer) = self.packer.take() else {
            return Ok(None);
        };
        let latched = packer.finish()?;
        self.latch.check()?;
        Ok(Some(latched.into_target()))
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
        let n = match self.is_terminal {
            true => packer.write(&without_controls(buf))?,
            false => packer.write(buf)?,
        };
        self.latch.check()?;
        Ok(n)
    }

    /// Does nothing: a packed stream that is flushed in between grows. [`Out::finish`] writes everything.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An error of a file that has not its name yet, without the name that it has: nobody knows that one.
fn without_path(error: io::Error) -> io::Error {
    match error.to_string().split_once(" at path ") {
        Some((why, _)) => io::Error::new(error.kind(), why),
        None => error,
    }
}

/// As many bytes, with `?` for those that a terminal obeys.
fn without_controls(text: &[u8]) -> Vec<u8> {
    let before = [0].into_iter().chain(text.iter().copied());
    let pairs = text.iter().zip(before);
    let shown = |(byte, before): (&u8, u8)| match byte {
        b'\n' | b'\t' => *byte,
        // The other control characters of Unicode, in UTF-8.
        0x80..=0x9F if before == 0xC2 => b'?',
        byte if byte.is_ascii_control() => b'?',
        byte => *byte,
    };
    pairs.map(shown).collect()
}

fn is_same_file(a: &Path, b: &Path) -> bool {
    match (fs::metadata(a), fs::metadata(b)) {
        (Ok(a), Ok(b)) => (a.dev(), a.ino()) == (b.dev(), b.ino()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_gets_no_commands() {
        let text = "a\tb\x1B[31m\u{9B}2J é\x7F\n".as_bytes();
        assert_eq!(without_controls(text), b"a\tb?[31m\xC2?2J \xC3\xA9?\n");
    }
}
