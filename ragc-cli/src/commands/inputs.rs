//! What the commands that store genomes have in common: which files they read, and how.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::IsTerminal;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::anyhow;
use ragc_core::Archive;
use ragc_core::Keep;
use ragc_core::compress::{CreateOptions, Input, InputRules, SamplesBy};
use ragc_core::internals::identity::has_other_names;
use ragc_core::internals::inputs::sift;
use ragc_core::observe::Observer;
use ragc_core::provenance::Provenance;

use crate::args::{KeepArgs, n_threads, parse_size};
use crate::commands::folders;
use crate::commands::provenance;
use crate::commands::skipped::Skipped;
use crate::commands::sources;
use crate::commands::stats::Stats;
use crate::damage;
use crate::exit::UsageError;
use crate::out::{Claim, Claiming, Out};
use crate::remote::is_url;
use crate::tell;

/// Arguments of every command that stores genomes.
#[derive(Debug, clap::Args)]
pub(crate) struct InputArgs {
    /// Threads that compress, 8 per core at most [default: one per core]
    #[arg(short = 't', long, value_name = "N")]
    threads: Option<NonZeroUsize>,

    /// List of FASTA files, to follow those of the command line: a line is FILE, or NAME, a tab and the FILE or FILEs of that sample,
    /// with tabs between them; # begins a comment. '-' is standard input
    #[arg(short = 'i', long, value_name = "FILE")]
    input_list: Option<PathBuf>,

    /// Every contig is a sample, named by the first word of its header
    #[arg(short = 'c', long)]
    concatenated: bool,

    /// Contigs named sample#haplotype#contig belong to samples named sample#haplotype; those of one sample follow one another
    #[arg(long, conflicts_with = "concatenated")]
    pansn: bool,

    /// Choose more splitters in contigs that have none
    #[arg(short = 'a', long)]
    pub(crate) adaptive: bool,

    /// Give a sample or contig whose name is taken another one: NAME.2, NAME.3, … Told when it happens
    #[arg(long)]
    rename_duplicates: bool,

    /// Leave out samples whose names are taken, and contigs of a sample whose names are; told when it happens
    #[arg(long, conflicts_with = "rename_duplicates")]
    skip_duplicates: bool,

    /// Store records without a name as unnamed_1, unnamed_2, … Told when it happens
    #[arg(long)]
    allow_unnamed: bool,

    /// Store records in which more than a tenth is no nucleotide code
    #[arg(long)]
    any_residues: bool,

    /// Go on without files that cannot be stored, list them at the end and exit with status 3. All files are read once
    /// more, before the first is stored; the reference sample is never left out
    #[arg(long)]
    pub(crate) skip_bad_files: bool,

    /// Fraction of k-mers by which segments find groups that they follow, 0 to 0.0625 [default: 0.0625, less for large genomes]
    #[arg(short = 'f', long, value_name = "FRACTION", value_parser = fraction)]
    pub(crate) fallback_fraction: Option<f64>,

    /// Store contigs as they are and not as deltas, or the other way round [default: tried with some of the inputs]
    #[arg(long, value_name = "BOOL")]
    pub(crate) raw_contigs: Option<bool>,

    /// Memory to take at most, about, which references at two bits a base and open packs have to fit in [default: what serves well]
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    memory: Option<u64>,

    #[command(flatten)]
    keep: KeepArgs,

    /// Store no checksums: damage to the archive is then found only where it breaks a rule of the format
    #[arg(long)]
    no_checksums: bool,

    /// Store refget and MD5 digests of contigs, for listctg --digests and info --json: forty bytes each
    #[arg(long)]
    pub(crate) digests: bool,

    /// Read the new archive back and decode all of it before it takes its name
    #[arg(long)]
    verify: bool,

    /// Do not store where samples come from (paths, times and digests of files), nor the command line
    #[arg(short = 'd', long, alias = "no-command-line")]
    no_provenance: bool,

    /// Store where each sample came from even if that takes more than a thousandth of the archive
    #[arg(long, conflicts_with = "no_provenance")]
    provenance: bool,

    /// Replace an archive that has the name of the output already
    #[arg(long)]
    force: bool,

    /// Fail at once, rather than wait, while another command is writing an archive of this name
    #[arg(long)]
    no_wait: bool,

