//! What placement knows: the catalogue of groups, and where in their references to find a sequence again.

use super::catalogue::GroupCatalogue;
use super::dense::{Alignment, Direction};
use super::home::Home;
use super::locations::{Locations, Portion, Probe, SeedEntries};
use super::seeds::{SEED_LEN, Seed, SeedBatches, Seeds};
use super::starts::Starts;
use super::trace::Match;
use crate::compress::placing::Placing;
use crate::compress::pool::Answers;
use crate::group::key::Key;
use crate::lz_diff::Reference;
use crate::sequence::Sequence;
use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;

/// Seeds are halved no more often: fewer would find nothing.
const MAX_HALVED: u32 = 12;

/// All groups and the seeds of their references.
#[derive(Debug)]
pub(super) struct PlaceState {
    pub(super) seeds: Seeds,
    /// As [`Placing::max_followed`].
    pub(super) max_followed: u64,
    /// What a piece costs of a segment that has a key, in bits.
    pub(super) keyed_piece_bits: u64,
    pub(super) catalogue: GroupCatalogue,
    locations: Locations,
    starts: Starts,
}

impl PlaceState {
    /// No groups yet.
    pub(super) fn new(placing: Placing) -> Self {
        Self {
            seeds: Seeds::new(placing.seed_fraction),
            max_followed: placing.max_followed,
            keyed_piece_bits: placing.first_piece_bits,
            catalogue: GroupCatalogue::default(),
            locations: Locations::default(),
            starts: Starts::default(),
        }
    }

    /// Gives a reserved group its reference, `known` bases of which it had before, and makes its key known. The seeds of the others are
    /// still to be added.
    pub(super) fn complete(
        &mut self,
        group: u32,
        key: Option<Key>,
        reference: Arc<Reference>,
        known: usize,
    ) -> Unindexed {
        let part = known..reference.sequence().len();
        let start = self.starts.push(group, part.clone());
        self.catalogue.complete(group, key, Arc::clone(&reference));
        Unindexed {
            seeds: self.seeds,
            start,
            reference,
            part,
        }
    }

    /// Adds the seeds of references, in the order in which they were completed.
    pub(super) fn index(&mut self, new: &[SeedEntries]) {
        self.locations.add(new);
    }

    /// Makes room for the seeds of references of so many bases, but for no more than `most` seeds.
    pub(super) fn expect(&mut self, n_bases: u64, most: u64) {
        self.locations.expect(self.seeds.n_in(n_bases).min(most));
    }

    /// Bases of all references, and about how many seeds of them are kept.
    pub(super) fn n_bases_and_seeds(&self) -> (u64, u64) {
        let n_bases = self.starts.n_bases();
        (n_bases, self.seeds.n_in(n_bases))
    }

    /// Halves the seeds until there are no more than `most`, about.
    pub(super) fn thin_out(&mut self, most: u64) {
        let n_bases = self.starts.n_bases();
        let mut thinned = self.seeds;
        while thinned.n_in(n_bases) > most && thinned.n_halved() < MAX_HALVED {
            thinned = thinned.halved();
        }
        if thinned != self.seeds {
            self.seeds = thinned;
            self.locations.thin_out(thinned);
        }
    }

    /// As [`Locations::take_portions`].
    pub(super) fn take_portions(&mut self, n_portions: usize) -> Vec<Portion> {
        self.locations.take_portions(n_portions)
    }

    /// As [`Locations::put_back`].
    pub(super) fn put_back(&mut self, portion: Portion) {
        self.locations.put_back(portion);
    }

    /// Exact matches of `segment` with references that begin at seeds inside `ranges`.
    pub(super) fn matches(&self, segment: &BothStrands<'_>, ranges: &[Range<usize>]) -> Vec<Match> {
        let mut finder = Finder {
            state: self,
            segment,
            followed: 0,
            last: Vec::new(),
            probes: Vec::new(),
            matches: Vec::new(),
        };
        let mut batches = SeedBatches::new(self.seeds);
        for range in ranges {
            batches.for_each(segment.forward, range.clone(), |seeds| finder.look_up(seeds));
        }
        finder.matches
    }
}

/// The seeds of the references of a round, which are being found.
#[derive(Debug)]
pub(super) struct Indexing {
    pub(super) entries: Answers<SeedEntries>,
}

/// A part of a reference whose seeds are not known yet.
#[derive(Debug)]
pub(super) struct Unindexed {
    seeds: Seeds,
    start: u64,
    reference: Arc<Reference>,
    part: Range<usize>,
}

impl Unindexed {
    /// How many bases it has.
    pub(super) fn len(&self) -> usize {
        self.part.len()
    }

    /// Its seeds: pure work.
    pub(super) fn entries(&self) -> SeedEntries {
        SeedEntries::of(
            self.seeds,
            self.reference.sequence(),
            self.part.clone(),
            self.start,
        )
    }
}

