//! Traces a segment through the references: which stretch follows which group?
//!
//! Matches, found by seeds or by the delta against the segment's home, and what is aligned beside them are joined to the cheapest
//! path from one end of the segment to the other. A match costs a token, a step to another group a cut; what nothing covers costs
//! the price of literals.

use super::home::Home;
use crate::sequence::Sequence;
use ahash::AHashMap;
use std::ops::Range;

/// What a match or a literal stretch adds to a delta, in bits, after zstd.
pub(super) const TOKEN_BITS: u64 = 24;
/// What a segment more costs, in bits: its descriptor, the beginning of its delta, and that a genome cut into fewer pieces is
/// easier to follow for others. Of 64 to 384, this served bacteria and viruses best together (docs/measurements.md, "Constants").
pub(super) const PIECE_BITS: u64 = 192;
/// What a base of a reference costs, in bits.
pub(super) const BASE_BITS: u64 = 2;
/// What a symbol costs in a delta that is told to be equal to the reference, or an `N`, in bits.
pub(super) const SAME_BITS: u64 = 1;

/// What bases cost that are written in a delta, in bits: they share a Huffman table with digits. Prices by regression, one for each kind of token, in place of
/// these three hardly change sizes (docs/measurements.md, "Divergent genomes").
pub(super) fn literal_bits(n_literals: usize) -> u64 {
    n_literals as u64 * 5 / 2
}

/// What an aligned stretch costs that is told symbol by symbol, in bits.
pub(super) fn aligned_bits(len: usize, n_differing: usize) -> u64 {
    SAME_BITS * (len - n_differing) as u64 + literal_bits(n_differing)
}

/// Matches that overlap with a match and are looked at as its predecessor.
const MAX_OPEN: usize = 48;
/// Bases that a match has to add to what its predecessor covers.
const MIN_ADDED: usize = 12;

/// A stretch of the segment that stands in a group: a match, or an alignment with dense differences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) range: Range<usize>,
    pub(super) home: Home,
    /// Bases that differ there; 0 of a match.
    pub(super) n_differing: usize,
}

impl Match {
    /// What it adds to a delta.
    fn bits(&self) -> u64 {
        match self.n_differing {
            0 => TOKEN_BITS,
            n => aligned_bits(self.range.len(), n),
        }
    }
}

/// A stretch of the segment, overlaps not counted, and the group that it follows; `None` if it is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HomeStretch {
    pub(super) range: Range<usize>,
    pub(super) home: Option<Home>,
}

/// The cheapest path over the matches, as stretches that cover the segment without gaps. A piece costs `piece_bits`.
///
/// Stretches that nothing covers are new if they have `min_new` bases, else they belong to a neighbour.
pub(super) fn trace(
    segment: &Sequence,
    mut matches: Vec<Match>,
    k: usize,
    min_new: usize,
    piece_bits: u64,
) -> Vec<HomeStretch> {
    matches.sort_by_key(|found| (found.range.start, found.range.end));
    let path = cheapest_path(segment, &matches, piece_bits + literal_bits(k));
    join(segment, &path, min_new)
}

/// The best path that ends with a match.
struct PathEnd {
    /// Where the match ends.
    end: usize,
    home: Home,
    /// What the path costs.
    bits: u64,
    /// Bases of the segment before the end.
    n_before: usize,
    /// The match before.
    before: Option<usize>,
}

impl PathEnd {
    /// What the path costs less what the bases before its end would cost as literals, twice: of paths that end before a place, the one with the
    /// least is the cheapest way to come there.
    fn relative(&self) -> i64 {
        2 * self.bits as i64 - literal_bits(2 * self.n_before) as i64
    }
}

