//! Finds from where a text can be copied furthest.
//!
//! Among all suffixes in their order, those that begin earlier in the text and have most in common with the one at a place are the nearest on
//! either side of it. Where the longest copy only goes on from the place before, nothing is found anew: one place in five of deltas begins another.

use super::literals::{DeltaLiterals, Literals};
use super::prices::{BIT, MIN_MATCH};
use super::text::{common, word};
use crate::error::{Error, Result};
use crate::memory;
use libsais::suffix_array::SuffixArrayConstruction;

/// Shortest copy that is looked for; one of three bytes is worth it only where an offset is taken up again.
const MIN_LEN: u32 = MIN_MATCH + 1;
/// Bytes of a word, the last place of which is tried besides: copies that are shorter and nearer take a third of a percent off.
const WORD: usize = 6;
/// Bytes that are read to hash a word.
const WORD_BYTES: usize = 8;
/// Hashes of words, as a power of two: as many as a text has bytes, within these bounds.
const LOG_HASHES: (u32, u32) = (10, 17);
/// Later copies of a place that are tried for a copy that is as long and nearer. With 2 *D. pigrum* takes 0.01 % more, with 1 0.07.
const MAX_LATER: usize = 4;

/// What a copy takes at least besides its offset, in bits.
const COPY_BITS: u64 = 4;
/// What its literals may take, in parts of what those of the text take on average.
const DEAR: u64 = BIT as u64 * 5 / 4;

/// Texts that are longer are not searched: for each byte it takes twelve.
pub(super) const MAX_LEN: usize = 1 << 21;

/// No place.
const NONE: u32 = u32::MAX;

/// A part of a text that equals an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct EarlierCopy {
    /// Its first place.
    pub(super) start: u32,
    /// Behind its last place.
    pub(super) end: u32,
    /// How far back the earlier one begins.
    pub(super) offset: u32,
}

/// A place and how much it has in common with the one that is looked at.
#[derive(Debug, Clone, Copy)]
struct Relative {
    place: u32,
    len: u32,
}

impl Relative {
    const NOTHING: Self = Self { place: NONE, len: 0 };

    /// What `place` has in common with `at`, if this is what its like had with the place before: at most one byte less.
    #[inline]
    fn next(self, text: &[u8], place: u32, at: usize) -> Self {
        if place == NONE {
            return Self::NOTHING;
        }
        let known = self.len.saturating_sub(1);
        let from = at + known as usize;
        let more = common(text, (place + known) as usize, &text[from..]);
        Self {
            place,
            len: known + more,
        }
    }

    /// The longer one, the nearer of equals; and the other.
    #[inline]
    fn longer_first(self, other: Self) -> (Self, Self) {
        let is_first = match self.len == other.len {
            true => other.place == NONE || (self.place != NONE && self.place > other.place),
            false => self.len > other.len,
        };
        if is_first { (self, other) } else { (other, self) }
    }
}

/// Searches texts, keeping its tables from one to the next.
#[derive(Debug, Default)]
pub(super) struct LongestCopies {
    /// For each place, the earlier ones that stand next to it in the order of suffixes, before it and after it. Of a place that was passed, the first is the last
    /// place that copied it.
    neighbours: Vec<[u32; 2]>,
    /// For each hash of a word, its last place.
    words: Vec<u32>,
    /// What dear literals of the text take on average, in parts of a bit.
    literal: u64,
    found: Vec<EarlierCopy>,
}

impl LongestCopies {
    /// The copies that begin somewhere, by their starts; at one start the longest is the last.
    ///
    /// # Errors
    /// `NoMemory`.
    pub(super) fn find(&mut self, text: &[u8]) -> Result<()> {
        self.found.clear();
        if text.len() > WORD_BYTES {
            let mut literals = DeltaLiterals::default();
            literals.add(text);
            self.literal = literals.price(DEAR);
            self.link(&sorted(text)?)?;
            self.follow(text);
            // They would be the peak of memory with what comes now.
            self.neighbours = Vec::new();
        }
        Ok(())
    }

    /// What was found last.
    pub(super) fn found(&self) -> &[EarlierCopy] {
        &self.found
    }

    /// Takes what was found last.
    pub(super) fn take_found(&mut self) -> Vec<EarlierCopy> {
        std::mem::take(&mut self.found)
    }

