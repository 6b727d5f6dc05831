//! The comparison of one segment with everything that is known: pure work, done on any thread.

use super::home::Home;
use super::seeds::SEED_LEN;
use super::state::{BothStrands, PlaceState};
use super::trace::{self, BASE_BITS, Match, PIECE_BITS, SAME_BITS, TOKEN_BITS};
use crate::group::key::OrientedKey;
use crate::lz_diff::{self, Delta, Reference};
use crate::sequence::Sequence;
use std::ops::Range;

/// Stretches without a match in the home group that are looked up elsewhere, in bases. Below, cutting costs as much.
const MIN_GAP: usize = 96;

/// Bases of new sequence that are worth a piece of their own, so that others can follow it. As literals they cost a little more, but
/// every piece costs a descriptor and breaks what follows: archives are larger with half as many and with more (docs/measurements.md, "Constants").
const MIN_NEW: usize = 700;

/// What a new group costs beside its reference, in bits: names and places of two streams, and a key.
const GROUP_BITS: u64 = 60 * 8;

/// What was found for a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::compress) enum Finding {
    /// It is stored as these pieces, which overlap by k symbols.
    Pieces(Vec<SegmentPiece>),
    /// Nothing stored before helps with it.
    New,
}

/// A piece of a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::compress) struct SegmentPiece {
    pub(super) range: Range<usize>,
    pub(super) content: PieceContent,
}

/// How a piece is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::compress) enum PieceContent {
    /// As a delta; `None` if it is equal to the reference.
    Follows { home: Home, delta: Option<Vec<u8>> },
    /// As sequence of which no group has the like.
    New,
}

/// A way to store a segment, and what it costs in bits.
struct PricedWay {
    pieces: Vec<SegmentPiece>,
    bits: u64,
}

/// Finds the cheapest way to store a segment with the groups that exist.
pub(super) fn answer(state: &PlaceState, segment: &Sequence, key: Option<OrientedKey>, k: usize) -> Finding {
    let strands = BothStrands::new(segment);
    let len = strands.forward.len();
    let piece_bits = match key {
        Some(_) => state.keyed_piece_bits,
        None => PIECE_BITS,
    };
    let at_home = key.and_then(|key| {
        let group = state.catalogue.group(key.key)?;
        let is_rev_comp = key.is_rev_comp;
        follow(state, &strands, 0..len, Home { group, is_rev_comp }, piece_bits)
    });
    let mut matches = Vec::new();
    let gaps = match &at_home {
        Some((_, _, delta)) if longest_gap(delta, len) < MIN_GAP => Vec::new(),
        Some((piece, _, delta)) => {
            matches.extend(home_matches(piece, delta, &strands));
            gaps(&matches, len)
        }
        None => std::iter::once(0..len).collect(),
    };
    let at_home = at_home.map(|(piece, bits, _)| PricedWay {
        pieces: vec![piece],
        bits,
    });
    if gaps.is_empty() {
        return at_home.map_or(Finding::New, |plan| Finding::Pieces(plan.pieces));
    }
    matches.extend(state.matches(&strands, &gaps));
    let known = at_home.as_ref().and_then(|plan| home_of(&plan.pieces[0]));
    let traced = traced(state, &strands, matches, k, known, piece_bits);
    let new_bits = BASE_BITS * strands.forward.n_acgt(0..len) as u64 + GROUP_BITS;
    let best = match (at_home, traced) {
        (Some(home), Some(traced)) if traced.bits < home.bits => Some(traced),
        (Some(home), _) => Some(home),
        (None, traced) => traced,
    };
    match best {
        // A whole segment as a reference serves others better than its pieces, if it is hardly dearer.
        Some(plan) if plan.bits * 20 < new_bits * state.max_followed => Finding::Pieces(plan.pieces),
        _ => Finding::New,
    }
}

