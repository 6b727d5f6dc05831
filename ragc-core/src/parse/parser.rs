//! Finds the cheapest way to write a text as literals and copies.
//!
//! For each place the cheapest way to it is kept: by a literal from the place before, or by a copy that may end there. Lengths need
//! not be tried one by one, as in a search for matches: a copy that has begun costs the price of its length wherever it
//! ends, so only copies that are under way are compared, one or two at most places.

use super::Step;
use super::copies::{Copies, Copy};
use super::index::{MAX_LEN, OddIndex, Word, WordIndex};
use super::prices::{CodeCounts, MIN_MATCH, Prices};
use super::repeats::Repeats;
use super::text::common;

/// Symbols after which the best way is settled and prices are made anew. 16,384 give HIV-1 1 % more.
const CHUNK: usize = 2048;

/// While a copy goes on for at least this long no other is looked for. With 200 instead, HIV-1 and plastids take the same, dengue
/// 2 % less, in half as much time again; with 24, HIV-1 takes 11 % more.
const GOES_ON: u32 = 64;

/// The cheapest way to a place.
#[derive(Debug, Clone, Copy)]
struct Node {
    price: u32,
    /// Where the last step began.
    from: u32,
    /// How far back that copied from; 0 for a literal.
    offset: u32,
    /// Literals since the last copy.
    run: u32,
    repeats: Repeats,
}

/// Parses texts, keeping its tables from one to the next.
#[derive(Debug, Default)]
pub(super) struct Parser {
    index: WordIndex,
    odd: OddIndex,
    nodes: Vec<Node>,
    copies: Copies,
}

/// What goes on from one chunk to the next.
struct Carried {
    counts: CodeCounts,
    repeats: Repeats,
    /// Literals since the last match.
    run: u32,
    /// Where the words from here on are not in the index.
    n_indexed: usize,
}

/// A part of a text that is parsed at a time.
#[derive(Debug, Clone, Copy)]
struct TextChunk<'t> {
    text: &'t [u8],
    start: usize,
    end: usize,
}

impl TextChunk<'_> {
    /// Symbols from `at` on, in the chunk, that equal those `offset` before them.
    fn common(&self, at: usize, offset: usize) -> u32 {
        common(self.text, at - offset, &self.text[at..self.end])
    }
}

impl Carried {
    /// Lets prices follow what was chosen.
    fn learn(&mut self, steps: &[Step]) {
        for step in steps {
            let value = self.repeats.value(step.run, step.offset);
            self.counts.add(step.run, step.len, value);
            self.repeats = self.repeats.after(step.run, step.offset);
        }
        self.counts.fade();
    }
}

impl Parser {
    /// The steps of the whole text, the last of them without a match; `None` when it is too long.
    pub(super) fn parse(&mut self, text: &[u8]) -> Option<Vec<Step>> {
        if text.len() > MAX_LEN {
            return None;
        }
        self.index.clear(text.len());
        self.odd.clear();
        let mut state = Carried {
            counts: CodeCounts::new(),
            repeats: Repeats::FIRST,
            run: 0,
            n_indexed: 0,
        };
        let (mut start, mut steps) = (0, Vec::new());
        while start < text.len() {
            let end = (start + CHUNK).min(text.len());
            let chunk = TextChunk { text, start, end };
            self.find_ways(&chunk, &mut state);
            let n_before = steps.len();
            start += self.settle(&chunk, &mut state, &mut steps);
            state.learn(&steps[n_before..]);
            self.index_to(text, start, &mut state);
        }
        steps.push(Step {
            run: state.run,
            len: 0,
            offset: 0,
        });
        Some(steps)
    }

    /// Finds the cheapest way to each place of a chunk.
    fn find_ways(&mut self, chunk: &TextChunk, state: &mut Carried) {
        let prices = Prices::of(&state.counts);
        self.copies.clear();
        self.nodes.clear();
        self.nodes.push(Node {
            price: prices.run(state.run),
            from: 0,
            offset: 0,
            run: state.run,
            repeats: state.repeats,
        });
        for at in chunk.start..chunk.end {
            self.look(chunk, at, &prices, state);
            let next = self.next_node(chunk.text[at], &prices);
            self.copies.leave(self.nodes.len() as u32);
            self.nodes.push(next);
        }
    }

