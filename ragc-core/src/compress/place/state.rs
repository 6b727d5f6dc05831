//! What placement knows: the catalogue of groups, and where in their references to find a sequence again.

use super::Home;
use super::catalogue::Catalogue;
use super::locations::Locations;
use super::seeds::{SEED_LEN, Seed, Seeds};
use super::trace::Match;
use crate::compress::choose::Placing;
use crate::group::key::Key;
use crate::lz_diff::Reference;
use crate::sequence::Sequence;
use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;

/// All groups and the seeds of their references.
#[derive(Debug)]
pub(super) struct State {
    pub(super) seeds: Seeds,
    /// As [`Placing::max_followed`].
    pub(super) max_followed: u64,
    pub(super) catalogue: Catalogue,
    locations: Locations,
    /// Where each reference begins in the concatenation of all, and its group.
    starts: Vec<(u64, u32)>,
    n_bases: u64,
}

impl State {
    /// No groups yet.
    pub(super) fn new(placing: Placing) -> Self {
        Self {
            seeds: Seeds::new(placing.seed_fraction),
            max_followed: placing.max_followed,
            catalogue: Catalogue::default(),
            locations: Locations::default(),
            starts: Vec::new(),
            n_bases: 0,
        }
    }

    /// Gives a reserved group its reference and makes it known.
    pub(super) fn complete(&mut self, group: u32, key: Option<Key>, reference: Arc<Reference>) {
        let start = self.n_bases;
        self.n_bases += reference.sequence().len() as u64;
        self.starts.push((start, group));
        self.seeds.for_each(reference.sequence(), |seed| {
            self.locations.add(seed, start + seed.pos as u64);
            0
        });
        self.catalogue.complete(group, key, reference);
    }

    /// Bases of all references.
    pub(super) fn n_bases(&self) -> u64 {
        self.n_bases
    }

    /// Whether a seed stands at a place of the references behind the first `start` bases.
    pub(super) fn has_since(&self, hash: u64, start: u64) -> bool {
        let mut has = false;
        self.locations
            .for_each(hash, |location| has |= location.pos >= start);
        has
    }

    /// Exact matches of `segment` with references that begin at seeds inside `ranges`.
    pub(super) fn matches(&self, segment: &Strands<'_>, ranges: &[Range<usize>]) -> Vec<Match> {
        let mut finder = Finder {
            state: self,
            segment,
            followed: 0,
            last: Vec::new(),
            matches: Vec::new(),
        };
        for range in ranges {
            let start = range.start;
            let part = segment.forward.slice(range.clone());
            self.seeds.for_each(&part, |seed| {
                finder.look_up(Seed {
                    pos: start + seed.pos,
                    ..seed
                });
                finder.next_wanted().saturating_sub(start)
            });
        }
        finder.matches
    }

    /// The group at a place in the concatenation of all references, and the position in its reference.
    fn resolve(&self, pos: u64) -> (u32, usize) {
        let next = self.starts.partition_point(|(start, _)| *start <= pos);
        let (start, group) = self.starts[next - 1];
        (group, (pos - start) as usize)
    }
}

/// A segment on both strands; the other one is made when it is wanted.
pub(super) struct Strands<'a> {
    pub(super) forward: &'a Sequence,
    reverse: OnceCell<Sequence>,
}

impl<'a> Strands<'a> {
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

/// Shortest match behind a single difference that goes on with the match before it.
const NEXT_MATCH: usize = 16;

struct Finder<'a> {
    state: &'a State,
    segment: &'a Strands<'a>,
    /// The last matches, to pass over seeds inside them: end in the segment, home, and diagonal.
    last: Vec<(usize, Home, i64)>,
    /// End of the long matches so far.
    followed: usize,
    matches: Vec<Match>,
}

impl Finder<'_> {
    fn look_up(&mut self, seed: Seed) {
        if seed.pos < self.next_wanted() {
            return;
        }
        self.last.retain(|(end, ..)| *end > seed.pos);
        let state = self.state;
        state.locations.for_each(seed.hash, |location| {
            let (group, reference_pos) = state.resolve(location.pos);
            let home = Home {
                group,
                is_rev_comp: seed.is_direct != location.is_direct,
            };
            self.confirm(seed.pos, home, reference_pos);
        });
    }

    /// The position of the first seed that reaches out of the long matches so far.
    fn next_wanted(&self) -> usize {
        (self.followed + 1).saturating_sub(SEED_LEN)
    }

    /// Extends a seed to a match, and over single differences to further ones in the direction of the contig.
    fn confirm(&mut self, pos: usize, home: Home, reference_pos: usize) {
        let text = self.segment.on(home.is_rev_comp);
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
        let Some(reference) = self.state.catalogue.reference(home.group) else {
            return;
        };
        let reference = reference.sequence();
        let ahead = text.common_prefix(text_pos, reference, reference_pos);
        if ahead < SEED_LEN {
            return;
        }
        let behind = text.common_suffix(text_pos, reference, reference_pos, usize::MAX);
        let (mut start, mut end) = (text_pos - behind, text_pos + ahead);
        self.note(start..end, home, diagonal);
        let in_reference = |text_pos: usize| (text_pos as i64 + diagonal) as usize;
        if home.is_rev_comp {
            // On this strand the contig goes on to the left.
            while start > 0 && in_reference(start) > 0 {
                let len = text.common_suffix(start - 1, reference, in_reference(start) - 1, usize::MAX);
                if len < NEXT_MATCH {
                    break;
                }
                (start, end) = (start - 1 - len, start - 1);
                self.note(start..end, home, diagonal);
            }
        } else {
            while end + 1 < text.len() && in_reference(end) + 1 < reference.len() {
                let len = text.common_prefix(end + 1, reference, in_reference(end) + 1);
                if len < NEXT_MATCH {
                    break;
                }
                (start, end) = (end + 1, end + 1 + len);
                self.note(start..end, home, diagonal);
            }
        }
    }

    /// Keeps a match, given on the strand of its home.
    fn note(&mut self, on_strand: Range<usize>, home: Home, diagonal: i64) {
        let range = self.segment.on_contig(on_strand, home.is_rev_comp);
        if range.len() >= LONG_MATCH {
            self.followed = self.followed.max(range.end);
        }
        self.last.push((range.end, home, diagonal));
        self.matches.push(Match { range, home });
    }
}
