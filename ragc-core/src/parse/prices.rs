//! What literals and matches cost: from the codes that zstd uses, and how often each was chosen so far.

use super::Step;
use super::log2::log2;
use super::repeats::Repeats;
use crate::alphabet::FIRST_AMBIGUOUS;

/// Prices are in parts of a bit, so many to one.
pub(super) const BIT: u32 = 1 << LOG_BIT;
/// The same as a power of two.
const LOG_BIT: u32 = 8;

/// A literal that is no base. A block whose literals are all bases takes two bits for each, with one more symbol in it 2.25, so
/// that a match of three symbols is better than a separator.
const OTHER_LITERAL: u32 = 40 * BIT;

/// A sequence costs time to decode as well; and prices that follow what was chosen tempt to choose more of it.
/// Without it HIV-1 takes 0.5 % more, with 200 dengue 1 %.
const SEQUENCE: u32 = 60;

/// What a choice adds to a count, so that one that was never made is cheap enough to be tried.
const ONE: u32 = 2;

const N_RUN_CODES: usize = 36;
const N_LENGTH_CODES: usize = 53;
const N_OFFSET_CODES: usize = 32;

/// The shortest match that a frame can hold.
pub(super) const MIN_MATCH: u32 = 3;

const EXTRA_RUN_BITS: [u8; N_RUN_CODES] = [
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13,
    14, 15, 16,
];
const EXTRA_LENGTH_BITS: [u8; N_LENGTH_CODES] = [
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1,
    1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
];

/// Codes of short runs: those of [`EXTRA_RUN_BITS`] written out.
const RUN_CODES: [u8; 64] = codes(&EXTRA_RUN_BITS);
/// The same for what is above the shortest match.
const LENGTH_CODES: [u8; 128] = codes(&EXTRA_LENGTH_BITS);

const fn codes<const N: usize>(extra_bits: &[u8]) -> [u8; N] {
    let mut codes = [0; N];
    let (mut code, mut next, mut value) = (0, 1 << extra_bits[0], 0);
    while value < N {
        if value == next {
            code += 1;
            next += 1 << extra_bits[code];
        }
        codes[value] = code as u8;
        value += 1;
    }
    codes
}

fn run_code(run: u32) -> usize {
    code(run, &RUN_CODES, 19, N_RUN_CODES)
}

fn length_code(len: u32) -> usize {
    code(len - MIN_MATCH, &LENGTH_CODES, 36, N_LENGTH_CODES)
}

/// The code of a value: in a table if it is short, else by its logarithm. What is longer than a block is cut later.
fn code(value: u32, short: &[u8], above: usize, n_codes: usize) -> usize {
    match short.get(value as usize) {
        Some(&code) => usize::from(code),
        None => (value.ilog2() as usize + above).min(n_codes - 1),
    }
}

/// How often each code was chosen, the last ones most.
#[derive(Debug, Clone)]
pub(super) struct CodeCounts {
    runs: [u32; N_RUN_CODES],
    lengths: [u32; N_LENGTH_CODES],
    offsets: [u32; N_OFFSET_CODES],
}

impl CodeCounts {
    /// What is assumed at the beginning: short runs, and offsets that repeat.
    pub(super) fn new() -> Self {
        let mut counts = Self {
            runs: [1; N_RUN_CODES],
            lengths: [1; N_LENGTH_CODES],
            offsets: [1; N_OFFSET_CODES],
        };
        counts.runs[..2].copy_from_slice(&[4, 2]);
        counts.offsets[..2].copy_from_slice(&[6, 2]);
        counts
    }

    /// Adds a step with a match, and goes on to the last offsets behind it.
    pub(super) fn add(&mut self, step: &Step, repeats: &mut Repeats) {
        let value = repeats.value(step.run, step.offset);
        self.runs[run_code(step.run)] += ONE;
        self.lengths[length_code(step.len)] += ONE;
        self.offsets[value.ilog2() as usize] += ONE;
        *repeats = repeats.after(step.run, step.offset);
    }

    /// Lets the last choices weigh more than those before, once there are so many.
    pub(super) fn fade(&mut self, max_sum: u32) {
        if self.runs.iter().sum::<u32>() > max_sum {
            self.all_mut().for_each(|count| *count /= 2);
        }
    }

    /// Bits that the entropy coder needs for all that was added, in parts of a bit, without the extra bits.
    pub(super) fn entropy(&self) -> u64 {
        [&self.runs[..], &self.lengths, &self.offsets]
            .map(entropy)
            .iter()
            .sum()
    }

    /// The same, but for what was high by chance: lengths and offsets have no favourites, and what is cheap would be chosen ever more often.
    pub(super) fn smooth(mut self) -> Self {
        smooth(&mut self.lengths);
        smooth(&mut self.lengths);
        smooth(&mut self.offsets[2..]);
        self
    }

