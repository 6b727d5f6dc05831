//! Marks of the strand.

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
