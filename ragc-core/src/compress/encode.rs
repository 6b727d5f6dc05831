//! Third stage: the workers that own groups turn placed segments into items and parts.

use super::place::{Content, Placed};
use super::pool::{Work, owner};
use super::write::{self, Slot, StoredPart};
use crate::collection::SegmentDesc;
use crate::error::{Error, ErrorKind, Result};
use crate::group::N_RAW_GROUPS;
use crate::group::pack::{DeltaPack, RawPack};
use crate::group::writer::{EncodedPart, PartEncoder};
use crate::lz_diff;
use crate::queue;
use std::collections::BTreeMap;

/// What the owner of groups is told.
#[derive(Debug)]
pub(super) enum Job {
    /// Store a segment.
    Store { slot: Slot, placed: Placed },
    /// All segments of the round have been sent.
    EndRound,
    /// All rounds have been sent: write the open packs, which make up a last round.
    Finish,
}

/// A worker and the groups it owns.
pub(super) struct GroupWorker {
    pack_cardinality: usize,
    round: u64,
    raw: BTreeMap<u32, Group<RawPack>>,
    delta: BTreeMap<u32, Group<DeltaPack>>,
    encoder: PartEncoder,
    to_writer: queue::Sender<write::Message>,
}

/// A group: its open pack and the number of parts that have left it.
struct Group<P> {
    pack: P,
    n_parts: u32,
}

impl GroupWorker {
    /// Worker `number` of `n_workers`, with the raw groups that it owns: they exist from the beginning.
    pub(super) fn new(
        number: usize,
        n_workers: usize,
        pack_cardinality: u32,
        to_writer: queue::Sender<write::Message>,
    ) -> Self {
        let pack_cardinality = pack_cardinality as usize;
        let raw = (0..N_RAW_GROUPS)
            .filter(|group| owner(*group, n_workers) == number)
            .map(|group| (group, Group::new(RawPack::new(pack_cardinality))))
            .collect();
        Self {
            pack_cardinality,
            round: 0,
            raw,
            delta: BTreeMap::new(),
            encoder: PartEncoder::new(),
            to_writer,
        }
    }

    /// Works until told to finish. Without that the run has failed elsewhere, and the open packs are left alone.
    pub(super) fn run(mut self, work: &Work<Job>) -> Result<()> {
        while let Some(job) = work.next_job() {
            match job {
                Job::Store { slot, placed } => self.store(slot, placed)?,
                Job::EndRound => self.end_round()?,
                Job::Finish => {
                    self.close_packs()?;
                    self.end_round()?;
                }
            }
        }
        Ok(())
    }

    fn end_round(&mut self) -> Result<()> {
        let round = self.round;
        self.round += 1;
        self.send(write::Message::EndRound { round }, 0)
    }

    fn store(&mut self, slot: Slot, placed: Placed) -> Result<()> {
        let group = placed.group;
        let (in_group_id, part) = match placed.content {
            Content::Raw(sequence) => self.store_raw(group, sequence)?,
            Content::Reference(reference) => {
                let part = self.encoder.reference(reference.sequence())?;
                let mut new = Group::new(DeltaPack::new(self.pack_cardinality));
                let part = new.number(group, self.round, part);
                self.delta.insert(group, new);
                (0, Some(part))
            }
            Content::Delta { reference, sequence } if sequence == *reference.sequence() => (0, None),
            Content::Delta { reference, sequence } => {
                self.store_delta(group, &lz_diff::encode(&sequence, &reference))?
            }
        };
        if let Some(part) = part {
            self.send_part(part)?;
        }
        let desc = SegmentDesc {
            group,
            in_group_id,
            is_rev_comp: placed.is_rev_comp,
            raw_len: placed.raw_len,
        };
        self.send(
            write::Message::Segment { slot, desc },
            size_of::<write::Message>(),
        )
    }

    fn store_raw(
        &mut self,
        group: u32,
        sequence: crate::sequence::Sequence,
    ) -> Result<(u32, Option<StoredPart>)> {
        let owned = self.raw.get_mut(&group).ok_or_else(not_owned)?;
        let (id, part) = owned.pack.add(sequence, &mut self.encoder)?;
        Ok((id, part.map(|part| owned.number(group, self.round, part))))
    }

    fn store_delta(&mut self, group: u32, delta: &[u8]) -> Result<(u32, Option<StoredPart>)> {
        let owned = self.delta.get_mut(&group).ok_or_else(not_owned)?;
        let (id, part) = owned.pack.add(delta, &mut self.encoder)?;
        Ok((id, part.map(|part| owned.number(group, self.round, part))))
    }

    fn close_packs(&mut self) -> Result<()> {
        for (group, mut owned) in std::mem::take(&mut self.raw) {
            let part = owned.pack.close(&mut self.encoder)?;
            self.send_part(owned.number(group, self.round, part))?;
        }
        for (group, mut owned) in std::mem::take(&mut self.delta) {
            if let Some(part) = owned.pack.close(&mut self.encoder)? {
                self.send_part(owned.number(group, self.round, part))?;
            }
        }
        Ok(())
    }

    fn send_part(&self, part: StoredPart) -> Result<()> {
        let cost = part.part.payload.len();
        self.send(write::Message::Part(part), cost)
    }

    fn send(&self, message: write::Message, cost: usize) -> Result<()> {
        self.to_writer
            .send(message, cost)
            .map_err(|_| Error::new(ErrorKind::WorkerLost))
    }
}

impl<P> Group<P> {
    fn new(pack: P) -> Self {
        Self { pack, n_parts: 0 }
    }

    /// Gives a part its number in the group; the reference of a delta group is its part 0.
    fn number(&mut self, group: u32, round: u64, part: EncodedPart) -> StoredPart {
        let number = self.n_parts;
        self.n_parts += 1;
        StoredPart {
            round,
            group,
            number,
            part,
        }
    }
}

/// A group is announced by its first segment, and all its segments come to one worker.
fn not_owned() -> Error {
    Error::new(ErrorKind::WorkerLost)
}
