//! A nucleotide sequence at two bits a base, with the few other symbols kept beside it.
//!
//! Whole genomes are held while they serve as references, so the text form (one byte a base) is only ever a
//! transient. Base `i` stands in word `i / 32` at bits `2 (i mod 32)`: low bits first, so the length of a common
//! prefix of two sequences is the number of trailing zero bits of an exclusive or, 32 bases at a time.
//!
//! Symbols that are not `A C G T` are stored as *runs* in ascending order; their two-bit codes are 0.
//!
//! Invariant: bits at and above `2 len` are zero, and one spare word follows, so that [`Sequence::window`] needs no
//! special case at the end.

use crate::alphabet::{self, Alphabet, Codes, FIRST_AMBIGUOUS};
use crate::error::Result;
use crate::kmer::Strands;
use crate::memory;

/// Bases in one machine word. Symbols are written so many at a time.
pub(crate) const BASES_PER_WORD: usize = 32;

/// A stretch of one symbol that is not `A C G T`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SymbolRun {
    /// 0-based position of the first symbol.
    pub start: u32,
    /// Number of symbols; never 0.
    pub len: u32,
    /// Symbol code, 4 to 15.
    pub code: u8,
}

impl SymbolRun {
    /// Position behind its last symbol.
    pub(crate) fn end(self) -> u32 {
        self.start + self.len
    }
}

/// A nucleotide sequence of less than 2³² symbols; see the module.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Sequence {
    words: Vec<u64>,
    runs: Vec<SymbolRun>,
    len: usize,
}

impl Default for Sequence {
    fn default() -> Self {
        Self::new()
    }
}

impl Sequence {
    /// The empty sequence.
    #[must_use]
    pub fn new() -> Self {
        Self {
            words: vec![0],
            runs: Vec::new(),
            len: 0,
        }
    }

    /// Packs symbol codes (0 to 15).
    #[must_use]
    pub fn from_codes(codes: &[u8]) -> Self {
        let mut sequence = Self::new();
        sequence.extend(codes);
        sequence
    }

    /// As [`Self::from_codes`], where there may not be memory for it.
    ///
    /// # Errors
    /// `NoMemory`.
    pub fn try_from_codes(codes: &[u8]) -> Result<Self> {
        let mut sequence = Self {
            words: memory::room(codes.len() / BASES_PER_WORD + 2)?,
            runs: memory::room(n_runs(codes))?,
            len: 0,
        };
        sequence.words.push(0);
        sequence.extend(codes);
        Ok(sequence)
    }

    /// Takes over bases that are packed four to a byte, the first of them in the highest bits. Neither side is spread
    /// to a byte a base meanwhile.
    ///
    /// # Errors
    /// `NoMemory`.
    pub fn from_quads(quads: &[u8]) -> Result<Self> {
        let (whole, rest) = quads.as_chunks::<8>();
        let mut words = memory::room(whole.len() + 2)?;
        words.extend(whole.iter().map(|word| reverse_quads(u64::from_le_bytes(*word))));
        words.push(0);
        let mut sequence = Self {
            words,
            runs: Vec::new(),
            len: whole.len() * BASES_PER_WORD,
        };
        for quad in rest {
            (0..4).for_each(|i| sequence.push(quad >> (6 - 2 * i) & 3));
        }
        Ok(sequence)
    }

    /// Bases packed four to a byte, the first of them in the highest bits, without those at the end that fill none. Symbols that are
    /// no bases are as bases of code 0.
    pub(crate) fn to_quads(&self) -> Vec<u8> {
        let n_quads = self.len / 4;
        // Room for two bytes more, with which a tuple form ends, and for what is taken off again.
        let mut quads = Vec::with_capacity(n_quads + BASES_PER_WORD / 4 + 2);
        for word in &self.words[..n_quads.div_ceil(BASES_PER_WORD / 4)] {
            quads.extend(reverse_quads(*word).to_le_bytes());
        }
        quads.truncate(n_quads);
        quads
    }