/// The plan along the cheapest path over the matches; `None` if nothing is followed, or the whole segment follows the group of
/// which that is `known` already.
fn traced(
    state: &PlaceState,
    strands: &BothStrands<'_>,
    matches: Vec<Match>,
    k: usize,
    known: Option<Home>,
    piece_bits: u64,
) -> Option<PricedWay> {
    let len = strands.forward.len();
    let stretches = trace::pieces(
        &trace::trace(strands.forward, matches, k, MIN_NEW, piece_bits),
        k,
        len,
    );
    if known.is_some() && matches!(&stretches[..], [stretch] if stretch.home == known) {
        return None;
    }
    let mut plan = PricedWay {
        pieces: Vec::new(),
        bits: 0,
    };
    for stretch in stretches {
        if let Some(home) = stretch.home {
            let (piece, bits, _) = follow(state, strands, stretch.range, home, piece_bits)?;
            plan.bits += bits;
            plan.pieces.push(piece);
        } else {
            plan.bits += piece_bits + TOKEN_BITS + BASE_BITS * stretch.range.len() as u64;
            plan.pieces.push(SegmentPiece {
                range: stretch.range,
                content: PieceContent::New,
            });
        }
    }
    let follows = |piece: &SegmentPiece| matches!(piece.content, PieceContent::Follows { .. });
    plan.pieces.iter().any(follows).then_some(plan)
}

/// A stretch of the segment as a piece of a group, what it costs in bits, and what its delta is
/// made of. `None` without a reference.
fn follow(
    state: &PlaceState,
    strands: &BothStrands<'_>,
    range: Range<usize>,
    home: Home,
    piece_bits: u64,
) -> Option<(SegmentPiece, u64, Delta)> {
    let reference: &Reference = state.catalogue.reference(home.group)?;
    let text = strands.slice(range.clone(), home.is_rev_comp);
    let (delta, text_of_delta) = if reference.is(&text) {
        let whole = Delta {
            matched: std::iter::once(0..text.len()).collect(),
            ..Delta::default()
        };
        (whole, None)
    } else {
        let mut delta = lz_diff::encode(&text, reference);
        let text = std::mem::take(&mut delta.text);
        (delta, Some(text))
    };
    let bits = piece_bits
        + trace::literal_bits(delta.n_literals)
        + SAME_BITS * delta.n_same as u64
        + TOKEN_BITS * delta.n_tokens as u64;
    let content = PieceContent::Follows {
        home,
        delta: text_of_delta,
    };
    Some((SegmentPiece { range, content }, bits, delta))
}

fn home_of(piece: &SegmentPiece) -> Option<Home> {
    match piece.content {
        PieceContent::Follows { home, .. } => Some(home),
        PieceContent::New => None,
    }
}

/// Stretches of the text that a delta tells by matches or as aligned, in order, with how many bases differ.
fn followed(delta: &Delta) -> Vec<(Range<usize>, usize)> {
    let matched = delta.matched.iter().map(|range| (range.clone(), 0));
    let mut followed: Vec<_> = matched.chain(delta.aligned.iter().cloned()).collect();
    followed.sort_unstable_by_key(|(range, _)| range.start);
    followed
}

fn longest_gap(delta: &Delta, len: usize) -> usize {
    let mut covered = 0;
    let mut longest = 0;
    let ranges = followed(delta).into_iter().map(|(range, _)| range);
    for range in ranges.chain(std::iter::once(len..len)) {
        longest = longest.max(range.start - covered);
        covered = range.end;
    }
    longest
}

/// What a delta of the whole segment follows, in positions of the segment.
fn home_matches(piece: &SegmentPiece, delta: &Delta, strands: &BothStrands<'_>) -> Vec<Match> {
    let Some(home) = home_of(piece) else {
        return Vec::new();
    };
    let mut matches: Vec<Match> = followed(delta)
        .into_iter()
        .map(|(range, n_differing)| Match {
            range: strands.on_contig(range, home.is_rev_comp),
            home,
            n_differing,
        })
        .collect();
    matches.sort_by_key(|found| found.range.start);
    matches
}

/// What lies between sorted matches, where it is long, with a seed's length of what is beside it.
fn gaps(matches: &[Match], len: usize) -> Vec<Range<usize>> {
    let mut gaps = Vec::new();
    let mut covered = 0;
    let end = std::iter::once(len..len);
    for range in matches.iter().map(|found| found.range.clone()).chain(end) {
        if range.start >= covered + MIN_GAP {
            gaps.push(covered.saturating_sub(SEED_LEN)..(range.start + SEED_LEN).min(len));
        }
        covered = range.end;
    }
    gaps
}
