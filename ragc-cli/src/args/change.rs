//! Arguments of the commands that make a new archive out of an old one.

use std::io::IsTerminal;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use ragc_core::internals::identity::is_same_file;

use crate::args::{n_threads, place};
use crate::exit::UsageError;
use crate::out::{Claim, Claiming};

/// The archive to change, and where the new one goes.
#[derive(Debug, clap::Args)]
pub(crate) struct ChangeArgs {
    /// Write the new archive to this file, which appears when it is complete; '-' is standard output [default: in the place of the old
    /// one]
    #[arg(short = 'o', long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Replace another archive that has the name of the output already
    #[arg(long)]
    force: bool,

    /// Fail at once, rather than wait, while another command is writing an archive of this name
    #[arg(long)]
    no_wait: bool,

    /// Read the new archive back and decode all of it before it takes its name
    #[arg(long)]
    pub(crate) verify: bool,

    /// Do not store the command line, and when it ran
    #[arg(short = 'd', long, alias = "no-command-line")]
    pub(crate) no_provenance: bool,

    /// Threads that decode and compress, 8 per core at most [default: one per core]
    #[arg(short = 't', long, value_name = "N")]
    threads: Option<NonZeroUsize>,

    /// Tell on standard error what was done
    #[arg(short = 'v', long, value_name = "LEVEL", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=2))]
    pub(crate) verbosity: u8,

    /// Write what was done, sizes, time and peak memory to this file as JSON, described in docs/json.md
    #[arg(long, value_name = "FILE")]
    pub(crate) stats: Option<PathBuf>,

    /// The archive to change, of any file version; the new one is of version 3
    #[arg(value_name = "ARCHIVE")]
    pub(crate) archive: PathBuf,
}

impl ChangeArgs {
    /// Number of threads that recode.
    pub(crate) fn n_threads(&self) -> usize {
        n_threads(self.threads).get()
    }

    /// The file to write to, if it is not standard output.
    pub(crate) fn output(&self) -> Option<&Path> {
        place(self.output.as_deref().unwrap_or(&self.archive))
    }

    /// Whether the new archive takes the place of the old one.
    pub(crate) fn replaces_itself(&self) -> bool {
        self.output()
            .is_some_and(|output| is_same_file(output, &self.archive).unwrap_or(false))
    }

    /// Checks that an archive may go there.
    pub(crate) fn check_output(&self) -> Result<(), UsageError> {
        let why = match self.output() {
            None if self.verify => "--verify reads the archive back, so it needs a file: name one with -o",
            None if std::io::stdout().is_terminal() => {
                "an archive is not for a terminal: name a file with -o, or redirect"
            }
            _ => return Ok(()),
        };
        Err(UsageError(why.to_owned()))
    }

    /// Claims the name of the new archive.
    pub(crate) fn claim(&self) -> anyhow::Result<Option<Claim>> {
        let how = Claiming {
            continues: Some(&self.archive),
            is_forced: self.force,
            waits: !self.no_wait,
        };
        self.output().map_or(Ok(None), |output| Claim::of(output, how))
    }
}