/// The matches of the cheapest path, in order.
fn cheapest_path<'a>(segment: &Sequence, matches: &'a [Match], cut_bits: u64) -> Vec<&'a Match> {
    // Bases before a position, so that those of a gap are a difference.
    let n_before = |pos: usize| segment.n_acgt(0..pos);
    let mut ends: Vec<PathEnd> = Vec::with_capacity(matches.len());
    let mut passed = Passed::default();
    // Matches that end behind the start of the one that is looked at.
    let mut open: Vec<usize> = Vec::new();
    for (i, found) in matches.iter().enumerate() {
        let Range { start, end } = found.range;
        let n_before_start = n_before(start);
        let mut here = (literal_bits(n_before_start), None);
        let mut come_from = |before: usize, previous: &PathEnd| {
            let cut = if previous.home == found.home { 0 } else { cut_bits };
            let gap = literal_bits(n_before_start.saturating_sub(previous.n_before));
            let bits = previous.bits + gap + cut;
            if (end >= start.max(previous.end) + MIN_ADDED) & (bits < here.0) {
                here = (bits, Some(before));
            }
        };
        open.retain(|&before| {
            let previous = &ends[before];
            let is_open = previous.end > start;
            match is_open {
                true => come_from(before, previous),
                false => passed.add(before, &ends),
            }
            is_open
        });
        for before in passed.best(found.home) {
            come_from(before, &ends[before]);
        }
        let (bits, before) = here;
        ends.push(PathEnd {
            end,
            home: found.home,
            bits: bits + found.bits(),
            n_before: n_before(end),
            before,
        });
        if open.len() == MAX_OPEN {
            passed.add(open.remove(0), &ends);
        }
        open.push(i);
    }
    path_back(matches, &ends, n_before(segment.len()))
}

/// The best of the paths that end before a place.
#[derive(Default)]
struct Passed {
    best: Option<usize>,
    best_of_home: AHashMap<Home, usize>,
}

impl Passed {
    fn add(&mut self, path: usize, ends: &[PathEnd]) {
        let is_better = |best: usize| ends[path].relative() < ends[best].relative();
        if self.best.is_none_or(is_better) {
            self.best = Some(path);
        }
        let of_home = self.best_of_home.entry(ends[path].home).or_insert(path);
        if is_better(*of_home) {
            *of_home = path;
        }
    }

    /// The best of all, and of those that end in this group.
    fn best(&self, home: Home) -> impl Iterator<Item = usize> {
        let of_home = self.best_of_home.get(&home);
        self.best.into_iter().chain(of_home.copied())
    }
}

/// The matches of the path that is the cheapest with all of a segment of so many bases behind its end, in order.
fn path_back<'a>(matches: &'a [Match], ends: &[PathEnd], n_bases: usize) -> Vec<&'a Match> {
    let total = |i: usize| ends[i].bits + literal_bits(n_bases - ends[i].n_before);
    let mut at = (0..matches.len()).min_by_key(|i| total(*i));
    let mut path = Vec::new();
    while let Some(i) = at {
        path.push(&matches[i]);
        at = ends[i].before;
    }
    path.reverse();
    path
}

/// Joins neighbours in one group, and gives each gap to a neighbour or makes it a stretch of its own.
fn join(segment: &Sequence, path: &[&Match], min_new: usize) -> Vec<HomeStretch> {
    let mut stretches: Vec<HomeStretch> = Vec::new();
    let mut covered = 0;
    for found in path {
        let start = found.range.start.max(covered);
        if segment.n_acgt(covered..start) >= min_new {
            stretches.push(HomeStretch {
                range: covered..start,
                home: None,
            });
            covered = start;
        }
        match stretches.last_mut() {
            Some(last) if last.home == Some(found.home) => last.range.end = found.range.end,
            _ => {
                // A short gap goes to the stretch before it, at the beginning to the first one.
                let start = if stretches.is_empty() { covered } else { start };
                if let Some(last) = stretches.last_mut() {
                    last.range.end = start;
                }
                stretches.push(HomeStretch {
                    range: start..found.range.end,
                    home: Some(found.home),
                });
            }
        }
        covered = found.range.end;
    }
    if segment.n_acgt(covered..segment.len()) >= min_new || stretches.is_empty() {
        stretches.push(HomeStretch {
            range: covered..segment.len(),
            home: None,
        });
    } else if let Some(last) = stretches.last_mut() {
        last.range.end = segment.len();
    }
    stretches
}

