//! `ragc remove`: an archive without some of its samples.

use std::ffi::OsString;

use crate::args::{ChangeArgs, SelectArgs, names_of};
use crate::commands::change::{Prepared, change, tell_rest};

/// Arguments of `remove`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    change: ChangeArgs,

    #[command(flatten)]
    select: SelectArgs,

    /// Leave none of their sequence where other samples refer to it: groups get references out of what stays, and all splitters that occur in
    /// no other sample go
    #[arg(long)]
    purge: bool,

    /// Samples to remove, by their whole names
    #[arg(required_unless_present_any = ["samples_from", "prefix"], value_name = "SAMPLE")]
    samples: Vec<OsString>,
}

/// Removes the samples; if one does not exist, none is.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let rewritten = change(
        "remove",
        &args.change,
        |archive| {
            let places = args.select.select_exactly(archive, &args.samples)?;
            // What other samples need of those that went before may be purged without any.
            let is_nothing = places.is_empty() && !args.purge && args.change.replaces_itself();
            Ok(match is_nothing {
                true => Prepared::Nothing,
                false => Prepared::Change(names_of(archive, &places)?),
            })
        },
        |archive, names, options, progress, output| {
            let options = options.clone().with_purge(args.purge);
            let names = names.iter().map(Vec::as_slice);
            options.remove(archive, names, progress, output)
        },
    )?;
    rewritten.as_ref().map(tell_rest);
    Ok(())
}