    /// Number of symbols.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no symbols.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Stretches of symbols that are not `A C G T`, in ascending order.
    #[must_use]
    pub fn runs(&self) -> &[SymbolRun] {
        &self.runs
    }

    /// Bytes held, for limits in bytes.
    #[must_use]
    pub fn cost(&self) -> usize {
        self.words.len() * size_of::<u64>() + self.runs.len() * size_of::<SymbolRun>() + size_of::<Self>()
    }

    /// Gives back the memory that growing has reserved.
    pub fn shrink(&mut self) {
        self.words.shrink_to_fit();
        self.runs.shrink_to_fit();
    }

    /// Appends one symbol code (0 to 15).
    #[inline]
    pub fn push(&mut self, code: u8) {
        let shift = 2 * (self.len % BASES_PER_WORD);
        if code < FIRST_AMBIGUOUS {
            let last = self.words.len() - 1;
            self.words[last] |= u64::from(code) << shift;
        } else {
            self.push_to_runs(code, 1);
        }
        self.len += 1;
        if shift == 62 {
            self.words.push(0);
        }
    }

    /// Notes `n` symbols of one code that is no base behind the last symbol.
    fn push_to_runs(&mut self, code: u8, n: usize) {
        let at = self.len as u32;
        match self.runs.last_mut() {
            Some(run) if run.code == code && run.end() == at => run.len += n as u32,
            _ => self.runs.push(SymbolRun {
                start: at,
                len: n as u32,
                code,
            }),
        }
    }

    /// Appends codes of which some are no bases: runs of those are long where there are any, as where a genome was not read.
    fn push_mixed(&mut self, mut codes: &[u8]) {
        while let Some(&first) = codes.first() {
            if first < FIRST_AMBIGUOUS {
                self.push(first);
                codes = &codes[1..];
                continue;
            }
            let n = codes
                .iter()
                .position(|code| *code != first)
                .unwrap_or(codes.len());
            self.push_to_runs(first, n);
            self.len += n;
            self.words.resize(self.len / BASES_PER_WORD + 1, 0);
            codes = &codes[n..];
        }
    }

    /// Appends symbol codes (0 to 15).
    pub fn extend(&mut self, codes: &[u8]) {
        self.words.reserve(codes.len() / BASES_PER_WORD + 1);
        let (words, rest) = codes.as_chunks::<BASES_PER_WORD>();
        for word in words {
            self.push_word(word, BASES_PER_WORD);
        }
        if !rest.is_empty() {
            let mut word = [0; BASES_PER_WORD];
            word[..rest.len()].copy_from_slice(rest);
            self.push_word(&word, rest.len());
        }
    }

    /// Appends the first `n` of these codes, 1 to 32; those behind are 0.
    #[inline]
    fn push_word(&mut self, codes: &[u8; BASES_PER_WORD], n: usize) {
        let (eights, _) = codes.as_chunks::<8>();
        let eights = || eights.iter().map(|eight| u64::from_le_bytes(*eight));
        if eights().fold(0, |all, eight| all | eight) & 0xFCFC_FCFC_FCFC_FCFC != 0 {
            return self.push_mixed(&codes[..n]);
        }
        let bases = eights()
            .rev()
            .fold(0, |bases, eight| bases << 16 | squeeze(eight));
        let shift = 2 * (self.len % BASES_PER_WORD);
        let last = self.words.len() - 1;
        self.words[last] |= bases << shift;
        if shift + 2 * n >= 64 {
            // Shifted twice: by 64 bits at once cannot be.
            self.words.push(bases >> 1 >> (63 - shift));
        }
        self.len += n;
    }

    /// 32 two-bit codes from `pos` on, the first in the lowest bits; zeros past the end.
    #[inline]
    #[must_use]
    pub fn window(&self, pos: usize) -> u64 {
        let word = pos / BASES_PER_WORD;
        let shift = 2 * (pos % BASES_PER_WORD);
        let low = self.words[word] >> shift;
        match self.words.get(word + 1) {
            Some(next) if shift > 0 => low | next << (64 - shift),
            _ => low,
        }
    }

