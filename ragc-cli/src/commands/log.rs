//! `ragc log`: what was done to an archive.

use std::io::Write;

use ragc_core::internals::printable::text_of;
use ragc_core::provenance::{Counts, HistoryEntry};
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

/// Prints one command per line, oldest first: time, version, samples added and removed, and its words.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let archive = args.list.open()?;
    let history = archive.history()?;
    let mut out = args.list.out()?;
    if args.json {
        let history = history.iter().map(Entry::from).collect();
        return json::write(
            out,
            &Document {
                schema: SCHEMA,
                history,
            },
        );
    }
    for entry in &history {
        let time = clock::of_seconds(entry.time);
        let (added, removed) = (entry.added.n_samples, entry.removed.n_samples);
        let command = words(entry).join(" ");
        writeln!(
            out,
            "{time}\t{}\t+{added}\t-{removed}\tragc {command}",
            entry.version
        )?;
    }
    out.finish()
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
struct Document {
    schema: u32,
    history: Vec<Entry>,
}

#[derive(Debug, Serialize)]
struct Entry {
    time: String,
    version: String,
    command: Vec<String>,
    added: Numbers,
    removed: Numbers,
    n_bytes_before: Option<u64>,
}

#[derive(Debug, Serialize)]
struct Numbers {
    n_samples: u64,
    n_contigs: u64,
    n_bases: u64,
}

impl From<&HistoryEntry> for Entry {
    fn from(entry: &HistoryEntry) -> Self {
        let command = entry.command.iter().map(|word| text_of(word).into_owned());
        Self {
            time: clock::of_seconds(entry.time),
            version: entry.version.clone(),
            command: command.collect(),
            added: entry.added.into(),
            removed: entry.removed.into(),
            n_bytes_before: (entry.len_before > 0).then_some(entry.len_before),
        }
    }
}

impl From<Counts> for Numbers {
    fn from(counts: Counts) -> Self {
        Self {
            n_samples: counts.n_samples,
            n_contigs: counts.n_contigs,
            n_bases: counts.n_bases,
        }
    }
}
