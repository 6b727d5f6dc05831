//! Writes the archive that a plan describes.

use std::collections::BTreeMap;
use std::io::Write;

use crate::container::{ContainerWriter, names};
use crate::error::Result;
use crate::file_info::FileInfo;
use crate::group::is_raw;
use crate::group::writer::{EncodedPart, PartEncoder, SMALL_COLLECTION};
use crate::observe::Observer;
use crate::params::Params;
use crate::provenance::Counts;
use crate::rewrite::Existing;
use crate::rewrite::collection::{self, CollectionStreams};
use crate::rewrite::groups::{Moves, NewGroup, plan_groups};
use crate::rewrite::history;
use crate::rewrite::plan::Plan;
use crate::rewrite::private_kmers::leave_out_private;
use crate::rewrite::recode::recode;
use crate::rewrite::recoded::{NewPack, Recoded};
use crate::rewrite::small_streams::{SmallStreams, lens_by_kind};
use crate::rewrite::tracks;
use crate::splitter_streams::{NO_SPLITTER, SegmentKey};
use crate::threads;
use crate::track::KeptSample;

/// Symbols of segments that wait for each thread, about.
const ROOM: u64 = 32 << 20;

/// Distance of splitters that an archive is given which does not tell it: AGC's own.
const DEFAULT_SEGMENT_SIZE: u32 = 60_000;

/// What became of archives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rewritten {
    /// Samples of the new archive.
    pub n_samples: usize,
    /// Its groups, the raw ones among them.
    pub n_groups: usize,
    /// What was left out of the old one.
    pub(crate) removed: Counts,
    /// Packs that were put together anew, and those that were copied.
    pub n_packs_recoded: u64,
    /// Packs that are as they were.
    pub n_packs_copied: u64,
    /// Bases of references that may hold sequence of samples that were left out, because others need them. Splitters, which are k-mers, may be
    /// of such samples too; of what is purged there is neither.
    pub foreign_bases: u64,
    /// Streams of the old archives that mean nothing to this program, and are left out.
    pub dropped_streams: Vec<String>,
    /// Bytes of the new archive by kind of stream.
    pub stream_lens: BTreeMap<String, u64>,
}

#[cfg(feature = "unstable-internals")]
#[doc(hidden)]
impl Rewritten {
    /// What was left out of the old one.
    #[must_use]
    pub fn removed(&self) -> Counts {
        self.removed
    }
}

/// Writes the archive that a plan makes of old ones to `sink`, front to back. All of them have the same parameters, but for items of a pack. Of one
/// that is changed in place, what goes behind the end of its file.
///
/// # Errors
/// `BadInput` for two samples of one name; `Corrupt` when what is kept is damaged; `Io`. What was written before is no archive.
pub(crate) fn commit<W: Write + Send>(
    plan: &Plan,
    sources: &[Existing<'_>],
    n_threads: usize,
    observer: &dyn Observer,
    sink: W,
) -> Result<Rewritten> {
    let first = &sources[0];
    let params = params(plan, first);
    collection::check_names(plan, sources)?;
    for existing in sources {
        existing.check_intact(n_threads, observer)?;
    }
    let mut archive = first.writer(sink);
    let streams = CollectionStreams::register(&mut archive);
    let groups = plan_groups(plan, sources)?;
    let mut rewritten = Rewritten {
        foreign_bases: foreign_bases(&groups, sources)?,
        n_samples: plan.samples.len(),
        n_groups: groups.len(),
        dropped_streams: dropped_streams(sources),
        ..Rewritten::default()
    };
    let run = WriteContext {
        groups: &groups,
        sources,
        params: &params,
        takes_time: !plan.hurries && n_symbols(plan, sources) <= SMALL_COLLECTION,
        hurries: plan.hurries,
        n_threads,
        observer,
    };
    let mut moves = Moves::new(plan.regrouped.as_ref());
    run.write_groups(&mut moves, &mut archive, &mut rewritten)?;
    collection::write(plan, sources, &moves, &params, streams, &mut archive)?;
    let has_sums = tracks::write(plan, sources, n_threads, &mut archive)?;
    run.write_small_streams(plan, &moves, &mut archive)?;
    rewritten.removed = history::write(plan, sources, &mut archive)?;
    first.write_previous(&mut archive)?;
    if has_sums {
        archive.write_sums()?;
    }
    rewritten.stream_lens = lens_by_kind(archive.lens());
    archive.finish()?;
    Ok(rewritten)
}

/// The parameters of the new archive.
fn params(plan: &Plan, first: &Existing<'_>) -> Params {
    let old = first.params();
    Params {
        pack_cardinality: plan.pack_cardinality.unwrap_or(old.pack_cardinality),
        segment_size: match old.segment_size {
            // Version 1 does not tell.
            0 => DEFAULT_SEGMENT_SIZE,
            told => told,
        },
        ..old
    }
}

/// Symbols of all samples that are kept, about.
fn n_symbols(plan: &Plan, sources: &[Existing<'_>]) -> u64 {
    let len = |kept: &KeptSample| sources[kept.source].sample_len(kept.sample);
    plan.samples.iter().map(len).sum()
}

/// Bases of references that were not brought by samples that are kept.
fn foreign_bases(groups: &[NewGroup<'_>], sources: &[Existing<'_>]) -> Result<u64> {
    let copied = groups.iter().filter(|group| !group.is_purged);
    let heads = copied.filter_map(|group| group.members.first());
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
    reference: Option<EncodedPart>,
    recoded: Recoded,
}

/// What all groups are written with.
struct WriteContext<'a> {
    groups: &'a [NewGroup<'a>],
    sources: &'a [Existing<'a>],
    params: &'a Params,
    /// Packs are compressed as well as can be.
    takes_time: bool,
    /// They will be compressed again.
    hurries: bool,
    n_threads: usize,
    observer: &'a dyn Observer,
}