    /// The `k` bases from `pos` on, which all have to be `A C G T`.
    #[inline]
    #[must_use]
    pub fn kmer(&self, pos: usize, k: u32) -> Strands {
        let bases = self.window(pos);
        let low = 64 - 2 * k;
        Strands {
            direct: reverse_bases(bases) & u64::MAX << low,
            reverse: !bases << low,
        }
    }

    /// The symbol code at `pos`.
    #[inline]
    #[must_use]
    pub fn code(&self, pos: usize) -> u8 {
        if let Some(run) = self.run_at(pos) {
            return run.code;
        }
        (self.words[pos / BASES_PER_WORD] >> (2 * (pos % BASES_PER_WORD)) & 3) as u8
    }

    /// The run that covers `pos`.
    #[must_use]
    pub fn run_at(&self, pos: usize) -> Option<SymbolRun> {
        let run = *self.runs.get(self.first_run_ending_after(pos))?;
        (run.start as usize <= pos).then_some(run)
    }

    fn first_run_ending_after(&self, pos: usize) -> usize {
        if self.runs.is_empty() {
            return 0;
        }
        self.runs.partition_point(|run| run.end() as usize <= pos)
    }

    /// Number of `A C G T` symbols from `pos` to the next other symbol or the end.
    #[inline]
    #[must_use]
    pub fn acgt_len_from(&self, pos: usize) -> usize {
        match self.runs.get(self.first_run_ending_after(pos)) {
            Some(run) => (run.start as usize).saturating_sub(pos),
            None => self.len - pos,
        }
    }

    /// Number of `A C G T` symbols in `range`.
    #[inline]
    #[must_use]
    pub fn n_acgt(&self, range: std::ops::Range<usize>) -> usize {
        if self.runs.is_empty() {
            return range.len();
        }
        let others = self.runs[self.first_run_ending_after(range.start)..]
            .iter()
            .take_while(|run| (run.start as usize) < range.end)
            .map(|run| (run.end() as usize).min(range.end) - (run.start as usize).max(range.start));
        range.len() - others.sum::<usize>()
    }

    /// Number of `A C G T` symbols immediately before `pos`.
    fn acgt_len_before(&self, pos: usize) -> usize {
        if self.runs.is_empty() {
            return pos;
        }
        let n_before = self.runs.partition_point(|run| (run.start as usize) < pos);
        match n_before.checked_sub(1) {
            Some(last) => pos - (self.runs[last].end() as usize).min(pos),
            None => pos,
        }
    }

    /// Length of the common prefix of `self[pos..]` and `other[other_pos..]`.
    #[inline]
    #[must_use]
    pub fn common_prefix(&self, pos: usize, other: &Self, other_pos: usize) -> usize {
        let mut len = 0;
        loop {
            let limit = self
                .acgt_len_from(pos + len)
                .min(other.acgt_len_from(other_pos + len));
            let step = self.common_bits(pos + len, other, other_pos + len, limit);
            len += step;
            if step < limit {
                return len;
            }
            let Some(equal) = self.common_run(pos + len, other, other_pos + len) else {
                return len;
            };
            len += equal;
        }
    }

    /// Common prefix of the two-bit codes alone, at most `limit`.
    #[inline]
    fn common_bits(&self, pos: usize, other: &Self, other_pos: usize, limit: usize) -> usize {
        let mut len = 0;
        while len < limit {
            let differing = self.window(pos + len) ^ other.window(other_pos + len);
            if differing != 0 {
                return limit.min(len + differing.trailing_zeros() as usize / 2);
            }
            len += BASES_PER_WORD;
        }
        limit
    }

    /// Symbols that both sequences have in common inside runs of the same code.
    fn common_run(&self, pos: usize, other: &Self, other_pos: usize) -> Option<usize> {
        if self.runs.is_empty() || other.runs.is_empty() {
            return None;
        }
        let (mine, theirs) = (self.run_at(pos)?, other.run_at(other_pos)?);
        (mine.code == theirs.code).then(|| (mine.end() as usize - pos).min(theirs.end() as usize - other_pos))
    }

