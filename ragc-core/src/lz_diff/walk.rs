//! The walk that finds how a text follows a reference.

use super::index::Index;
use super::reference::Reference;
use crate::alphabet::{self, FIRST_AMBIGUOUS};
use crate::sequence::{BASES_PER_WORD, Sequence, SymbolRun};
use std::cell::OnceCell;
use std::ops::{ControlFlow, Range};
use std::sync::Arc;

/// Shortest common end that is written as an open match: such a match costs two bytes.
const MIN_OPEN_MATCH: usize = 3;

/// Behind this many literals in a row, which will be new sequence, only one position in [`LITERAL_STRIDE`] is looked up.
/// As the stride and that of the index have no common divisor, a match of the two strides' product more than a key is
/// still found; extending it backwards finds its beginning.
const LONG_LITERALS: usize = 32;
const LITERAL_STRIDE: usize = 3;

/// Most `N` in a row that are written as literals.
///
/// A token leaves the position in the reference where it was, so that the match behind it has to tell a distance; and where
/// no match follows, as between scattered `N`, nothing can be told as equal to the reference any more.
const MAX_LITERAL_NS: usize = 48;

/// As [`MAX_LITERAL_NS`], where what follows is aligned to the reference but has no match. With tokens for all runs of four
/// genomes of monkeypox virus take 2 % more (docs/measurements.md, "Constants").
const MAX_ALIGNED_LITERAL_NS: usize = 256;

/// Symbols behind a run of `N` that are compared to see whether they are aligned.
const ALIGNED_WINDOW: usize = 64;

/// A step of the walk. Text positions ascend without gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum WalkStep {
    /// Symbols written as they are; the first of them faces `reference_pos`.
    Literals {
        text: Range<usize>,
        reference_pos: usize,
        /// The next step is a match that goes on at the reference position these symbols lead to, so they are
        /// substitutions in an alignment without shift.
        is_bridge: bool,
    },
    /// A run of `N`; the position in the reference stays.
    NRun { len: usize },
    /// Symbols copied from the reference, which begin `shift` after the current position there.
    Match {
        shift: i64,
        reference_pos: usize,
        len: usize,
        /// The match ends with both sequences.
        is_open: bool,
    },
}

/// A match before it becomes a step: where it begins in text and reference, and how long it is.
#[derive(Debug, Clone, Copy)]
struct WalkMatch {
    text_pos: usize,
    reference_pos: usize,
    len: usize,
}

/// Walks along `text` and hands each step to `visit`, until it breaks.
pub(super) fn walk(
    text: &Sequence,
    reference: &Reference,
    mut visit: impl FnMut(WalkStep) -> ControlFlow<()>,
) {
    // The only way out before the end is the visitor's own wish, so there is nothing to report.
    let _ = Walker::new(text, reference).run(&mut visit);
}

struct Walker<'a> {
    text: &'a Sequence,
    reference: &'a Reference,
    /// Made when it is wanted: most segments of a genome that differs in little have no use for it.
    index: OnceCell<Arc<Index>>,
    /// First symbol that no step covers.
    literal_start: usize,
    /// Next symbol to look at; what is between the two will be literals.
    pos: usize,
    /// Position in the reference that faces `pos`; may lie past its end.
    reference_pos: usize,
    min_len: usize,
}

impl<'a> Walker<'a> {
    fn new(text: &'a Sequence, reference: &'a Reference) -> Self {
        Self {
            text,
            reference,
            index: OnceCell::new(),
            literal_start: 0,
            pos: 0,
            reference_pos: 0,
            // Readers of every release take a match of min_match + 1 symbols.
            min_len: reference.min_match() as usize + 1,
        }
    }

    fn run(mut self, visit: &mut impl FnMut(WalkStep) -> ControlFlow<()>) -> ControlFlow<()> {
        while self.pos < self.text.len() {
            if let Some(found) = self.match_ahead() {
                self.take_match(found, visit)?;
            } else if self.is_lone_difference() {
                self.pass_literals(1);
            } else if let Some(found) = self.match_elsewhere() {
                self.take_match(found, visit)?;
            } else if let Some(run) = self.text.run_at(self.pos) {
                self.pass_run(run, visit)?;
            } else {
                self.pass_literals(1);
            }
        }
        self.flush_literals(false, visit)
    }

    /// A match that goes on at the predicted place: after a substitution it is nearly always the right one, it costs
    /// the least, and it needs no look-up.
    fn match_ahead(&self) -> Option<WalkMatch> {
        let reference = self.reference.sequence();
        if self.reference_pos >= reference.len() {
            return None;
        }
        let differing = self.text.window(self.pos) ^ reference.window(self.reference_pos);
        let n_left = self.text.len() - self.pos;
        let n_equal = differing.trailing_zeros() as usize / 2;
        if n_equal < self.min_len.min(n_left).min(32) {
            return None;
        }
        let len = self.text.common_prefix(self.pos, reference, self.reference_pos);
        let ends_both = len == n_left && self.reference.ends_at(self.reference_pos + len);
        (len >= self.min_len || ends_both && len >= MIN_OPEN_MATCH).then_some(WalkMatch {
            text_pos: self.pos,
            reference_pos: self.reference_pos,
            len,
        })
    }