    /// Looks for copies that begin at a place.
    fn look(&mut self, chunk: &TextChunk, at: usize, prices: &Prices, state: &mut Carried) {
        let word = Word::at(chunk.text, at);
        let node = self.nodes.len() as u32 - 1;
        if self.copies.end() < node + GOES_ON {
            let Node { repeats, run, .. } = self.nodes[node as usize];
            for offset in repeats.cheap(run) {
                self.try_copy(chunk, at, offset as usize, prices);
            }
            for place in self.odd.take(chunk.text, at).into_iter().flatten() {
                self.try_copy(chunk, at, at - place, prices);
            }
            let found = word.map(|word| self.index.before(word, at));
            for place in found.into_iter().flatten() {
                self.try_copy(chunk, at, at - place, prices);
            }
        }
        if let Some(word) = word.filter(|_| at >= state.n_indexed) {
            self.index.add(word, at);
            state.n_indexed = at + 1;
        }
    }

    /// Follows a copy from `offset` before, if there is one.
    fn try_copy(&mut self, chunk: &TextChunk, at: usize, offset: usize, prices: &Prices) {
        if !(1..=at).contains(&offset) || chunk.text[at] != chunk.text[at - offset] {
            return;
        }
        let start = self.nodes.len() as u32 - 1;
        let node = &self.nodes[start as usize];
        let offset = offset as u32;
        let entry = node.price + prices.offset(node.repeats.value(node.run, offset));
        if self.copies.renew(offset, start, entry, prices) {
            return;
        }
        let len = chunk.common(at, offset as usize);
        if len >= MIN_MATCH {
            let copy = Copy {
                offset,
                start,
                end: start + len,
                entry,
            };
            self.copies.add(copy, prices);
        }
    }

    /// The cheapest way to the place after `symbol`.
    fn next_node(&self, symbol: u8, prices: &Prices) -> Node {
        let at = self.nodes.len() as u32;
        let last = &self.nodes[at as usize - 1];
        let by_literal = Node {
            price: last.price + Prices::literal(symbol) + prices.run(last.run + 1) - prices.run(last.run),
            from: at - 1,
            offset: 0,
            run: last.run + 1,
            repeats: last.repeats,
        };
        match self.copies.best(at, prices) {
            Some((price, copy)) if price + prices.run(0) < by_literal.price => {
                let start = &self.nodes[copy.start as usize];
                Node {
                    price: price + prices.run(0),
                    from: copy.start,
                    offset: copy.offset,
                    run: 0,
                    repeats: start.repeats.after(start.run, copy.offset),
                }
            }
            _ => by_literal,
        }
    }

    /// Takes the cheapest way through the chunk and gives how many symbols it writes. The last step is left to the next chunk, which
    /// sees how it goes on; but a copy of the whole chunk is taken, as far as it goes.
    fn settle(&self, chunk: &TextChunk, state: &mut Carried, steps: &mut Vec<Step>) -> usize {
        let n_before = steps.len();
        let end = self.settled(chunk);
        let mut at = end;
        while at > 0 {
            let Node { from, offset, .. } = self.nodes[at];
            if offset > 0 {
                steps.push(Step {
                    run: self.nodes[from as usize].run,
                    len: at as u32 - from,
                    offset,
                });
            }
            at = from as usize;
        }
        steps[n_before..].reverse();
        state.run = self.nodes[end].run;
        match steps[n_before..].last_mut() {
            Some(last) if state.run == 0 && chunk.start + end == chunk.end => {
                let from = chunk.end - last.offset as usize;
                let more = common(chunk.text, from, &chunk.text[chunk.end..]);
                last.len += more;
                end + more as usize
            }
            _ => end,
        }
    }

    /// How many symbols of the chunk are settled: all at the end of the text, else those before the last step.
    fn settled(&self, chunk: &TextChunk) -> usize {
        let len = self.nodes.len() - 1;
        let last = &self.nodes[len];
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

    /// Adds the words before `end` to the index that are not in it: those of a copy that went on behind its chunk.
    fn index_to(&mut self, text: &[u8], end: usize, state: &mut Carried) {
        for at in state.n_indexed..end {
            if let Some(word) = Word::at(text, at) {
                self.index.add(word, at);
            }
        }
        state.n_indexed = state.n_indexed.max(end);
    }
}
