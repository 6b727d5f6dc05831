//! Symbol codes: the sixteen nucleotide codes of the format, their letters and complements.
//!
//! FORMAT.md, "Symbols". Codes 0 to 3 are `A C G T`; 4 is `N`; 5 to 15 the other IUPAC letters and `U`.

use std::marker::PhantomData;

use crate::error::{Error, Result};

/// Letter of each code, indexed by code.
pub const LETTERS: [u8; 16] = *b"ACGTNRYSWKMBDHVU";

/// Code of `N`, the unknown nucleotide.
pub const N: u8 = 4;

/// First code that is not one of `A C G T`.
pub const FIRST_AMBIGUOUS: u8 = 4;

/// What AGC stores for a letter that it does not know, and for other bytes. Which they were is lost.
const LOST_LETTER: u8 = 30;
const LOST_BYTE: u8 = 32;

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

/// How symbols are told: as codes or as letters. Whoever decodes writes what is wanted at once, so that nothing goes
/// over the symbols a second time.
pub trait Alphabet {
    /// The symbol of a code below 16; of a larger byte, only the lowest four bits count.
    fn symbol(code: u8) -> u8;

    /// The symbols of four bases that are packed in a byte, the first of them in its lowest bits. A look-up for four is
    /// faster than computing eight at a time (docs/measurements.md, "Details of reading").
    const QUADS: [[u8; 4]; 256];

    /// Tells the complement of each code: what is decoded so has only to be reversed to be the other strand.
    type Complement: Alphabet;
}

/// Symbols told as codes.
#[derive(Debug, Clone, Copy)]
pub struct Codes;

/// Symbols told as upper-case letters.
#[derive(Debug, Clone, Copy)]
pub struct Letters;

impl Alphabet for Codes {
    #[inline]
    fn symbol(code: u8) -> u8 {
        code & 15
    }

    const QUADS: [[u8; 4]; 256] = quads([0, 1, 2, 3]);

    type Complement = Complemented<Self>;
}

impl Alphabet for Letters {
    #[inline]
    fn symbol(code: u8) -> u8 {
        letter(code)
    }

    const QUADS: [[u8; 4]; 256] = quads(*b"ACGT");

    type Complement = Complemented<Self>;
}

/// The complements of the symbols of an alphabet.
#[derive(Debug, Clone, Copy)]
pub struct Complemented<A>(PhantomData<A>);

impl<A: Alphabet> Alphabet for Complemented<A> {
    #[inline]
    fn symbol(code: u8) -> u8 {
        A::symbol(complement(code & 15))
    }

    const QUADS: [[u8; 4]; 256] = complemented(A::QUADS);

    type Complement = A;
}

const fn quads(bases: [u8; 4]) -> [[u8; 4]; 256] {
    let mut table = [[0; 4]; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut i = 0;
        while i < 4 {
            table[byte][i] = bases[byte >> (2 * i) & 3];
            i += 1;
        }
        byte += 1;
    }
    table
}

/// The complement of a base is the complement of its two bits.
const fn complemented(quads: [[u8; 4]; 256]) -> [[u8; 4]; 256] {
    let mut table = [[0; 4]; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = quads[255 - byte];
        byte += 1;
    }
    table
}

/// Checks that every byte is one of the sixteen codes.
///
/// # Errors
/// `Corrupt` for the largest byte that is none.
pub fn check_codes(codes: &[u8]) -> Result<()> {
    // The maximum of a slice is computed sixteen bytes at a time; a search for the first bad byte is not.
    match codes.iter().copied().max() {
        Some(largest) if usize::from(largest) >= LETTERS.len() => Err(no_code(largest)),
        _ => Ok(()),
    }
}

fn no_code(byte: u8) -> Error {
    let why = match byte {
        LOST_LETTER | LOST_BYTE => "; AGC stores it for letters that it does not know, and loses them",
        _ => "",
    };
    Error::corrupt(format!("byte {byte:02X} is no nucleotide code{why}"))
}

fn letter(code: u8) -> u8 {
    LETTERS[usize::from(code & 15)]
}

/// Whether a byte is a blank, which stands for no residue.
pub(crate) const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | 0x0B | 0x0C)
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
    fn letters_and_codes_are_twins() {
        let codes: [u8; 16] = std::array::from_fn(|code| code as u8);
        assert_eq!(codes.map(Letters::symbol), LETTERS);
        assert_eq!(codes.map(Codes::symbol), codes);
        assert_eq!(Codes::QUADS[0b11_00_10_01], [1, 2, 0, 3]);
        assert_eq!(Letters::QUADS[0b11_00_10_01], *b"CGAT");
        assert_eq!(codes.map(Complemented::<Codes>::symbol), codes.map(complement));
        assert_eq!(
            codes.map(Complemented::<Letters>::symbol),
            codes.map(|code| letter(complement(code)))
        );
        for byte in 0..256 {
            assert_eq!(
                Complemented::<Codes>::QUADS[byte],
                Codes::QUADS[byte].map(complement)
            );
            assert_eq!(
                Complemented::<Letters>::QUADS[byte],
                Codes::QUADS[byte].map(|code| letter(complement(code)))
            );
        }
    }

    #[test]
    fn what_is_no_code_is_refused_and_what_agc_has_lost_is_told() {
        assert!(check_codes(&[0, 15, 4]).is_ok() && check_codes(&[]).is_ok());
        let message = |codes: &[u8]| check_codes(codes).unwrap_err().to_string();
        assert!(message(&[0, 16]).ends_with("byte 10 is no nucleotide code"));
        for lost in [LOST_LETTER, LOST_BYTE] {
            assert!(message(&[3, lost, 0]).contains("AGC"));
        }
    }

    #[test]
    fn reverse_complement_keeps_ambiguous_codes() {
        let mut codes = [0, 1, 4, 5, 3];
        reverse_complement(&mut codes);
        assert_eq!(codes, [0, 5, 4, 2, 3]);
    }
}
