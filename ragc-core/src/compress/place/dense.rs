//! Follows an alignment from a seed on, over single and dense differences.
//!
//! Genomes of different species differ in so many bases that hardly any seed is left: where they differ in 15 % of their
//! bases, one stretch of 21 bases in thirty is equal. What lies between two seeds is nevertheless aligned.

use crate::sequence::{BASES_PER_WORD, Sequence};
use std::ops::Range;

/// Shortest match behind a single difference that is told as a match.
const NEXT_MATCH: usize = 16;

/// What a difference takes from the score of an alignment, to which each equal base adds one: where more than a third of the
/// bases differ, new sequence costs as little.
const DIFFERENCE: i32 = 2;

/// An alignment ends where its score was best, once it has fallen so far.
const MAX_DROP: i32 = 24;

/// Bases of a stretch of dense differences, at least. A path may change from one alignment to another between stretches.
const MIN_STRETCH: usize = 48;

/// Shorter stretches of dense differences are of no use to a path, as those that chance adds to every match.
const MIN_USEFUL: usize = 12;

/// Of 32 bases behind a match so many may differ, or the alignment is not followed: three quarters do by chance.
const MAX_DIFFERING: u32 = 15;

/// The lower bit of each base in a word.
const EVEN_BITS: u64 = u64::MAX / 3;

/// A text and a reference, one base of which faces one of the other.
#[derive(Clone, Copy)]
pub(super) struct Alignment<'a> {
    pub(super) text: &'a Sequence,
    pub(super) reference: &'a Sequence,
    /// Position in the reference less the one in the text.
    pub(super) diagonal: i64,
}

/// Where an alignment is followed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Ahead,
    Behind,
}

/// A stretch of the text that is aligned, and how many of its bases differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AlignedStretch {
    pub(super) range: Range<usize>,
    pub(super) n_differing: usize,
}

/// What is followed but not handed over yet, in bases from the beginning.
#[derive(Debug, Clone, Copy, Default)]
struct OpenStretch {
    start: usize,
    n_differing: usize,
    score: i32,
    /// Where the score was best, what it was, and the differences up to there.
    best_end: usize,
    best: i32,
    best_differing: usize,
}

impl OpenStretch {
    fn at(start: usize) -> Self {
        Self {
            start,
            best_end: start,
            ..Self::default()
        }
    }
}

