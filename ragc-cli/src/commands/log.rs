//! `ragc log`: what was done to an archive.

use std::io::Write;
use std::path::Path;

use ragc_core::internals::extract::states;
use ragc_core::internals::identity::looked_at;
use ragc_core::internals::printable::{in_one_column, text_of};
use ragc_core::internals::provenance::{Counts, HistoryEntry};
use serde::Serialize;

use crate::args::ListArgs;
use crate::clock;
use crate::json::{self, SCHEMA};

/// Arguments of `log`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    list: ListArgs,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Prints one command per line, oldest first: time, version, samples added and removed, the state that it made if that can be read, and its
/// words.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let archive = args.list.open()?;
    let history = archive.history()?;
    let states = state_numbers(args.list.path(), &history)?;
    let mut out = args.list.out()?;
    if args.json {
        let history = history.iter().zip(states).map(LogEntry::from).collect();
        return json::write(
            out,
            &LogDocument {
                schema: SCHEMA,
                history,
            },
        );
    }
    for (entry, state) in history.iter().zip(states) {
        let time = clock::of_seconds(entry.time);
        let (added, removed) = (entry.added.n_samples, entry.removed.n_samples);
        let state = state.map_or("-".to_owned(), |state| state.to_string());
        write!(out, "{time}\t")?;
        out.write_all(&in_one_column(entry.version.as_bytes()))?;
        write!(out, "\t+{added}\t-{removed}\t{state}\tragc ")?;
        out.write_all(&in_one_column(words(entry).join(" ").as_bytes()))?;
        out.write_all(b"\n")?;
    }
    out.finish()
}

/// Of each command the number of the state that it made, for `--at`: what was written as a whole is the first, and each change in place makes
/// another. `None` for what was rewritten since.
fn state_numbers(path: &Path, history: &[HistoryEntry]) -> ragc_core::Result<Vec<Option<usize>>> {
    // What comes through a pipe or a network has no earlier states that could be read.
    let states = match looked_at(path)?.is_some_and(|found| found.is_file()) {
        true => states(path)?,
        false => Vec::new(),
    };
    let mut numbers = vec![None; history.len()];
    for (number, entry) in numbers.iter_mut().zip(history).rev() {
        if entry.len_before == 0 {
            *number = Some(1);
            break;
        }
        let before = states.iter().position(|state| state.len == entry.len_before);
        *number = before.map(|place| place + 2);
    }
    Ok(numbers)
}

/// The words of a command, those with blanks or nothing in them in quotes, so that it can be told where they end.
fn words(entry: &HistoryEntry) -> Vec<String> {
    let quoted = |word: &Vec<u8>| {
        let text = text_of(word);
        match text.is_empty() || text.contains(|letter: char| letter.is_whitespace() || letter == '\'') {
            true => format!("'{}'", text.replace('\'', "'\\''")),
            false => text.into_owned(),
        }
    };
    entry.command.iter().map(quoted).collect()
}

#[derive(Debug, Serialize)]
struct LogDocument {
    schema: u32,
    history: Vec<LogEntry>,
}

#[derive(Debug, Serialize)]
struct LogEntry {
    time: String,
    version: String,
    command: Vec<String>,
    added: SampleCounts,
    removed: SampleCounts,
    n_bytes_before: Option<u64>,
    state: Option<usize>,
}

#[derive(Debug, Serialize)]
struct SampleCounts {
    n_samples: u64,
    n_contigs: u64,
    n_bases: u64,
}

impl From<(&HistoryEntry, Option<usize>)> for LogEntry {
    fn from((entry, state): (&HistoryEntry, Option<usize>)) -> Self {
        let command = entry.command.iter().map(|word| text_of(word).into_owned());
        Self {
            time: clock::of_seconds(entry.time),
            version: entry.version.clone(),
            command: command.collect(),
            added: entry.added.into(),
            removed: entry.removed.into(),
            n_bytes_before: (entry.len_before > 0).then_some(entry.len_before),
            state,
        }
    }
}

impl From<Counts> for SampleCounts {
    fn from(counts: Counts) -> Self {
        Self {
            n_samples: counts.n_samples,
            n_contigs: counts.n_contigs,
            n_bases: counts.n_bases,
        }
    }
}
