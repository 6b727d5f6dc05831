//! Turns the letters of sequence lines into symbol codes.

use crate::alphabet::{self, CODE_OF_LETTER, NO_CODE, is_blank};
use crate::error::{Error, Result};
use crate::original::{OriginalRecord, Recorder};

/// Blanks inside a sequence line, passed over.
const BLANK: u8 = 0xFD;
/// Printable bytes that are no nucleotide code, stored as `N`.
const ODD: u8 = 0xFE;
/// Bytes that no sequence line holds: the input is not FASTA, or damaged.
const FORBIDDEN: u8 = 0xFF;

/// Code of each byte of a sequence line: 0 to 15, or one of the three above.
const CODE_OF_BYTE: [u8; 256] = code_of_byte();

const fn code_of_byte() -> [u8; 256] {
    let mut table = CODE_OF_LETTER;
    let mut byte = 0;
    while byte < table.len() {
        if table[byte] == NO_CODE {
            table[byte] = match byte as u8 {
                blank if is_blank(blank) => BLANK,
                b'>' => FORBIDDEN,
                0x21..=0x7E => ODD,
                _ => FORBIDDEN,
            };
        }
        byte += 1;
    }
    table
}

/// Whether all of these are `A C G T`, of either case: nearly every line is, and then neither this nor [`code_of_base`] needs a
/// table, so that sixteen letters are taken together.
fn are_bases(piece: &[u8]) -> bool {
    let is_base = |letter: &u8| {
        let letter = letter & !0x20;
        (letter == b'A') | (letter == b'C') | (letter == b'G') | (letter == b'T')
    };
    piece.iter().fold(true, |all, letter| all & is_base(letter))
}

/// The code of `A C G T`, of either case: two bits of the letter, with `G` and `T` changed over.
fn code_of_base(letter: u8) -> u8 {
    (letter >> 1 & 3) ^ (letter >> 2 & 1)
}

/// A record is refused as "not nucleotides" when more than one residue in this many is odd.
const ODD_SHARE: u64 = 10;

/// Residues that the format has no code for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OddResidues {
    /// How many there were.
    pub count: u64,
    /// The first of them, and its 1-based line.
    pub first: Option<(u8, u64)>,
}

impl OddResidues {
    fn add(&mut self, byte: u8, line: u64) {
        self.count += 1;
        self.first.get_or_insert((byte, line));
    }
}

/// Translates the sequence of one record after the other.
#[derive(Debug, Default)]
pub struct Residues {
    codes: Vec<u8>,
    odd: OddResidues,
    recorder: Recorder,
    /// The line whose last piece ended with a blank.
    after_blank: Option<u64>,
}

impl Residues {
    /// Hands what codes cannot say to this recorder.
    #[must_use]
    pub fn noted_by(recorder: Recorder) -> Self {
        Self {
            recorder,
            ..Self::default()
        }
    }

    /// Who takes what codes cannot say.
    pub fn recorder(&mut self) -> &mut Recorder {
        &mut self.recorder
    }

    /// Symbol codes of a piece of a sequence line; valid until the next call.
    ///
    /// Odd residues become `N`, so that positions stay; blanks vanish.
    ///
    /// # Errors
    /// `BadInput` for a `>` inside a line, a number or a comment behind a blank, control characters and bytes outside ASCII.
    pub fn translate(&mut self, piece: &[u8], line: u64) -> Result<&[u8]> {
        self.codes.clear();
        let follows_blank = self.after_blank.take() == Some(line);
        if are_bases(piece) {
            self.codes
                .extend(piece.iter().map(|letter| code_of_base(*letter)));
            self.recorder.letters(piece);
            return Ok(&self.codes);
        }
        self.codes
            .extend(piece.iter().map(|byte| CODE_OF_BYTE[*byte as usize]));
        let all = self.codes.iter().fold(0, |all, code| all | code);
        if all >= BLANK {
            self.translate_odd(piece, line, follows_blank)?;
        } else {
            self.recorder.letters(piece);
        }
        Ok(&self.codes)
    }

    #[cold]
    fn translate_odd(&mut self, piece: &[u8], line: u64, mut follows_blank: bool) -> Result<()> {
        self.codes.clear();
        for byte in piece {
            let starts_word = std::mem::replace(&mut follows_blank, is_blank(*byte));
            match CODE_OF_BYTE[*byte as usize] {
                BLANK => self.recorder.between(*byte),
                _ if starts_word && byte.is_ascii_digit() => return Err(numbered().at_line(line)),
                _ if starts_word && matches!(byte, b';' | b'#') => return Err(commented().at_line(line)),
                ODD => {
                    self.odd.add(*byte, line);
                    self.recorder.odd(*byte);
                    self.codes.push(alphabet::N);
                }
                FORBIDDEN => return Err(forbidden(*byte).at_line(line)),
                code => {
                    self.recorder.letters(&[*byte]);
                    self.codes.push(code);
                }
            }
        }
        self.after_blank = follows_blank.then_some(line);
        Ok(())
    }