    /// Whether the next symbol differs and what is behind it goes on at the predicted place, for so long that no place elsewhere is
    /// looked for.
    fn is_lone_difference(&self) -> bool {
        let (text_pos, reference_pos) = (self.pos + 1, self.reference_pos + 1);
        let reference = self.reference.sequence();
        if text_pos + BASES_PER_WORD > self.text.len() || reference_pos + BASES_PER_WORD > reference.len() {
            return false;
        }
        self.text.window(text_pos) == reference.window(reference_pos)
            && self.text.common_prefix(text_pos, reference, reference_pos) >= BASES_PER_WORD
    }

    /// The longest match through the index, extended backwards over pending literals.
    fn match_elsewhere(&self) -> Option<WalkMatch> {
        let index = self.index.get_or_init(|| self.reference.index());
        let reference = self.reference.sequence();
        if self.text.acgt_len_from(self.pos) < index.key_len() {
            return None;
        }
        let n_pending = self.pos - self.literal_start;
        if n_pending >= LONG_LITERALS && !self.pos.is_multiple_of(LITERAL_STRIDE) {
            return None;
        }
        let window = self.text.window(self.pos);
        let mut best: Option<WalkMatch> = None;
        index.for_each(window, |place| {
            let differing = window ^ reference.window(place);
            if (differing.trailing_zeros() as usize) < 2 * index.key_len() {
                return;
            }
            let ahead = self.text.common_prefix(self.pos, reference, place);
            let behind = self.text.common_suffix(self.pos, reference, place, n_pending);
            let len = ahead + behind;
            if len >= self.min_len && best.is_none_or(|best| len > best.len) {
                best = Some(WalkMatch {
                    text_pos: self.pos - behind,
                    reference_pos: place - behind,
                    len,
                });
            }
        });
        best
    }

    /// Passes what is left of a run, as a token or as literals, or so much of it as faces bases: that cannot be part of a match, and to look for
    /// one at each symbol took 4 % of the time of SARS-CoV-2 (docs/measurements.md, "Details of making archives").
    fn pass_run(
        &mut self,
        run: SymbolRun,
        visit: &mut impl FnMut(WalkStep) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let len = run.end() as usize - self.pos;
        if run.code == alphabet::N && self.is_worth_a_token(len) {
            self.flush_literals(false, visit)?;
            visit(WalkStep::NRun { len })?;
            self.pos += len;
            self.literal_start = self.pos;
            return ControlFlow::Continue(());
        }
        let reference = self.reference.sequence();
        self.pass_literals(match self.reference_pos < reference.len() {
            true => reference.acgt_len_from(self.reference_pos).clamp(1, len),
            false => len,
        });
        ControlFlow::Continue(())
    }

    /// Symbols without a match, which will be written as they are.
    fn pass_literals(&mut self, len: usize) {
        self.pos += len;
        self.reference_pos += len;
    }

    /// Whether a run of so many `N` is.
    fn is_worth_a_token(&self, len: usize) -> bool {
        let most_literals = match len {
            0..=MAX_LITERAL_NS => MAX_LITERAL_NS,
            _ if self.is_aligned_without_match(len) => MAX_ALIGNED_LITERAL_NS,
            _ => MAX_LITERAL_NS,
        };
        len > most_literals
    }

    /// Whether most of what comes `ahead` faces the same bases, but begins with no match.
    fn is_aligned_without_match(&self, ahead: usize) -> bool {
        let (text_pos, reference_pos) = (self.pos + ahead, self.reference_pos + ahead);
        let reference = self.reference.sequence();
        let n_left = |sequence: &Sequence, pos: usize| sequence.len().saturating_sub(pos);
        let n_facing = n_left(self.text, text_pos).min(n_left(reference, reference_pos));
        if n_facing == 0 || self.text.common_prefix(text_pos, reference, reference_pos) >= self.min_len {
            return false;
        }
        let codes = (0..n_facing.min(ALIGNED_WINDOW))
            .map(|offset| {
                (
                    self.text.code(text_pos + offset),
                    reference.code(reference_pos + offset),
                )
            })
            .filter(|(code, _)| *code < FIRST_AMBIGUOUS);
        let (n_equal, n_bases) = codes.fold((0, 0), |(n_equal, n_bases), (code, facing)| {
            (n_equal + usize::from(code == facing), n_bases + 1)
        });
        2 * n_equal > n_bases
    }

    fn take_match(
        &mut self,
        found: WalkMatch,
        visit: &mut impl FnMut(WalkStep) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let n_taken_back = self.pos - found.text_pos;
        self.pos -= n_taken_back;
        self.reference_pos -= n_taken_back;
        let shift = found.reference_pos as i64 - self.reference_pos as i64;
        self.flush_literals(shift == 0, visit)?;
        self.pos += found.len;
        self.reference_pos = found.reference_pos + found.len;
        self.literal_start = self.pos;
        visit(WalkStep::Match {
            shift,
            reference_pos: found.reference_pos,
            len: found.len,
            is_open: self.pos == self.text.len() && self.reference.ends_at(self.reference_pos),
        })
    }

    fn flush_literals(
        &mut self,
        is_bridge: bool,
        visit: &mut impl FnMut(WalkStep) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let text = self.literal_start..self.pos;
        self.literal_start = self.pos;
        if text.is_empty() {
            return ControlFlow::Continue(());
        }
        visit(WalkStep::Literals {
            reference_pos: self.reference_pos - text.len(),
            text,
            is_bridge,
        })
    }
}

// The walk compares windows of two-bit codes before it looks at runs of other symbols, whose codes there are 0.
const _: () = assert!(FIRST_AMBIGUOUS == 4);
