//! `ragc man`: manual pages, one for the program and one for each command.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

/// Arguments of `man`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write ragc.1, ragc-create.1, … into this directory, which is made if it does not exist
    #[arg(value_name = "DIR")]
    directory: PathBuf,
}

/// Writes the pages of this command line.
pub(crate) fn run(args: &Args, cli: clap::Command) -> anyhow::Result<()> {
    write(&args.directory, cli).with_context(|| format!("{}: cannot write", args.directory.display()))
}

fn write(directory: &Path, cli: clap::Command) -> std::io::Result<()> {
    fs::create_dir_all(directory)?;
    // A page for `ragc help` would tell what `ragc --help` tells.
    clap_mangen::generate_to(cli.disable_help_subcommand(true), directory)
}
