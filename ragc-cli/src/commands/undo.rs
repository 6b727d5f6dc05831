//! `ragc undo`: an archive without its last change in place.

use ragc_core::internals::recovery::undo;

use crate::args::OwnFileArgs;

/// Arguments of `undo`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    file: OwnFileArgs,
}

/// Cuts the file back to the state before; what was never changed in place, or was written anew since, stays as it is.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let len = args.file.len()?;
    let _claim = args.file.claim()?;
    let state = undo(args.file.path())?;
    note!(
        "{}: it is what it was before its last change, {} bytes shorter",
        args.file.path().display(),
        len - state.len
    );
    Ok(())
}
