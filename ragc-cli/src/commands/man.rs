//! `ragc man`: manual pages, one for the program and one for each command.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap_mangen::Man;

use crate::out::{Out, OutputPacking};

/// Arguments of `man`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write ragc.1, ragc-create.1, … into this directory, which is made if it does not exist
    #[arg(value_name = "DIR")]
    directory: PathBuf,
}

/// Writes the pages of this command line.
pub(crate) fn run(args: &Args, cli: clap::Command) -> anyhow::Result<()> {
    let folder = &args.directory;
    fs::create_dir_all(folder).with_context(|| format!("{}: cannot write", folder.display()))?;
    // A page for `ragc help` would tell what `ragc --help` tells.
    let mut cli = cli.disable_help_subcommand(true);
    cli.build();
    write(&cli, folder)
}

/// Writes the pages of a command and of those below it, each of which appears when it is complete.
fn write(command: &clap::Command, folder: &Path) -> anyhow::Result<()> {
    let below = command.get_subcommands().filter(|below| !below.is_hide_set());
    for below in below {
        write(below, folder)?;
    }
    // Commands have no version of their own.
    let page = Man::new(command.clone()).source(concat!("ragc ", env!("CARGO_PKG_VERSION")));
    let mut out = Out::open(Some(&folder.join(page.get_filename())), OutputPacking::Plain)?;
    page.render(&mut out)
        .with_context(|| format!("{}: cannot write", out.name().display()))?;
    out.finish()
}
