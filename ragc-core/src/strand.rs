//! The other strand, as biologists mean it. Inside archives only `ACGT` have complements (`alphabet`).

use crate::alphabet::{CODE_OF_LETTER, LETTERS};

/// Complement of each letter. Every IUPAC code has one; U becomes A, as with samtools.
const COMPLEMENTS: [(u8, u8); 16] = [
    (b'A', b'T'),
    (b'C', b'G'),
    (b'G', b'C'),
    (b'T', b'A'),
    (b'U', b'A'),
    (b'R', b'Y'),
    (b'Y', b'R'),
    (b'K', b'M'),
    (b'M', b'K'),
    (b'B', b'V'),
    (b'V', b'B'),
    (b'D', b'H'),
    (b'H', b'D'),
    (b'S', b'S'),
    (b'W', b'W'),
    (b'N', b'N'),
];

/// Complement of each byte. One that is no letter of a nucleotide is its own.
const COMPLEMENT_OF_BYTE: [u8; 256] = complement_of_byte();

const fn complement_of_byte() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = byte as u8;
        byte += 1;
    }
    let mut i = 0;
    while i < COMPLEMENTS.len() {
        let (letter, complement) = COMPLEMENTS[i];
        table[letter as usize] = complement;
        table[letter.to_ascii_lowercase() as usize] = complement.to_ascii_lowercase();
        i += 1;
    }
    table
}

/// Reverses and complements letters in place.
pub fn reverse_complement(letters: &mut [u8]) {
    letters.reverse();
    for letter in letters {
        *letter = COMPLEMENT_OF_BYTE[usize::from(*letter)];
    }
}

/// Complement of each symbol code below 16, of the same letters.
const COMPLEMENT_OF_CODE: [u8; 16] = complement_of_code();

const fn complement_of_code() -> [u8; 16] {
    let mut table = [0; 16];
    let mut code = 0;
    while code < table.len() {
        table[code] = CODE_OF_LETTER[COMPLEMENT_OF_BYTE[LETTERS[code] as usize] as usize];
        code += 1;
    }
    table
}

/// Reverses and complements symbol codes in place; of a byte only the lowest four bits count.
pub fn reverse_complement_codes(codes: &mut [u8]) {
    codes.reverse();
    for code in codes {
        *code = COMPLEMENT_OF_CODE[usize::from(*code & 15)];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_has_its_complement_of_the_same_case() {
        let mut letters = *b"acg-ACGTNRYSWKMBDHVU";
        reverse_complement(&mut letters);
        assert_eq!(&letters, b"ABDHVKMWSRYNACGT-cgt");
    }

    #[test]
    fn codes_have_the_complements_of_their_letters() {
        let mut codes: Vec<u8> = (0..16).collect();
        let mut letters = LETTERS;
        reverse_complement_codes(&mut codes);
        reverse_complement(&mut letters);
        let of_codes: Vec<u8> = codes.iter().map(|code| LETTERS[usize::from(*code)]).collect();
        assert_eq!(of_codes, letters);
    }
}