    /// Number of equal `A C G T` symbols immediately before both positions, at most `limit`.
    #[must_use]
    pub fn common_suffix(&self, pos: usize, other: &Self, other_pos: usize, limit: usize) -> usize {
        let limit = limit
            .min(self.acgt_len_before(pos))
            .min(other.acgt_len_before(other_pos));
        let mut len = 0;
        while len < limit {
            let n_left = (limit - len).min(BASES_PER_WORD);
            let mine = self.window(pos - len - n_left);
            let theirs = other.window(other_pos - len - n_left);
            // The wanted bases are the lowest `n_left`; move them to the top so that the last one decides first.
            let differing = (mine ^ theirs) << (64 - 2 * n_left);
            if differing != 0 {
                return len + differing.leading_zeros() as usize / 2;
            }
            len += n_left;
        }
        limit
    }

    /// Writes the symbol codes of `range` to `out`, after what is there.
    pub fn unpack_into(&self, range: std::ops::Range<usize>, out: &mut Vec<u8>) {
        self.append_symbols::<Codes>(range, out);
    }

    /// Writes the symbols of `range` to `out`, after what is there.
    pub fn append_symbols<A: Alphabet>(&self, range: std::ops::Range<usize>, out: &mut Vec<u8>) {
        let first = out.len();
        // Whole words are written, and what is too much is taken off: a copy of variable length costs more than 32 symbols.
        if (1..=BASES_PER_WORD).contains(&range.len()) {
            out.extend_from_slice(&unpack_word::<A>(self.window(range.start)));
        } else {
            self.append_words::<A>(range.clone(), out);
        }
        out.truncate(first + range.len());
        for run in &self.runs[self.first_run_ending_after(range.start)..] {
            let start = (run.start as usize).max(range.start);
            let end = (run.end() as usize).min(range.end);
            if start >= end {
                break;
            }
            out[first + start - range.start..first + end - range.start].fill(A::symbol(run.code));
        }
    }

    /// Writes the symbols of `range` as whole words, into places that are made at once: of long ranges, growing for each word takes longer
    /// (docs/measurements.md, "Copies of a word").
    fn append_words<A: Alphabet>(&self, range: std::ops::Range<usize>, out: &mut Vec<u8>) {
        let first = out.len();
        out.resize(first + range.len().next_multiple_of(BASES_PER_WORD), 0);
        let (words, _) = out[first..].as_chunks_mut::<BASES_PER_WORD>();
        if let Some((last, before)) = words.split_last_mut() {
            let (word, shift) = (range.start / BASES_PER_WORD, 2 * (range.start % BASES_PER_WORD));
            for (symbols, pair) in before.iter_mut().zip(self.words[word..].windows(2)) {
                // Shifted twice: by 64 bits at once cannot be.
                *symbols = unpack_word::<A>(pair[0] >> shift | pair[1] << 1 << (63 - shift));
            }
            *last = unpack_word::<A>(self.window(range.start + before.len() * BASES_PER_WORD));
        }
    }

    /// The symbol codes, one a byte.
    #[must_use]
    pub fn to_codes(&self) -> Vec<u8> {
        let mut codes = Vec::new();
        self.unpack_into(0..self.len, &mut codes);
        codes
    }

    /// The part `range` as a sequence of its own.
    #[must_use]
    pub fn slice(&self, range: std::ops::Range<usize>) -> Self {
        let len = range.len();
        let mut words: Vec<u64> = (0..len / BASES_PER_WORD + 1)
            .map(|word| range.start + word * BASES_PER_WORD)
            .map(|pos| if pos < self.len { self.window(pos) } else { 0 })
            .collect();
        let last = words.len() - 1;
        words[last] &= (1u64 << (2 * (len % BASES_PER_WORD))) - 1;
        let runs = self.runs[self.first_run_ending_after(range.start)..]
            .iter()
            .take_while(|run| (run.start as usize) < range.end)
            .map(|run| {
                let start = (run.start as usize).max(range.start);
                let end = (run.end() as usize).min(range.end);
                SymbolRun {
                    start: (start - range.start) as u32,
                    len: (end - start) as u32,
                    code: run.code,
                }
            })
            .collect();
        Self { words, runs, len }
    }

