//! Third stage: the workers that own groups turn placed segments into items and parts.

use super::ended::Ended;
use super::last_packs::LastPacks;
use super::memory::{Counted, Memory};
use super::messages::{Message, PartPlace, SegmentSlot, StoredPart};
use super::open_pack::{LastPack, OpenPack};
use super::place::{Content, Placed};
use super::pool::{WorkerInbox, owner};
use crate::collection::SegmentDesc;
use crate::error::{Error, ErrorKind, Result};
use crate::group::N_RAW_GROUPS;
use crate::group::pack::{ClosedPack, DeltaPack, RawPack};
use crate::group::writer::{PartEncoder, SMALL_COLLECTION};
use crate::lz_diff::Reference;
use crate::observe::{Observer, check_wanted};
use crate::queue;
use crate::rewrite::Existing;
use crate::sequence::Sequence;
use crate::times::{Stage, within};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

/// What the owner of groups is told.
#[derive(Debug)]
pub(super) enum Job {
    /// Store the reference of a new group.
    Found { group: u32, reference: Arc<Reference> },
    /// Store a segment.
    Store { slot: SegmentSlot, placed: Placed },
    /// All segments of the round have been sent.
    EndRound,
    /// All rounds have been sent, of so many bases in all: write the open packs, which make up a last round.
    Finish { n_bases: u64 },
}

/// A worker and the open packs of the groups it owns.
pub(super) struct GroupWorker<'a> {
    pack_cardinality: usize,
    /// The archive that is appended to: its groups are opened when they first receive a segment.
    existing: Option<&'a Existing<'a>>,
    round: u64,
    memory: Memory,
    /// What it takes to write the longest pack.
    to_write: Counted,
    raw: BTreeMap<u32, OpenPack<RawPack>>,
    delta: BTreeMap<u32, OpenPack<DeltaPack>>,
    encoder: PartEncoder,
    observer: &'a dyn Observer,
    to_writer: queue::Sender<Message>,
}

impl<'a> GroupWorker<'a> {
    /// Worker `number` of `n_workers`, with the raw groups that it owns: they exist from the beginning.
    pub(super) fn new(
        number: usize,
        n_workers: usize,
        pack_cardinality: u32,
        existing: Option<&'a Existing<'a>>,
        memory: Memory,
        observer: &'a dyn Observer,
        to_writer: queue::Sender<Message>,
    ) -> Self {
        let pack_cardinality = pack_cardinality as usize;
        let is_stored = |group: u32| existing.is_some_and(|existing| existing.n_packs(group) > 0);
        let raw = (0..N_RAW_GROUPS)
            .filter(|group| owner(*group, n_workers) == number && !is_stored(*group))
            .map(|group| (group, OpenPack::new(RawPack::new(pack_cardinality), &memory)))
            .collect();
        Self {
            pack_cardinality,
            existing,
            round: 0,
            to_write: memory.to_write(),
            memory,
            raw,
            delta: BTreeMap::new(),
            encoder: PartEncoder::new(),
            observer,
            to_writer,
        }
    }

    /// Works until told to finish. Without that the run has failed elsewhere, and the open packs are left alone.
    pub(super) fn run(mut self, work: &WorkerInbox<Job>, mut last_packs: LastPacks) -> Result<(), Ended> {
        while let Some(job) = work.next_job() {
            match job {
                Job::Found { group, reference } => self.found(group, &reference)?,
                Job::Store { slot, placed } => within(Stage::Encode, || self.store(slot, placed))?,
                Job::EndRound => self.end_round()?,
                Job::Finish { n_bases } => {
                    if n_bases <= SMALL_COLLECTION {
                        self.encoder.take_time();
                    }
                    self.close_packs(&mut last_packs)?;
                    self.end_round()?;
                }
            }
        }
        Ok(())
    }

    fn end_round(&mut self) -> Result<(), Ended> {
        let round = self.round;
        self.round += 1;
        self.send(Message::EndRound { round }, 0)
    }