    /// Name of the sample that is read from standard input ('-') or another file without a name, such as /dev/fd/63
    #[arg(long, value_name = "NAME")]
    sample: Option<String>,

    /// Tell on standard error what was stored: 1 per archive, 2 per sample as well
    #[arg(short = 'v', long, value_name = "LEVEL", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=2))]
    pub(crate) verbosity: u8,

    /// Tell on standard error where the processor time went, by stage and by what threads are for; --stats=FILE writes that, sizes
    /// and rates to this file as JSON, described in docs/json.md
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    stats: Option<OsString>,

    /// FASTA files, plain or compressed with gzip, BGZF, zstd, xz or bzip2, or tar archives of them, one sample each; NAME=FILE names the sample, which is named after the
    /// file otherwise; '-' is standard input
    #[arg(value_name = "FASTA", required_unless_present = "input_list")]
    files: Vec<PathBuf>,
}

impl InputArgs {
    /// Number of threads that compress.
    pub(crate) fn n_threads(&self) -> usize {
        n_threads(self.threads).get()
    }

    /// Bytes that the run may take.
    pub(crate) fn memory(&self) -> Option<usize> {
        self.memory
            .map(|memory| usize::try_from(memory).unwrap_or(usize::MAX))
    }

    /// Whether checksums are stored.
    pub(crate) fn has_checksums(&self) -> bool {
        !self.no_checksums
    }

    /// What the archive is to tell of the run: nothing with `-d`.
    pub(crate) fn provenance(&self) -> Result<Option<Provenance>, UsageError> {
        let run = provenance::unless(self.no_provenance)?;
        Ok(run.map(|run| run.with_sources(self.provenance)))
    }

    /// Checks that an archive may go to this file, or to standard output.
    pub(crate) fn check_output(&self, output: Option<&Path>) -> Result<(), UsageError> {
        refuse_terminal(output)?;
        if self.verify && output.is_none_or(is_url) {
            let why = "--verify reads the archive back, so it needs a file: name one with -o";
            return Err(UsageError(why.to_owned()));
        }
        Ok(())
    }

    /// Whether what is new may go behind the end of the archive's file. What is to be read back before it takes its name is written anew, and so is a
    /// file with several names.
    pub(crate) fn can_write_behind(&self, archive: &Path) -> bool {
        let has_others = || File::open(archive).is_ok_and(|file| has_other_names(&file).unwrap_or(false));
        !self.verify && !has_others()
    }

    /// Claims the name of the new archive, in which `continued` goes on if there is one.
    pub(crate) fn claim(
        &self,
        output: Option<&Path>,
        continued: Option<&Path>,
    ) -> anyhow::Result<Option<Claim>> {
        let how = Claiming {
            continues: continued,
            is_forced: self.force,
            waits: !self.no_wait,
        };
        output.map_or(Ok(None), |output| Claim::of(output, how))
    }

    /// Gives the archive its name, after it was read back if that is wanted.
    pub(crate) fn finish(&self, archive: Out) -> anyhow::Result<()> {
        let finished = match self.verify {
            true => archive.finish_after(|path| damage::read_back(path, self.n_threads())),
            false => archive.finish(),
        };
        // Whoever closes the pipe of an archive has half an archive: unlike with text, that is a failure.
        finished.map_err(|error| anyhow!(format!("{error:#}")))
    }

