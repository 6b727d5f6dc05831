//! An output that must be finished.

use std::io::{self, Write};
use std::iter;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use ragc_core::Archive;
use ragc_core::internals::container::is_archive;
use ragc_core::internals::identity::is_among;

use crate::out::claim::Claim;
use crate::out::latch::{Latch, Latched};
use crate::out::packing::{OutputPacking, Packer};
use crate::out::path::path_to_replace;
use crate::out::publish::publish;
use crate::out::taken::{Taken, indexes_of};
use crate::out::target::OutputTarget;
use crate::remote::{printable, url_of};
use crate::source::check_ends;

/// What an output must not be.
const AN_INPUT: &str = "an input file";

/// An output that must be finished: what is dropped without that ends where it is, and a file never appears.
pub(crate) struct Out {
    /// Gone once it is finished.
    packer: Option<Packer>,
    latch: Latch,
    /// The name to print in errors.
    name: PathBuf,
    /// Whoever reads it would obey control characters.
    is_terminal: bool,
    /// Of an archive.
    claim: Option<Claim>,
    /// No other output of this run goes there until this one has its name.
    taken: Option<Taken>,
}

impl Out {
    /// Opens the output of a command that reads `input`, which must not be the same file, nor another archive: extracting never
    /// costs an archive.
    pub(crate) fn open_while_reading(
        input: &Path,
        path: Option<&Path>,
        packing: OutputPacking,
    ) -> anyhow::Result<Self> {
        check_apart(iter::once(input), path, "the archive being read")?;
        // What has the name of an index would be removed or replaced with the text.
        if let Some(path) = path {
            check_no_archive(path)?;
            indexes_of(path).try_for_each(|index| check_no_archive(&index))?;
        }
        Self::open(path, packing)
    }

