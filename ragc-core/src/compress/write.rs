//! Last stage: one thread writes parts and records which segments make up which contig.
//!
//! Workers send parts as they are ready; the writer holds those of a round back until all workers have ended it, and
//! writes them in the order of their groups. So the file does not depend on who was faster.

use super::ended::Ended;
use super::memory::{Counted, Memory};
use super::messages::{ContigLayout, Message, PartPlace, SampleLayout, SegmentSlot, StoredPart, contig_len};
use crate::collection::{
    ContigDesc, Effort, SampleDesc, SegmentDesc, encode_contig_names_with, encode_details_with,
    encode_samples,
};
use crate::container::{ContainerWriter, StreamId, names};
use crate::error::{Error, ErrorKind, Result};
use crate::group::is_raw;
use crate::params::Params;
use crate::queue::Receiver;
use crate::rewrite::{CollectionStreams, Existing};
use crate::track::{Wanted, Writers};
use std::collections::VecDeque;
use std::io::Write;

/// Receives everything and writes the archive up to the small streams at its end.
pub(super) struct ArchiveStage<'a, W> {
    container: ContainerWriter<W>,
    streams: CollectionStreams,
    existing: Option<&'a Existing<'a>>,
    params: Params,
    n_workers: usize,
    /// Rounds that some worker has not ended yet, the oldest first.
    rounds: VecDeque<OpenRound>,
    n_rounds_written: u64,
    n_rounds: Option<u64>,
    segments: OpenSamples,
    /// Complete samples of the open batch, what they hold, and what it takes to write the largest batch.
    batch: Vec<SampleDesc>,
    held: Counted,
    to_write: Counted,
    /// The last batch and the names of all samples, when they have been encoded.
    last_batch: Option<EncodedBatch>,
    last_names: Option<(u64, Vec<u8>)>,
    sample_names: Vec<Vec<u8>>,
    tracks: Writers,
}

/// Parts of a batch of samples.
struct EncodedBatch {
    /// Metadata and payload.
    names: (u64, Vec<u8>),
    details: Vec<u8>,
}

#[derive(Default)]
struct OpenRound {
    n_ended: usize,
    parts: Vec<StoredPart>,
    samples: Vec<SampleLayout>,
}

impl<'a, W: Write> ArchiveStage<'a, W> {
    pub(super) fn new(
        sink: W,
        params: Params,
        n_workers: usize,
        existing: Option<&'a Existing<'a>>,
        memory: &Memory,
        wanted: Wanted,
    ) -> Self {
        let mut container = match existing {
            Some(existing) => existing.writer(sink),
            None => ContainerWriter::new(sink),
        };
        let streams = CollectionStreams::register(&mut container);
        Self {
            container,
            streams,
            existing,
            params,
            n_workers,
            rounds: VecDeque::new(),
            n_rounds_written: 0,
            n_rounds: None,
            segments: OpenSamples::default(),
            batch: Vec::new(),
            held: memory.held(),
            to_write: memory.to_write(),
            last_batch: None,
            last_names: None,
            sample_names: Vec::new(),
            tracks: Writers::new(wanted),
        }
    }

    /// Takes messages until all senders are gone; gives the archive if all rounds came to their end.
    pub(super) fn run(mut self, messages: &Receiver<Message>) -> Result<ContainerWriter<W>, Ended> {
        if let Some(existing) = self.existing {
            self.take_over(existing)?;
        }
        while let Ok(message) = messages.recv() {
            match message {
                Message::Part(part) => self.round(part.round).parts.push(part),
                Message::Segment { slot, desc } => self.segments.record(slot, desc),
                Message::Sample { round, layout } => self.round(round).samples.push(layout),
                Message::EndRound { round } => {
                    self.round(round).n_ended += 1;
                    self.write_ended_rounds()?;
                }
                Message::Finish { n_rounds } => self.n_rounds = Some(n_rounds),
            }
            self.encode_last_batch()?;
        }
        if self.n_rounds != Some(self.n_rounds_written) {
            return Err(Ended::CutOff);
        }
        if let Some(existing) = self.existing {
            existing.copy_remaining_packs(&mut self.container)?;
        }
        Ok(self.finish_collection()?)
    }

