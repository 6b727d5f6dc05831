//! Third stage: the workers that own groups turn placed segments into items and parts.

use super::place::{Content, Placed};
use super::pool::{Work, owner};
use super::write::{self, Slot, StoredPart};
use crate::collection::SegmentDesc;
use crate::error::{Error, ErrorKind, Result};
use crate::group::N_RAW_GROUPS;
use crate::group::pack::{DeltaPack, RawPack};
use crate::group::writer::{EncodedPart, PartEncoder};
use crate::lz_diff::{self, Reference};
use crate::queue;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the owner of groups is told.
#[derive(Debug)]
pub(super) enum Job {
    /// Store the reference of a new group.
    Found { group: u32, reference: Arc<Reference> },
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

/// Number of a group's reference among its parts; packs follow, from 1 on.
const REFERENCE_NUMBER: u32 = 0;

/// A group: its open pack and the number of packs that have left it.
struct Group<P> {
    pack: P,
    n_packs: u32,
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
                Job::Found { group, reference } => self.found(group, &reference)?,
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

    fn found(&mut self, group: u32, reference: &Reference) -> Result<()> {
        let part = self.encoder.reference(reference.sequence())?;
        self.send_part(StoredPart {
            round: self.round,
            group,
            number: REFERENCE_NUMBER,
            part,
        })
    }

    fn store(&mut self, slot: Slot, placed: Placed) -> Result<()> {
        let group = placed.group;
        let (in_group_id, part) = match placed.content {
            Content::Raw(sequence) => self.store_raw(group, sequence)?,
            Content::Reference => (0, None),
            Content::Delta(delta) => self.store_delta(group, &delta)?,
            Content::Uncoded { reference, sequence } if sequence == *reference.sequence() => (0, None),
            Content::Uncoded { reference, sequence } => {
                self.store_delta(group, &lz_diff::encode(&sequence, &reference).text)?
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
        let new = || Group::new(DeltaPack::new(self.pack_cardinality));
        let owned = self.delta.entry(group).or_insert_with(new);
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
        Self { pack, n_packs: 0 }
    }

    /// Gives a pack its number in the group.
    fn number(&mut self, group: u32, round: u64, part: EncodedPart) -> StoredPart {
        self.n_packs += 1;
        let number = self.n_packs;
        StoredPart {
            round,
            group,
            number,
            part,
        }
    }
}

/// All segments of a group come to one worker.
fn not_owned() -> Error {
    Error::new(ErrorKind::WorkerLost)
}
