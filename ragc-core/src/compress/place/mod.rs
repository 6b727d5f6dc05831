//! Second stage: which group does a segment belong to?
//!
//! A round is placed in two steps. First every segment is compared with all that is known at the beginning of the round:
//! pure work, done on all threads ([`question`]). Then the segments are taken one by one in input order and go to the
//! groups that the comparison found, or found groups of their own. So the result is a function of the input and the
//! options alone.
//!
//! | a segment | is stored |
//! |---|---|
//! | whose key (its splitters) has a group that it follows throughout | in this group |
//! | that follows groups only in parts (a lost splitter, an inversion, a move, an insertion, the end of a contig) | cut at the break points, each piece in the group that it follows |
//! | with stretches that are new | these stretches as pieces that become references of their own |
//! | that is new as a whole | as the reference of a new group |
//! | without splitters, of a collection whose short and divergent sequences take less space as they are | among its relatives in a raw group ([`raw`]) |
//!
//! What is new and short is gathered into common references ([`novel`]). Seeds ([`seeds`]) of all references lead from a
//! sequence to where it stands already ([`locations`], [`state`], filled in [`index`]); [`trace`] finds the cheapest path through them.

mod again;
mod catalogue;
mod dense;
mod home;
mod index;
mod locations;
mod novel;
mod placed;
mod question;
mod raw;
mod recent;
mod restore;
mod seeds;
mod starts;
mod state;
mod strand_seeds;
#[cfg(test)]
mod tests;

mod trace;
mod turns;

pub(in crate::compress) use catalogue::KeyedGroups;
pub(in crate::compress) use placed::{Content, Placed};

use self::novel::{MIN_REFERENCE, NovelReference};
use self::placed::oriented;
use self::question::{Finding, PieceContent, SegmentPiece};
use self::raw::RawHomes;
use self::recent::{Recent, Sketch};
use self::state::{Indexing, PlaceState, Unindexed};
use super::ended::Ended;
use super::item::RoundItem;
use super::memory::{Counted, Memory};
use super::placing::Placing;
use super::pool;
use crate::error::Result;
use crate::group::key::OrientedKey;
use crate::lz_diff::{IndexCache, Reference};
use crate::params::Params;
use crate::sequence::Sequence;
use crate::splitter::CutSegment;
use crate::times::{Stage, within};
use std::sync::{Arc, PoisonError, RwLock};

/// In the reference sample so much new sequence without splitters and with less bases than this founds groups, as genes do that
/// others follow; what comes then is gathered. Groups of unitigs took much memory (docs/measurements.md, "Details of making archives"); genes gathered from
/// the first on take a little more (docs/measurements.md, "Memory").
const TINY: usize = 1000;
const MAX_TINY_GROUPS: usize = 64;

/// What an entry of a round holds beside its sequence: a segment, a task, its answer and a delta.
const ITEM_BYTES: usize = 5 << 8;

/// What was found for a segment, and a sketch of what is new in it.
#[derive(Debug)]
pub(super) struct Looked {
    finding: Finding,
    new: Sketch,
}

impl Looked {
    fn new(state: &PlaceState, segment: &Sequence, finding: Finding) -> Self {
        Self {
            new: Sketch::of_new(state.seeds, segment, &finding),
            finding,
        }
    }
}

/// A new group.
#[derive(Debug)]
pub(super) struct Founded {
    pub(super) group: u32,
    pub(super) reference: Arc<Reference>,
}

/// Places segments, round by round.
pub(super) struct Placer<'a> {
    k: u32,
    min_match: u32,
    /// Read by comparisons, changed between them.
    state: Arc<RwLock<PlaceState>>,
    indexes: Arc<IndexCache>,
    memory: Memory,
    /// What the longest round holds.
    round: Counted,
    /// Bases of the reference sample, and seeds in it, about.
    n_first: (u64, u64),
    pool: Option<NovelReference>,
    recent: Recent,
    founded: Vec<Founded>,
    /// References of this round, whose seeds nobody knows yet.
    unindexed: Vec<Unindexed>,
    /// Those of the round before, if their seeds are still being found.
    indexing: Option<Indexing>,
    /// Longest segment without splitters that goes to a raw group, in bases.
    max_raw: usize,
    raw: RawHomes<'a>,
    in_reference_sample: bool,
    /// Groups of tiny sequences of the reference sample.
    n_tiny_groups: usize,
}

