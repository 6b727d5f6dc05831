//! What the commands that store genomes have in common: which files they read, and how.

use std::collections::HashSet;
use std::io::IsTerminal;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use anyhow::anyhow;
use ragc_core::Decompressor;
use ragc_core::compress::{CreateOptions, Input, InputRules, read_list, sift};
use ragc_core::fasta::Source;
use ragc_core::observe::Observer;

use crate::args::{KeepArgs, parse_size};
use crate::commands::skipped::Skipped;
use crate::damage;
use crate::exit::Usage;
use crate::out::{Claim, Claiming, Out};

/// Stands for standard input among the files.
const STANDARD_INPUT: &str = "-";

/// Arguments of every command that stores genomes.
#[derive(Debug, clap::Args)]
pub(crate) struct InputArgs {
    /// Threads that compress [default: one per core]
    #[arg(short = 't', long, value_name = "N")]
    threads: Option<NonZeroUsize>,

    /// File with the names of FASTA files, one a line, to follow those of the command line
    #[arg(short = 'i', long, value_name = "FILE")]
    input_list: Option<PathBuf>,

    /// Every contig is a sample, named by the first word of its header
    #[arg(short = 'c', long)]
    concatenated: bool,

    /// Choose more splitters in contigs that have none
    #[arg(short = 'a', long)]
    pub(crate) adaptive: bool,

    /// Give a sample or contig whose name is taken another one: NAME.2, NAME.3, … Told when it happens
    #[arg(long)]
    rename_duplicates: bool,

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

    /// Do not store the command line. Accepted for compatibility: version 3 of the format stores none
    #[arg(short = 'd', long)]
    no_command_line: bool,

    /// Replace an archive that has the name of the output already
    #[arg(long)]
    force: bool,

    /// Fail at once, rather than wait, while another command is writing an archive of this name
    #[arg(long)]
    no_wait: bool,

    /// Name of the sample that is read from standard input ('-')
    #[arg(long, value_name = "NAME")]
    sample: Option<String>,

    /// Tell on standard error what was stored: 1 per archive, 2 per sample as well
    #[arg(short = 'v', long, value_name = "LEVEL", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=2))]
    pub(crate) verbosity: u8,

    /// Tell on standard error where the processor time went, by stage and by what threads are for
    #[arg(long)]
    pub(crate) stats: bool,

    /// FASTA files, plain or compressed with gzip, BGZF or zstd, one sample each; '-' is standard input
    #[arg(value_name = "FASTA", required_unless_present = "input_list")]
    files: Vec<PathBuf>,
}

impl InputArgs {
    /// Number of threads that compress.
    pub(crate) fn n_threads(&self) -> usize {
        let n_threads = self.threads.or_else(|| thread::available_parallelism().ok());
        n_threads.map_or(1, NonZeroUsize::get)
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

    /// Checks that an archive may go to this file, or to standard output.
    pub(crate) fn check_output(&self, output: Option<&Path>) -> Result<(), Usage> {
        refuse_terminal(output)?;
        if self.verify && output.is_none() {
            let why = "--verify reads the archive back, so it needs a file: name one with -o";
            return Err(Usage(why.to_owned()));
        }
        Ok(())
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

    /// What is asked of the files.
    pub(crate) fn rules(&self) -> InputRules {
        InputRules {
            is_concatenated: self.concatenated,
            takes_any_residues: self.any_residues,
            renames_duplicates: self.rename_duplicates,
            keep: self.keep.keep(),
        }
    }

    /// The files that can be stored, behind the samples of `archive` if there is one, if bad ones are to be left out.
    pub(crate) fn sift(
        &self,
        files: Vec<Input>,
        archive: Option<&Decompressor>,
        observer: Arc<dyn Observer>,
    ) -> anyhow::Result<(Vec<Input>, Skipped)> {
        if !self.skip_bad_files {
            return Ok((files, Skipped::default()));
        }
        let sifted = sift(&files, self.rules(), archive, self.n_threads(), observer)?;
        Skipped::new(sifted, files.len(), archive.is_none())
    }

    /// All input files in their order, each once: a list often names the reference again.
    pub(crate) fn inputs(&self) -> anyhow::Result<Vec<Input>> {
        let mut files = self.files.clone();
        if let Some(list) = &self.input_list {
            files.extend(read_list(list)?);
        }
        let mut seen = HashSet::new();
        files.retain(|file| {
            let is_new = seen.insert(file.clone());
            if !is_new {
                eprintln!("ragc: {}: named twice, taken once", file.display());
            }
            is_new
        });
        let reads_standard_input = seen.contains(Path::new(STANDARD_INPUT));
        if self.sample.is_some() && !reads_standard_input {
            return Err(Usage(
                "--sample names what comes from standard input ('-'), which is not read".to_owned(),
            )
            .into());
        }
        if reads_standard_input && self.sample.is_none() && !self.concatenated {
            return Err(Usage(
                "standard input ('-') has no name: give its sample one with --sample".to_owned(),
            )
            .into());
        }
        Ok(files.into_iter().map(|file| self.input(file)).collect())
    }

    fn input(&self, file: PathBuf) -> Input {
        if file.as_os_str() == STANDARD_INPUT {
            Input {
                source: Source::standard_input(),
                sample: self.sample.clone().unwrap_or_default(),
            }
        } else {
            Input::file(file)
        }
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
fn refuse_terminal(output: Option<&Path>) -> Result<(), Usage> {
    if output.is_none() && std::io::stdout().is_terminal() {
        let why = "an archive is not for a terminal: name a file with -o, or redirect";
        return Err(Usage(why.to_owned()));
    }
    Ok(())
}
