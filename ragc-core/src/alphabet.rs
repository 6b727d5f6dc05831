//! Symbol codes: the sixteen nucleotide codes of the format, their letters and complements.
//!
//! FORMAT.md, "Symbols". Codes 0 to 3 are `A C G T`; 4 is `N`; 5 to 15 the other IUPAC letters and `U`.

use crate::error::{Error, Result};

/// Letter of each code, indexed by code.
pub const LETTERS: [u8; 16] = *b"ACGTNRYSWKMBDHVU";

/// Code of `N`, the unknown nucleotide.
pub const N: u8 = 4;

/// First code that is not one of `A C G T`.
pub const FIRST_AMBIGUOUS: u8 = 4;

/// Marks a byte that is no nucleotide letter in [`CODE_OF_LETTER`].
pub const NO_CODE: u8 = 0xFF;

/// Code of each input byte, either case; [`NO_CODE`] where the format has none.
pub const CODE_OF_LETTER: [u8; 256] = code_of_letter();

const fn code_of_letter() -> [u8; 256] {
    let mut table = [NO_CODE; 256];
    let mut code = 0;
    while code < LETTERS.len() {
        let letter = LETTERS[code];
        table[letter as usize] = code as u8;
        table[letter.to_ascii_lowercase() as usize] = code as u8;
        code += 1;
    }
    table
}

/// Complement of a code. Only `A C G T` have one in this format; every other code is its own.
#[inline]
#[must_use]
pub const fn complement(code: u8) -> u8 {
    if code < FIRST_AMBIGUOUS { 3 - code } else { code }
}

/// Reverses and complements codes in place.
pub fn reverse_complement(codes: &mut [u8]) {
    codes.reverse();
    for code in codes {
        *code = complement(*code);
    }
}

/// Checks that every byte is one of the sixteen codes.
///
/// # Errors
/// `Corrupt` for the largest byte that is none.
pub fn check_codes(codes: &[u8]) -> Result<()> {
    // The maximum of a slice is computed sixteen bytes at a time; a search for the first bad byte is not.
    match codes.iter().copied().max() {
        Some(largest) if usize::from(largest) >= LETTERS.len() => Err(Error::corrupt(format!(
            "byte {largest:02X} is no nucleotide code"
        ))),
        _ => Ok(()),
    }
}

/// Turns codes into letters in place. Only the lowest four bits of a byte count.
pub fn to_letters(codes: &mut [u8]) {
    for block in codes.chunks_mut(LETTER_BLOCK) {
        if is_acgt(block) {
            block.iter_mut().for_each(|code| *code = acgt_letter(*code));
        } else {
            block.iter_mut().for_each(|code| *code = letter(*code));
        }
    }
}

/// Appends the letters of codes. Only the lowest four bits of a byte count.
pub fn append_letters(codes: &[u8], out: &mut Vec<u8>) {
    for block in codes.chunks(LETTER_BLOCK) {
        if is_acgt(block) {
            out.extend(block.iter().map(|code| acgt_letter(*code)));
        } else {
            out.extend(block.iter().map(|code| letter(*code)));
        }
    }
}

/// Codes are turned in blocks. One of `A C G T` alone, the usual one, is computed sixteen bytes at a time; the others
/// go through the table. Short enough that an `N` spoils little, and the usual line of FASTA is one block.
const LETTER_BLOCK: usize = 80;

fn is_acgt(block: &[u8]) -> bool {
    block.iter().fold(0, |all, code| all | code) < FIRST_AMBIGUOUS
}

fn letter(code: u8) -> u8 {
    LETTERS[usize::from(code & 15)]
}

/// Letter of a code below 4: `A`, `C` = `A` + 2, `G` = `A` + 6, `T` = `A` + 19.
const fn acgt_letter(code: u8) -> u8 {
    let (low, high) = (code & 1, code >> 1);
    b'A' + 2 * low + 6 * high + 11 * (low & high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_come_in_blocks_with_and_without_ambiguous_codes() {
        for n in [0, 1, 79, 80, 81, 400] {
            for modulus in [4, 16] {
                let codes: Vec<u8> = (0..n).map(|i| (i * 7 % modulus) as u8).collect();
                let mut letters = codes.clone();
                to_letters(&mut letters);
                let expected: Vec<u8> = codes.iter().map(|code| LETTERS[usize::from(*code)]).collect();
                assert_eq!(letters, expected);
                let mut appended = b">".to_vec();
                append_letters(&codes, &mut appended);
                assert_eq!(appended[1..], expected);
            }
        }
    }

    #[test]
    fn letters_of_either_case_map_to_their_code_and_back() {
        for (code, letter) in LETTERS.iter().enumerate() {
            assert_eq!(CODE_OF_LETTER[*letter as usize] as usize, code);
            assert_eq!(
                CODE_OF_LETTER[letter.to_ascii_lowercase() as usize] as usize,
                code
            );
        }
        let n_letters = CODE_OF_LETTER.iter().filter(|code| **code != NO_CODE).count();
        assert_eq!(n_letters, 32);
    }

    #[test]
    fn reverse_complement_keeps_ambiguous_codes() {
        let mut codes = [0, 1, 4, 5, 3];
        reverse_complement(&mut codes);
        assert_eq!(codes, [0, 5, 4, 2, 3]);
    }
}
