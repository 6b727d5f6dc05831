//! `FROM-TO`, and what else stands for a range.
//!
//! Numbers may have commas. Where positions count from 1 they may also end in k, M or G, and either end may be open:
//! `FROM-`, `FROM`, `-TO`, as with samtools. One thing is told instead of done: samtools prints nothing for a range from 0
//! on, and calls that success.

use std::ops::Range;

use ragc_core::internals::quoted::Quoted;

/// How positions are counted; both ends are included either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counting {
    /// As agc: `CONTIG@SAMPLE`.
    From0,
    /// As samtools: `SAMPLE#CONTIG`.
    From1,
}

/// Reads a range into a half-open one that counts from 0; an open end is `u64::MAX`.
pub(super) fn parse(text: &[u8], counting: Counting) -> Result<Range<u64>, String> {
    let text = std::str::from_utf8(text).map_err(|_| "the range is no text")?;
    let range = match counting {
        Counting::From0 => from_0(text)?,
        Counting::From1 => from_1(text)?,
    };
    match range.start < range.end {
        true => Ok(range),
        false => Err("the range ends before it begins".to_owned()),
    }
}

fn from_0(text: &str) -> Result<Range<u64>, String> {
    let ends = text
        .split_once('-')
        .filter(|(from, to)| !from.is_empty() && !to.is_empty());
    let (from, to) = ends.ok_or_else(|| format!("{} is no range: FROM-TO", Quoted(text)))?;
    let (from, to) = (digits(from)?, digits(to)?);
    // One that ends before it begins is empty, or turned around. Behind the last position, which no contig has, there is none to end at.
    let from = if from == to { from.min(u64::MAX - 1) } else { from };
    Ok(from..to.saturating_add(1))
}

fn from_1(text: &str) -> Result<Range<u64>, String> {
    let (from, to) = match text.split_once('-') {
        Some((from, to)) => (from, Some(to)),
        None => (text, None),
    };
    let start = match (from, to) {
        // As of samtools: no range at all, and a lone 0, mean the whole.
        ("" | "0", None) => 0,
        ("", Some("")) => return Err("the range is empty".to_owned()),
        ("", Some(_)) => 0,
        (from, _) => with_unit(from)?.checked_sub(1).ok_or("positions count from 1")?,
    };
    let end = match to {
        None | Some("") => u64::MAX,
        Some(to) => with_unit(to)?,
    };
    Ok(start..end)
}

fn with_unit(text: &str) -> Result<u64, String> {
    let (number, unit) = match text.as_bytes().last() {
        Some(b'k' | b'K') => (&text[..text.len() - 1], 1_000),
        Some(b'm' | b'M') => (&text[..text.len() - 1], 1_000_000),
        Some(b'g' | b'G') => (&text[..text.len() - 1], 1_000_000_000),
        _ => (text, 1),
    };
    digits(number)?.checked_mul(unit).ok_or_else(|| no_position(text))
}

fn digits(text: &str) -> Result<u64, String> {
    let digits = text.replace(',', "");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(no_position(text));
    }
    digits.parse().map_err(|_| no_position(text))
}

fn no_position(text: &str) -> String {
    format!("{} is no position", Quoted(text))
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(parse(text.as_bytes(), Counting::From1), Ok(range), "{text}");
        }
        for wrong in [
            "0-5", "5-4", "5-0", "-", "-0", "x", "1-x", "1-2-3", "+1-2", "1 -2", ",", "1..3", "--1",
        ] {
            assert!(parse(wrong.as_bytes(), Counting::From1).is_err(), "{wrong}");
        }
    }

    #[test]
    fn ranges_count_from_0_and_have_both_ends() {
        let cases = [
            ("0-0", 0..1),
            ("1,000-2,000", 1000..2001),
            ("0-18446744073709551615", 0..u64::MAX),
            (
                "18446744073709551615-18446744073709551615",
                u64::MAX - 1..u64::MAX,
            ),
        ];
        for (text, range) in cases {
            assert_eq!(parse(text.as_bytes(), Counting::From0), Ok(range), "{text}");
        }
        for wrong in [
            "",
            "5",
            "5-",
            "-5",
            "-",
            "4-2",
            "1k-2k",
            "0x1-0x2",
            "1-2-3",
            "a-b",
            ",-5",
            "1-99999999999999999999",
        ] {
            assert!(parse(wrong.as_bytes(), Counting::From0).is_err(), "{wrong}");
        }
    }
}
