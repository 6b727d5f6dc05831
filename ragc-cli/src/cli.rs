//! The command line: one variant per command, each with its own file under `commands`.

use clap::{Args, CommandFactory, Parser, Subcommand};

use crate::commands::{
    append, completions, create, digest, faidx, getcol, getctg, getset, info, listctg, listref, listset, log,
    man, merge, recover, remove, rename, repack, replace, subset, sync, undo, verify, version,
};
use crate::exit::UsageError;
use crate::help::{self, Arranged};
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
            None => Err(UsageError("name a command: ragc --help lists them".to_owned()).into()),
        }
    }
}

impl Parser for Cli {}

impl CommandFactory for Cli {
    fn command() -> clap::Command {
        // The flag of clap would end the reading of the command line before `-v`.
        // Both programs are ragc to whoever uses them.
        let bare = clap::Command::new("ragc")
            .bin_name("ragc")
            .version(env!("CARGO_PKG_VERSION"))
            .disable_version_flag(true)
            .arg_required_else_help(true);
        help::arrange(Self::augment_args(bare))
    }

    fn command_for_update() -> clap::Command {
        Self::command()
    }
}

/// What ragc can do. The options of a command are made when it is the one that is asked for: those of all of them would take memory,
/// and the code that makes them more (docs/measurements.md, "Pages of the program").
#[derive(Debug, Subcommand)]
#[command(defer = true)]
enum Command {
    /// Compress FASTA files into a new archive; the first file is the reference sample
    #[command(arg_required_else_help = true)]
    Create(Arranged<create::Args>),
    /// Add samples to an archive, which makes a new one
    Append(Arranged<append::Args>),
    /// Remove samples from an archive
    Remove(Arranged<remove::Args>),
    /// Give samples and contigs of an archive other names
    Rename(Arranged<rename::Args>),
    /// Replace samples of an archive by other files
    Replace(Arranged<replace::Args>),
    /// Keep only some samples of an archive, or some of their contigs
    Subset(Arranged<subset::Args>),
    /// Store an archive anew: with packs of another size, with checksums, in the newest file version
    Repack(Arranged<repack::Args>),
    /// Bring an archive back to what it was before a change that was not completed
    Recover(Arranged<recover::Args>),
    /// Take back the last change of an archive in place
    Undo(Arranged<undo::Args>),
    /// Make one archive of several, without compressing their samples again
    Merge(Arranged<merge::Args>),
    /// Make an archive hold what files hold: add new samples, replace those that have changed
    Sync(Arranged<sync::Args>),
    /// Extract all samples
    Getcol(Arranged<getcol::Args>),
    /// Extract samples
    Getset(Arranged<getset::Args>),
    /// Extract contigs, or regions of contigs
    Getctg(Arranged<getctg::Args>),
    /// Extract regions, as samtools faidx does from FASTA files
    Faidx(Arranged<faidx::Args>),
    /// Print the name of the reference sample
    Listref(Arranged<listref::Args>),
    /// Print the names of all samples, sorted
    Listset(Arranged<listset::Args>),
    /// Print the names of the contigs of samples
    Listctg(Arranged<listctg::Args>),
    /// Compute refget and MD5 digests of contigs, and seqcol digests of samples
    Digest(Arranged<digest::Args>),
    /// Print what an archive holds and how it was made
    Info(Arranged<info::Args>),
    /// Print by which commands an archive was made
    Log(Arranged<log::Args>),
    /// Read and decode everything, and tell what is damaged
    Verify(Arranged<verify::Args>),
    /// Print completions of commands and flags for a shell
    Completions(Arranged<completions::Args>),
    /// Write manual pages
    Man(Arranged<man::Args>),
}

impl Command {
    /// Runs the command.
    fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Create(args) => create::run(&args.0),
            Self::Append(args) => append::run(&args.0),
            Self::Remove(args) => remove::run(&args.0),
            Self::Rename(args) => rename::run(&args.0),
            Self::Replace(args) => replace::run(&args.0),
            Self::Subset(args) => subset::run(&args.0),
            Self::Repack(args) => repack::run(&args.0),
            Self::Recover(args) => recover::run(&args.0),
            Self::Undo(args) => undo::run(&args.0),
            Self::Merge(args) => merge::run(&args.0),
            Self::Sync(args) => sync::run(&args.0),
            Self::Getcol(args) => getcol::run(&args.0),
            Self::Getset(args) => getset::run(&args.0),
            Self::Getctg(args) => getctg::run(&args.0),
            Self::Faidx(args) => faidx::run(&args.0),
            Self::Listref(args) => listref::run(&args.0),
            Self::Listset(args) => listset::run(&args.0),
            Self::Listctg(args) => listctg::run(&args.0),
            Self::Digest(args) => digest::run(&args.0),
            Self::Info(args) => info::run(&args.0),
            Self::Log(args) => log::run(&args.0),
            Self::Verify(args) => verify::run(&args.0),
            Self::Completions(args) => completions::run(&args.0, &Cli::command()),
            Self::Man(args) => man::run(&args.0, Cli::command()),
        }
    }
}