/// The stretches as pieces that overlap by k symbols, as an archive needs them.
///
/// The overlap lies in a stretch that follows a group and not in a new one, where its bases would be stored again. Pieces
/// too short to be one join their neighbour.
pub(super) fn pieces(stretches: &[HomeStretch], k: usize, len: usize) -> Vec<HomeStretch> {
    let mut cuts: Vec<(usize, Option<Home>)> = Vec::with_capacity(stretches.len());
    for stretch in stretches {
        let start = match stretch.home {
            None => stretch.range.start.saturating_sub(k),
            Some(_) => stretch.range.start,
        };
        match cuts.last_mut() {
            None => cuts.push((0, stretch.home)),
            // This piece would be nothing but overlap.
            Some(_) if start + 2 * k > len => {}
            // The one before would be, so it is made part of this one, which may be long.
            Some((before, home)) if start <= *before + k => *home = stretch.home,
            Some(_) => cuts.push((start, stretch.home)),
        }
    }
    let ends = cuts.iter().skip(1).map(|(start, _)| start + k).chain([len]);
    cuts.iter()
        .zip(ends)
        .map(|((start, home), end)| HomeStretch {
            range: *start..end,
            home: *home,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CUT_BITS: u64 = 200;

    /// What a path costs: matches, cuts between groups, and all bases that none of them covers.
    fn cost(segment: &Sequence, path: &[&Match]) -> u64 {
        let literals = |range: Range<usize>| match range.is_empty() {
            true => 0,
            false => literal_bits(segment.n_acgt(range)),
        };
        let mut bits = 0;
        let mut before: Option<&Match> = None;
        for found in path {
            let is_cut = before.is_some_and(|before| before.home != found.home);
            let covered = before.map_or(0, |before| before.range.end);
            bits += found.bits() + u64::from(is_cut) * CUT_BITS + literals(covered..found.range.start);
            before = Some(found);
        }
        bits + literals(before.map_or(0, |before| before.range.end)..segment.len())
    }

    /// The least that a path costs which ends with each match, every match before it being tried.
    fn least_cost(segment: &Sequence, matches: &[Match]) -> u64 {
        let mut paths: Vec<Vec<&Match>> = Vec::new();
        let open_cost = |path: &[&Match]| {
            let end = path.last().map_or(0, |last| last.range.end);
            cost(segment, path) - literal_bits(segment.n_acgt(end..segment.len()))
        };
        for found in matches {
            let goes_on = |path: &&Vec<&Match>| {
                let end = path.last().map_or(0, |last| last.range.end);
                found.range.end >= found.range.start.max(end) + MIN_ADDED
            };
            let longer = |path: &Vec<_>| [path.as_slice(), &[found]].concat();
            let all = paths.iter().filter(goes_on).map(longer);
            let best = all.chain([vec![found]]).min_by_key(|path| open_cost(path));
            paths.extend(best);
        }
        paths.iter().map(|path| cost(segment, path)).min().unwrap_or(0)
    }

    proptest! {
        #[test]
        fn no_path_is_cheaper(
            found in proptest::collection::vec((0usize..1800, 12usize..180, 0u32..4, 0usize..6), 1..40),
        ) {
            let codes: Vec<u8> = (0..2000).map(|i| if i % 97 == 0 { 4 } else { (i % 4) as u8 }).collect();
            let segment = Sequence::from_codes(&codes);
            let mut matches: Vec<Match> = found
                .into_iter()
                .map(|(start, len, group, n_differing)| Match {
                    range: start..start + len,
                    home: Home { group, is_rev_comp: group % 2 == 1 },
                    n_differing,
                })
                .collect();
            matches.sort_by_key(|found| (found.range.start, found.range.end));
            let path = cheapest_path(&segment, &matches, CUT_BITS);
            // Bits of literals are rounded at each gap.
            let found = cost(&segment, &path);
            let least = least_cost(&segment, &matches);
            prop_assert!(found <= least + path.len() as u64, "{found} instead of {least}");
        }
    }
}
