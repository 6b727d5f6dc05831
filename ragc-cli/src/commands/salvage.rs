//! `ragc getcol --salvage`: all that is intact of a damaged archive.
//!
//! Everything is verified first, and only what came out as it was stored is written. So a file named `SAMPLE.fa` holds the
//! whole sample; one of which contigs are missing, odd residues are told as `N`, lower case is lost, or names are those that other programs read, is named
//! `SAMPLE.incomplete.fa`. A line end in a name, which is damage by itself, is written `\n`.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::iter;
use std::ops::Range;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use ragc_core::Archive;
use ragc_core::extract::{ContigId, Report, SampleSink, Spelling};
use ragc_core::internals::identity::named_itself;
use ragc_core::internals::printable::without_line_ends;
use ragc_core::observe::Observer;

use crate::args::{ArchiveArgs, StatsOut, TextArgs};
use crate::damage;
use crate::exit::UsageError;
use crate::fasta::{Label, NamedFasta};
use crate::progress::ProgressDisplay;
use crate::tally::WrittenTally;
use crate::tell::{self, MAX_LINES};

/// What names of files end with, as text and packed.
const WHOLE: [&str; 2] = [".fa", ".fa.gz"];
const INCOMPLETE: [&str; 2] = [".incomplete.fa", ".incomplete.fa.gz"];

/// Writes what is intact into a folder, and tells what is lost; that anything is lost is a failure.
pub(super) fn run(
    args: &ArchiveArgs,
    text: &TextArgs,
    folder: &Path,
    figures: StatsOut,
) -> anyhow::Result<()> {
    let mut tally = WrittenTally::new(text.verbosity);
    let (archive, damage) = damage::open(args)?;
    let progress = ProgressDisplay::of_steps("verifying");
    let mut report = archive.verify(text.threads.n_threads().get(), &progress);
    progress.clear();
    damage::check_memory(&report, args.path())?;
    damage.into_iter().for_each(|damage| report.add_damage(damage));
    let salvage = Salvage {
        archive: &archive,
        archive_path: args.path(),
        report: &report,
        folder,
        text,
    };
    salvage.check_folder()?;
    fs::create_dir_all(folder).with_context(|| format!("{}: cannot create", folder.display()))?;
    let failures = salvage.write_all()?;
    (tally.n_contigs, tally.n_bases) = (report.n_contigs, report.n_bases);
    figures.finish(&tally)?;
    let end = SalvageEnd {
        path: args.path(),
        summary: summary(&report),
        has_lost: !report.lost().is_empty() || report.n_samples.is_none(),
        has_lost_case: text.case.has_lower() && !report.without_case.is_empty(),
        n_failures: failures.len(),
    };
    for line in damage::lines(&archive, report, args.path(), MAX_LINES) {
        // Of damage that cost nothing the command does not fail.
        match end.is_failure() {
            true => error!("{line}"),
            false => warning!("{line}"),
        }
    }
    tell::first(
        &failures,
        |failure| error!("{failure}"),
        |n_more| error!("and {n_more} more files"),
    );
    end.result()
}

/// What is damaged; of much, where all of it is told.
fn summary(report: &Report) -> String {
    let summary = damage::summary(report);
    match damage::n_errors(report) > MAX_LINES as u64 {
        true => format!("{summary}, which verify --json tells in full"),
        false => summary,
    }
}

/// What is known when all that is intact is written.
struct SalvageEnd<'a> {
    path: &'a Path,
    summary: String,
    has_lost: bool,
    has_lost_case: bool,
    n_failures: usize,
}

impl SalvageEnd<'_> {
    fn is_failure(&self) -> bool {
        self.has_lost || self.has_lost_case || self.n_failures > 0
    }

    /// The result of the command.
    fn result(&self) -> anyhow::Result<()> {
        let (path, summary) = (self.path.display(), &self.summary);
        match (self.has_lost, self.n_failures) {
            (false, 0) if self.has_lost_case => bail!("{path}: {summary}; case is lost"),
            (false, 0) => Ok(()),
            (true, 0) => bail!("{path}: {summary}; the rest is lost"),
            (true, n) => bail!("{path}: {summary}; the rest is lost, and {n} files could not be written"),
            (false, n) => bail!("{path}: {summary}; {n} files could not be written"),
        }
    }
}

struct Salvage<'a> {
    archive: &'a Archive,
    archive_path: &'a Path,
    report: &'a Report,
    folder: &'a Path,
    text: &'a TextArgs,
}

