//! The course of a run that makes a new archive out of an old one: `remove`, `rename`, `subset` and `repack`.

use std::collections::BTreeMap;
use std::fs;

use anyhow::anyhow;
use ragc_core::internals::file_info::FormatVersion;
use ragc_core::rewrite::{RewriteOptions, Rewritten};
use ragc_core::{Archive, ErrorKind};
use serde::Serialize;

use crate::args::{ChangeArgs, StatsArgs, open_archive};
use crate::commands::provenance;
use crate::damage;
use crate::json::RunDocument;
use crate::near::with_near_or;
use crate::out::{Claim, Out};
use crate::progress::ProgressDisplay;
use crate::tell;
use crate::took::{Took, peak_memory};

/// What is said of a damaged archive.
pub(super) const ADVICE: &str =
    "no new one is made of that: verify tells all damage, getcol --salvage gives what is intact";

/// What is said of a contig that was taken for a sample, where names are changed.
pub(super) const OF_CONTIGS: &str = "--contigs-of SAMPLE renames contigs";

/// What a run finds to be done.
pub(super) enum Prepared<T> {
    Change(T),
    /// The archive is what it is to be.
    Nothing,
}

/// How what was found to be done comes into the new archive.
pub(super) trait Rewrite<T>:
    FnOnce(&Archive, &T, &RewriteOptions, &ProgressDisplay, &mut Out) -> ragc_core::Result<Rewritten>
{
}

impl<T, F> Rewrite<T> for F where
    F: FnOnce(&Archive, &T, &RewriteOptions, &ProgressDisplay, &mut Out) -> ragc_core::Result<Rewritten>
{
}

/// Makes the archive and gives it its name. If anything fails, no archive appears and the old one stays as it was; so it does
/// where there is nothing to do, of which nothing comes.
pub(super) fn change<T>(
    command: &'static str,
    args: &ChangeArgs,
    prepare: impl FnOnce(&Archive) -> anyhow::Result<Prepared<T>>,
    rewrite: impl Rewrite<T>,
) -> anyhow::Result<Option<Rewritten>> {
    let open = |_: &Archive, claim| Out::open_archive(std::iter::empty(), args.output(), claim);
    change_with(command, args, prepare, open, rewrite)
}

/// The same behind the end of the archive's file.
pub(super) fn change_in_place<T>(
    command: &'static str,
    args: &ChangeArgs,
    prepare: impl FnOnce(&Archive) -> anyhow::Result<Prepared<T>>,
    rewrite: impl Rewrite<T>,
) -> anyhow::Result<Option<Rewritten>> {
    let open = |archive: &Archive, claim| Out::open_end(std::iter::empty(), &args.archive, archive, claim);
    change_with(command, args, prepare, open, rewrite)
}

fn change_with<T>(
    command: &'static str,
    args: &ChangeArgs,
    prepare: impl FnOnce(&Archive) -> anyhow::Result<Prepared<T>>,
    open: impl FnOnce(&Archive, Option<Claim>) -> anyhow::Result<Out>,
    rewrite: impl Rewrite<T>,
) -> anyhow::Result<Option<Rewritten>> {
    let took = Took::start();
    args.check_output()?;
    let claim = args.claim()?;
    let archive = open_archive(&args.archive, &Archive::options())?;
    let old_n_bytes = fs::metadata(&args.archive).map_or(archive.state().len, |file| file.len());
    let Prepared::Change(prepared) = prepare(&archive)? else {
        note!(
            "{}: nothing is to be changed, nothing was written",
            args.archive.display()
        );
        return Ok(None);
    };
    let mut output = open(&archive, claim)?;
    let stats = StatsArgs::of(args.stats.as_deref());
    let inputs = std::iter::once(args.archive.as_path());
    let stats = stats.open(command, inputs, args.output())?;
    let options = RewriteOptions::default()
        .with_provenance(provenance::unless(args.no_provenance)?)
        .with_threads(args.n_threads());
    let progress = ProgressDisplay::of_steps("writing");
    let rewritten = rewrite(&archive, &prepared, &options, &progress, &mut output);
    progress.clear();
    let rewritten = rewritten.map_err(|error| told(&archive, args, error.in_sink(output.name())))?;
    finish(args, output)?;
    tell::dropped_streams(&rewritten.dropped_streams);
    let figures = ChangeFigures {
        command,
        old_version: archive.version(),
        old_n_bytes,
        took,
        rewritten: &rewritten,
    };
    if args.verbosity > 0 {
        figures.tell();
    }
    stats.write(&figures.document())?;
    Ok(Some(rewritten))
}

