//! Arguments of the commands that print lists.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use ragc_core::Archive;

use crate::args::{ArchiveArgs, place_of};
use crate::out::{Out, OutputPacking};

/// The archive to read, and where its list goes.
#[derive(Debug, clap::Args)]
pub(crate) struct ListArgs {
    /// Write to this file, which appears when it is complete [default: standard output]
    #[arg(short = 'o', long, value_name = "FILE")]
    output: Option<PathBuf>,

    #[command(flatten)]
    archive: ArchiveArgs,
}

impl ListArgs {
    /// Opens the archive.
    pub(crate) fn open(&self) -> ragc_core::Result<Archive> {
        self.archive.open()
    }

    /// Where the archive is.
    pub(crate) fn path(&self) -> &Path {
        self.archive.path()
    }

    /// The file to write to, if it is not standard output.
    pub(crate) fn output(&self) -> Option<&Path> {
        place_of(&self.output)
    }

    /// Opens the output.
    pub(crate) fn out(&self) -> anyhow::Result<Out> {
        let out = Out::open_while_reading(self.archive.path(), place_of(&self.output), OutputPacking::Plain)?;
        Ok(match place_of(&self.output) {
            None if io::stdout().is_terminal() => out.for_terminal(),
            _ => out,
        })
    }
}
