//! The command line: one variant per command, each with its own file under `commands`.

use clap::{Parser, Subcommand};

use crate::commands::{
    append, create, digest, faidx, getcol, getctg, getset, info, listctg, listref, listset, verify,
};
use crate::tell;

/// Compresses collections of assembled genomes into AGC archives, and queries them.
#[derive(Debug, Parser)]
#[command(name = "ragc", version, arg_required_else_help = true)]
pub(crate) struct Cli {
    /// Tell nothing but errors: no notes, no warnings, no progress
    #[arg(short = 'q', long, global = true)]
    quiet: bool,

    #[command(subcommand)]
    command: Command,
}

impl Cli {
    /// Runs the command.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        if self.quiet {
            tell::be_quiet();
        }
        self.command.run()
    }
}

/// What ragc can do.
#[derive(Debug, Subcommand)]
enum Command {
    /// Compress FASTA files into a new archive; the first file is the reference sample
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
        }
    }
}
