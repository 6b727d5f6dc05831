//! The figures of a run that stored genomes: in a line for `-v`, as a table for `--stats`, as JSON for `--stats=FILE`.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use ragc_core::compress::Summary;
use ragc_core::internals::times::{Role, Stage, Times};
use serde::Serialize;

use crate::args::{place, write_figures};
use crate::exit::UsageError;
use crate::json::RunDocument;
use crate::out::Out;
use crate::took::{Took, peak_memory};

/// What is known when the archive is complete.
pub(crate) struct StoringFigures<'a> {
    pub(crate) command: &'static str,
    /// Files that were stored.
    pub(crate) n_files: usize,
    pub(crate) took: Took,
    pub(crate) summary: &'a Summary,
}

impl StoringFigures<'_> {
    /// Bytes of the archive.
    fn n_bytes(&self) -> u64 {
        self.summary.stream_lens.values().sum()
    }

    /// Tells files, time, rates, memory and size in a line. An archive that was appended to holds more than these bases.
    pub(crate) fn tell(&self) {
        let (n_bases, n_bytes) = (self.summary.n_bases, self.n_bytes());
        let per_second = self.took.per_second(self.n_files as f64);
        let words = self.took.words(n_bases);
        let mut line = format!(
            "{} files, {words}, {per_second:.1} files/s; {n_bytes} bytes",
            self.n_files
        );
        if self.command == "create" {
            let _ = write!(line, ", {:.2} bases a byte", n_bases as f64 / n_bytes as f64);
        }
        note!("{line}");
    }

    fn document(&self) -> RunDocument<StoringRun<'_>> {
        let times = self.summary.times();
        let stage = |stage| (stage_key(stage), times.stage(stage).time.as_secs_f64());
        let role = |role| {
            let of_role = times.role(role);
            let threads = ThreadTimes {
                n: of_role.n_threads,
                seconds: of_role.time.as_secs_f64(),
                seconds_of_busiest: of_role.busiest.as_secs_f64(),
            };
            (role_name(role), threads)
        };
        RunDocument::of(StoringRun {
            command: self.command,
            n_files: self.n_files,
            n_samples: self.summary.n_samples,
            n_contigs: self.summary.n_contigs,
            n_bases: self.summary.n_bases,
            n_segments: self.summary.n_segments,
            n_groups: self.summary.n_groups,
            n_bytes: self.n_bytes(),
            bytes_by_stream: &self.summary.stream_lens,
            seconds: self.took.time().as_secs_f64(),
            processor_seconds: times.total().as_secs_f64(),
            processor_seconds_by_stage: Stage::ALL.map(stage).into(),
            threads: Role::ALL.map(role).into(),
            files_per_second: self.took.per_second(self.n_files as f64),
            megabases_per_second: self.took.per_second(self.summary.n_bases as f64 / 1e6),
            peak_memory: peak_memory(),
        })
    }
}

/// What `--stats=FILE` writes.
#[derive(Serialize)]
struct StoringRun<'a> {
    command: &'static str,
    n_files: usize,
    n_samples: u32,
    n_contigs: u64,
    n_bases: u64,
    n_segments: u64,
    n_groups: u32,
    n_bytes: u64,
    bytes_by_stream: &'a BTreeMap<String, u64>,
    seconds: f64,
    processor_seconds: f64,
    processor_seconds_by_stage: BTreeMap<&'static str, f64>,
    threads: BTreeMap<&'static str, ThreadTimes>,
    files_per_second: f64,
    megabases_per_second: f64,
    peak_memory: Option<u64>,
}

#[derive(Serialize)]
struct ThreadTimes {
    n: u64,
    seconds: f64,
    seconds_of_busiest: f64,
}

/// Where figures go.
pub(crate) enum Stats {
    /// Nobody has asked.
    Unasked,
    /// The table goes to standard error.
    Table,
    /// JSON goes to a file, which is opened before anything is stored: then it is known that there can be one.
    Json(Box<Out>),
}