    /// Where the figures of the run go, which writes its archive to `output`.
    pub(crate) fn stats<'a>(
        &self,
        inputs: impl Iterator<Item = &'a Path>,
        output: Option<&Path>,
    ) -> anyhow::Result<Stats> {
        Stats::open(self.stats.as_deref(), inputs, output)
    }

    /// What is asked of the files, of which this is kept unless something else is said.
    pub(crate) fn rules(&self, keep: Keep) -> InputRules {
        InputRules::default()
            .with_samples_by(self.samples_by())
            .with_any_residues(self.any_residues)
            .with_renamed_duplicates(self.rename_duplicates)
            .with_named_unnamed(self.allow_unnamed)
            .with_skipped_duplicates(self.skip_duplicates)
            .with_keep(self.keep.keep().unwrap_or(keep))
            .with_memory(self.memory())
    }

    /// The files that can be stored, behind the samples of `archive` if there is one, if bad ones are to be left out.
    pub(crate) fn sift(
        &self,
        files: Vec<Input>,
        rules: InputRules,
        archive: Option<&Archive>,
        observer: Arc<dyn Observer>,
    ) -> anyhow::Result<(Vec<Input>, Skipped)> {
        if !self.skip_bad_files {
            return Ok((files, Skipped::default()));
        }
        let sifted = sift(&files, rules, archive, self.n_threads(), observer)?;
        Skipped::new(sifted, files.len(), archive.is_none())
    }

    /// Whether samples are named by records and not by files.
    pub(crate) fn records_name_samples(&self) -> bool {
        self.samples_by() != SamplesBy::Input
    }

    fn samples_by(&self) -> SamplesBy {
        match (self.concatenated, self.pansn) {
            (true, _) => SamplesBy::ShortName,
            (_, true) => SamplesBy::PanSn,
            (false, false) => SamplesBy::Input,
        }
    }

    /// Whether the first sample is another one than the first argument tells.
    pub(crate) fn hides_reference(&self) -> bool {
        self.pansn || self.files.is_empty() || self.input_list.is_some()
    }

    /// As [`Self::inputs`], a folder standing for the FASTA files in it.
    pub(crate) fn inputs_of_folders(&self) -> anyhow::Result<Vec<Input>> {
        let (files, list) = folders::opened(&self.files, self.input_list.as_deref())?;
        self.gathered(&files, list)
    }

    /// Whether the first of several samples of one name is taken, and the others are left out.
    pub(crate) fn skips_duplicates(&self) -> bool {
        self.skip_duplicates
    }

    /// Refuses what makes no sense where files are compared with what an archive has of their names.
    pub(crate) fn refuse_other_names(&self) -> Result<(), UsageError> {
        let refused = [
            (self.concatenated, "-c"),
            (self.pansn, "--pansn"),
            (self.rename_duplicates, "--rename-duplicates"),
            (self.skip_duplicates, "--skip-duplicates"),
            (self.skip_bad_files, "--skip-bad-files"),
        ];
        match refused.iter().find(|(is_given, _)| *is_given) {
            Some((_, option)) => Err(UsageError(format!(
                "{option} cannot be used here: each file is a sample, and all have to be read"
            ))),
            None => Ok(()),
        }
    }

    /// All samples to store, in their order. Files in tar archives, and names that these give, come with [`Self::unpack`].
    pub(crate) fn inputs(&self) -> anyhow::Result<Vec<Input>> {
        self.gathered(&self.files, self.input_list.as_deref())
    }

    fn gathered(&self, files: &[PathBuf], list: Option<&Path>) -> anyhow::Result<Vec<Input>> {
        let (inputs, repeated) = sources::gather(files, list)?;
        tell::first(
            &repeated,
            |label| warning!("{}: named twice, taken once", label.display()),
            |n_more| warning!("{n_more} more files are named twice"),
        );
        if self.samples_by() != SamplesBy::Input {
            sources::refuse_names(&inputs)?;
        }
        Ok(inputs)
    }

    /// Puts the files in tar archives in the place of these. Standard input is waited for, so the output is opened before.
    pub(crate) fn unpack(&self, inputs: Vec<Input>) -> Result<Vec<Input>, UsageError> {
        let mut inputs = self.rules(Keep::default()).unpack_tarballs(inputs);
        if self.samples_by() == SamplesBy::Input {
            sources::name_nameless(&mut inputs, self.sample.as_deref())?;
        }
        Ok(inputs)
    }

    /// Puts the sample first that is named so, or is stored in the file of this name.
    pub(crate) fn put_first(&self, reference: &OsStr, inputs: &mut [Input]) -> Result<(), UsageError> {
        sources::put_first(reference, self.samples_by() == SamplesBy::Input, inputs)
    }
}

fn fraction(text: &str) -> Result<f64, String> {
    let range = CreateOptions::SEED_FRACTION;
    match text.parse() {
        Ok(fraction) if range.contains(&fraction) => Ok(fraction),
        _ => Err(format!(
            "not a number between {} and {}",
            range.start(),
            range.end()
        )),
    }
}

/// Refuses to write an archive to a terminal.
pub(super) fn refuse_terminal(output: Option<&Path>) -> Result<(), UsageError> {
    if output.is_none() && std::io::stdout().is_terminal() {
        let why = "an archive is not for a terminal: name a file with -o, or redirect";
        return Err(UsageError(why.to_owned()));
    }
    Ok(())
}