impl Salvage<'_> {
    /// Refuses a folder with a file that would pass for one of this run and says of a sample what is not so: that it is whole, or is not. Which of both
    /// is the better text is for others to say, so none is removed.
    fn check_folder(&self) -> anyhow::Result<()> {
        let Some(n_samples) = self.report.n_samples else {
            return Ok(());
        };
        let names = self.archive.samples()?;
        let name = |sample| names.get(sample).unwrap_or_default();
        let written: HashSet<OsString> = (0..n_samples)
            .filter(|sample| self.is_written(*sample))
            .map(|sample| file_name(name(sample), self.ending(sample)))
            .collect();
        for sample in 0..n_samples {
            let (what, others) = match (self.is_written(sample), self.is_whole(sample)) {
                (true, true) => ("whole", &[INCOMPLETE][..]),
                (true, false) => ("incomplete", &[WHOLE][..]),
                (false, _) => ("lost", &[WHOLE, INCOMPLETE][..]),
            };
            let others = others
                .iter()
                .flatten()
                .map(|ending| file_name(name(sample), ending));
            for file in others.filter(|file| !written.contains(file)) {
                let file = self.folder.join(file);
                if named_itself(&file)?.is_some() {
                    bail!(
                        "{}: this was there before, and now the sample is {what}: nothing was written; salvage into another folder",
                        file.display()
                    );
                }
            }
        }
        Ok(())
    }

    /// Writes all samples, and gives what failed against expectation.
    fn write_all(&self) -> anyhow::Result<Vec<String>> {
        let mut failures = Vec::new();
        let Some(n_samples) = self.report.n_samples else {
            return Ok(failures);
        };
        let names = self.archive.samples()?;
        let mut used = HashSet::new();
        let progress = ProgressDisplay::of_steps("writing");
        progress.verify_begins(n_samples as u64);
        for sample in 0..n_samples {
            progress.verified(u64::from(sample > 0));
            if !self.is_written(sample) {
                continue;
            }
            let contigs = self.intact_contigs(sample);
            let name = names.get(sample).unwrap_or_default();
            let file = file_name(name, self.ending(sample));
            let written = match used.insert(file.clone()) {
                true => self.write(sample, &file, &contigs),
                false => Err(anyhow!(
                    "this would be the file of sample {:?}, too, which is intact: getset gives it",
                    String::from_utf8_lossy(name)
                )),
            };
            if let Err(error) = written {
                // What the run writes elsewhere would take the place of the sample.
                if error.is::<UsageError>() {
                    return Err(error);
                }
                let failure = self.failure(&file, &error);
                // As where it is verified: what there is no memory for is not lost, and the next file has no more.
                if damage::is_want_of_memory(&error) {
                    bail!("{failure}: not all was written");
                }
                failures.push(failure);
            }
        }
        progress.clear();
        Ok(failures)
    }

    /// What is wrong with a file, which is named once.
    fn failure(&self, file: &OsStr, error: &anyhow::Error) -> String {
        let path = self.folder.join(file).display().to_string();
        let told = format!("{error:#}");
        match told.starts_with(&path) {
            true => told,
            false => format!("{path}: {told}"),
        }
    }

    fn intact_contigs(&self, sample: usize) -> Vec<(ContigId, Range<u64>)> {
        let name = self.archive.samples().ok().and_then(|names| names.get(sample));
        // Without names of contigs the sample is among the lost ones.
        let n_contigs = name.map_or(0, |name| {
            self.archive.contigs(name).map_or(0, |names| names.len())
        });
        let lost = self.report.lost().get(&sample);
        (0..n_contigs)
            .filter(|contig| lost.is_none_or(|lost| !lost.has_lost(*contig)))
            .map(|contig| (ContigId { sample, contig }, 0..u64::MAX))
            .collect()
    }

    /// Whether there is anything to write of a sample.
    fn is_written(&self, sample: usize) -> bool {
        !self.report.lost().contains_key(&sample) || !self.intact_contigs(sample).is_empty()
    }

    fn is_whole(&self, sample: usize) -> bool {
        !self.report.lost().contains_key(&sample) && !self.has_lost_case(sample)
    }

    fn ending(&self, sample: usize) -> &'static str {
        let endings = match self.is_whole(sample) {
            true => WHOLE,
            false => INCOMPLETE,
        };
        endings[usize::from(self.text.packing.is_gzip())]
    }

    /// Whether lower case is wanted of this sample that cannot be told.
    fn has_lost_case(&self, sample: usize) -> bool {
        self.text.case.has_lower() && self.report.without_case.contains(&sample)
    }

    fn spelling(&self, sample: usize) -> anyhow::Result<Spelling> {
        let lost = self.report.lost().get(&sample);
        let has_lost_residues = lost.is_some_and(|lost| lost.has_lost_residues);
        let has_case = self.text.case.has_lower() && !self.has_lost_case(sample);
        Ok(match (has_lost_residues, has_case) {
            (true, false) => Spelling::Nucleotides,
            (true, true) => Spelling::CasedNucleotides,
            (false, false) => Spelling::Residues,
            (false, true) => self.text.case.spelling(self.archive, iter::once(sample))?,
        })
    }

    fn write(&self, sample: usize, file: &OsStr, contigs: &[(ContigId, Range<u64>)]) -> anyhow::Result<()> {
        let path = self.folder.join(file);
        let mut sink = OneSample {
            fasta: NamedFasta::open(self.archive_path, Some(&path), self.text.layout())?,
            label: match self.text.with_sample {
                true => {
                    let name = self.archive.samples()?.get(sample).unwrap_or_default();
                    Label::of_sample(&without_line_ends(name))
                }
                false => Label::default(),
            },
        };
        let n_threads = self.text.threads.n_threads().get();
        self.archive
            .stream_regions(contigs, self.spelling(sample)?, n_threads, &mut sink)?;
        sink.fasta.finish()
    }
}

/// The name of a sample as that of a file: a `/` is written `%2F`, a line end `\n`.
fn file_name(sample: &[u8], ending: &str) -> OsString {
    let mut name = Vec::new();
    for byte in without_line_ends(sample).iter() {
        match byte {
            b'/' => name.extend_from_slice(b"%2F"),
            byte => name.push(*byte),
        }
    }
    name.extend_from_slice(ending.as_bytes());
    OsStr::from_bytes(&name).to_owned()
}

/// Some contigs of one sample.
struct OneSample {
    fasta: NamedFasta,
    /// What is written around the names of contigs.
    label: Label,
}

impl SampleSink for OneSample {
    fn start_contig(&mut self, name: &[u8]) -> ragc_core::Result<()> {
        let header = self.label.around(&without_line_ends(name));
        self.fasta.start_contig(&header)
    }

    fn letters(&mut self, letters: &[u8]) -> ragc_core::Result<()> {
        self.fasta.letters(letters)
    }
}