    fn found(&mut self, group: u32, reference: &Reference) -> Result<(), Ended> {
        let part = self.encoder.reference(reference.sequence())?;
        self.send_part(StoredPart {
            round: self.round,
            group,
            place: PartPlace::Reference,
            part,
        })
    }

    fn store(&mut self, slot: SegmentSlot, placed: Placed) -> Result<(), Ended> {
        let group = placed.group;
        let (in_group_id, full) = match placed.content {
            Content::Raw(sequence) => self.store_raw(group, sequence)?,
            Content::Reference => (0, None),
            Content::Stored(in_group_id) => (in_group_id, None),
            Content::Delta(delta) => self.store_delta(group, &delta)?,
        };
        self.send_pack(group, full)?;
        let desc = SegmentDesc {
            group,
            in_group_id,
            is_rev_comp: placed.is_rev_comp,
            raw_len: placed.raw_len,
        };
        self.send(Message::Segment { slot, desc }, size_of::<Message>())
    }

    fn store_raw(&mut self, group: u32, sequence: Sequence) -> Result<(u32, Option<ClosedPack>)> {
        let open = match (self.raw.entry(group), self.existing) {
            (Entry::Occupied(open), _) => open.into_mut(),
            (Entry::Vacant(place), Some(existing)) => {
                place.insert(OpenPack::new(existing.reopen_raw(group)?, &self.memory))
            }
            // All segments of a group come to one worker.
            (Entry::Vacant(_), None) => {
                return Err(Error::new(ErrorKind::Internal(
                    "a segment came to a worker that does not have its group",
                )));
            }
        };
        open.add(&mut self.to_write, |pack| pack.add(sequence, &mut self.encoder))
    }

    fn store_delta(&mut self, group: u32, delta: &[u8]) -> Result<(u32, Option<ClosedPack>), Ended> {
        let mut filled_up = None;
        let open = match self.delta.entry(group) {
            Entry::Occupied(open) => open.into_mut(),
            Entry::Vacant(place) => {
                let (pack, before) = match self.existing {
                    Some(existing) => existing.reopen_delta(group)?,
                    None => (DeltaPack::new(self.pack_cardinality), None),
                };
                filled_up = before;
                place.insert(OpenPack::new(pack, &self.memory))
            }
        };
        let added = open.add(&mut self.to_write, |pack| pack.add(delta, &mut self.encoder))?;
        self.send_pack(group, filled_up)?;
        Ok(added)
    }

    /// Leaves its packs to all workers, and writes with them what all have left.
    fn close_packs(&mut self, last_packs: &mut LastPacks) -> Result<(), Ended> {
        let raw = std::mem::take(&mut self.raw).into_iter();
        let delta = std::mem::take(&mut self.delta).into_iter();
        let packs: Vec<LastPack> = raw
            .map(|(group, pack)| pack.last(group))
            .chain(delta.map(|(group, pack)| pack.last(group)))
            .collect();
        let n_left: usize = packs.iter().map(LastPack::mem_len).sum();
        self.observer.packs_left(n_left as u64);
        last_packs.leave(packs.into_iter());
        self.encoder.get_help(last_packs.helped());
        while let Some(pack) = last_packs.take() {
            let (group, len) = (pack.group, pack.mem_len());
            let closed = pack.close(&mut self.encoder)?;
            self.send_pack(group, closed)?;
            self.observer.packs_closed(len as u64);
            check_wanted(self.observer)?;
        }
        self.encoder.get_help(None);
        within(Stage::Packs, || last_packs.help());
        Ok(())
    }

    fn send_pack(&self, group: u32, pack: Option<ClosedPack>) -> Result<(), Ended> {
        let Some(ClosedPack { number, part }) = pack else {
            return Ok(());
        };
        self.send_part(StoredPart {
            round: self.round,
            group,
            place: PartPlace::Pack(number),
            part,
        })
    }

    fn send_part(&self, part: StoredPart) -> Result<(), Ended> {
        let cost = part.part.payload.len();
        self.send(Message::Part(part), cost)
    }

    fn send(&self, message: Message, cost: usize) -> Result<(), Ended> {
        Ok(self.to_writer.send(message, cost)?)
    }
}
