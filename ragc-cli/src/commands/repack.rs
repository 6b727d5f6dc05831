//! `ragc repack`: the same samples, stored anew.

use ragc_core::compress::CreateOptions;

use crate::args::ChangeArgs;
use crate::commands::change::{Prepared, change};
use crate::commands::streamable::with_index_in_front;

/// Arguments of `repack`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    change: ChangeArgs,

    /// Items per pack, and samples per batch: with small packs single samples are read sooner, with large ones archives are smaller
    /// [default: as it is]
    #[arg(short = 'b', long, value_name = "N", value_parser = clap::value_parser!(u32).range(batch_sizes()))]
    batch_size: Option<u32>,

    /// Add no checksums to an archive that has none: damage to the archive is then found only where it breaks a rule of the format
    #[arg(long)]
    no_checksums: bool,

    /// Store refget and MD5 digests of contigs that have none, for listctg --digests and info --json: forty bytes each
    #[arg(long)]
    digests: bool,

    /// Leave no sequence that is of no sample: what remove left where others referred to it
    #[arg(long)]
    purge: bool,

    /// Put the index in front, and parts in the order in which samples need them, so that what reads the archive through a pipe can begin before all of
    /// it is there. It is written twice for that
    #[arg(long)]
    streamable: bool,
}

fn batch_sizes() -> std::ops::RangeInclusive<i64> {
    let range = CreateOptions::PACK_CARDINALITY;
    i64::from(*range.start())..=i64::from(*range.end())
}

/// Stores the samples anew.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    change(
        "repack",
        &args.change,
        |_| Ok(Prepared::Change(())),
        |archive, (), options, progress, output| {
            let options = options
                .clone()
                .with_pack_cardinality(args.batch_size)
                .with_checksums(!args.no_checksums)
                .with_digests(args.digests)
                .with_purge(args.purge);
            if !args.streamable {
                return options.repack(archive, progress, output);
            }
            let (mut rewritten, lens) = with_index_in_front(args.change.output(), output, |scratch| {
                options.repack(archive, progress, scratch)
            })?;
            rewritten.stream_lens = lens;
            Ok(rewritten)
        },
    )?;
    Ok(())
}
