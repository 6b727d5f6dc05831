//! `ragc undo`: an archive without its last change in place.

use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use ragc_core::in_place::undo;

use crate::out::{Claim, Claiming};

/// Arguments of `undo`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The archive
    #[arg(value_name = "ARCHIVE")]
    archive: PathBuf,

    /// Fail at once if another command is writing the archive, instead of waiting for it
    #[arg(long)]
    no_wait: bool,
}

/// Cuts the file back to the state before; what was never changed in place, or was written anew since, stays as it is.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let name = args.archive.display();
    let len = fs::metadata(&args.archive)
        .with_context(|| format!("{name}: cannot open"))?
        .len();
    let how = Claiming {
        continues: Some(&args.archive),
        is_forced: true,
        waits: !args.no_wait,
    };
    let _claim = Claim::of(&args.archive, how)?;
    let state = undo(&args.archive)?;
    note!(
        "{name}: it is what it was before its last change, {} bytes shorter",
        len - state.len
    );
    Ok(())
}