    /// Copies what appending leaves as it is, and begins with the samples of the last batch.
    fn take_over(&mut self, existing: &Existing<'_>) -> Result<()> {
        self.sample_names = existing.sample_names().map(<[u8]>::to_vec).collect();
        self.batch = existing.open_batch()?;
        self.batch
            .iter()
            .for_each(|sample| self.held.add(mem_len(sample)));
        let last_lens = existing.lens(&self.batch)?;
        self.tracks
            .go_on(&existing.old(&last_lens), &mut self.container)?;
        let CollectionStreams { contigs, details, .. } = self.streams;
        existing.copy_full_batches(&mut self.container, contigs, details)?;
        existing.copy_finished_parts(&mut self.container)
    }

    fn round(&mut self, round: u64) -> &mut OpenRound {
        let place = (round - self.n_rounds_written) as usize;
        if place >= self.rounds.len() {
            self.rounds.resize_with(place + 1, OpenRound::default);
        }
        &mut self.rounds[place]
    }

    fn write_ended_rounds(&mut self) -> Result<()> {
        let n_workers = self.n_workers;
        let has_ended = |round: &OpenRound| round.n_ended == n_workers;
        while self.rounds.front().is_some_and(has_ended)
            && let Some(round) = self.rounds.pop_front()
        {
            self.n_rounds_written += 1;
            self.write_round(round)?;
        }
        Ok(())
    }

    fn write_round(&mut self, mut round: OpenRound) -> Result<()> {
        round.parts.sort_unstable_by_key(|part| (part.group, part.place));
        for part in &round.parts {
            let stream = self.stream_of(part);
            if let (Some(existing), PartPlace::Pack(number)) = (self.existing, part.place) {
                existing.copy_packs(part.group, number as usize, &mut self.container)?;
            }
            self.container
                .add_part(stream, part.part.metadata, &part.part.payload)?;
        }
        for layout in round.samples {
            self.sample_names.push(layout.name.clone());
            let contigs = layout.contigs.iter().map(ContigLayout::recorded);
            let place = self.sample_names.len() - 1;
            self.tracks
                .add_source(place, layout.source.as_deref(), &mut self.container)?;
            self.tracks.add_sample(place, contigs, &mut self.container)?;
            let sample = self.segments.take_first(layout)?;
            self.held.add(mem_len(&sample));
            self.to_write.raise(write_len(self.held.n_bytes()));
            self.batch.push(sample);
            if self.batch.len() == self.params.pack_cardinality as usize {
                let batch = self.encode_batch()?;
                self.write_batch(&batch)?;
            }
        }
        Ok(())
    }

    /// Streams are registered when a group is first met, reference and deltas of a group together.
    fn stream_of(&mut self, part: &StoredPart) -> StreamId {
        if is_raw(part.group) {
            return self.container.register(&names::delta_stream(part.group));
        }
        let reference = self.container.register(&names::reference_stream(part.group));
        let deltas = self.container.register(&names::delta_stream(part.group));
        match part.place {
            PartPlace::Reference => reference,
            PartPlace::Pack(_) => deltas,
        }
    }

    /// Encodes the last batch, and the names of samples, while the workers close the packs, which make up the last round and complete no
    /// sample: of few samples, which are one batch, that is most of what the writer has to do (docs/measurements.md, "Details of making archives").
    fn encode_last_batch(&mut self) -> Result<()> {
        if self.n_rounds != Some(self.n_rounds_written + 1) || self.last_names.is_some() {
            return Ok(());
        }
        if !self.batch.is_empty() {
            self.last_batch = Some(self.encode_batch()?);
        }
        self.last_names = Some(encode_samples(&self.sample_names)?);
        Ok(())
    }

    fn encode_batch(&mut self) -> Result<EncodedBatch> {
        let batch = std::mem::take(&mut self.batch);
        self.held.set(0);
        let effort = self.effort(batch.len());
        Ok(EncodedBatch {
            names: encode_contig_names_with(&batch, effort)?,
            details: encode_details_with(&batch, self.params.predicted_len(), effort)?,
        })
    }