impl Stats {
    /// Opens what `--stats` asks for, which is none of the other files of the run.
    pub(super) fn open<'a>(
        arg: Option<&OsStr>,
        inputs: impl Iterator<Item = &'a Path>,
        output: Option<&Path>,
    ) -> anyhow::Result<Self> {
        match arg {
            None => Ok(Self::Unasked),
            Some(path) if path.is_empty() => Ok(Self::Table),
            Some(path) => {
                let place = place(Path::new(path));
                if place == output {
                    let why = format!("{}: archive and figures cannot be one file", path.display());
                    return Err(UsageError(why).into());
                }
                Ok(Self::Json(Box::new(Out::open_report(inputs, place)?)))
            }
        }
    }

    /// Tells them.
    pub(crate) fn finish(self, figures: &StoringFigures<'_>) -> anyhow::Result<()> {
        self.tell(&figures.document(), || table(figures.summary.times()))
    }

    /// Tells other figures: the document goes to a file, the table to standard error.
    pub(super) fn tell(
        self,
        document: &impl Serialize,
        table: impl FnOnce() -> String,
    ) -> anyhow::Result<()> {
        match self {
            Self::Unasked => Ok(()),
            Self::Table => {
                // Whoever has closed standard error does not want to read.
                let _ = std::io::stderr().write_all(table().as_bytes());
                Ok(())
            }
            Self::Json(out) => write_figures(*out, document),
        }
    }
}

fn table(times: &Times) -> String {
    let total = times.total();
    let mut text = format!("{:18} {:>9} {:>10} {:>7}\n", "stage", "items", "seconds", "share");
    for stage in Stage::ALL {
        let of_stage = times.stage(stage);
        push_line(
            &mut text,
            stage_name(stage),
            of_stage.n_items,
            of_stage.time,
            total,
        );
    }
    let _ = writeln!(
        text,
        "{:18} {:>9} {:>10} {:>7} {:>16}",
        "thread", "threads", "seconds", "share", "busiest's share"
    );
    for role in Role::ALL {
        let of_role = times.role(role);
        push_line(&mut text, role_name(role), of_role.n_threads, of_role.time, total);
        text.pop();
        let _ = writeln!(text, " {:>14.1} %", percent(of_role.busiest, total));
    }
    let n_threads = Role::ALL.iter().map(|role| times.role(*role).n_threads).sum();
    push_line(&mut text, "all", n_threads, total, total);
    text
}

fn push_line(text: &mut String, name: &str, n: u64, time: Duration, total: Duration) {
    let (seconds, share) = (time.as_secs_f64(), percent(time, total));
    let _ = writeln!(text, "{name:18} {n:>9} {seconds:>10.3} {share:>5.1} %");
}

fn percent(time: Duration, total: Duration) -> f64 {
    100.0 * time.as_secs_f64() / total.as_secs_f64().max(f64::MIN_POSITIVE)
}

fn stage_key(stage: Stage) -> &'static str {
    match stage {
        Stage::Choose => "choose",
        Stage::FindSplitters => "find_splitters",
        Stage::Read => "read",
        Stage::Compare => "compare",
        Stage::Index => "index",
        Stage::Place => "place",
        Stage::Encode => "encode",
        Stage::References => "references",
        Stage::Packs => "packs",
        Stage::Write => "write",
    }
}

fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Choose => "choose parameters",
        Stage::FindSplitters => "find splitters",
        Stage::Read => "read and cut",
        Stage::Compare => "compare",
        Stage::Index => "index references",
        Stage::Place => "place",
        Stage::Encode => "gather deltas",
        Stage::References => "zstd of references",
        Stage::Packs => "zstd of packs",
        Stage::Write => "write",
    }
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Reader => "readers",
        Role::Placement => "placement",
        Role::Worker => "workers",
        Role::Writer => "writer",
    }
}