impl Alignment<'_> {
    /// Calls `visit` with the stretches that go on from the end of a match at `from`.
    ///
    /// `expects_matches` is false where seeds have been looked up already: then a match behind the first difference ends it.
    pub(super) fn follow(
        self,
        from: usize,
        direction: Direction,
        expects_matches: bool,
        mut visit: impl FnMut(AlignedStretch),
    ) {
        let mut hand_over = |start: usize, end: usize, n_differing: usize| {
            let range = match direction {
                Direction::Ahead => from + start..from + end,
                Direction::Behind => from - end..from - start,
            };
            visit(AlignedStretch { range, n_differing });
        };
        let limit = self.limit(from, direction);
        let (mut at, mut open) = (0, OpenStretch::default());
        while at < limit {
            let len = self.equal(from, at + 1, direction);
            if len >= NEXT_MATCH {
                if at >= open.start + MIN_USEFUL {
                    hand_over(open.start, at, open.n_differing);
                } else if open.n_differing == 0 && !expects_matches {
                    return;
                }
                hand_over(at + 1, at + 1 + len, 0);
                at += 1 + len;
                open = OpenStretch::at(at);
                continue;
            }
            if open.n_differing == 0 && !self.goes_on(from, at, direction) {
                return;
            }
            at += 1 + len;
            open.n_differing += 1;
            open.score += len as i32 - DIFFERENCE;
            if open.score > open.best {
                (open.best_end, open.best, open.best_differing) = (at, open.score, open.n_differing);
                if at - open.start >= MIN_STRETCH {
                    hand_over(open.start, at, open.n_differing);
                    open = OpenStretch::at(at);
                }
            } else if open.score < open.best - MAX_DROP {
                break;
            }
        }
        if open.best_end >= open.start + MIN_USEFUL {
            hand_over(open.start, open.best_end, open.best_differing);
        }
    }

    /// Whether most of the bases behind a match are equal.
    fn goes_on(self, from: usize, offset: usize, direction: Direction) -> bool {
        if offset + BASES_PER_WORD > self.limit(from, direction) {
            return true;
        }
        let pos = match direction {
            Direction::Ahead => from + offset,
            Direction::Behind => from - offset - BASES_PER_WORD,
        };
        let in_reference = (pos as i64 + self.diagonal) as usize;
        let differing = self.text.window(pos) ^ self.reference.window(in_reference);
        ((differing | differing >> 1) & EVEN_BITS).count_ones() <= MAX_DIFFERING
    }

    /// How far both sequences go.
    fn limit(self, from: usize, direction: Direction) -> usize {
        let in_reference = (from as i64 + self.diagonal) as usize;
        match direction {
            Direction::Ahead => (self.text.len() - from).min(self.reference.len() - in_reference),
            Direction::Behind => from.min(in_reference),
        }
    }

    /// Bases that are equal from `offset` bases beyond `from` on.
    fn equal(self, from: usize, offset: usize, direction: Direction) -> usize {
        if offset >= self.limit(from, direction) {
            return 0;
        }
        let pos = match direction {
            Direction::Ahead => from + offset,
            Direction::Behind => from - offset,
        };
        let in_reference = (pos as i64 + self.diagonal) as usize;
        match direction {
            Direction::Ahead => self.text.common_prefix(pos, self.reference, in_reference),
            Direction::Behind => self
                .text
                .common_suffix(pos, self.reference, in_reference, usize::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kmer::mix;

    /// A reference, and a text that lacks its first 100 bases and differs at these places.
    fn pair(differing: impl Iterator<Item = usize>) -> (Sequence, Sequence) {
        let reference: Vec<u8> = (0..1100).map(|i| (mix(i) & 3) as u8).collect();
        let mut text = reference[100..].to_vec();
        differing.for_each(|pos| text[pos] = (text[pos] + 1) % 4);
        (Sequence::from_codes(&text), Sequence::from_codes(&reference))
    }

    fn follow(pair: &(Sequence, Sequence), from: usize, direction: Direction) -> Vec<(Range<usize>, usize)> {
        let alignment = Alignment {
            text: &pair.0,
            reference: &pair.1,
            diagonal: 100,
        };
        let mut stretches = Vec::new();
        alignment.follow(from, direction, true, |stretch| {
            stretches.push((stretch.range, stretch.n_differing));
        });
        stretches
    }

    #[test]
    fn single_differences_separate_matches() {
        let pair = pair([300, 400].into_iter());
        let ahead = [(301..400, 0), (401..1000, 0)];
        assert_eq!(follow(&pair, 300, Direction::Ahead), ahead);
        assert_eq!(
            follow(&pair, 401, Direction::Behind),
            [(301..400, 0), (0..300, 0)]
        );
    }

    #[test]
    fn dense_differences_are_followed_in_stretches_to_both_ends() {
        let pair = pair((100..1000).step_by(6));
        for (from, direction, end) in [(502, Direction::Ahead, 1000), (502, Direction::Behind, 100)] {
            let stretches = follow(&pair, from, direction);
            let n_bases: usize = stretches.iter().map(|(range, _)| range.len()).sum();
            let n_differing: usize = stretches.iter().map(|(_, n)| n).sum();
            assert!(
                stretches
                    .iter()
                    .filter(|(_, n)| *n > 0)
                    .all(|(range, _)| range.len() < 70)
            );
            let reached = match direction {
                Direction::Ahead => stretches.last().map(|(range, _)| range.end),
                Direction::Behind => stretches.iter().map(|(range, _)| range.end).min(),
            };
            assert!(
                reached.is_some_and(|reached| reached.abs_diff(end) < 70),
                "{stretches:?}"
            );
            assert!(n_differing.abs_diff(n_bases / 6) < 20, "{stretches:?}");
        }
    }

    #[test]
    fn what_is_not_alike_ends_an_alignment() {
        let mut random = 0;
        let differing = (500..1000).filter(|_| {
            random += 1;
            mix(random) & 3 > 0
        });
        let stretches = follow(&pair(differing), 480, Direction::Ahead);
        assert!(
            stretches.iter().all(|(range, _)| range.end < 530),
            "{stretches:?}"
        );
    }

    #[test]
    fn on_the_way_back_what_seeds_have_found_is_not_looked_for() {
        let pair = pair([300].into_iter());
        let alignment = Alignment {
            text: &pair.0,
            reference: &pair.1,
            diagonal: 100,
        };
        alignment.follow(301, Direction::Behind, false, |stretch| {
            unreachable!("{stretch:?}")
        });
    }
}
