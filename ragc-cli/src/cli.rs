//! The command line: one variant per command, each with its own file under `commands`.

use clap::{Args, CommandFactory, Parser, Subcommand};

use crate::commands::{
    append, completions, create, digest, faidx, getcol, getctg, getset, info, listctg, listref, listset, man,
    verify, version,
};
use crate::exit::Usage;
use crate::help;
use crate::tell;

/// Compresses collections of assembled genomes into AGC archives, and queries them.
#[derive(Debug, Args)]
pub(crate) struct Cli {
    /// Print the version; with -v, also the commit, the target, and the file versions of archives
    #[arg(short = 'V', long)]
    version: bool,

    #[arg(short = 'v', long, hide = true, requires = "version")]
    verbose: bool,

    /// Tell nothing but errors: no notes, no warnings, no progress
    #[arg(short = 'q', long, global = true)]
    quiet: bool,

    #[command(subcommand)]
    command: Option<Command>,
}

impl Cli {
    /// Runs the command.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        if self.quiet {
            tell::be_quiet();
        }
        match self.command {
            _ if self.version => version::run(self.verbose),
            Some(command) => command.run(),
            None => Err(Usage("name a command: ragc --help lists them".to_owned()).into()),
        }
    }
}

impl Parser for Cli {}

impl CommandFactory for Cli {
    fn command() -> clap::Command {
        // The flag of clap would end the reading of the command line before `-v`.
        let bare = clap::Command::new("ragc")
            .version(env!("CARGO_PKG_VERSION"))
            .disable_version_flag(true)
            .arg_required_else_help(true);
        help::arrange(Self::augment_args(bare))
    }

    fn command_for_update() -> clap::Command {
        Self::command()
    }
}

/// What ragc can do.
#[derive(Debug, Subcommand)]
enum Command {
    /// Compress FASTA files into a new archive; the first file is the reference sample
    #[command(arg_required_else_help = true)]
    Create(create::Args),
    /// Add samples to an archive, which makes a new one
    Append(append::Args),
    /// Extract all samples
    Getcol(getcol::Args),
    /// Extract samples
    Getset(getset::Args),
    /// Extract contigs, or regions of contigs
    Getctg(getctg::Args),
    /// Extract regions, as samtools faidx does from FASTA files
    Faidx(faidx::Args),
    /// Print the name of the reference sample
    Listref(listref::Args),
    /// Print the names of all samples, sorted
    Listset(listset::Args),
    /// Print the names of the contigs of samples
    Listctg(listctg::Args),
    /// Compute refget and MD5 digests of contigs, and seqcol digests of samples
    Digest(digest::Args),
    /// Print what an archive holds and how it was made
    Info(info::Args),
    /// Read and decode everything, and tell what is damaged
    Verify(verify::Args),
    /// Print completions of commands and flags for a shell
    Completions(completions::Args),
    /// Write manual pages
    Man(man::Args),
}

impl Command {
    /// Runs the command.
    fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Create(args) => create::run(&args),
            Self::Append(args) => append::run(&args),
            Self::Getcol(args) => getcol::run(&args),
            Self::Getset(args) => getset::run(&args),
            Self::Getctg(args) => getctg::run(&args),
            Self::Faidx(args) => faidx::run(&args),
            Self::Listref(args) => listref::run(&args),
            Self::Listset(args) => listset::run(&args),
            Self::Listctg(args) => listctg::run(&args),
            Self::Digest(args) => digest::run(&args),
            Self::Info(args) => info::run(&args),
            Self::Verify(args) => verify::run(&args),
            Self::Completions(args) => completions::run(&args),
            Self::Man(args) => man::run(&args),
        }
    }
}
