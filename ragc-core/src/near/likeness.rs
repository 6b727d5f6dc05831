//! How alike two names are: the same but for how they are written, one the beginning of the other, or some letters apart.

use strsim::levenshtein;

/// Endings of FASTA files, packed or not, and of archives.
const ENDINGS: [&str; 12] = [
    ".gz", ".bgz", ".zst", ".xz", ".bz2", ".agc", ".fa", ".fasta", ".fna", ".ffn", ".fas", ".mpfa",
];
/// What stands before the number of a chromosome.
const BEFORE_NUMBERS: [&str; 4] = ["chromosome", "chrom", "chr", "ch"];
/// Letters of Roman numbers up to 39: the larger ones are names of chromosomes (C, D, M).
const ROMAN: [(char, u32); 3] = [('x', 10), ('v', 5), ('i', 1)];
/// Shorter beginnings are no guess.
const MIN_PREFIX: usize = 2;

/// How far a name is from another; the nearest is the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Likeness {
    /// The same, written in another way: `chr4` and `chrIV`, `1` and `chr1`, `SK1.fa.gz` and `SK1`.
    Same,
    /// One begins with the other, and has so many characters more.
    Beginning(usize),
    /// So many characters differ.
    Apart(usize),
}

/// A name to compare others with.
pub(crate) struct Name<'a> {
    name: &'a str,
    lower: String,
    n_chars: usize,
    key: String,
}

impl<'a> Name<'a> {
    pub(crate) fn new(name: &'a str) -> Self {
        Self {
            name,
            lower: name.to_lowercase(),
            n_chars: name.chars().count(),
            key: key_of(name),
        }
    }

    /// How alike another name is; `None` if it is no guess.
    pub(crate) fn likeness(&self, other: &str) -> Option<Likeness> {
        if self.n_chars == 0 {
            return None;
        }
        if !self.key.is_empty() && self.key == key_of(other) {
            return Some(Likeness::Same);
        }
        let n_chars = other.chars().count();
        let n_more = n_chars.abs_diff(self.n_chars);
        let lower = other.to_lowercase();
        if self.n_chars.min(n_chars) >= MIN_PREFIX
            && (lower.starts_with(&self.lower) || self.lower.starts_with(&lower))
        {
            return Some(Likeness::Beginning(n_more));
        }
        // The lengths alone tell most of the names that are too far.
        let most = (self.n_chars / 3).max(2);
        if n_more > most {
            return None;
        }
        let distance = levenshtein(self.name, other);
        (distance <= most).then_some(Likeness::Apart(distance))
    }
}

/// What is left of a name without path, endings, `chr` and case, its number in digits.
fn key_of(name: &str) -> String {
    let lower = name.to_lowercase();
    let mut rest = lower.rsplit('/').next().unwrap_or_default();
    while let Some(without) = ENDINGS.iter().find_map(|ending| rest.strip_suffix(ending)) {
        rest = without;
    }
    let number = BEFORE_NUMBERS.iter().find_map(|before| rest.strip_prefix(before));
    let number = number.map(|number| number.trim_start_matches(['_', '-', ' ', '.']));
    let rest = number.filter(|number| !number.is_empty()).unwrap_or(rest);
    match number_of(rest) {
        Some(number) => number.to_string(),
        None if rest == "mt" => "m".to_owned(),
        None => rest.to_owned(),
    }
}

/// A number in digits or in Roman letters.
fn number_of(text: &str) -> Option<u32> {
    text.parse().ok().or_else(|| {
        let digits: Option<Vec<u32>> = text
            .chars()
            .map(|letter| {
                ROMAN
                    .iter()
                    .find(|(roman, _)| *roman == letter)
                    .map(|(_, value)| *value)
            })
            .collect();
        let digits = digits.filter(|digits| !digits.is_empty() && digits.len() < 10)?;
        let behind = digits.iter().skip(1).copied().chain([0]);
        // A letter before a larger one is taken off; never the first of all, which has none before it.
        let (plus, minus) =
            digits
                .iter()
                .zip(behind)
                .fold((0, 0), |(plus, minus), (value, next)| match *value < next {
                    true => (plus, minus + value),
                    false => (plus + value, minus),
                });
        Some(plus - minus)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likeness(name: &str, other: &str) -> Option<Likeness> {
        Name::new(name).likeness(other)
    }

    #[test]
    fn names_are_the_same_in_other_writing() {
        for (name, other) in [
            ("chr4", "chrIV"),
            ("1", "chr1"),
            ("chr1", "1"),
            ("chr01", "chr1"),
            ("Chromosome_9", "chrIX"),
            ("chrxiv", "14"),
            ("chrM", "MT"),
            ("CHRX", "chrX"),
            ("SK1.fa.gz", "SK1"),
            ("genomes/SK1.fasta", "SK1"),
            ("sk1", "SK1"),
        ] {
            assert_eq!(likeness(name, other), Some(Likeness::Same), "{name} {other}");
        }
        for (name, other) in [("chr4", "chrVI"), ("chr1", "chr10"), ("chr", ""), ("c", "d")] {
            assert_ne!(likeness(name, other), Some(Likeness::Same), "{name} {other}");
        }
    }

    #[test]
    fn beginnings_come_before_letters_that_differ() {
        assert_eq!(likeness("HG002", "HG002#1"), Some(Likeness::Beginning(2)));
        assert_eq!(likeness("NC_001133.9", "NC_001133"), Some(Likeness::Beginning(2)));
        assert_eq!(likeness("HG002", "HG003"), Some(Likeness::Apart(1)));
        assert_eq!(likeness("yeast", "HG003"), None);
        assert_eq!(likeness("", "HG003"), None);
        assert!(Likeness::Same < Likeness::Beginning(9) && Likeness::Beginning(9) < Likeness::Apart(1));
    }
}
