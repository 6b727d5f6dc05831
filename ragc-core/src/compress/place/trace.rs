//! Traces a segment through the references: which stretch follows which group?
//!
//! Matches, found by seeds or by the delta against the segment's home, and what is aligned beside them are joined to the cheapest
//! path from one end of the segment to the other. A match costs a token, a step to another group a cut; what nothing covers costs
//! the price of literals.

use super::home::Home;
use crate::sequence::Sequence;
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

/// Matches before a match that are looked at as its predecessor.
const LOOK_BACK: usize = 48;
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

/// The matches of the cheapest path, in order.
fn cheapest_path<'a>(segment: &Sequence, matches: &'a [Match], cut_bits: u64) -> Vec<&'a Match> {
    // Bases before a position, so that those of a gap are a difference.
    let n_before = |pos: usize| segment.n_acgt(0..pos);
    let mut ends: Vec<PathEnd> = Vec::with_capacity(matches.len());
    // The cheapest way to come from far behind, by cost less what the covered bases would have cost.
    let mut far: Option<usize> = None;
    let mut last_of_home: ahash::AHashMap<Home, usize> = ahash::AHashMap::new();
    for (i, found) in matches.iter().enumerate() {
        let Range { start, end } = found.range;
        let n_before_start = n_before(start);
        let mut here = (literal_bits(n_before_start) + found.bits(), None);
        let near = i.saturating_sub(LOOK_BACK);
        if let Some(left) = near.checked_sub(1) {
            let relative = |i: usize| ends[i].bits as i64 - literal_bits(ends[i].end) as i64;
            far = Some(far.filter(|far| relative(*far) <= relative(left)).unwrap_or(left));
        }
        let same = last_of_home.get(&found.home).copied().filter(|last| *last < near);
        let mut come_from = |before: usize, previous: &PathEnd| {
            let cut = if previous.home == found.home { 0 } else { cut_bits };
            let gap = literal_bits(n_before_start.saturating_sub(previous.n_before));
            let bits = previous.bits + gap + cut + found.bits();
            if (end >= start.max(previous.end) + MIN_ADDED) & (bits < here.0) {
                here = (bits, Some(before));
            }
        };
        for (offset, previous) in ends[near..].iter().enumerate() {
            come_from(near + offset, previous);
        }
        for before in far.into_iter().chain(same) {
            come_from(before, &ends[before]);
        }
        let (bits, before) = here;
        ends.push(PathEnd {
            end,
            home: found.home,
            bits,
            n_before: n_before(end),
            before,
        });
        last_of_home.insert(found.home, i);
    }
    path_back(matches, &ends, n_before(segment.len()))
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
