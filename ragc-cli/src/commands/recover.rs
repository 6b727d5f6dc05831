//! `ragc recover`: an archive whose change was not completed, as it was before.

use anyhow::bail;
use ragc_core::Archive;
use ragc_core::internals::recovery::Recovered;

use crate::args::OwnFileArgs;

/// Arguments of `recover`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    file: OwnFileArgs,
}

/// Waits for whoever changes the archive, and cuts it back if that did not come to its end.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let name = args.file.path().display();
    args.file.len()?;
    let recovered = args.file.claim()?.map(|claim| claim.recovered());
    if recovered.is_some() {
        // Whoever asks wants an archive: what is none, or is cut off, is told as what it is.
        Archive::open(args.file.path())?;
    }
    match recovered {
        None => bail!("{name}: this is no file"),
        Some(Recovered::Nothing) => note!("{name}: no change was left incomplete: nothing to recover"),
        Some(Recovered::JournalOnly) => note!("{name}: a journal was left, and nothing had been changed"),
        Some(_) => {}
    }
    Ok(())
}
