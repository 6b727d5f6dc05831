//! The cheapest ways to the places of a chunk of a text.

use super::Step;
use super::copies::{Copies, RunningCopy};
use super::node::Node;
use super::prices::Prices;
use super::repeats::Repeats;
use super::text::common;

/// A part of a text that is parsed at a time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chunk<'t> {
    pub(super) text: &'t [u8],
    pub(super) start: usize,
    pub(super) end: usize,
}

/// How far a text has been parsed, and what goes on from there.
#[derive(Debug, Clone, Copy)]
pub(super) struct ParsedTo {
    pub(super) at: usize,
    /// Literals since the last match.
    run: u32,
    pub(super) repeats: Repeats,
}

impl ParsedTo {
    /// The beginning of a text.
    pub(super) const FIRST: Self = Self::beginning_at(0);

    /// A place before which nothing is known.
    pub(super) const fn beginning_at(at: usize) -> Self {
        Self {
            at,
            run: 0,
            repeats: Repeats::FIRST,
        }
    }

    /// Goes on so many symbols further, and gives what is left out: all since the last match.
    pub(super) fn leave_out(&mut self, n_symbols: usize) -> Step {
        let run = std::mem::take(&mut self.run) + n_symbols as u32;
        self.at += n_symbols;
        Step {
            run,
            len: 0,
            offset: 0,
        }
    }

    /// What is left behind the last match.
    pub(super) fn last_step(&self) -> Step {
        Step {
            run: self.run,
            len: 0,
            offset: 0,
        }
    }
}

/// The ways to the places of a chunk, the first of which is where it begins.
#[derive(Debug, Default)]
pub(super) struct Ways(Vec<Node>);

impl Ways {
    /// Begins where the text has been parsed to.
    pub(super) fn begin(&mut self, place: &ParsedTo, prices: &Prices) {
        self.0.clear();
        self.0.push(Node {
            price: prices.run(place.run),
            from: 0,
            offset: 0,
            run: place.run,
            repeats: place.repeats,
        });
    }

    /// The number of the last place, from 0.
    #[inline]
    pub(super) fn last(&self) -> u32 {
        self.0.len() as u32 - 1
    }

    /// The way to the last place.
    #[inline]
    pub(super) fn here(&self) -> &Node {
        &self.0[self.0.len() - 1]
    }

    /// Finds the cheapest way to the next place, by a literal of this price or by a copy that is under way.
    #[inline]
    pub(super) fn step(&mut self, literal: u32, copies: &mut Copies, prices: &Prices) {
        let at = self.0.len() as u32;
        let last = self.here();
        let by_literal = Node {
            price: last.price + literal + prices.run(last.run + 1) - prices.run(last.run),
            from: at - 1,
            offset: 0,
            run: last.run + 1,
            repeats: last.repeats,
        };
        let next = match copies.go_to(at, prices) {
            Some(copy) if copy.price + prices.run(0) < by_literal.price => self.by_copy(&copy, prices),
            _ => by_literal,
        };
        self.0.push(next);
    }

    /// Goes on to a place that copies which are under way go on to, by the cheapest of them. Places between are left out.
    pub(super) fn go_to(&mut self, at: u32, copies: &mut Copies, prices: &Prices) {
        let node = copies.go_to(at, prices).map(|copy| self.by_copy(&copy, prices));
        let node = node.unwrap_or(*self.here());
        self.0.resize(at as usize, node);
        self.0.push(node);
    }

    #[inline]
    fn by_copy(&self, copy: &RunningCopy, prices: &Prices) -> Node {
        let start = &self.0[copy.start as usize];
        Node {
            price: copy.price + prices.run(0),
            from: copy.start,
            offset: copy.offset,
            run: 0,
            repeats: start.repeats.after(start.run, copy.offset),
        }
    }

    /// Takes the cheapest way through the chunk, adds its steps, and gives the place it leads to. The last step is left to the next chunk, which
    /// sees how it goes on; but a copy of the whole chunk is taken, as far as it goes.
    pub(super) fn settle(&self, chunk: &Chunk<'_>, place: ParsedTo, steps: &mut Vec<Step>) -> ParsedTo {
        let n_before = steps.len();
        let end = self.settled(chunk);
        let mut at = end;
        while at > 0 {
            let Node { from, offset, .. } = self.0[at];
            if offset > 0 {
                steps.push(Step {
                    run: self.0[from as usize].run,
                    len: at as u32 - from,
                    offset,
                });
            }
            at = from as usize;
        }
        steps[n_before..].reverse();
        let run = self.0[end].run;
        let repeats = steps[n_before..].iter().fold(place.repeats, |repeats, step| {
            repeats.after(step.run, step.offset)
        });
        let more = match steps[n_before..].last_mut() {
            Some(last) if run == 0 && chunk.start + end == chunk.end => {
                let from = chunk.end - last.offset as usize;
                let more = common(chunk.text, from, &chunk.text[chunk.end..]);
                last.len += more;
                more as usize
            }
            _ => 0,
        };
        ParsedTo {
            at: chunk.start + end + more,
            run,
            repeats,
        }
    }

    /// How many symbols of the chunk are settled: all at the end of the text, else those before the last step.
    fn settled(&self, chunk: &Chunk<'_>) -> usize {
        let len = self.0.len() - 1;
        let last = &self.0[len];
        let before = match last.offset {
            0 => len.saturating_sub(last.run as usize),
            _ => last.from as usize,
        };
        if before == 0 || chunk.end == chunk.text.len() {
            len
        } else {
            before
        }
    }
}
