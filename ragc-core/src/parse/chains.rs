//! Where words of a text in tuple form were seen, the last place first.

/// Bytes of a word, 16 bases. With five, which fewer places have by chance, human MHC takes 0.6 % more and nothing else less.
pub(super) const WORD: usize = 4;
/// Places behind which a chain is not followed further: a reference of 256 kb. With twice as many human MHC takes 0.1 % less.
const CHAIN_LEN: usize = 1 << 16;
/// Places of a word that are given. With 4 and with 32 sizes differ by 0.02 %.
const MAX_PLACES: usize = 8;
/// Hashes, as a power of two: as many as a text has words, within these bounds. Twice as many make no difference.
const LOG_HASHES: (u32, u32) = (10, 20);

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
        let (least, most) = LOG_HASHES;
        let log_hashes = len.max(1).ilog2().clamp(least, most);
        self.last.clear();
        self.last.resize(1 << log_hashes, NONE);
        self.before.resize(CHAIN_LEN, NONE);
    }

    /// Adds a word that begins at `at`, behind all that were added before. Gives the place before that had its hash.
    pub(super) fn add(&mut self, word: u32, at: usize) -> Option<usize> {
        const MULTIPLIER: u32 = 0x9E37_79B1;
        let log_hashes = self.last.len().ilog2();
        let hash = word.wrapping_mul(MULTIPLIER) >> (u32::BITS - log_hashes);
        let last = std::mem::replace(&mut self.last[hash as usize], at as u32);
        self.before[at % CHAIN_LEN] = last;
        (last != NONE).then_some(last as usize)
    }

    /// This place, which was added before `at`, and those before it with the same hash.
    pub(super) fn chain(&self, last: Option<usize>, at: usize) -> impl Iterator<Item = usize> + use<'_> {
        let before = move |place: &usize| {
            let before = self.before[place % CHAIN_LEN];
            let is_kept = at - place < CHAIN_LEN && before != NONE;
            is_kept.then_some(before as usize)
        };
        std::iter::successors(last, before).take(MAX_PLACES)
    }
}
