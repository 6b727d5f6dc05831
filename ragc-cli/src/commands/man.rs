//! `ragc man`: manual pages, one for the program and one for each command.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::CommandFactory;

use crate::cli::Cli;

/// Arguments of `man`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write ragc.1, ragc-create.1, … into this directory, which is made if it does not exist
    #[arg(value_name = "DIR")]
    directory: PathBuf,
}

/// Writes the pages.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    write(&args.directory).with_context(|| format!("{}: cannot write", args.directory.display()))
}

fn write(directory: &Path) -> std::io::Result<()> {
    fs::create_dir_all(directory)?;
    // A page for `ragc help` would tell what `ragc --help` tells.
    clap_mangen::generate_to(Cli::command().disable_help_subcommand(true), directory)
}
