//! Writes a delta: the steps of the walk as tokens.

use super::reference::Reference;
use super::walk::{WalkStep, walk};
use super::{LITERAL, MATCH_END, MATCH_SEPARATOR, MIN_N_RUN, N_RUN_END, N_RUN_START, SAME};
use crate::alphabet;
use crate::sequence::Sequence;
use std::ops::{ControlFlow, Range};

/// Literals behind a match that go on facing their like are told as equal where they are, as long as these exceed the others by
/// so many, and until they fall so far behind. Bacteria take a little less with it (docs/measurements.md, "Constants").
const MIN_ALIGNED: i32 = 4;
const MAX_DROP: i32 = 6;

/// Stretches between matches count as aligned that are not shorter and of which one base in so many differs at most: between two
/// matches without shift may lie what is new, or an inversion.
const MIN_FOLLOWED: usize = 12;
const MAX_DIFFERING: usize = 3;

/// A delta and what it is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delta {
    /// The tokens.
    pub text: Vec<u8>,
    /// Bases written as they are.
    pub n_literals: usize,
    /// Symbols told one by one that are equal to the reference, and `N`.
    pub n_same: usize,
    /// Matches and runs of `N`.
    pub n_tokens: usize,
    /// Stretches of the text that matches cover, in order.
    pub matched: Vec<Range<usize>>,
    /// Stretches between matches that face their like, in order, with how many of their symbols differ.
    pub aligned: Vec<(Range<usize>, usize)>,
}

/// The delta of `text` against `reference`. A text equal to the reference has none in an archive: compare first.
#[must_use]
pub fn encode(text: &Sequence, reference: &Reference) -> Delta {
    let mut encoder = Encoder {
        text,
        reference,
        delta: Vec::new(),
    };
    let mut delta = Delta::default();
    let mut pos = 0;
    walk(text, reference, |step| {
        match &step {
            WalkStep::Literals { text, .. } => pos += text.len(),
            WalkStep::NRun { len } => {
                delta.n_tokens += 1;
                pos += len;
            }
            WalkStep::Match { len, .. } => {
                delta.n_tokens += 1;
                delta.matched.push(pos..pos + len);
                pos += len;
            }
        }
        let start = encoder.delta.len();
        let literals = match &step {
            WalkStep::Literals { text, .. } => Some(text.start),
            _ => None,
        };
        encoder.write(step);
        if let Some(text_pos) = literals {
            delta.count_literals(text_pos, &encoder.delta[start..]);
        }
        ControlFlow::Continue(())
    });
    delta.text = encoder.delta;
    delta
}

impl Delta {
    fn count_literals(&mut self, text_pos: usize, tokens: &[u8]) {
        let is_cheap = |token: &&u8| [SAME, LITERAL + alphabet::N].contains(token);
        let n_same = tokens.iter().filter(is_cheap).count();
        self.n_same += n_same;
        self.n_literals += tokens.len() - n_same;
        let Some(last) = tokens.iter().rposition(|token| *token == SAME) else {
            return;
        };
        let len = last + 1;
        let n_differing = tokens[..len].iter().filter(|token| **token != SAME).count();
        if len >= MIN_FOLLOWED && n_differing * MAX_DIFFERING <= len {
            self.aligned.push((text_pos..text_pos + len, n_differing));
        }
    }
}

struct Encoder<'a> {
    text: &'a Sequence,
    reference: &'a Reference,
    delta: Vec<u8>,
}

impl Encoder<'_> {
    fn write(&mut self, step: WalkStep) {
        match step {
            WalkStep::Literals {
                text,
                reference_pos,
                is_bridge,
            } => self.write_literals(text, reference_pos, is_bridge),
            WalkStep::NRun { len } => {
                self.delta.push(N_RUN_START);
                self.write_number((len - MIN_N_RUN as usize) as u64);
                self.delta.push(N_RUN_END);
            }
            WalkStep::Match {
                shift, len, is_open, ..
            } => self.write_match(shift, len, is_open),
        }
    }

    /// In a bridge between two matches, symbols equal to the reference are written as such: then the text between is
    /// the same for every sample that has the same substitutions, wherever it comes from.
    fn write_literals(&mut self, text: Range<usize>, reference_pos: usize, is_bridge: bool) {
        let first = self.delta.len();
        self.text.unpack_into(text, &mut self.delta);
        let n_aligned = match is_bridge {
            true => self.delta.len() - first,
            false => self.aligned_prefix(&self.delta[first..], reference_pos),
        };
        for (offset, byte) in self.delta[first..].iter_mut().enumerate() {
            let equal = offset < n_aligned && self.reference.sequence().code(reference_pos + offset) == *byte;
            *byte = if equal { SAME } else { LITERAL + *byte };
        }
    }

    /// How many of these codes go on being aligned to the reference: the prefix in which most exceed the differences.
    fn aligned_prefix(&self, codes: &[u8], reference_pos: usize) -> usize {
        let reference = self.reference.sequence();
        let n = codes.len().min(reference.len().saturating_sub(reference_pos));
        let (mut score, mut best, mut prefix) = (0, 0, 0);
        for (offset, code) in codes[..n].iter().enumerate() {
            if reference.code(reference_pos + offset) == *code {
                score += 1;
                if score > best {
                    (best, prefix) = (score, offset + 1);
                }
            } else {
                score -= 1;
                if score < best - MAX_DROP {
                    break;
                }
            }
        }
        if best >= MIN_ALIGNED { prefix } else { 0 }
    }

    fn write_match(&mut self, shift: i64, len: usize, is_open: bool) {
        if shift < 0 {
            self.delta.push(b'-');
        }
        self.write_number(shift.unsigned_abs());
        if !is_open {
            self.delta.push(MATCH_SEPARATOR);
            self.write_number(len as u64 - u64::from(self.reference.min_match()));
        }
        self.delta.push(MATCH_END);
    }

    fn write_number(&mut self, number: u64) {
        let first = self.delta.len();
        let mut rest = number;
        loop {
            self.delta.push(b'0' + (rest % 10) as u8);
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        self.delta[first..].reverse();
    }
}