    /// Codes that were chosen at all.
    pub(super) fn n_used(&self) -> u64 {
        self.all().filter(|count| **count > 0).count() as u64
    }

    /// Counts of nothing at all.
    pub(super) fn empty() -> Self {
        Self {
            runs: [0; N_RUN_CODES],
            lengths: [0; N_LENGTH_CODES],
            offsets: [0; N_OFFSET_CODES],
        }
    }

    /// Adds all that `other` counts.
    pub(super) fn merge(&mut self, other: &Self) {
        self.all_mut()
            .zip(other.all())
            .for_each(|(sum, count)| *sum += count);
    }

    fn all(&self) -> impl Iterator<Item = &u32> {
        self.runs.iter().chain(&self.lengths).chain(&self.offsets)
    }

    fn all_mut(&mut self) -> impl Iterator<Item = &mut u32> {
        let runs = self.runs.iter_mut();
        runs.chain(&mut self.lengths).chain(&mut self.offsets)
    }
}

/// The entropy of these counts, in parts of a bit.
fn entropy(counts: &[u32]) -> u64 {
    let sum = counts.iter().sum();
    let used = counts.iter().filter(|count| **count > 0);
    used.map(|&count| u64::from(count) * u64::from(price_log2(sum) - price_log2(count)))
        .sum()
}

/// The binary logarithm of a count, in parts of a bit.
pub(super) fn price_log2(count: u32) -> u32 {
    log2(count.max(1), LOG_BIT) as u32
}

/// Prices that follow from counts.
#[derive(Debug)]
pub(super) struct Prices {
    runs: [u32; N_RUN_CODES],
    lengths: [u32; N_LENGTH_CODES],
    offsets: [u32; N_OFFSET_CODES],
    least_offset: u32,
    /// Of runs and of what matches have above the shortest, for those that are short: they are asked for at each place.
    short_runs: [u32; RUN_CODES.len()],
    short_lengths: [u32; LENGTH_CODES.len()],
}

impl Prices {
    pub(super) fn of(counts: &CodeCounts) -> Self {
        let mut prices = Self {
            runs: counts.runs,
            lengths: counts.lengths,
            offsets: counts.offsets,
            least_offset: 0,
            short_runs: [0; RUN_CODES.len()],
            short_lengths: [0; LENGTH_CODES.len()],
        };
        price(&mut prices.runs, |code| u32::from(EXTRA_RUN_BITS[code]));
        price(&mut prices.lengths, |code| u32::from(EXTRA_LENGTH_BITS[code]));
        price(&mut prices.offsets, |code| code as u32);
        prices.least_offset = prices.offsets.iter().copied().min().unwrap_or(0);
        prices.short_runs = RUN_CODES.map(|code| prices.runs[usize::from(code)]);
        prices.short_lengths = LENGTH_CODES.map(|code| prices.lengths[usize::from(code)]);
        prices
    }

    #[inline]
    pub(super) fn literal(symbol: u8) -> u32 {
        match symbol < FIRST_AMBIGUOUS {
            true => 2 * BIT,
            false => OTHER_LITERAL,
        }
    }

    /// A run of so many literals, without them.
    #[inline]
    pub(super) fn run(&self, run: u32) -> u32 {
        match self.short_runs.get(run as usize) {
            Some(&price) => price,
            None => self.runs[run_code(run)],
        }
    }

    /// A match of so many symbols, without its offset.
    #[inline]
    pub(super) fn length(&self, len: u32) -> u32 {
        match self.short_lengths.get((len - MIN_MATCH) as usize) {
            Some(&price) => price,
            None => self.lengths[length_code(len)],
        }
    }

    /// No offset costs less.
    #[inline]
    pub(super) fn least_entry(&self) -> u32 {
        self.least_offset + SEQUENCE
    }

    /// An offset, or one of the last three, by the value that stands for it.
    #[inline]
    pub(super) fn offset(&self, value: u32) -> u32 {
        self.offsets[value.ilog2() as usize] + SEQUENCE
    }
}

fn smooth(counts: &mut [u32]) {
    let mut before = counts[0];
    for i in 0..counts.len() {
        let (count, after) = (counts[i], counts[(i + 1).min(counts.len() - 1)]);
        counts[i] = (before + 2 * count + after).div_ceil(4);
        before = count;
    }
}

/// Turns counts into prices.
fn price(counts: &mut [u32], extra_bits: impl Fn(usize) -> u32) {
    const PARTS: u32 = 8;
    let sum = price_log2(counts.iter().sum::<u32>() * PARTS);
    for (code, count) in counts.iter_mut().enumerate() {
        *count = sum - price_log2(*count * PARTS + 1) + extra_bits(code) * BIT;
    }
}
