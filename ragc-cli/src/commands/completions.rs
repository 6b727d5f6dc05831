//! `ragc completions`: what a shell needs to complete commands and flags.

use std::io::Write;

use anyhow::Context;
use clap_complete::{Shell, generate};

use crate::help::without_hidden;
use crate::out::{Out, OutputPacking};

/// Arguments of `completions`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The shell that is to read them
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Prints the script of this command line.
pub(crate) fn run(args: &Args, cli: &clap::Command) -> anyhow::Result<()> {
    // The generator takes a failure to write for a fault of its own.
    let mut script = Vec::new();
    generate(args.shell, &mut without_hidden(cli.clone()), "ragc", &mut script);
    let mut out = Out::open(None, OutputPacking::Plain)?;
    out.write_all(&script)
        .with_context(|| format!("{}: cannot write", out.name().display()))?;
    out.finish()
}