impl WriteContext<'_> {
    /// Writes all groups, ascending.
    fn write_groups<W: Write + Send>(
        &self,
        moves: &mut Moves<'_>,
        container: &mut ContainerWriter<W>,
        rewritten: &mut Rewritten,
    ) -> Result<()> {
        let weights = self.groups.iter().map(|group| weight(group, self.sources));
        self.observer.rewrite_begins(weights.sum());
        let mut left = self.groups.iter();
        let mut next = || Ok(left.next().map(|group| (weight(group, self.sources), group)));
        let work = |group: &&NewGroup<'_>, bench: Bench| self.recode(group, bench);
        let mut put_out = |group: &&NewGroup<'_>, bench: &mut Bench| {
            let recoded = std::mem::take(&mut bench.recoded);
            for (member, ids) in group.members.iter().zip(&recoded.ids) {
                moves.add(member.source, member.group, group.number, ids.clone());
            }
            moves.add_items(group.number, recoded.added.clone());
            if let Some(reference) = bench.reference.take() {
                let stream = container.register(&names::reference_stream(group.number));
                container.add_part(stream, reference.metadata, &reference.payload)?;
            }
            write_group(group, self.sources, recoded, container, rewritten)?;
            self.observer.rewritten(weight(group, self.sources));
            Ok(())
        };
        threads::in_order("recode", self.n_threads, ROOM, &mut next, &work, &mut put_out)
    }

    /// Writes what is told of all groups, unless it is what the archive that is changed in place tells.
    fn write_small_streams<W: Write>(
        &self,
        plan: &Plan,
        moves: &Moves<'_>,
        container: &mut ContainerWriter<W>,
    ) -> Result<()> {
        let (sources, first) = (self.sources, &self.sources[0]);
        let (mut splitters, mut keys) = (all_splitters(sources), all_keys(sources, moves));
        if plan.purges {
            leave_out_private(plan, sources, self.n_threads, &mut splitters, &mut keys)?;
        }
        if moves.keep_first() && first.keep_small_streams(container)? {
            return Ok(());
        }
        let new_info = (!first.is_current()).then(FileInfo::of_this_program);
        SmallStreams {
            params: self.params,
            splitters: &splitters,
            keys: &keys,
            info: new_info.as_ref().unwrap_or(first.file_info()),
        }
        .write(container)
    }

    fn recode(&self, group: &NewGroup<'_>, mut bench: Bench) -> Result<Bench> {
        if self.takes_time {
            bench.encoder.take_time();
        }
        if self.hurries || group.plan.is_some() {
            bench.encoder.hurry();
        }
        let reference = group.own_reference();
        bench.reference = reference
            .map(|reference| bench.encoder.reference(reference))
            .transpose()?;
        let cardinality = self.params.pack_cardinality;
        bench.recoded = recode(group, self.sources, cardinality, &mut bench.encoder)?;
        Ok(bench)
    }
}

/// Bytes of the packs that may have to be decoded for a group, about.
fn weight(group: &NewGroup<'_>, sources: &[Existing<'_>]) -> u64 {
    let of_member = |member: &super::groups::OldGroup| sources[member.source].deltas_len(member.group);
    group.members.iter().map(of_member).sum::<u64>().max(1)
}

/// Writes the reference and the packs of a group.
fn write_group<W: Write>(
    group: &NewGroup<'_>,
    sources: &[Existing<'_>],
    recoded: Recoded,
    container: &mut ContainerWriter<W>,
    rewritten: &mut Rewritten,
) -> Result<()> {
    let head = group.members.first();
    if let Some(head) = head.filter(|_| !is_raw(group.number)) {
        let stream = container.register(&names::reference_stream(group.number));
        match recoded.reference {
            Some(part) => container.add_part(stream, part.metadata, &part.payload)?,
            None => sources[head.source].copy_reference(head.group, container, stream)?,
        }
    }
    let stream = container.register(&names::delta_stream(group.number));
    for pack in recoded.packs {
        match pack {
            NewPack::Copy { source, group, pack } => {
                sources[source].copy_pack(group, pack, container, stream)?;
                rewritten.n_packs_copied += 1;
            }
            NewPack::Encoded(part) => {
                container.add_part(stream, part.metadata, &part.payload)?;
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
