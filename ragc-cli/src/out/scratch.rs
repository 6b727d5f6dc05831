//! A file that nobody is to see: what a command writes in order to read it again.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use ragc_core::internals::folder::folder_of;
use ragc_core::internals::unfinished::Unfinished;

use crate::out::path::path_to_replace;
use crate::out::signals;

/// A file that is gone when it is dropped, and when a signal ends the program.
#[derive(Debug)]
pub(crate) struct Scratch {
    file: Unfinished,
    /// What it is beside.
    beside: PathBuf,
}

impl Scratch {
    /// A file beside an output to come, where there is room for that; beside other temporary files if it goes to no file.
    pub(crate) fn beside(output: Option<&Path>) -> anyhow::Result<Self> {
        let beside = output.map(path_to_replace).transpose()?.flatten();
        let beside = beside.unwrap_or_else(|| std::env::temp_dir().join("archive"));
        let file = Unfinished::beside(&beside, signals::watch());
        let file = file.with_context(|| format!("{}: cannot create a file beside it", beside.display()))?;
        Ok(Self { file, beside })
    }

    /// The folder that it is in, for others of the kind.
    pub(crate) fn folder(&self) -> PathBuf {
        folder_of(&self.beside).to_owned()
    }

    /// What was written, to be read as long as this is not dropped.
    pub(crate) fn reader(&mut self) -> anyhow::Result<File> {
        let reader = self.file.as_file().try_clone();
        reader.with_context(|| format!("{}: cannot read the file beside it", self.beside.display()))
    }
}

impl Write for Scratch {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.file.as_file().write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_file().flush()
    }
}
