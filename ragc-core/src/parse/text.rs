//! What two places of a text have in common.

/// Symbols at the beginning of `symbols` that equal those from `from` on.
pub(super) fn common(text: &[u8], from: usize, symbols: &[u8]) -> u32 {
    let earlier = &text[from..from + symbols.len()];
    let (words, rest) = symbols.as_chunks::<8>();
    let (earlier_words, earlier_rest) = earlier.as_chunks::<8>();
    for (i, (a, b)) in words.iter().zip(earlier_words).enumerate() {
        let difference = u64::from_le_bytes(*a) ^ u64::from_le_bytes(*b);
        if difference != 0 {
            return (8 * i) as u32 + difference.trailing_zeros() / 8;
        }
    }
    let n_equal = rest.iter().zip(earlier_rest).take_while(|(a, b)| a == b).count();
    (8 * words.len() + n_equal) as u32
}
