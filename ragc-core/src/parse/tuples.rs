//! Finds what a reference in tuple form repeats of itself.
//!
//! Four bases in a byte leave nothing to gain but copies, which are few and far from each other: a search that weighs all ways to
//! each place spends its time where nothing begins. Here each place is looked up by its next bytes, and a copy is taken if it is
//! shorter than its literals, unless the place behind it has a better one.

use super::Step;
use super::chains::{ChainIndex, WORD};
use super::literals::{Literals, TupleLiterals};
use super::prices::{BIT, MIN_MATCH};
use super::repeats::Repeats;
use super::text::common;

/// Texts that are longer are not parsed: they would need a longer window than readers allow.
pub(super) const MAX_LEN: usize = 1 << 27;

/// Literals behind a copy during which its offset may be taken up again.
const TAKEN_UP: usize = 64;

/// What a copy takes besides its offset: codes of its length, of the literals before it, and of how long the offset is. With 10 bits
/// *Wolbachia* takes 0.15 % more, with 16 human MHC 0.2 %.
const COPY_PRICE: u64 = 14 * BIT as u64;
/// What a copy takes whose offset is one of the last three.
const REPEATED_PRICE: u64 = 9 * BIT as u64;

/// A copy of so many bytes is taken without a look at the next place, so that time does not grow with what places have in common.
const LONG: u32 = 64;

/// A copy that may be taken.
#[derive(Debug, Clone, Copy)]
struct TupleCopy {
    offset: u32,
    len: u32,
    /// What it saves, in parts of a bit.
    gain: u64,
}

/// The one that saves more, the first of equals.
fn better(one: Option<TupleCopy>, other: Option<TupleCopy>) -> Option<TupleCopy> {
    match (one, other) {
        (Some(one), Some(other)) if other.gain > one.gain => Some(other),
        (one, other) => one.or(other),
    }
}

/// Parses texts, keeping its tables from one to the next.
#[derive(Debug, Default)]
pub(super) struct TupleParser {
    index: ChainIndex,
    /// Where the words from here on are not in the index.
    n_indexed: usize,
}

/// How far a text has been parsed.
struct TupleParse<'t> {
    text: &'t [u8],
    /// What a literal takes, in parts of a bit.
    literal: u64,
    /// Where the last step ends.
    start: usize,
    repeats: Repeats,
    steps: Vec<Step>,
}

impl TupleParser {
    /// The steps of the whole text, the last of them without a match; `None` when it is too long.
    pub(super) fn parse(&mut self, text: &[u8]) -> Option<Vec<Step>> {
        if text.len() > MAX_LEN {
            return None;
        }
        self.index.clear(text.len());
        self.n_indexed = 0;
        let mut parse = TupleParse {
            text,
            literal: literal_price(text),
            start: 0,
            repeats: Repeats::FIRST,
            steps: Vec::new(),
        };
        let mut at = 0;
        while let Some(word) = word(text, at) {
            match self.best(&parse, word, at) {
                None => at += 1,
                Some(copy) => {
                    let (at_best, best) = self.put_off(&parse, at, copy);
                    at = parse.take(at_best, best);
                    self.index_to(text, at);
                }
            }
        }
        Some(parse.end())
    }

    /// The best copy from the place on where one was found, as long as the next place has a better one.
    fn put_off(&mut self, parse: &TupleParse<'_>, mut at: usize, mut best: TupleCopy) -> (usize, TupleCopy) {
        while best.len < LONG
            && let Some(word) = word(parse.text, at + 1)
        {
            match self.best(parse, word, at + 1) {
                Some(next) if next.gain > best.gain => (at, best) = (at + 1, next),
                _ => break,
            }
        }
        (at, best)
    }

    /// Adds a place to the index and gives the copy that saves most there, if one does.
    #[inline]
    fn best(&mut self, parse: &TupleParse<'_>, word: u32, at: usize) -> Option<TupleCopy> {
        let last = self.index.add(word, at);
        self.n_indexed = at + 1;
        let may_repeat = at - parse.start < TAKEN_UP;
        // At most places that is all.
        if last.is_none() && !may_repeat {
            return None;
        }
        let repeated = may_repeat.then(|| parse.repeated(at)).flatten();
        let places = self.index.chain(last, at);
        // The first of equals, so that offsets are short.
        places
            .filter(|&place| parse.word_at(place) == Some(word))
            .fold(repeated, |best, place| better(best, parse.other(at, at - place)))
    }

    /// Adds the places before `end` that a copy has passed.
    fn index_to(&mut self, text: &[u8], end: usize) {
        for at in self.n_indexed..end {
            if let Some(word) = word(text, at) {
                self.index.add(word, at);
            }
        }
        self.n_indexed = end;
    }
}

impl TupleParse<'_> {
    fn word_at(&self, place: usize) -> Option<u32> {
        word(self.text, place)
    }

    /// The best copy with one of the last offsets.
    fn repeated(&self, at: usize) -> Option<TupleCopy> {
        let run = (at - self.start) as u32;
        let mut best = None;
        for offset in self.repeats.cheap(run).map(|offset| offset as usize) {
            if (1..=at).contains(&offset) {
                best = better(best, self.copy(at, offset, REPEATED_PRICE));
            }
        }
        best
    }

    /// The copy with another offset.
    fn other(&self, at: usize, offset: usize) -> Option<TupleCopy> {
        let price = COPY_PRICE + u64::from(BIT * (offset as u32).ilog2());
        self.copy(at, offset, price)
    }

    /// The copy from so far back, if it takes less than its literals.
    fn copy(&self, at: usize, offset: usize, price: u64) -> Option<TupleCopy> {
        let len = common(self.text, at - offset, &self.text[at..]);
        let gain = (self.literal * u64::from(len)).checked_sub(price)?;
        (len >= MIN_MATCH && gain > 0).then_some(TupleCopy {
            offset: offset as u32,
            len,
            gain,
        })
    }

    /// Takes a copy, from as far in front of `at` as it holds, and gives where it ends.
    fn take(&mut self, at: usize, copy: TupleCopy) -> usize {
        let offset = copy.offset as usize;
        let literals = self.text[self.start..at].iter().rev();
        let earlier = self.text[..at - offset].iter().rev();
        let more = literals.zip(earlier).take_while(|(a, b)| a == b).count();
        let run = (at - more - self.start) as u32;
        self.steps.push(Step {
            run,
            len: copy.len + more as u32,
            offset: copy.offset,
        });
        self.repeats = self.repeats.after(run, copy.offset);
        self.start = at + copy.len as usize;
        self.start
    }

    fn end(mut self) -> Vec<Step> {
        self.steps.push(Step {
            run: (self.text.len() - self.start) as u32,
            len: 0,
            offset: 0,
        });
        self.steps
    }
}

/// What a literal takes, in parts of a bit: what bytes need that do not go on as before. A run of other symbols, which will be copied,
/// would make all look cheap. It is at least a bit, so that long copies are always worth it.
fn literal_price(text: &[u8]) -> u64 {
    let mut literals = TupleLiterals::default();
    let others = text.windows(2).filter(|pair| pair[0] != pair[1]);
    others.for_each(|pair| literals.add(&pair[1..]));
    literals.price(u64::from(BIT)).max(u64::from(BIT))
}

/// The word that begins at `at`; none near the end of the text.
fn word(text: &[u8], at: usize) -> Option<u32> {
    let bytes = text.get(at..)?.first_chunk::<WORD>()?;
    Some(u32::from_le_bytes(*bytes))
}
