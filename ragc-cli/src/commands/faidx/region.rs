//! The text of a region: `NAME`, `NAME:FROM-TO`, `NAME:FROM-`, `NAME:FROM`, `NAME:-TO`.
//!
//! Positions count from 1 and both ends are included. Names may contain `:` and `-`: the whole text is taken for a
//! name first. Braces end the name where they say: `{NAME}:FROM-TO`. Numbers may have commas (`1,000`) and end in k,
//! M or G.
//!
//! One thing is told instead of done: samtools prints nothing for a range from 0 on, and calls that success.

use std::ops::Range;

/// What the text of a region may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RegionText<'a> {
    /// All of it, as a name; `None` when braces tell otherwise.
    pub(super) whole: Option<&'a [u8]>,
    /// A name, and the text of a range.
    pub(super) ranged: Option<(&'a [u8], &'a [u8])>,
}

impl<'a> RegionText<'a> {
    /// Cuts a text.
    pub(super) fn parse(text: &'a [u8]) -> Result<Self, String> {
        if let Some(quoted) = text.strip_prefix(b"{") {
            return Self::parse_quoted(quoted);
        }
        let ranged = memrchr(b':', text).map(|colon| (&text[..colon], &text[colon + 1..]));
        Ok(Self {
            whole: Some(text),
            ranged,
        })
    }

    fn parse_quoted(text: &'a [u8]) -> Result<Self, String> {
        let end = text
            .iter()
            .position(|byte| *byte == b'}')
            .ok_or("'{' without '}'")?;
        let (name, rest) = (&text[..end], &text[end + 1..]);
        match rest.split_first() {
            None => Ok(Self {
                whole: Some(name),
                ranged: None,
            }),
            Some((b':', range)) => Ok(Self {
                whole: None,
                ranged: Some((name, range)),
            }),
            Some(_) => Err("only a range, as in {NAME}:FROM-TO, may follow '}'".to_owned()),
        }
    }

    /// The names that it may mean.
    pub(super) fn names(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        self.whole.into_iter().chain(self.ranged.map(|(name, _)| name))
    }
}

/// Reads what follows the colon into a half-open range that counts from 0; an open end is `u64::MAX`.
pub(super) fn parse_range(text: &[u8]) -> Result<Range<u64>, String> {
    let text = std::str::from_utf8(text).map_err(|_| "the range is no text")?;
    let (from, to) = match text.split_once('-') {
        Some((from, to)) => (from, Some(to)),
        None => (text, None),
    };
    let start = match (from, to) {
        // As of samtools: no range at all, and a lone 0, mean the whole.
        ("" | "0", None) => 0,
        ("", Some("")) => return Err("the range is empty".to_owned()),
        ("", Some(_)) => 0,
        (from, _) => number(from)?.checked_sub(1).ok_or("positions count from 1")?,
    };
    let end = match to {
        None | Some("") => u64::MAX,
        Some(to) => number(to)?,
    };
    if start >= end {
        return Err("the range ends before it begins".to_owned());
    }
    Ok(start..end)
}

fn number(text: &str) -> Result<u64, String> {
    let wrong = || format!("{text:?} is no position");
    let (digits, unit) = match text.as_bytes().last() {
        Some(b'k' | b'K') => (&text[..text.len() - 1], 1_000),
        Some(b'm' | b'M') => (&text[..text.len() - 1], 1_000_000),
        Some(b'g' | b'G') => (&text[..text.len() - 1], 1_000_000_000),
        _ => (text, 1),
    };
    let digits = digits.replace(',', "");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong());
    }
    let number: u64 = digits.parse().map_err(|_| wrong())?;
    number.checked_mul(unit).ok_or_else(wrong)
}

fn memrchr(wanted: u8, text: &[u8]) -> Option<usize> {
    text.iter().rposition(|byte| *byte == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Option<&str>, Option<(&str, &str)>) {
        let string = |bytes| std::str::from_utf8(bytes).unwrap();
        let region = RegionText::parse(text.as_bytes()).unwrap();
        let ranged = region.ranged.map(|(name, range)| (string(name), string(range)));
        (region.whole.map(string), ranged)
    }

    #[test]
    fn the_whole_text_may_be_a_name() {
        assert_eq!(parse("chr1"), (Some("chr1"), None));
        assert_eq!(parse("s#c:1-2"), (Some("s#c:1-2"), Some(("s#c", "1-2"))));
        assert_eq!(parse("a:1-2:3-4"), (Some("a:1-2:3-4"), Some(("a:1-2", "3-4"))));
    }

    #[test]
    fn braces_end_the_name() {
        assert_eq!(parse("{a:1-2}"), (Some("a:1-2"), None));
        assert_eq!(parse("{a:1}:3-4"), (None, Some(("a:1", "3-4"))));
        assert!(RegionText::parse(b"{a:1-2").is_err());
        assert!(RegionText::parse(b"{a}b").is_err());
    }

    #[test]
    fn ranges_count_from_1() {
        let cases = [
            ("1-10", 0..10),
            ("7-7", 6..7),
            ("1,000-2k", 999..2000),
            ("5-", 4..u64::MAX),
            ("5", 4..u64::MAX),
            ("-5", 0..5),
            ("", 0..u64::MAX),
            ("0", 0..u64::MAX),
            ("1M", 999_999..u64::MAX),
        ];
        for (text, range) in cases {
            assert_eq!(parse_range(text.as_bytes()), Ok(range), "{text}");
        }
        for wrong in [
            "0-5", "5-4", "5-0", "-", "-0", "x", "1-x", "1-2-3", "+1-2", "1 -2", ",", "1..3", "--1",
        ] {
            assert!(parse_range(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }
}
