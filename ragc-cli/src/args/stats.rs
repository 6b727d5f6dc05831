//! `--stats FILE` of the commands that decode.

use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Serialize;

use crate::args::place;
use crate::exit::UsageError;
use crate::json::{self, RunDocument};
use crate::out::Out;
use crate::tally::WrittenTally;
use crate::took::peak_memory;

/// Writes the figures of a run, behind all else that it does.
pub(crate) fn write_figures(out: Out, document: &impl Serialize) -> anyhow::Result<()> {
    json::write(out, document).context("all is done but the figures of the run")
}

/// Where the figures of a command that decodes go, beside standard error.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct StatsArgs {
    /// Write numbers of contigs and bases, time, rate and peak memory to this file as JSON, described in docs/json.md
    #[arg(long, value_name = "FILE")]
    stats: Option<PathBuf>,
}

impl StatsArgs {
    /// Those of a command that says otherwise what it writes.
    pub(crate) fn of(stats: Option<&Path>) -> Self {
        Self {
            stats: stats.map(Path::to_path_buf),
        }
    }

    /// Opens the file, which is none of the others: then it is known before anything is decoded that there can be one.
    pub(crate) fn open<'a>(
        &self,
        command: &'static str,
        archives: impl Iterator<Item = &'a Path>,
        output: Option<&Path>,
    ) -> anyhow::Result<StatsOut> {
        let Some(path) = &self.stats else {
            return Ok(StatsOut { command, out: None });
        };
        let place = place(path);
        if place == output {
            let why = format!("{}: output and figures cannot be one file", path.display());
            return Err(UsageError(why).into());
        }
        let out = Some(Box::new(Out::open_report(archives, place)?));
        Ok(StatsOut { command, out })
    }
}

/// What is told when the command is done.
pub(crate) struct StatsOut {
    command: &'static str,
    out: Option<Box<Out>>,
}

impl StatsOut {
    /// Whether a file gets them.
    pub(crate) fn are_written(&self) -> bool {
        self.out.is_some()
    }

    /// Writes something else than what was counted.
    pub(crate) fn write(self, document: &impl Serialize) -> anyhow::Result<()> {
        self.out.map_or(Ok(()), |out| write_figures(*out, document))
    }

    /// Tells what was counted.
    pub(crate) fn finish(self, tally: &WrittenTally) -> anyhow::Result<()> {
        tally.report();
        let document = document(self.command, tally);
        self.write(&document)
    }
}

#[derive(Serialize)]
struct DecodingRun {
    command: &'static str,
    n_contigs: u64,
    n_bases: u64,
    seconds: f64,
    megabases_per_second: f64,
    peak_memory: Option<u64>,
}

fn document(command: &'static str, tally: &WrittenTally) -> RunDocument<DecodingRun> {
    RunDocument::of(DecodingRun {
        command,
        n_contigs: tally.n_contigs,
        n_bases: tally.n_bases,
        seconds: tally.took.time().as_secs_f64(),
        megabases_per_second: tally.took.per_second(tally.n_bases as f64 / 1e6),
        peak_memory: peak_memory(),
    })
}