impl Placer<'_> {
    pub(super) fn new(params: &Params, placing: Placing, memory: Memory) -> Self {
        let state = PlaceState::new(placing);
        Self {
            k: params.k,
            min_match: params.min_match_len,
            n_first: (placing.n_bases, state.seeds.n_in(placing.n_bases)),
            state: Arc::new(RwLock::new(state)),
            // A limit comes with the first round.
            indexes: Arc::new(IndexCache::new(0)),
            round: memory.held(),
            memory,
            pool: None,
            recent: Recent::default(),
            founded: Vec::new(),
            unindexed: Vec::new(),
            indexing: None,
            max_raw: placing.raw.max_len,
            raw: RawHomes::new(placing.raw.n_groups, params.pack_cardinality, params.k),
            in_reference_sample: true,
            n_tiny_groups: 0,
        }
    }

    /// All groups at the end. What else placement knew is forgotten, which makes room for closing the packs.
    pub(super) fn finish(self) -> KeyedGroups {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        KeyedGroups {
            n_groups: state.catalogue.n_groups(),
            keys: state.catalogue.sorted_keys(),
        }
    }

    /// Compares the segments of a round with all groups that exist, on all threads.
    pub(super) fn look<J>(
        &mut self,
        round: &[RoundItem],
        pool: &pool::Pool<J>,
    ) -> Result<Vec<Option<Looked>>, Ended> {
        self.round.raise(round.len() * ITEM_BYTES);
        self.finish_indexing(pool)?;
        self.recent.begin();
        let segments = round.iter().enumerate().filter_map(|(place, item)| match item {
            RoundItem::Segment(segment) if !self.is_raw(segment) => Some((place, Arc::clone(segment))),
            _ => None,
        });
        let questions = segments.map(|(place, segment)| {
            let (state, key, k) = (Arc::clone(&self.state), self.key_of(&segment), self.k as usize);
            move || {
                let state = state.read().unwrap_or_else(PoisonError::into_inner);
                let sequence = &segment.sequence;
                let looked = || Looked::new(&state, sequence, question::answer(&state, sequence, key, k));
                (place, within(Stage::Compare, looked))
            }
        });
        let answers = pool.ask(questions)?.all()?;
        let mut findings: Vec<Option<Looked>> = std::iter::repeat_with(|| None).take(round.len()).collect();
        for (place, finding) in answers {
            findings[place] = Some(finding);
        }
        Ok(findings)
    }

    fn is_raw(&self, segment: &CutSegment) -> bool {
        segment.front.is_none() && segment.back.is_none() && segment.sequence.len() <= self.max_raw
    }

    fn key_of(&self, segment: &CutSegment) -> Option<OrientedKey> {
        match (segment.front, segment.back) {
            (Some(front), Some(back)) => Some(OrientedKey::of_both(front.value, back.value)),
            (Some(front), None) => Some(OrientedKey::of_front(front)),
            (None, Some(back)) => Some(OrientedKey::of_back(back, self.k)),
            (None, None) => None,
        }
    }

    /// Decides on the next segment in input order.
    pub(super) fn place<J>(
        &mut self,
        segment: &CutSegment,
        looked: Option<Looked>,
        pool: &pool::Pool<J>,
    ) -> Result<Vec<Placed>, Ended> {
        let key = self.key_of(segment);
        let index_now = |placer: &mut Self| placer.index_now(pool);
        let looked = looked.map(|looked| self.look_again(&segment.sequence, key, looked, index_now));
        Ok(match looked.transpose()? {
            Some(Finding::Pieces(pieces)) => self.place_pieces(&segment.sequence, pieces)?,
            Some(Finding::New) | None => self.place_new(segment)?,
        })
    }

    /// Compares a segment once more if the round has founded the like of what is new in it, which `index_now` makes known.
    fn look_again<E>(
        &mut self,
        segment: &Sequence,
        key: Option<OrientedKey>,
        looked: Looked,
        index_now: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<Finding, E> {
        let found = self.recent.find(&looked.new);
        if !found.is_much() {
            self.recent.add(looked.new);
            return Ok(looked.finding);
        }
        if found.is_in_pool() {
            self.publish_pool();
        }
        index_now(self)?;
        let again = {
            let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
            let finding = question::answer(&state, segment, key, self.k as usize);
            Looked::new(&state, segment, finding)
        };
        self.recent.add(again.new);
        Ok(again.finding)
    }

    fn place_pieces(&mut self, sequence: &Sequence, pieces: Vec<SegmentPiece>) -> Result<Vec<Placed>> {
        let mut placed = Vec::with_capacity(pieces.len());
        for piece in pieces {
            match piece.content {
                PieceContent::Follows { home, delta } => placed.push(Placed {
                    group: home.group,
                    is_rev_comp: home.is_rev_comp,
                    raw_len: piece.range.len() as u32,
                    content: delta.map_or(Content::Reference, Content::Delta),
                }),
                PieceContent::New => placed.extend(self.store_more(None, &sequence.slice(piece.range))?),
            }
        }
        Ok(placed)
    }

    /// A segment that nothing before it is like.
    fn place_new(&mut self, segment: &CutSegment) -> Result<Vec<Placed>> {
        match self.is_raw(segment) {
            true => self.raw.place(&segment.sequence),
            false => self.store_new(self.key_of(segment), &segment.sequence),
        }
    }

    /// Stores a new segment: in the reference sample as a reference of its own.
    fn store_new(&mut self, key: Option<OrientedKey>, sequence: &Sequence) -> Result<Vec<Placed>> {
        let is_tiny = key.is_none() && sequence.len() < TINY;
        if self.in_reference_sample && (!is_tiny || self.n_tiny_groups < MAX_TINY_GROUPS) {
            self.n_tiny_groups += usize::from(is_tiny);
            return Ok(vec![self.found(key, sequence)]);
        }
        self.store_more(key, sequence)
    }

    /// Stores what is new beside what is known: as a reference of its own, or with others.
    fn store_more(&mut self, key: Option<OrientedKey>, sequence: &Sequence) -> Result<Vec<Placed>> {
        if sequence.len() >= MIN_REFERENCE {
            Ok(vec![self.found(key, sequence)])
        } else if sequence.len() >= self.min_match as usize {
            Ok(vec![self.add_to_pool(sequence)])
        } else {
            // A contig that ends with a splitter leaves a segment of k bases, and k may be less than a match has.
            self.raw.place(sequence)
        }
    }

    fn found(&mut self, key: Option<OrientedKey>, sequence: &Sequence) -> Placed {
        let is_rev_comp = key.is_some_and(|key| key.is_rev_comp);
        let group = self.reserve();
        self.complete(group, key, oriented(sequence, is_rev_comp), 0);
        Placed {
            group,
            is_rev_comp,
            raw_len: sequence.len() as u32,
            content: Content::Reference,
        }
    }

    fn add_to_pool(&mut self, sequence: &Sequence) -> Placed {
        let mut pool = match self.pool.take() {
            Some(pool) => pool,
            None => NovelReference::new(self.reserve()),
        };
        let delta = pool.add(sequence, self.min_match);
        let group = pool.group;
        let is_full = pool.is_full();
        self.pool = Some(pool);
        if is_full {
            self.close_pool();
        }
        Placed {
            group,
            is_rev_comp: false,
            raw_len: sequence.len() as u32,
            content: Content::Delta(delta),
        }
    }

    /// Makes known what the pool has gathered; it goes on growing.
    fn publish_pool(&mut self) {
        self.recent.publish_pool();
        let Some(pool) = &mut self.pool else {
            return;
        };
        let (group, sequence, known) = (pool.group, pool.sequence.clone(), pool.publish());
        if known < sequence.len() {
            let reference = Reference::growing(sequence, self.min_match, &self.indexes);
            self.make_known(group, None, Arc::new(reference), known);
        }
    }

    /// The pool becomes the reference of its group.
    pub(super) fn close_pool(&mut self) {
        self.recent.publish_pool();
        if let Some(mut pool) = self.pool.take() {
            let known = pool.publish();
            self.complete(pool.group, None, pool.sequence, known);
        }
    }

    fn reserve(&self) -> u32 {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.catalogue.reserve()
    }

    fn complete(&mut self, group: u32, key: Option<OrientedKey>, sequence: Sequence, known: usize) {
        let reference = Arc::new(Reference::new(sequence, self.min_match, &self.indexes));
        self.make_known(group, key, Arc::clone(&reference), known);
        self.founded.push(Founded { group, reference });
    }

    fn make_known(&mut self, group: u32, key: Option<OrientedKey>, reference: Arc<Reference>, known: usize) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let unindexed = state.complete(group, key.map(|key| key.key), reference, known);
        self.unindexed.push(unindexed);
    }

    /// The reference sample is complete: from now on new sequence may be gathered.
    pub(super) fn end_sample(&mut self) {
        self.in_reference_sample = false;
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.keyed_piece_bits = trace::PIECE_BITS;
    }

    /// Ends the round; all that was founded in it can be followed from now on.
    pub(super) fn end_round<J>(&mut self, pool: &pool::Pool<J>) -> Result<(), Ended> {
        self.publish_pool();
        self.start_indexing(pool)
    }

    /// The groups founded since the last call.
    pub(super) fn take_founded(&mut self) -> Vec<Founded> {
        std::mem::take(&mut self.founded)
    }
}
