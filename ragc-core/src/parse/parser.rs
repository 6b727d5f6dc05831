//! Finds the cheapest way to write a text as literals and copies.
//!
//! For each place the cheapest way to it is kept: by a literal from the place before, or by a copy that may end there. Lengths need
//! not be tried one by one, as in a search for matches: a copy that has begun costs the price of its length wherever it
//! ends, so only copies that are under way are compared, one or two at most places.

use super::Step;
use super::copies::{Copies, RunningCopy};
use super::index::{MAX_LEN, OddIndex, Word, WordIndex};
use super::prices::{CodeCounts, MIN_MATCH, Prices};
use super::repeats::Repeats;
use super::text::common;
use super::ways::{Chunk, ParsedTo, Ways};

/// Symbols after which the best way is settled and prices are made anew. 16,384 give HIV-1 1 % more.
const CHUNK: usize = 2048;

/// While a copy goes on for at least this long no other is looked for. With 200 instead, HIV-1 and plastids take the same, dengue
/// 2 % less, in half as much time again; with 24, HIV-1 takes 11 % more.
const GOES_ON: u32 = 64;

/// Counts are halved from this sum on: dengue takes 0.6 % more with a quarter of it, 2 % with four times as much.
const MAX_SUM: u32 = 8192;

/// Parses texts, keeping its tables from one to the next.
#[derive(Debug, Default)]
pub(super) struct Parser {
    index: WordIndex,
    odd: OddIndex,
    ways: Ways,
    copies: Copies,
}

/// What goes on from one chunk to the next.
struct Carried {
    counts: CodeCounts,
    place: ParsedTo,
    /// Where the words from here on are not in the index.
    n_indexed: usize,
}

impl Carried {
    /// Lets prices follow what was chosen behind the place where the last offsets were these.
    fn learn(&mut self, steps: &[Step], mut repeats: Repeats) {
        for step in steps {
            self.counts.add(step, &mut repeats);
        }
        self.counts.fade(MAX_SUM);
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
            place: ParsedTo::FIRST,
            n_indexed: 0,
        };
        let mut steps = Vec::new();
        while state.place.at < text.len() {
            let start = state.place;
            let end = (start.at + CHUNK).min(text.len());
            let chunk = Chunk {
                text,
                start: start.at,
                end,
            };
            self.find_ways(&chunk, &mut state);
            let n_before = steps.len();
            state.place = self.ways.settle(&chunk, start, &mut steps);
            state.learn(&steps[n_before..], start.repeats);
            self.index_to(text, state.place.at, &mut state);
        }
        steps.push(state.place.last_step());
        Some(steps)
    }

    /// Finds the cheapest way to each place of a chunk.
    fn find_ways(&mut self, chunk: &Chunk<'_>, state: &mut Carried) {
        let prices = Prices::of(&state.counts.clone().smooth());
        self.copies.clear();
        self.ways.begin(&state.place, &prices);
        for at in chunk.start..chunk.end {
            self.look(chunk, at, &prices, state);
            let literal = Prices::literal(chunk.text[at]);
            self.ways.step(literal, &mut self.copies, &prices);
        }
    }

    /// Looks for copies that begin at a place.
    fn look(&mut self, chunk: &Chunk<'_>, at: usize, prices: &Prices, state: &mut Carried) {
        let word = Word::at(chunk.text, at);
        let node = self.ways.last();
        if self.copies.end() < node + GOES_ON {
            let here = self.ways.here();
            for offset in here.repeats.cheap(here.run) {
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
    fn try_copy(&mut self, chunk: &Chunk<'_>, at: usize, offset: usize, prices: &Prices) {
        if !(1..=at).contains(&offset) || chunk.text[at] != chunk.text[at - offset] {
            return;
        }
        let (start, offset) = (self.ways.last(), offset as u32);
        let entry = self.ways.here().entry(offset, prices);
        if self.copies.renew(offset, start, entry, prices) {
            return;
        }
        let len = common(chunk.text, at - offset as usize, &chunk.text[at..chunk.end]);
        if len >= MIN_MATCH {
            self.copies
                .add(RunningCopy::new(offset, start, start + len, entry, prices));
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
