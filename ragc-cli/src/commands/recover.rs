//! `ragc recover`: an archive whose change was not completed, as it was before.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, bail};
use ragc_core::in_place::Recovered;

use crate::out::{Claim, Claiming};

/// Arguments of `recover`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The archive
    #[arg(value_name = "ARCHIVE")]
    archive: PathBuf,

    /// Fail at once if another command is writing the archive, instead of waiting for it
    #[arg(long)]
    no_wait: bool,
}

/// Waits for whoever changes the archive, and cuts it back if that did not come to its end.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let name = args.archive.display();
    fs::metadata(&args.archive).with_context(|| format!("{name}: cannot open"))?;
    let how = Claiming {
        continues: Some(&args.archive),
        is_forced: true,
        waits: !args.no_wait,
    };
    match Claim::of(&args.archive, how)?.map(|claim| claim.recovered()) {
        None => bail!("{name}: this is no file"),
        Some(Recovered::Nothing) => note!("{name}: no change was left incomplete: nothing to recover"),
        Some(Recovered::JournalOnly) => note!("{name}: a journal was left, and nothing had been changed"),
        Some(_) => {}
    }
    Ok(())
}
