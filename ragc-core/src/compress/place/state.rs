//! What placement knows: the catalogue of groups, and where in their references to find a sequence again.

use super::Home;
use super::catalogue::Catalogue;
use super::locations::Locations;
use super::seeds::{SEED_LEN, Seed, for_each_seed};
use super::trace::Match;
use crate::group::key::Key;
use crate::lz_diff::Reference;
use crate::sequence::Sequence;
use std::ops::Range;
use std::sync::Arc;

/// All groups and the seeds of their references.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) catalogue: Catalogue,
    locations: Locations,
    /// Where each reference begins in the concatenation of all, and its group.
    starts: Vec<(u64, u32)>,
    n_bases: u64,
}

impl State {
    /// Gives a reserved group its reference and makes it known.
    pub(super) fn complete(&mut self, group: u32, key: Option<Key>, reference: Arc<Reference>) {
        let start = self.n_bases;
        self.n_bases += reference.sequence().len() as u64;
        self.starts.push((start, group));
        for_each_seed(reference.sequence(), |seed| {
            self.locations.add(seed, start + seed.pos as u64);
        });
        self.catalogue.complete(group, key, reference);
    }

    /// Exact matches of `segment` with references that begin at seeds inside `ranges`.
    pub(super) fn matches(&self, segment: &Strands, ranges: &[Range<usize>]) -> Vec<Match> {
        let mut finder = Finder {
            state: self,
            segment,
            last: Vec::new(),
            matches: Vec::new(),
        };
        for range in ranges {
            let start = range.start;
            let part = segment.forward.slice(range.clone());
            for_each_seed(&part, |seed| {
                finder.look_up(Seed {
                    pos: start + seed.pos,
                    ..seed
                });
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

/// A segment on both strands.
pub(super) struct Strands {
    pub(super) forward: Sequence,
    pub(super) reverse: Sequence,
}

impl Strands {
    pub(super) fn new(forward: Sequence) -> Self {
        Self {
            reverse: forward.reverse_complement(),
            forward,
        }
    }

    pub(super) fn on(&self, is_rev_comp: bool) -> &Sequence {
        if is_rev_comp { &self.reverse } else { &self.forward }
    }

    /// A stretch of the segment on the wanted strand.
    pub(super) fn slice(&self, range: Range<usize>, is_rev_comp: bool) -> Sequence {
        if is_rev_comp {
            let len = self.forward.len();
            self.reverse.slice(len - range.end..len - range.start)
        } else {
            self.forward.slice(range)
        }
    }
}

struct Finder<'a> {
    state: &'a State,
    segment: &'a Strands,
    /// The last matches, to pass over seeds inside them: end in the segment, home, and diagonal.
    last: Vec<(usize, Home, i64)>,
    matches: Vec<Match>,
}

impl Finder<'_> {
    fn look_up(&mut self, seed: Seed) {
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
        let (start, end) = (text_pos - behind, text_pos + ahead);
        let range = match home.is_rev_comp {
            true => text.len() - end..text.len() - start,
            false => start..end,
        };
        self.last.push((range.end, home, diagonal));
        self.matches.push(Match { range, home });
    }
}