/// An error in words. Whoever closes the pipe of an archive has half an archive: unlike with text, that is a failure.
pub(super) fn told(archive: &Archive, args: &ChangeArgs, error: ragc_core::Error) -> anyhow::Error {
    let error = match error.kind() {
        // Names that the user gave, which the library has seen in no file.
        ErrorKind::NotFound { .. } | ErrorKind::BadInput(_) => error.in_file(&args.archive),
        _ => error,
    };
    let error = with_near_or(archive, error, OF_CONTIGS);
    let error = damage::with_advice(error, &args.archive, ADVICE);
    anyhow!("{error:#}")
}

/// Gives the archive its name, after it was read back if that is wanted.
fn finish(args: &ChangeArgs, output: Out) -> anyhow::Result<()> {
    let finished = match args.verify {
        true => output.finish_after(|path| damage::read_back(path, args.n_threads())),
        false => output.finish(),
    };
    finished.map_err(|error| anyhow!("{error:#}"))
}

/// Says what may be left of samples that were taken out.
pub(super) fn tell_rest(rewritten: &Rewritten) {
    if rewritten.foreign_bases > 0 {
        note!(
            "references of {} bases that others need may hold sequence of what was taken out: --purge leaves none",
            rewritten.foreign_bases
        );
    }
}

/// What is known when the archive is complete.
struct ChangeFigures<'a> {
    command: &'static str,
    old_version: FormatVersion,
    old_n_bytes: u64,
    took: Took,
    rewritten: &'a Rewritten,
}

impl ChangeFigures<'_> {
    fn n_bytes(&self) -> u64 {
        self.rewritten.stream_lens.values().sum()
    }

    fn file_version(&self) -> u8 {
        match self.old_version {
            FormatVersion::V1 => 1,
            FormatVersion::V2 => 2,
            FormatVersion::V3 => 3,
        }
    }

    fn tell(&self) {
        if self.old_version != FormatVersion::V3 {
            note!(
                "of file version {}; the new archive is of version 3",
                self.file_version()
            );
        }
        let Rewritten {
            n_samples,
            n_groups,
            n_packs_copied,
            n_packs_recoded,
            ..
        } = self.rewritten;
        note!(
            "{n_samples} samples, {n_groups} groups; {n_packs_copied} packs are as they were, {n_packs_recoded} are new; {} bytes, {} \
             before, in {:.2} s",
            self.n_bytes(),
            self.old_n_bytes,
            self.took.time().as_secs_f64()
        );
    }

    fn document(&self) -> RunDocument<ChangeRun<'_>> {
        RunDocument::of(ChangeRun {
            command: self.command,
            old_file_version: self.file_version(),
            old_n_bytes: self.old_n_bytes,
            n_samples: self.rewritten.n_samples,
            n_groups: self.rewritten.n_groups,
            n_packs_copied: self.rewritten.n_packs_copied,
            n_packs_recoded: self.rewritten.n_packs_recoded,
            foreign_bases: self.rewritten.foreign_bases,
            dropped_streams: &self.rewritten.dropped_streams,
            n_bytes: self.n_bytes(),
            bytes_by_stream: &self.rewritten.stream_lens,
            seconds: self.took.time().as_secs_f64(),
            peak_memory: peak_memory(),
        })
    }
}

/// What `--stats=FILE` writes.
#[derive(Serialize)]
struct ChangeRun<'a> {
    command: &'static str,
    old_file_version: u8,
    old_n_bytes: u64,
    n_samples: usize,
    n_groups: usize,
    n_packs_copied: u64,
    n_packs_recoded: u64,
    foreign_bases: u64,
    dropped_streams: &'a [String],
    n_bytes: u64,
    bytes_by_stream: &'a BTreeMap<String, u64>,
    seconds: f64,
    peak_memory: Option<u64>,
}
