//! Writes the archive that a plan describes.

use std::collections::BTreeMap;
use std::io::Write;

use crate::container::{ContainerWriter, names};
use crate::error::Result;
use crate::group::is_raw;
use crate::group::writer::PartEncoder;
use crate::params::Params;
use crate::provenance::write_history;
use crate::rewrite::Existing;
use crate::rewrite::collection::{self, CollectionStreams};
use crate::rewrite::groups::{Moves, NewGroup, plan_groups};
use crate::rewrite::plan::Plan;
use crate::rewrite::recode::{NewPack, Recoded, recode};
use crate::rewrite::small_streams::{SmallStreams, lens_by_kind};
use crate::rewrite::tracks;
use crate::splitter_streams::{NO_SPLITTER, SegmentKey};
use crate::threads;

/// Symbols of segments that wait for each thread, about.
const ROOM: u64 = 32 << 20;

/// What became of archives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rewritten {
    /// Samples of the new archive.
    pub n_samples: usize,
    /// Its groups, the raw ones among them.
    pub n_groups: usize,
    /// Packs that were put together anew, and those that were copied.
    pub n_packs_recoded: u64,
    /// Packs that are as they were.
    pub n_packs_copied: u64,
    /// Bases of references that may hold sequence of samples that were left out, because others need them.
    pub foreign_bases: u64,
    /// Streams of the old archives that mean nothing to this program, and are left out.
    pub dropped_streams: Vec<String>,
    /// Bytes of the new archive by kind of stream.
    pub stream_lens: BTreeMap<String, u64>,
}

/// Writes the archive that a plan makes of old ones to `sink`, front to back. All of them have the same parameters, but for items of a pack.
///
/// # Errors
/// `BadInput` for two samples of one name; `Corrupt` when what has to be decoded is damaged; `Io`. What was written before is no archive.
pub(crate) fn commit<W: Write + Send>(
    plan: &Plan,
    sources: &[Existing<'_>],
    n_threads: usize,
    sink: W,
) -> Result<Rewritten> {
    let first = &sources[0];
    let params = Params {
        pack_cardinality: plan.pack_cardinality.unwrap_or(first.params().pack_cardinality),
        ..first.params()
    };
    collection::check_names(plan, sources)?;
    let mut archive = ContainerWriter::new(sink);
    let streams = CollectionStreams::register(&mut archive);
    let groups = plan_groups(plan, sources)?;
    let mut rewritten = Rewritten {
        foreign_bases: foreign_bases(&groups, sources)?,
        n_samples: plan.samples.len(),
        n_groups: groups.len(),
        dropped_streams: dropped_streams(sources),
        ..Rewritten::default()
    };
    let moves = write_groups(&groups, sources, &params, n_threads, &mut archive, &mut rewritten)?;
    collection::write(plan, sources, &moves, &params, streams, &mut archive)?;
    let has_sums = tracks::write(plan, sources, &mut archive)?;
    SmallStreams {
        params: &params,
        splitters: &all_splitters(sources),
        keys: &all_keys(sources, &moves),
        info: first.file_info(),
    }
    .write(&mut archive)?;
    let old = sources.iter().map(|source| source.archive().container());
    write_history(old, plan.history.as_ref(), &mut archive)?;
    if has_sums {
        archive.write_sums()?;
    }
    rewritten.stream_lens = lens_by_kind(archive.lens());
    archive.finish()?;
    Ok(rewritten)
}

/// Bases of references that were not brought by samples that are kept.
fn foreign_bases(groups: &[NewGroup], sources: &[Existing<'_>]) -> Result<u64> {
    let heads = groups.iter().filter_map(|group| group.members.first());
    heads
        .filter(|head| head.has_foreign_reference)
        .try_fold(0u64, |sum, head| {
            Ok(sum.saturating_add(sources[head.source].reference_len(head.group)?))
        })
}

/// A thread's tables of zstd, and what it made of a group.
#[derive(Default)]
struct Bench {
    encoder: PartEncoder,
    recoded: Recoded,
}

/// Writes all groups, ascending.
fn write_groups<W: Write + Send>(
    groups: &[NewGroup],
    sources: &[Existing<'_>],
    params: &Params,
    n_threads: usize,
    archive: &mut ContainerWriter<W>,
    rewritten: &mut Rewritten,
) -> Result<Moves> {
    let mut moves = Moves::default();
    let mut left = groups.iter();
    let mut next = || Ok(left.next().map(|group| (weight(group, sources), group)));
    let work = |group: &&NewGroup, mut bench: Bench| {
        bench.recoded = recode(group, sources, params.pack_cardinality, &mut bench.encoder)?;
        Ok(bench)
    };
    let mut put_out = |group: &&NewGroup, bench: &mut Bench| {
        let recoded = std::mem::take(&mut bench.recoded);
        for (member, ids) in group.members.iter().zip(recoded.ids) {
            moves.add(member.source, member.group, group.number, ids);
        }
        write_group(group, sources, recoded.packs, archive, rewritten)
    };
    threads::in_order("recode", n_threads, ROOM, &mut next, &work, &mut put_out)?;
    Ok(moves)
}

/// Bytes of the packs that may have to be decoded for a group, about.
fn weight(group: &NewGroup, sources: &[Existing<'_>]) -> u64 {
    let of_member = |member: &super::groups::Member| sources[member.source].deltas_len(member.group);
    group.members.iter().map(of_member).sum::<u64>().max(1)
}

/// Writes the reference and the packs of a group.
fn write_group<W: Write>(
    group: &NewGroup,
    sources: &[Existing<'_>],
    packs: Vec<NewPack>,
    archive: &mut ContainerWriter<W>,
    rewritten: &mut Rewritten,
) -> Result<()> {
    let head = group.members.first();
    if let Some(head) = head.filter(|_| !is_raw(group.number)) {
        let copy = archive.register(&names::reference_stream(group.number));
        sources[head.source].copy_reference(head.group, archive, copy)?;
    }
    let stream = archive.register(&names::delta_stream(group.number));
    for pack in packs {
        match pack {
            NewPack::Copy { source, group, pack } => {
                sources[source].copy_pack(group, pack, archive, stream)?;
                rewritten.n_packs_copied += 1;
            }
            NewPack::Encoded(part) => {
                archive.add_part(stream, part.metadata, &part.payload)?;
                rewritten.n_packs_recoded += 1;
            }
        }
    }
    Ok(())
}

/// The splitters of all archives, ascending.
fn all_splitters(sources: &[Existing<'_>]) -> Vec<u64> {
    let mut all: Vec<u64> = sources
        .iter()
        .flat_map(Existing::splitter_values)
        .copied()
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Which segments belong to which new group. Of a key that several archives have, the first one counts.
fn all_keys(sources: &[Existing<'_>], moves: &Moves) -> Vec<SegmentKey> {
    let mut all = BTreeMap::new();
    for (source, existing) in sources.iter().enumerate() {
        for key in existing.keys() {
            if let Some(group) = moves.group(source, key.group) {
                all.entry((key.a, key.b)).or_insert(group);
            }
        }
    }
    all.entry((NO_SPLITTER, NO_SPLITTER)).or_insert(0);
    all.into_iter()
        .map(|((a, b), group)| SegmentKey { a, b, group })
        .collect()
}

fn dropped_streams(sources: &[Existing<'_>]) -> Vec<String> {
    let all = sources.iter().flat_map(Existing::unknown_streams);
    let mut all: Vec<String> = all.cloned().collect();
    all.sort_unstable();
    all.dedup();
    all
}
