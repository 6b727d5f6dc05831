//! `ragc subset`: an archive of some of the samples of another, or of some of their contigs.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use anyhow::{anyhow, bail};
use ragc_core::internals::printable::text_of;
use ragc_core::internals::quoted::Quoted;
use ragc_core::{Archive, short_name};

use crate::args::{ChangeArgs, SelectArgs, names_of, read_lines};
use crate::commands::change::{Prepared, change, tell_rest};
use crate::near::{did_you_mean, near_contigs};

/// Arguments of `subset`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    change: ChangeArgs,

    #[command(flatten)]
    select: SelectArgs,

    /// Keep only the contigs of this name, which is the first word of the header line or all of it; may be repeated. Samples without any are
    /// left out
    #[arg(long, value_name = "NAME")]
    contig: Vec<OsString>,

    /// Keep also the contigs that this file names, one per line; - is standard input
    #[arg(long, value_name = "FILE")]
    contigs_from: Option<PathBuf>,

    /// Leave no sequence of what is left out where something that stays refers to it: groups get references out of what stays
    #[arg(long)]
    purge: bool,

    /// Samples to keep, which stay in the order of the archive. A name that no sample has is a PanSN prefix: HG002 means HG002#1 and
    /// HG002#2 [default with --contig: all]
    #[arg(required_unless_present_any = ["samples_from", "prefix", "contig", "contigs_from"], value_name = "SAMPLE")]
    samples: Vec<OsString>,
}

/// What is kept.
struct KeptParts {
    samples: Vec<Vec<u8>>,
    /// Names of contigs, if not all are kept.
    contigs: Option<HashSet<Vec<u8>>>,
}

impl KeptParts {
    fn keeps(&self, header: &[u8]) -> bool {
        self.contigs
            .as_ref()
            .is_none_or(|names| names.contains(header) || names.contains(short_name(header)))
    }
}

/// Keeps what is asked for; if something does not exist, no archive is made.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let rewritten = change(
        "subset",
        &args.change,
        |archive| kept(args, archive).map(Prepared::Change),
        |archive, kept, options, progress, output| {
            let options = options.clone().with_purge(args.purge);
            let names = kept.samples.iter().map(Vec::as_slice);
            options.subset(archive, names, |_, header| kept.keeps(header), progress, output)
        },
    )?;
    if args.change.verbosity > 0 {
        rewritten.as_ref().map(tell_rest);
    }
    Ok(())
}

fn kept(args: &Args, archive: &Archive) -> anyhow::Result<KeptParts> {
    let places = args.select.select_or_all(archive, &args.samples)?;
    let samples = names_of(archive, &places)?;
    let mut names: HashSet<Vec<u8>> = args.contig.iter().map(|name| name.as_bytes().to_vec()).collect();
    if let Some(list) = &args.contigs_from {
        names.extend(read_lines(list)?);
    }
    let kept = match args.contig.is_empty() && args.contigs_from.is_none() {
        true => KeptParts {
            samples,
            contigs: None,
        },
        false => with_contigs(archive, samples, names)?,
    };
    // An empty list is a mistake of whoever made it, and the new archive would take the place of the old one.
    if kept.samples.is_empty() && !archive.samples()?.is_empty() {
        bail!("no sample is named that would be kept");
    }
    Ok(kept)
}

/// The samples that have contigs of these names, each of which some sample must have.
fn with_contigs(
    archive: &Archive,
    samples: Vec<Vec<u8>>,
    names: HashSet<Vec<u8>>,
) -> anyhow::Result<KeptParts> {
    let mut missing: BTreeSet<Vec<u8>> = names.iter().cloned().collect();
    let mut kept = KeptParts {
        samples: Vec::new(),
        contigs: Some(names),
    };
    // In archive order no batch is read twice.
    let in_order: BTreeMap<usize, Vec<u8>> = samples
        .into_iter()
        .map(|name| Ok((archive.find_sample(&name)?, name)))
        .collect::<ragc_core::Result<_>>()?;
    for name in in_order.into_values() {
        let contigs = archive.contigs(&name)?;
        let mut has_some = false;
        for header in contigs.iter().filter(|header| kept.keeps(header)) {
            has_some = true;
            missing.remove(header);
            missing.remove(short_name(header));
        }
        if has_some {
            kept.samples.push(name);
        }
    }
    match missing.first() {
        None => Ok(kept),
        Some(name) => Err(no_contig(archive, name)),
    }
}

fn no_contig(archive: &Archive, name: &[u8]) -> anyhow::Error {
    let name = text_of(name);
    let mut near = near_contigs(archive, None, &name);
    // It may be there in a sample that was not asked for.
    near.retain(|near| *near != name);
    anyhow!(
        "no contig of these samples is named {}{}",
        Quoted(&name),
        did_you_mean(&near)
    )
}