    /// Finds the earlier neighbours of each place: the last place has those that stand next to it, and if it is taken out, the one before has.
    fn link(&mut self, order: &[i32]) -> Result<()> {
        self.neighbours = filled(order.len(), [NONE; 2])?;
        let links = &mut self.neighbours;
        for pair in order.windows(2) {
            let (first, second) = (pair[0] as u32, pair[1] as u32);
            links[second as usize][0] = first;
            links[first as usize][1] = second;
        }
        for at in (0..order.len()).rev() {
            let [before, after] = links[at];
            if before != NONE {
                links[before as usize][1] = after;
            }
            if after != NONE {
                links[after as usize][0] = before;
            }
        }
        Ok(())
    }

    /// Goes through the text and keeps what does not go on from the place before.
    fn follow(&mut self, text: &[u8]) {
        let (least, most) = LOG_HASHES;
        let log_hashes = text.len().ilog2().clamp(least, most);
        self.words.clear();
        self.words.resize(1 << log_hashes, NONE);
        let (mut before, mut after) = (Relative::NOTHING, Relative::NOTHING);
        let mut last = EarlierCopy {
            start: 0,
            end: 0,
            offset: 0,
        };
        for at in 0..text.len() {
            let [first, second] = std::mem::replace(&mut self.neighbours[at], [NONE; 2]);
            before = before.next(text, first, at);
            after = after.next(text, second, at);
            let (longer, shorter) = before.longer_first(after);
            let end = at as u32 + longer.len;
            let slot = word_slot(text, at, log_hashes);
            if longer.len >= MIN_LEN {
                if last.end >= end {
                    self.neighbours[at - last.offset as usize][0] = at as u32;
                } else {
                    last = self.take(text, at, longer, shorter, slot);
                }
            }
            if let Some(slot) = slot {
                self.words[slot] = at as u32;
            }
        }
    }

    /// Takes a copy that begins here, and nearer ones. Gives the longest.
    fn take(
        &mut self,
        text: &[u8],
        at: usize,
        longer: Relative,
        shorter: Relative,
        slot: Option<usize>,
    ) -> EarlierCopy {
        let source = self.nearest(text, at, longer);
        let copy = |place: u32, len: u32| EarlierCopy {
            start: at as u32,
            end: at as u32 + len,
            offset: at as u32 - place,
        };
        if let Some(place) = slot.map(|slot| self.words[slot])
            && place != NONE
            && place > source
        {
            let len = common(text, place as usize, &text[at..]);
            self.keep(copy(place, len));
        }
        if shorter.place != NONE && shorter.place > source {
            self.keep(copy(shorter.place, shorter.len));
        }
        self.neighbours[source as usize][0] = at as u32;
        self.neighbours[longer.place as usize][0] = at as u32;
        let longest = copy(source, longer.len);
        self.keep(longest);
        longest
    }

    /// Keeps a copy that may take less than its literals: in random bases there would be two for each of them that do not.
    fn keep(&mut self, copy: EarlierCopy) {
        let len = u64::from(copy.end - copy.start);
        let bits = COPY_BITS + u64::from(copy.offset.ilog2());
        if len >= u64::from(MIN_LEN) && len * self.literal >= bits * u64::from(BIT) {
            self.found.push(copy);
        }
    }

    /// The nearest place that is known to have as much in common.
    fn nearest(&self, text: &[u8], at: usize, longer: Relative) -> u32 {
        let copied = &text[at..at + longer.len as usize];
        let mut source = longer.place;
        for _ in 0..MAX_LATER {
            let [later, _] = self.neighbours[source as usize];
            if later == NONE || common(text, later as usize, copied) < longer.len {
                break;
            }
            source = later;
        }
        source
    }
}

/// All suffixes of a text in their order, by where they begin.
fn sorted(text: &[u8]) -> Result<Vec<i32>> {
    let mut order = filled(text.len(), 0)?;
    SuffixArrayConstruction::for_text(text)
        .in_borrowed_buffer(&mut order)
        .single_threaded()
        .run()
        .map_err(|_| no_memory(text.len()))?;
    Ok(order)
}

/// Where the word at a place is kept; none near the end of the text.
#[inline]
fn word_slot(text: &[u8], at: usize, log_hashes: u32) -> Option<usize> {
    const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
    const OTHERS: u32 = 8 * (WORD_BYTES - WORD) as u32;
    let hash = (word(text, at)? << OTHERS).wrapping_mul(MULTIPLIER);
    Some((hash >> (u64::BITS - log_hashes)) as usize)
}

/// A table of so many values.
fn filled<T: Copy>(len: usize, value: T) -> Result<Vec<T>> {
    let mut table = memory::room(len).map_err(|_| no_memory(len))?;
    table.resize(len, value);
    Ok(table)
}

fn no_memory(len: usize) -> Error {
    Error::no_memory(format!("the copies in a text of {len} bytes"))
}