    /// Opens the output for an archive made of these files, none of which it may be: what is stored stays where it was.
    pub(crate) fn open_archive<'a>(
        inputs: impl Iterator<Item = &'a Path>,
        path: Option<&Path>,
        claim: Option<Claim>,
    ) -> anyhow::Result<Self> {
        check_apart(inputs, path, AN_INPUT)?;
        let mut out = match path.and_then(|path| Some((path, url_of(path)?))) {
            Some((path, url)) => {
                let replaces = claim.as_ref().is_some_and(Claim::replaces_anything);
                Self::of(OutputTarget::object(url, replaces), path, OutputPacking::Plain)?
            }
            None => Self::open(path, OutputPacking::Plain)?,
        };
        out.claim = claim;
        Ok(out)
    }

    /// Opens the output for what is told of these files, none of which it may be, nor an archive.
    pub(crate) fn open_report<'a>(
        inputs: impl Iterator<Item = &'a Path>,
        path: Option<&Path>,
    ) -> anyhow::Result<Self> {
        check_apart(inputs, path, AN_INPUT)?;
        path.map_or(Ok(()), check_no_archive)?;
        Self::open(path, OutputPacking::Plain)
    }

    /// Opens the end of the file of an archive, to which these files are added.
    pub(crate) fn open_end<'a>(
        inputs: impl Iterator<Item = &'a Path>,
        path: &Path,
        archive: &Archive,
        claim: Option<Claim>,
    ) -> anyhow::Result<Self> {
        check_apart(inputs, Some(path), AN_INPUT)?;
        let taken = Taken::take(Some(path))?;
        let target = OutputTarget::behind(path, archive)?;
        let mut out = Self::of(Ok(target), path, OutputPacking::Plain)?;
        (out.claim, out.taken) = (claim, taken);
        Ok(out)
    }

    /// Opens the output: a file if there is a path, else standard output.
    pub(crate) fn open(path: Option<&Path>, packing: impl Into<OutputPacking>) -> anyhow::Result<Self> {
        let taken = Taken::take(path)?;
        let name = path.unwrap_or(Path::new("standard output"));
        let place = taken.as_ref().map(|taken| taken.place().to_path_buf());
        let target = path.map_or_else(OutputTarget::stdout, |path| OutputTarget::open(path, place));
        let mut out = Self::of(target, name, packing.into())?;
        out.taken = taken;
        Ok(out)
    }

    /// Opens an index of a text that is open, for which its place is taken.
    pub(crate) fn open_index(path: &Path) -> anyhow::Result<Self> {
        let target = OutputTarget::open(path, path_to_replace(path)?);
        Self::of(target, path, OutputPacking::Plain)
    }

    fn of(target: io::Result<OutputTarget>, name: &Path, packing: OutputPacking) -> anyhow::Result<Self> {
        let name = printable(name);
        let latch = Latch::default();
        let packer = target.and_then(|target| Packer::new(Latched::new(target, latch.clone()), packing));
        let packer = packer.map_err(without_path);
        let packer = packer.with_context(|| format!("{}: cannot create", name.display()))?;
        Ok(Self {
            packer: Some(packer),
            latch,
            name,
            is_terminal: false,
            claim: None,
            taken: None,
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

    /// Writes what is buffered, waits for the end of an archive that is still coming in, and gives the file its name.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        self.finish_with(|_| Ok(Vec::new()))
    }

    /// Writes what is buffered, and gives the file its name if the check of what was written says yes.
    pub(crate) fn finish_after(self, check: impl FnOnce(&Path) -> anyhow::Result<()>) -> anyhow::Result<()> {
        let name = self.name.display().to_string();
        self.finish_with(|written| match written {
            Some(path) => check(path).map(|()| Vec::new()).context(name),
            None => bail!("{name}: this is no file that can be read back"),
        })
    }

    /// Writes what is buffered, and gives the file its name together with the indexes that are made of what was written, if that
    /// is a file.
    pub(crate) fn finish_with(
        mut self,
        make_indexes: impl FnOnce(Option<&Path>) -> anyhow::Result<Vec<Self>>,
    ) -> anyhow::Result<()> {
        let new = match self.close()? {
            OutputTarget::Beside(new) => new,
            OutputTarget::Direct(_) | OutputTarget::Closed => {
                make_indexes(None)?;
                return Ok(check_ends()?);
            }
            OutputTarget::Behind(end) => return end.finish(),
            OutputTarget::Uploaded(object) => {
                return object
                    .finish()
                    .with_context(|| format!("{}: cannot write", self.name.display()));
            }
        };
        let mut outdated = match self.claim {
            Some(_) => Vec::new(),
            None => indexes_beside(&self.name, &new.path),
        };
        let mut indexes = Vec::new();
        for mut index in make_indexes(Some(&new.file.path()))? {
            // It is replaced, and if it is a link it stays one.
            outdated.retain(|path| *path != index.name);
            if let OutputTarget::Beside(index) = index.close()? {
                indexes.push(index);
            }
        }
        check_ends()?;
        publish(new, self.claim.as_ref(), indexes, &outdated)
    }

    /// Writes what is buffered.
    fn close(&mut self) -> anyhow::Result<OutputTarget> {
        let mut close = || {
            let packer = self.packer.take().ok_or(io::ErrorKind::WriteZero)?;
            let latched = packer.finish()?;
            self.latch.check()?;
            Ok(latched.into_target())
        };
        let closed: io::Result<OutputTarget> = close();
        closed.with_context(|| format!("{}: cannot write", self.name.display()))
    }
}

/// Refuses a path that leads to the file of one of these, which are `what`.
fn check_apart<'a>(
    inputs: impl Iterator<Item = &'a Path>,
    path: Option<&Path>,
    what: &str,
) -> anyhow::Result<()> {
    let Some(path) = path else {
        return Ok(());
    };
    // A terminal, or /dev/null, can be both.
    let is_other = || path.metadata().is_ok_and(|found| !found.is_file());
    if is_among(path, inputs)? && !is_other() {
        bail!("{}: this is {what}; write to another file", path.display());
    }
    Ok(())
}

/// Refuses the path of an archive.
fn check_no_archive(path: &Path) -> anyhow::Result<()> {
    match is_archive(path)? {
        true => bail!("{}: this is an archive; write to another file", path.display()),
        false => Ok(()),
    }
}

/// The indexes that a text may have, by the name that it was given and by the one that it has.
fn indexes_beside(name: &Path, path: &Path) -> Vec<PathBuf> {
    indexes_of(name).chain(indexes_of(path)).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_gets_no_commands() {
        let text = "a\tb\x1B[31m\u{9B}2J é\x7F\n".as_bytes();
        assert_eq!(without_controls(text), b"a\tb?[31m\xC2?2J \xC3\xA9?\n");
    }
}