    /// The reverse complement.
    #[must_use]
    pub fn reverse_complement(&self) -> Self {
        let mut words = vec![0; self.len / BASES_PER_WORD + 1];
        for (word, out) in words.iter_mut().enumerate() {
            let end = self.len - (word * BASES_PER_WORD).min(self.len);
            let n_bases = end.min(BASES_PER_WORD);
            if n_bases > 0 {
                // Complement is 3 - code; the bases past `n_bases` are shifted out at the low end.
                *out = reverse_bases(!self.window(end - n_bases)) >> (64 - 2 * n_bases);
            }
        }
        let mut reversed = Self {
            words,
            runs: Vec::with_capacity(self.runs.len()),
            len: self.len,
        };
        for run in self.runs.iter().rev() {
            reversed.add_run(SymbolRun {
                start: self.len as u32 - run.end(),
                ..*run
            });
        }
        reversed
    }

    /// Adds a run behind the others and clears the two-bit codes below it.
    fn add_run(&mut self, run: SymbolRun) {
        for pos in run.start as usize..run.end() as usize {
            self.words[pos / BASES_PER_WORD] &= !(3 << (2 * (pos % BASES_PER_WORD)));
        }
        debug_assert_eq!(alphabet::complement(run.code), run.code);
        self.runs.push(run);
    }
}

/// Brings the two lowest bits of each of eight bytes together in 16 bits.
#[inline]
fn squeeze(codes: u64) -> u64 {
    let pairs = (codes | codes >> 6) & 0x000F_000F_000F_000F;
    let fours = (pairs | pairs >> 12) & 0x0000_00FF_0000_00FF;
    (fours | fours >> 24) & 0xFFFF
}

/// The 32 symbols of a word. Eight at a time are put together in a register: stores of four bytes each and a load of
/// all of them would wait for one another.
#[inline]
fn unpack_word<A: Alphabet>(word: u64) -> [u8; BASES_PER_WORD] {
    let four = |i: usize| u64::from(u32::from_le_bytes(A::QUADS[(word >> (8 * i)) as usize & 0xFF]));
    let eights: [[u8; 8]; 4] = std::array::from_fn(|i| (four(2 * i) | four(2 * i + 1) << 32).to_le_bytes());
    let mut symbols = [0; BASES_PER_WORD];
    symbols.copy_from_slice(eights.as_flattened());
    symbols
}

/// Reverses the order of the four two-bit codes in each byte of a word.
fn reverse_quads(word: u64) -> u64 {
    let swapped = word >> 4 & 0x0F0F_0F0F_0F0F_0F0F | (word & 0x0F0F_0F0F_0F0F_0F0F) << 4;
    swapped >> 2 & 0x3333_3333_3333_3333 | (swapped & 0x3333_3333_3333_3333) << 2
}

/// Reverses the order of the 32 two-bit codes of a word.
pub(crate) fn reverse_bases(word: u64) -> u64 {
    let swapped = word.reverse_bits();
    (swapped >> 1 & 0x5555_5555_5555_5555) | (swapped & 0x5555_5555_5555_5555) << 1
}

