//! The reverse strand: complements and marks.

use ragc_core::alphabet::{CODE_OF_LETTER, LETTERS};

/// Complement of each letter. Unlike inside archives, every IUPAC code has one; U becomes A, as with samtools.
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

/// Complement of each symbol code.
const COMPLEMENT_OF_CODE: [u8; LETTERS.len()] = complement_of_code();

const fn complement_of_code() -> [u8; LETTERS.len()] {
    let mut table = [0; LETTERS.len()];
    let mut i = 0;
    while i < COMPLEMENTS.len() {
        let (letter, complement) = COMPLEMENTS[i];
        table[CODE_OF_LETTER[letter as usize] as usize] = CODE_OF_LETTER[complement as usize];
        i += 1;
    }
    table
}

/// Reverses and complements symbol codes in place.
pub(super) fn reverse_complement(codes: &mut [u8]) {
    codes.reverse();
    for code in codes {
        *code = COMPLEMENT_OF_CODE[usize::from(*code & 15)];
    }
}

/// What is added to names on either strand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StrandMarks {
    forward: String,
    reverse: String,
}

impl StrandMarks {
    /// Reads the TYPE of `--mark-strand`: `rc`, `no`, `sign`, or `custom,FORWARD,REVERSE`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let marks = match text {
            "rc" => ("", "/rc"),
            "no" => ("", ""),
            "sign" => ("(+)", "(-)"),
            _ => text
                .strip_prefix("custom,")
                .map(|marks| marks.split_once(',').unwrap_or((marks, "")))
                .ok_or("use rc, no, sign, or custom,FORWARD,REVERSE")?,
        };
        Ok(Self {
            forward: marks.0.to_owned(),
            reverse: marks.1.to_owned(),
        })
    }

    /// The mark of a strand.
    pub(super) fn of(&self, is_reverse: bool) -> &str {
        if is_reverse { &self.reverse } else { &self.forward }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_complement() {
        let mut codes: Vec<u8> = b"ACGTNRYSWKMBDHVU"
            .iter()
            .map(|letter| CODE_OF_LETTER[usize::from(*letter)])
            .collect();
        reverse_complement(&mut codes);
        let letters: Vec<u8> = codes.iter().map(|code| LETTERS[usize::from(*code)]).collect();
        assert_eq!(letters, b"ABDHVKMWSRYNACGT");
    }

    #[test]
    fn marks_are_those_of_samtools() {
        let of = |text: &str| {
            let marks = StrandMarks::parse(text).unwrap();
            (marks.of(false).to_owned(), marks.of(true).to_owned())
        };
        assert_eq!(of("rc"), (String::new(), "/rc".to_owned()));
        assert_eq!(of("sign"), ("(+)".to_owned(), "(-)".to_owned()));
        assert_eq!(of("custom, f,r,x"), (" f".to_owned(), "r,x".to_owned()));
        assert_eq!(of("custom,f"), ("f".to_owned(), String::new()));
        assert!(StrandMarks::parse("foo").is_err() && StrandMarks::parse("custom").is_err());
    }
}
