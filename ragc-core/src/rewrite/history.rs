//! What was done to old archives, and what is done now.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use crate::container::ContainerWriter;
use crate::error::Result;
use crate::provenance::{Counts, Forgotten, HistoryEntry, write_history};
use crate::rewrite::Existing;
use crate::rewrite::plan::Plan;
use crate::track::{KeptContigs, KeptSample};

/// Writes what the old archives tell, and behind it what this change is, if it is to be told; gives what it leaves out.
///
/// # Errors
/// `Corrupt` when a history or the collection is damaged; `Io`.
pub(super) fn write<W: Write>(
    plan: &Plan,
    sources: &[Existing<'_>],
    container: &mut ContainerWriter<W>,
) -> Result<Counts> {
    // What is not taken over of several archives is not taken out of any.
    let removed = match sources {
        [only] => left_out(plan, only)?,
        _ => Counts::default(),
    };
    let entry = match &plan.run {
        None => None,
        Some(run) => Some(HistoryEntry {
            removed,
            len_before: sources[0].len_before_change(),
            ..HistoryEntry::of(run, added(plan, sources)?)
        }),
    };
    let old = sources.iter().map(|source| source.archive().container());
    write_history(old, forgotten(plan, sources), entry, container)?;
    Ok(removed)
}

/// What the archives behind the first one add to it.
fn added(plan: &Plan, sources: &[Existing<'_>]) -> Result<Counts> {
    let mut added = Counts::default();
    for kept in plan.samples.iter().filter(|kept| kept.source > 0) {
        let lens = sources[kept.source].archive().contig_lens(kept.sample)?;
        add(&mut added, 1, lens.into_iter());
    }
    Ok(added)
}

/// Samples and contigs of an archive that a plan leaves out.
fn left_out(plan: &Plan, existing: &Existing<'_>) -> Result<Counts> {
    let kept: BTreeMap<usize, &KeptSample> = plan.samples.iter().map(|kept| (kept.sample, kept)).collect();
    let mut counts = Counts::default();
    for sample in 0..existing.sample_names().len() {
        let contigs = match kept.get(&sample).map(|kept| &kept.contigs) {
            None => &[],
            Some(KeptContigs::Listed(contigs)) => contigs.as_slice(),
            Some(_) => continue,
        };
        let lens = existing.archive().contig_lens(sample)?;
        let is_kept = |contig: &usize| contigs.binary_search(contig).is_ok();
        let lens = lens.into_iter().enumerate();
        let lens = lens.filter(|(contig, _)| !is_kept(contig)).map(|(_, len)| len);
        add(&mut counts, u64::from(!kept.contains_key(&sample)), lens);
    }
    Ok(counts)
}

fn add(counts: &mut Counts, n_samples: u64, lens: impl Iterator<Item = u64>) {
    counts.n_samples += n_samples;
    for len in lens {
        counts.n_contigs += 1;
        counts.n_bases += len;
    }
}

/// Names of samples of a single archive that are left out; what is not taken over of several has its reasons in the others.
fn forgotten(plan: &Plan, sources: &[Existing<'_>]) -> Forgotten {
    let [only] = sources else {
        return Forgotten::default();
    };
    let mut names: BTreeSet<Vec<u8>> = only.sample_names().map(<[u8]>::to_vec).collect();
    for kept in &plan.samples {
        names.remove(only.sample_name(kept.sample).unwrap_or_default());
    }
    Forgotten::of(&names - &plan.returning)
}
