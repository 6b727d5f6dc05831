//! Symbol codes: the sixteen nucleotide codes of the format, their letters and complements.
//!
//! FORMAT.md, "Symbols". Codes 0 to 3 are `A C G T`; 4 is `N`; 5 to 15 the other IUPAC letters and `U`.

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

#[cfg(test)]
mod tests {
    use super::*;

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
