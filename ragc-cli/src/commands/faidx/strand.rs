//! The reverse strand: complements and marks.

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
pub(super) fn reverse_complement(letters: &mut [u8]) {
    letters.reverse();
    for letter in letters {
        *letter = COMPLEMENT_OF_BYTE[usize::from(*letter)];
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
    fn every_letter_has_its_complement_of_the_same_case() {
        let mut letters = *b"acg-ACGTNRYSWKMBDHVU";
        reverse_complement(&mut letters);
        assert_eq!(&letters, b"ABDHVKMWSRYNACGT-cgt");
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