    /// Ends the record: gives what was odd in it, and what codes cannot say of it.
    ///
    /// # Errors
    /// `BadInput` for a layout that is too odd to be kept.
    pub fn end_record(&mut self) -> Result<(OddResidues, OriginalRecord)> {
        Ok((std::mem::take(&mut self.odd), self.recorder.end_record()?))
    }

    /// As [`Self::end_record`], where only nucleotides are wanted.
    ///
    /// # Errors
    /// As [`Self::end_record`], and `BadInput` when more than a tenth of the residues were odd: then these are not
    /// nucleotides.
    pub fn end_nucleotide_record(&mut self) -> Result<(OddResidues, OriginalRecord)> {
        let n_residues = self.recorder.n_residues();
        let (odd, original) = self.end_record()?;
        match odd.first {
            Some((byte, line)) if odd.count * ODD_SHARE > n_residues => Err(Error::bad_input(format!(
                "{} of {n_residues} residues are no nucleotide code (the first is {:?}): not a nucleotide sequence \
                 (--any-residues lets it in)",
                odd.count, byte as char
            ))
            .at_line(line)),
            _ => Ok((odd, original)),
        }
    }
}

fn numbered() -> Error {
    Error::bad_input("a number behind a blank, as in EMBL files, is no sequence: take the numbers out")
}

fn commented() -> Error {
    Error::bad_input("a comment behind a blank is no sequence: take it out, or give it a line of its own")
}

fn forbidden(byte: u8) -> Error {
    Error::bad_input(match byte {
        b'>' => "a '>' inside a sequence line: a line end is missing before it".to_owned(),
        _ => format!("byte {byte:#04x} in a sequence line: this is not FASTA text"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_either_case_blanks_and_odd_residues() {
        let mut residues = Residues::default();
        assert_eq!(
            residues.translate(b"AcgTnU rY", 3).unwrap(),
            [0, 1, 2, 3, 4, 15, 5, 6]
        );
        assert_eq!(residues.translate(b"A-C", 4).unwrap(), [0, 4, 1]);
        let odd = OddResidues {
            count: 1,
            first: Some((b'-', 4)),
        };
        let (told, original) = residues.end_nucleotide_record().unwrap();
        assert_eq!(
            (told, original.odd, original.n_lower),
            (odd, vec![1, 9, b'-', 0], 4)
        );
        assert_eq!(residues.end_record().unwrap(), Default::default());
    }

    #[test]
    fn exactly_a_tenth_of_odd_residues_is_kept_and_more_is_refused() {
        let mut residues = Residues::default();
        residues.translate(b"ACGTACGTA*", 1).unwrap();
        assert_eq!(residues.end_nucleotide_record().unwrap().0.count, 1);
        residues.translate(b"ACGTACGT*", 7).unwrap();
        let error = residues.end_nucleotide_record().unwrap_err().to_string();
        assert!(error.starts_with("line 7: 1 of 9 residues"), "{error}");
        residues.translate(b"ACGT***", 8).unwrap();
        assert_eq!(residues.end_record().unwrap().0.count, 3);
        residues.translate(b"ACGTACGTA*", 9).unwrap();
        assert_eq!(residues.end_nucleotide_record().unwrap().0.count, 1);
    }

    #[test]
    fn bytes_that_no_sequence_holds_are_refused() {
        for byte in [b'>', 0, 7, 0x1B, 0x7F, 0x80, 0xC3, 0xFF] {
            let error = Residues::default().translate(&[b'A', byte], 9).unwrap_err();
            assert_eq!(error.location().line, Some(9), "{byte:#x}");
        }
    }

    #[test]
    fn numbers_behind_blanks_are_refused_and_others_kept() {
        for pieces in [&["ACGT ACGT   60"][..], &["AC ", "60"], &["AC\t6"]] {
            let mut residues = Residues::default();
            let translated: Result<Vec<()>> = pieces
                .iter()
                .map(|piece| residues.translate(piece.as_bytes(), 3).map(|_| ()))
                .collect();
            let error = translated.unwrap_err().to_string();
            assert!(error.starts_with("line 3: a number"), "{error}");
        }
        let mut residues = Residues::default();
        for (piece, line) in [
            ("ACGT2 GT", 1),
            ("AC ", 2),
            ("2", 3),
            ("AC ", 4),
            ("AC", 4),
            ("2", 4),
        ] {
            residues.translate(piece.as_bytes(), line).unwrap();
        }
        assert_eq!(residues.end_record().unwrap().0.count, 3);
    }

    #[test]
    fn every_byte_has_one_meaning() {
        for byte in 0..=255u8 {
            let code = CODE_OF_BYTE[byte as usize];
            assert_eq!(code < 16, CODE_OF_LETTER[byte as usize] != NO_CODE);
            assert!(code < 16 || [BLANK, ODD, FORBIDDEN].contains(&code));
            assert_eq!(are_bases(&[byte]), code < 4);
            assert!(code >= 4 || code_of_base(byte) == code);
        }
    }
}
