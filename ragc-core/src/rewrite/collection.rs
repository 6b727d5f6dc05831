//! Names of samples and contigs, and which segments make up each contig, in a new archive.

use std::io::Write;

use ahash::AHashSet;

use crate::collection::{SampleDesc, encode_contig_names, encode_details, encode_samples};
use crate::container::{ContainerWriter, StreamId, names};
use crate::error::{Error, Quoted, Result};
use crate::params::Params;
use crate::printable;
use crate::rewrite::Existing;
use crate::rewrite::groups::Moves;
use crate::rewrite::plan::Plan;
use crate::track::{KeptContigs, KeptSample};

/// The three streams of the collection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CollectionStreams {
    pub(crate) samples: StreamId,
    pub(crate) contigs: StreamId,
    pub(crate) details: StreamId,
}

impl CollectionStreams {
    /// Registers them: the first three, in this order, since AGC's append finds them by their numbers (FORMAT.md, "Container").
    pub(crate) fn register<W: Write>(container: &mut ContainerWriter<W>) -> Self {
        Self {
            samples: container.register(names::COLLECTION_SAMPLES),
            contigs: container.register(names::COLLECTION_CONTIGS),
            details: container.register(names::COLLECTION_DETAILS),
        }
    }
}

/// Refuses two samples of one name.
///
/// # Errors
/// `BadInput` that tells the name.
pub(super) fn check_names(plan: &Plan, sources: &[Existing<'_>]) -> Result<()> {
    let mut seen = AHashSet::with_capacity(plan.samples.len());
    match plan
        .samples
        .iter()
        .map(|kept| name_of(kept, sources))
        .find(|name| !seen.insert(*name))
    {
        None => Ok(()),
        Some(name) => {
            let name = printable::text_of(name);
            Err(Error::bad_input(format!(
                "two samples would be named {}",
                Quoted(&name)
            )))
        }
    }
}

/// The name of a sample in the new archive.
fn name_of<'a>(kept: &'a KeptSample, sources: &'a [Existing<'_>]) -> &'a [u8] {
    let old = || sources[kept.source].sample_name(kept.sample).unwrap_or_default();
    kept.name.as_deref().unwrap_or_else(old)
}

/// Writes the collection that a plan makes of old ones, whose groups and items have moved.
///
/// # Errors
/// `Corrupt` when an old one is damaged; `Io`.
pub(super) fn write<W: Write>(
    plan: &Plan,
    sources: &[Existing<'_>],
    moves: &Moves<'_>,
    params: &Params,
    streams: CollectionStreams,
    to: &mut ContainerWriter<W>,
) -> Result<()> {
    let batch_len = params.pack_cardinality as usize;
    let collection = NewCollection {
        sources,
        moves,
        params,
        streams,
        nothing_moved: moves.keep_first(),
    };
    for (number, batch) in plan.samples.chunks(batch_len).enumerate() {
        collection.write_batch(number, batch, to)?;
    }
    let all: Vec<Vec<u8>> = plan
        .samples
        .iter()
        .map(|kept| name_of(kept, sources).to_vec())
        .collect();
    let (metadata, payload) = encode_samples(&all)?;
    to.add_part(streams.samples, metadata, &payload)
}

struct NewCollection<'a> {
    sources: &'a [Existing<'a>],
    moves: &'a Moves<'a>,
    params: &'a Params,
    streams: CollectionStreams,
    /// Whether groups and items of the first archive have the numbers that they had.
    nothing_moved: bool,
}

impl NewCollection<'_> {
    /// Copies of a batch what is as it was, and makes the rest anew.
    fn write_batch<W: Write>(
        &self,
        number: usize,
        batch: &[KeptSample],
        to: &mut ContainerWriter<W>,
    ) -> Result<()> {
        let stays = self.stays(number, batch);
        let keeps_names = stays && !batch.iter().any(|kept| kept.contigs.are_renamed());
        let keeps_segments = stays && self.nothing_moved;
        let described = match keeps_names && keeps_segments {
            true => Vec::new(),
            false => self.describe(batch)?,
        };
        let old = &self.sources[0];
        match keeps_names {
            true => old.copy_batch(names::COLLECTION_CONTIGS, number, to, self.streams.contigs)?,
            false => {
                let (metadata, payload) = encode_contig_names(&described)?;
                to.add_part(self.streams.contigs, metadata, &payload)?;
            }
        }
        match keeps_segments {
            true => old.copy_batch(names::COLLECTION_DETAILS, number, to, self.streams.details),
            false => {
                let payload = encode_details(&described, self.params.predicted_len())?;
                to.add_part(self.streams.details, 0, &payload)
            }
        }
    }

    /// Whether a batch of the first archive holds the same contigs, under whatever names.
    fn stays(&self, number: usize, batch: &[KeptSample]) -> bool {
        let batch_len = self.params.pack_cardinality as usize;
        let first = number * batch_len;
        let old = &self.sources[0];
        let n_old = old.sample_names().len().saturating_sub(first).min(batch_len);
        let is_there = |(place, kept): (usize, &KeptSample)| {
            kept.source == 0 && kept.sample == first + place && kept.contigs.are_all()
        };
        old.is_current()
            && old.params().pack_cardinality == self.params.pack_cardinality
            && batch.len() == n_old
            && batch.iter().enumerate().all(is_there)
    }

    fn describe(&self, batch: &[KeptSample]) -> Result<Vec<SampleDesc>> {
        batch.iter().map(|kept| self.describe_sample(kept)).collect()
    }

    fn describe_sample(&self, kept: &KeptSample) -> Result<SampleDesc> {
        let old = self.sources[kept.source].archive().describe(kept.sample)?;
        let mut contigs = kept.contigs.pick(old.contigs);
        if let KeptContigs::Renamed(names) = &kept.contigs {
            for (contig, name) in names {
                contigs[*contig].name.clone_from(&name.stored);
            }
        }
        for contig in &mut contigs {
            for segment in std::mem::take(&mut contig.segments) {
                self.moves.append(kept.source, &segment, &mut contig.segments)?;
            }
        }
        Ok(SampleDesc {
            name: kept.name.clone().unwrap_or(old.name),
            contigs,
        })
    }
}