/// A segment on both strands; the other one is made when it is wanted.
pub(super) struct BothStrands<'a> {
    pub(super) forward: &'a Sequence,
    reverse: OnceCell<Sequence>,
}

impl<'a> BothStrands<'a> {
    pub(super) fn new(forward: &'a Sequence) -> Self {
        Self {
            forward,
            reverse: OnceCell::new(),
        }
    }

    pub(super) fn on(&self, is_rev_comp: bool) -> &Sequence {
        if is_rev_comp {
            self.reverse.get_or_init(|| self.forward.reverse_complement())
        } else {
            self.forward
        }
    }

    /// Turns a range of one strand into the same stretch on the contig, and back.
    pub(super) fn on_contig(&self, range: Range<usize>, is_rev_comp: bool) -> Range<usize> {
        match is_rev_comp {
            true => self.forward.len() - range.end..self.forward.len() - range.start,
            false => range,
        }
    }

    /// A stretch of the segment on the wanted strand.
    pub(super) fn slice(&self, range: Range<usize>, is_rev_comp: bool) -> Sequence {
        self.on(is_rev_comp).slice(self.on_contig(range, is_rev_comp))
    }
}

/// A match this long is followed without looking for others inside it.
const LONG_MATCH: usize = 64;

struct Finder<'a> {
    state: &'a PlaceState,
    segment: &'a BothStrands<'a>,
    /// The last matches, to pass over seeds inside them: end in the segment, home, and diagonal.
    last: Vec<(usize, Home, i64)>,
    /// End of the long matches so far.
    followed: usize,
    /// Of the seeds that are looked up together.
    probes: Vec<Probe>,
    matches: Vec<Match>,
}

impl Finder<'_> {
    /// Looks seeds up, and tells the position of the first that is wanted next.
    fn look_up(&mut self, seeds: &[Seed]) -> usize {
        let state = self.state;
        let mut probes = std::mem::take(&mut self.probes);
        probes.clear();
        probes.extend(seeds.iter().map(|seed| state.locations.probe(seed.hash)));
        for (seed, probe) in seeds.iter().zip(&probes) {
            if seed.pos < self.next_wanted() {
                continue;
            }
            self.last.retain(|(end, ..)| *end > seed.pos);
            state.locations.for_each(seed.hash, *probe, |location| {
                let (group, reference_pos) = state.starts.resolve(location.pos);
                let home = Home {
                    group,
                    is_rev_comp: seed.is_direct != location.is_direct,
                };
                self.confirm(seed.pos, home, reference_pos);
            });
        }
        self.probes = probes;
        self.next_wanted()
    }

    /// The position of the first seed that reaches out of the long matches so far.
    fn next_wanted(&self) -> usize {
        (self.followed + 1).saturating_sub(SEED_LEN)
    }

    /// Extends a seed to a match, and follows the alignment on both sides.
    fn confirm(&mut self, pos: usize, home: Home, reference_pos: usize) {
        let (state, segment) = (self.state, self.segment);
        let text = segment.on(home.is_rev_comp);
        let text_pos = match home.is_rev_comp {
            true => text.len() - pos - SEED_LEN,
            false => pos,
        };
        let diagonal = reference_pos as i64 - text_pos as i64;
        if self
            .last
            .iter()
            .any(|(_, known, on)| *known == home && *on == diagonal)
        {
            return;
        }
        let Some(reference) = state.catalogue.reference(home.group) else {
            return;
        };
        let reference = reference.sequence();
        let ahead = text.common_prefix(text_pos, reference, reference_pos);
        if ahead < SEED_LEN {
            return;
        }
        let behind = text.common_suffix(text_pos, reference, reference_pos, usize::MAX);
        let (start, end) = (text_pos - behind, text_pos + ahead);
        self.note(start..end, home, diagonal, 0);
        let alignment = Alignment {
            text,
            reference,
            diagonal,
        };
        // On the other strand the contig goes on to the left.
        for (from, direction, is_onward) in [
            (end, Direction::Ahead, !home.is_rev_comp),
            (start, Direction::Behind, home.is_rev_comp),
        ] {
            alignment.follow(from, direction, is_onward, |stretch| {
                self.note(stretch.range, home, diagonal, stretch.n_differing);
            });
        }
    }

    /// Keeps a match or what is aligned, given on the strand of its home.
    fn note(&mut self, on_strand: Range<usize>, home: Home, diagonal: i64, n_differing: usize) {
        let range = self.segment.on_contig(on_strand, home.is_rev_comp);
        if n_differing == 0 && range.len() >= LONG_MATCH {
            self.followed = self.followed.max(range.end);
        }
        self.last.push((range.end, home, diagonal));
        self.matches.push(Match {
            range,
            home,
            n_differing,
        });
    }
}