/// Number of runs of symbols that are no bases.
fn n_runs(codes: &[u8]) -> usize {
    let is_ambiguous = |code: &u8| *code >= FIRST_AMBIGUOUS;
    // Nearly no sequence has any, and then the codes are only looked through, many at once.
    let has_ambiguous = |codes: &[u8]| codes.iter().fold(0, |all, code| all | code) >= FIRST_AMBIGUOUS;
    if !codes.chunks(256).any(has_ambiguous) {
        return 0;
    }
    let begin = |pair: &[u8]| pair[0] != pair[1] && is_ambiguous(&pair[1]);
    let first = usize::from(codes.first().is_some_and(is_ambiguous));
    first + codes.windows(2).filter(|pair| begin(pair)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Codes that are mostly `A C G T`, in runs, as in genomes.
    fn codes() -> impl Strategy<Value = Vec<u8>> {
        let acgt = proptest::collection::vec(0u8..4, 0..90);
        let run = (4u8..16, 1usize..40).prop_map(|(code, len)| vec![code; len]);
        proptest::collection::vec(prop_oneof![4 => acgt, 1 => run], 0..6).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn packing_is_reversible(codes in codes(), split in 0usize..600) {
            let sequence = Sequence::from_codes(&codes);
            let asked = Sequence::try_from_codes(&codes).unwrap();
            prop_assert_eq!(asked.runs.capacity(), asked.runs.len());
            prop_assert_eq!(&asked, &sequence);
            let mut one_by_one = Sequence::new();
            codes.iter().for_each(|code| one_by_one.push(*code));
            prop_assert_eq!(&sequence, &one_by_one);
            let (front, back) = codes.split_at(split.min(codes.len()));
            let mut in_two = Sequence::from_codes(front);
            in_two.extend(back);
            prop_assert_eq!(&in_two, &sequence);
            let mut part = vec![7];
            sequence.unpack_into(front.len()..codes.len(), &mut part);
            prop_assert_eq!(&part[1..], back);
            prop_assert_eq!(sequence.to_codes(), codes.clone());
            for (pos, code) in codes.iter().enumerate() {
                prop_assert_eq!(sequence.code(pos), *code);
            }
        }

        #[test]
        fn quads_are_taken_over(quads in proptest::collection::vec(any::<u8>(), 0..40)) {
            let codes: Vec<u8> = quads.iter().flat_map(|q| [q >> 6, q >> 4 & 3, q >> 2 & 3, q & 3]).collect();
            prop_assert_eq!(Sequence::from_quads(&quads).unwrap(), Sequence::from_codes(&codes));
        }

        #[test]
        fn reverse_complement_equals_that_of_the_codes(codes in codes()) {
            let mut expected = codes.clone();
            alphabet::reverse_complement(&mut expected);
            prop_assert_eq!(Sequence::from_codes(&codes).reverse_complement(), Sequence::from_codes(&expected));
        }

        #[test]
        fn slices_equal_slices_of_the_codes(codes in codes(), a in 0usize..600, b in 0usize..600) {
            let (a, b) = (a.min(codes.len()), b.min(codes.len()));
            let range = a.min(b)..a.max(b);
            let slice = Sequence::from_codes(&codes).slice(range.clone());
            prop_assert_eq!(&slice, &Sequence::from_codes(&codes[range.clone()]));
            let n_acgt = codes[range.clone()].iter().filter(|code| **code < 4).count();
            prop_assert_eq!(Sequence::from_codes(&codes).n_acgt(range), n_acgt);
        }

        #[test]
        fn common_prefix_and_suffix_equal_those_of_the_codes(
            shared in codes(), left in codes(), right in codes(), other_left in codes(), other_right in codes()
        ) {
            let mine = [left.clone(), shared.clone(), right].concat();
            let theirs = [other_left.clone(), shared, other_right].concat();
            let (a, b) = (Sequence::from_codes(&mine), Sequence::from_codes(&theirs));
            let prefix = mine[left.len()..].iter().zip(&theirs[other_left.len()..]).take_while(|(x, y)| x == y).count();
            prop_assert_eq!(a.common_prefix(left.len(), &b, other_left.len()), prefix);
            let (end, other_end) = (left.len() + prefix, other_left.len() + prefix);
            let suffix = mine[..end].iter().rev().zip(theirs[..other_end].iter().rev())
                .take_while(|(x, y)| x == y && **x < 4).count();
            prop_assert_eq!(a.common_suffix(end, &b, other_end, usize::MAX), suffix);
            prop_assert_eq!(a.common_suffix(end, &b, other_end, 5), suffix.min(5));
        }
    }
}