    /// What it may cost to make a batch of so many samples small.
    fn effort(&self, n_samples: usize) -> Effort {
        let is_full = n_samples == self.params.pack_cardinality as usize;
        match self.existing {
            Some(existing) if existing.len_before_change() > 0 && !is_full => Effort::Quick,
            _ => Effort::Best,
        }
    }

    fn write_batch(&mut self, batch: &EncodedBatch) -> Result<()> {
        let (metadata, names) = &batch.names;
        self.container.add_part(self.streams.contigs, *metadata, names)?;
        self.container.add_part(self.streams.details, 0, &batch.details)
    }

    fn finish_collection(mut self) -> Result<ContainerWriter<W>> {
        if let Some(batch) = self.last_batch.take() {
            self.write_batch(&batch)?;
        }
        debug_assert!(self.batch.is_empty());
        let (metadata, payload) = match self.last_names.take() {
            Some(names) => names,
            None => encode_samples(&self.sample_names)?,
        };
        self.container
            .add_part(self.streams.samples, metadata, &payload)?;
        self.tracks.finish(&mut self.container)?;
        Ok(self.container)
    }
}

/// Tables of zstd for names and descriptors.
const BATCH_TABLES: usize = 20 << 20;

/// Bytes of a sample with its names and segments.
fn mem_len(sample: &SampleDesc) -> usize {
    let contigs = sample.contigs.iter();
    let contig_lens = contigs.map(|contig| contig_len(contig.name.len(), contig.segments.len()));
    size_of::<SampleDesc>() + contig_lens.sum::<usize>()
}

/// Bytes that it takes to write a batch of so many: names and descriptors as text and columns, and tables of zstd, no larger than
/// they need be.
fn write_len(n_bytes: usize) -> usize {
    n_bytes + BATCH_TABLES.min(4 * n_bytes)
}

/// Segments of samples that are not complete yet, by their places.
#[derive(Default)]
struct OpenSamples {
    n_taken: u32,
    samples: VecDeque<Vec<Vec<Option<SegmentDesc>>>>,
}

impl OpenSamples {
    fn record(&mut self, slot: SegmentSlot, desc: SegmentDesc) {
        let sample = (slot.sample - self.n_taken) as usize;
        if sample >= self.samples.len() {
            self.samples.resize_with(sample + 1, Vec::new);
        }
        let contigs = &mut self.samples[sample];
        grow(contigs, slot.contig);
        let segments = &mut contigs[slot.contig as usize];
        grow(segments, slot.segment);
        segments[slot.segment as usize] = Some(desc);
    }

    /// Takes the oldest sample out. Every segment that was placed must have arrived by now.
    fn take_first(&mut self, layout: SampleLayout) -> Result<SampleDesc> {
        self.n_taken += 1;
        let mut contigs = self.samples.pop_front().unwrap_or_default();
        contigs.resize_with(layout.contigs.len(), Vec::new);
        let contigs = layout.contigs.into_iter().zip(contigs).map(|(contig, segments)| {
            let segments: Option<Vec<SegmentDesc>> = segments.into_iter().collect();
            match segments {
                Some(segments) if segments.len() == contig.n_segments as usize => Ok(ContigDesc {
                    name: contig.substitute.unwrap_or(contig.name),
                    segments,
                }),
                _ => Err(Error::new(ErrorKind::Internal(
                    "a sample has ended, and not all of its segments",
                ))),
            }
        });
        // From now on it is counted with its batch.
        drop((layout.held, layout.to_write));
        Ok(SampleDesc {
            name: layout.name,
            contigs: contigs.collect::<Result<_>>()?,
        })
    }
}

/// Most contigs are one segment, for which a list would take room for four.
fn grow<T: Default>(list: &mut Vec<T>, place: u32) {
    let len = place as usize + 1;
    if list.is_empty() {
        list.reserve_exact(len);
    }
    if len > list.len() {
        list.resize_with(len, T::default);
    }
}
