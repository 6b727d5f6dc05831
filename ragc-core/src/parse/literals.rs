//! What the literals of a block take.

use crate::alphabet::FIRST_AMBIGUOUS;

/// Literals that would share a block, and so a code.
pub(super) trait Literals: Clone + Default {
    /// The most bytes that are put into a block, or left out of it, as a whole.
    const PIECE_LEN: u32;

    /// Adds some.
    fn add(&mut self, literals: &[u8]);

    /// Adds those of another.
    fn merge(&mut self, other: &Self);

    /// What they and their code take, in bits; what all of a kind need alike is left out.
    fn bits(&self) -> u64;
}

/// Symbols of a raw pack: bases, and now and then something else.
#[derive(Debug, Clone, Default)]
pub(super) struct SymbolLiterals {
    n: u64,
    /// One is no base.
    is_odd: bool,
}

impl Literals for SymbolLiterals {
    const PIECE_LEN: u32 = 1 << 17;

    fn add(&mut self, literals: &[u8]) {
        self.n += literals.len() as u64;
        self.is_odd |= literals.iter().any(|symbol| *symbol >= FIRST_AMBIGUOUS);
    }

    fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.is_odd |= other.is_odd;
    }

    fn bits(&self) -> u64 {
        match self.is_odd {
            false => 2 * self.n,
            true => 9 * self.n / 4,
        }
    }
}

/// Bytes of a tuple form, any of which may be there.
#[derive(Debug, Clone)]
pub(super) struct TupleLiterals {
    counts: [u32; 256],
}

impl Default for TupleLiterals {
    fn default() -> Self {
        Self { counts: [0; 256] }
    }
}

impl TupleLiterals {
    /// Bits of the description of a code. Between 700 and 1,200 sizes differ by 0.03 %.
    const CODE_BITS: u64 = 800;

    /// What one of them takes on average, in parts of a bit, so many to one.
    pub(super) fn price(&self, parts: u64) -> u64 {
        let n: u64 = self.counts.iter().map(|count| u64::from(*count)).sum();
        parts * self.entropy() / n.max(1)
    }

    /// Bits that codes as short as can be need for all.
    fn entropy(&self) -> u64 {
        let sum = self.counts.iter().sum();
        let used = self.counts.iter().filter(|count| **count > 0);
        let parts: u64 = used
            .map(|&count| u64::from(count) * (log2(sum) - log2(count)))
            .sum();
        parts >> LOG_PARTS
    }
}

impl Literals for TupleLiterals {
    const PIECE_LEN: u32 = 1 << 14;

    fn add(&mut self, literals: &[u8]) {
        for literal in literals {
            self.counts[usize::from(*literal)] += 1;
        }
    }

    fn merge(&mut self, other: &Self) {
        let pairs = self.counts.iter_mut().zip(other.counts);
        pairs.for_each(|(sum, count)| *sum += count);
    }

    fn bits(&self) -> u64 {
        self.entropy() + Self::CODE_BITS
    }
}

/// Binary digits of a logarithm behind the point.
const LOG_PARTS: u32 = 16;

/// The binary logarithm of a positive number, to [`LOG_PARTS`] digits, in whole numbers: the same on every machine.
fn log2(value: u32) -> u64 {
    let whole = value.ilog2();
    let mut mantissa = u64::from(value) << (31 - whole);
    let mut log = u64::from(whole);
    for _ in 0..LOG_PARTS {
        mantissa = (mantissa * mantissa) >> 31;
        let digit = mantissa >> 32;
        mantissa >>= digit;
        log = log << 1 | digit;
    }
    log
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_those_of_the_machine() {
        for value in (1..2000).chain([1 << 20, (1 << 20) + 1, u32::MAX / 3, u32::MAX]) {
            let expected = f64::from(value).log2();
            let got = log2(value) as f64 / f64::from(1 << LOG_PARTS);
            assert!((expected - got).abs() < 1e-4, "{value}: {expected} {got}");
        }
    }

    #[test]
    fn tuples_take_their_entropy() {
        let mut literals = TupleLiterals::default();
        literals.add(&[1, 2, 3, 4].repeat(1000));
        assert_eq!(literals.entropy(), 8000);
        assert_eq!(literals.price(256), 512);
        let mut both = TupleLiterals::default();
        both.add(&[5; 4000]);
        both.merge(&literals);
        assert_eq!(both.entropy(), 16_000);
    }
}
