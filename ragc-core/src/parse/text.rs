//! What two places of a text have in common.

/// Symbols at the beginning of `symbols` that equal those from `from` on.
#[inline]
pub(super) fn common(text: &[u8], from: usize, symbols: &[u8]) -> u32 {
    let earlier = &text[from..from + symbols.len()];
    let mut n = 0;
    while let (Some(a), Some(b)) = (word(symbols, n), word(earlier, n)) {
        let difference = a ^ b;
        if difference != 0 {
            return n as u32 + difference.trailing_zeros() / 8;
        }
        n += 8;
    }
    while n < symbols.len() && symbols[n] == earlier[n] {
        n += 1;
    }
    n as u32
}

/// The eight symbols from `at` on; none near the end.
#[inline]
pub(super) fn word(symbols: &[u8], at: usize) -> Option<u64> {
    let bytes = symbols.get(at..)?.first_chunk()?;
    Some(u64::from_le_bytes(*bytes))
}
