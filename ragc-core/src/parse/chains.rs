//! Where words of a text in tuple form were seen, the last place first.

/// Bytes of a word, 16 bases. With five, which fewer places have by chance, human MHC takes 0.6 % more and nothing else less.
pub(super) const WORD: usize = 4;
/// Places of a word that are given. With one, references of human MHC take 0.4 % more, with 4 and with 16 0.05 and 0.02 % more and less.
const MAX_PLACES: usize = 8;
/// Hashes, as a power of two: as many as a text has words, or half as many, within these bounds. Twice as many make the search a fifth quicker and take a megabyte
/// more a thread.
const LOG_HASHES: (u32, u32) = (10, 20);
/// Places behind which a chain is not followed further, as a power of two: half of a text at least, up to this.
const MAX_LOG_LEN: u32 = 20;

/// No place.
const NONE: u32 = u32::MAX;

/// The last places of each word.
#[derive(Debug, Default)]
pub(super) struct ChainIndex {
    /// Of each hash, the last place.
    last: Vec<u32>,
    /// Of each of the last places, the one before it with the same hash.
    before: Vec<u32>,
}

impl ChainIndex {
    /// Forgets all places, for a text of so many bytes, less than 4 GiB.
    pub(super) fn clear(&mut self, len: usize) {
        let log_len = len.max(1).ilog2();
        let (least, most) = LOG_HASHES;
        self.last.clear();
        self.last.resize(1 << log_len.clamp(least, most), NONE);
        // What was there before is not looked at: a chain leads to places that were added.
        self.before.resize(1 << log_len.min(MAX_LOG_LEN), NONE);
    }

    /// Adds a word that begins at `at`, behind all that were added before. Gives the place before that had its hash.
    pub(super) fn add(&mut self, word: u32, at: usize) -> Option<usize> {
        const MULTIPLIER: u32 = 0x9E37_79B1;
        let log_hashes = self.last.len().ilog2();
        let hash = word.wrapping_mul(MULTIPLIER) >> (u32::BITS - log_hashes);
        let last = std::mem::replace(&mut self.last[hash as usize], at as u32);
        let slot = self.slot(at);
        self.before[slot] = last;
        (last != NONE).then_some(last as usize)
    }

    /// This place, which was added before `at`, and those before it with the same hash.
    pub(super) fn chain(&self, last: Option<usize>, at: usize) -> impl Iterator<Item = usize> + use<'_> {
        let before = move |place: &usize| {
            let before = self.before[self.slot(*place)];
            let is_kept = at - place < self.before.len() && before != NONE;
            is_kept.then_some(before as usize)
        };
        std::iter::successors(last, before).take(MAX_PLACES)
    }

    /// Where the place before this one is kept.
    fn slot(&self, place: usize) -> usize {
        place & (self.before.len() - 1)
    }
}
