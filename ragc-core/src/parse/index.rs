//! Where words of the text were seen last.

use crate::alphabet::FIRST_AMBIGUOUS;

/// Bases of a word. For coliphages 12 and 14 give the same size, for plastids 14 takes 0.2 % less than 12, in two thirds of the time: fewer
/// words are found by chance.
const WORD: usize = 14;
/// Bytes that are read to hash a word.
const WORD_BYTES: usize = 16;
/// Places that are kept of words with one hash: the last ones.
const N_PLACES: usize = 4;
/// Hashes, as a power of two: as many as a text has words, up to this. Half as many cost plastids 1 %.
const MAX_LOG_HASHES: u32 = 19;
/// Bits of an entry that tell words apart.
const CHECK_BITS: u32 = 8;
const CHECK_MASK: u32 = (1 << CHECK_BITS) - 1;

/// Texts that are longer cannot be indexed.
pub(super) const MAX_LEN: usize = 1 << (u32::BITS - CHECK_BITS);

/// No place. It is the last place of the longest text, where no word begins.
const NONE: u32 = u32::MAX;

/// The hash of a word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word(u64);

impl Word {
    /// The word that begins at `at`; none near the end of the text.
    pub(super) fn at(text: &[u8], at: usize) -> Option<Self> {
        const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
        const LAST: u32 = 8 * (WORD_BYTES - WORD) as u32;
        let (first, rest) = text.get(at..at + WORD_BYTES)?.split_first_chunk::<8>()?;
        let rest = u64::from_le_bytes(*rest.first_chunk()?) << LAST;
        let hash = u64::from_le_bytes(*first).wrapping_mul(MULTIPLIER);
        let hash = (hash ^ (hash >> 29) ^ rest).wrapping_mul(MULTIPLIER);
        Some(Self(hash))
    }

    fn check(self) -> u32 {
        self.0 as u32 & CHECK_MASK
    }
}

/// Adds a place before the others, and forgets the last of them.
fn put_first(places: &mut [u32; N_PLACES], place: u32) {
    // Not `copy_within`, which calls a function of the system for these few bytes.
    let [first, second, third, _] = *places;
    *places = [place, first, second, third];
}

/// The last places of each word.
#[derive(Debug, Default)]
pub(super) struct WordIndex {
    places: Vec<[u32; N_PLACES]>,
}

impl WordIndex {
    /// Forgets all places, for a text of so many symbols.
    pub(super) fn clear(&mut self, len: usize) {
        let log_hashes = len.max(2).ilog2().min(MAX_LOG_HASHES);
        self.places.clear();
        self.places.resize(1 << log_hashes, [NONE; N_PLACES]);
    }

    fn slot(&self, word: Word) -> usize {
        let log_hashes = self.places.len().ilog2();
        (word.0 >> (u64::BITS - log_hashes)) as usize
    }

    /// Places where the word was seen before `at`, most of them; and a few where another was.
    pub(super) fn before(&self, word: Word, at: usize) -> impl Iterator<Item = usize> + use<> {
        let places = self.places[self.slot(word)].into_iter();
        places
            .filter(move |place| place & CHECK_MASK == word.check() && *place != NONE)
            .map(|place| (place >> CHECK_BITS) as usize)
            .filter(move |place| *place < at)
    }

    /// The word was seen at `at`.
    pub(super) fn add(&mut self, word: Word, at: usize) {
        let slot = self.slot(word);
        put_first(&mut self.places[slot], (at as u32) << CHECK_BITS | word.check());
    }
}

/// Where each three symbols that are not all bases were seen last: a separator is best written with what stands around it.
#[derive(Debug, Default)]
pub(super) struct OddIndex {
    places: Vec<[u32; N_PLACES]>,
}

impl OddIndex {
    const LOG_HASHES: u32 = 12;

    pub(super) fn clear(&mut self) {
        self.places.clear();
        self.places.resize(1 << Self::LOG_HASHES, [NONE; N_PLACES]);
    }

    /// Places of these three symbols, or of others with their hash; none when they are bases.
    pub(super) fn take(&mut self, text: &[u8], at: usize) -> [Option<usize>; N_PLACES] {
        let Some(&symbols) = text.get(at..).and_then(|rest| rest.first_chunk::<3>()) else {
            return [None; N_PLACES];
        };
        if symbols.iter().all(|symbol| *symbol < FIRST_AMBIGUOUS) {
            return [None; N_PLACES];
        }
        let [a, b, c] = symbols.map(u32::from);
        let hash = (a | b << 8 | c << 16).wrapping_mul(0x9E37_79B1);
        let places = &mut self.places[(hash >> (u32::BITS - Self::LOG_HASHES)) as usize];
        let found = places.map(|place| (place != NONE && (place as usize) < at).then_some(place as usize));
        if places[0] == NONE || (places[0] as usize) < at {
            put_first(places, at as u32);
        }
        found
    }
}
