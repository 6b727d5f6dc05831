//! The text of a contig query: `name`, `name@sample`, `name:from-to`, `name@sample:from-to`.
//!
//! Positions count from 0 and both ends are included. Names may contain `@`, `:` and `-` themselves, so a text has up
//! to four readings; they are tried in the order of [`Query::readings`] and the first that exists wins. A range is one
//! only if both its ends are numbers.
//!
//! # Source
//! FORMAT.md, "Regions and queries".

/// One reading of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Query<'a> {
    /// Contig name.
    pub(super) name: &'a [u8],
    /// Sample name; without one the contig must be in one sample only.
    pub(super) sample: Option<&'a [u8]>,
    /// First and last position, both included.
    pub(super) range: Option<(u64, u64)>,
}

impl<'a> Query<'a> {
    /// All readings of a query, the one to prefer first. There is always one at least.
    pub(super) fn readings(text: &'a [u8]) -> Vec<Self> {
        let mut readings = Vec::new();
        let ranged = split_range(text);
        if let Some((head, range)) = ranged
            && let Some((name, sample)) = split_last(head, b'@')
        {
            readings.push(Self {
                name,
                sample: Some(sample),
                range: Some(range),
            });
        }
        if let Some((name, sample)) = split_last(text, b'@') {
            readings.push(Self {
                name,
                sample: Some(sample),
                range: None,
            });
        }
        if let Some((name, range)) = ranged {
            readings.push(Self {
                name,
                sample: None,
                range: Some(range),
            });
        }
        readings.push(Self {
            name: text,
            sample: None,
            range: None,
        });
        readings
    }
}

/// Cuts `…:from-to` into what is before it and the two numbers.
fn split_range(text: &[u8]) -> Option<(&[u8], (u64, u64))> {
    let (head, range) = split_last(text, b':')?;
    let (from, to) = split_last(range, b'-')?;
    Some((head, (number(from)?, number(to)?)))
}

/// Cuts at the last `separator` that leaves something on both sides.
fn split_last(text: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let place = memchr::memrchr(separator, &text[..text.len().checked_sub(1)?])?;
    (place > 0).then(|| (&text[..place], &text[place + 1..]))
}

fn number(text: &[u8]) -> Option<u64> {
    if !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> (String, Option<String>, Option<(u64, u64)>) {
        let string = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let query = &Query::readings(text.as_bytes())[0];
        (string(query.name), query.sample.map(string), query.range)
    }

    #[test]
    fn the_fullest_reading_comes_first() {
        let named = |name: &str, sample: &str| (name.to_owned(), Some(sample.to_owned()));
        let with = |(name, sample), range| (name, sample, range);
        assert_eq!(first("chr1"), ("chr1".into(), None, None));
        assert_eq!(first("chr1@a"), with(named("chr1", "a"), None));
        assert_eq!(first("chr1:5-9"), ("chr1".into(), None, Some((5, 9))));
        assert_eq!(first("chr1@a:5-9"), with(named("chr1", "a"), Some((5, 9))));
        assert_eq!(first("x@y@a:0-0"), with(named("x@y", "a"), Some((0, 0))));
        assert_eq!(first("a:1-2:3-4"), ("a:1-2".into(), None, Some((3, 4))));
        assert_eq!(first("c@s:t"), with(named("c", "s:t"), None));
    }

    #[test]
    fn what_is_no_range_or_leaves_a_part_empty_is_a_name() {
        for name in [
            "HLA:HLA1-x",
            "a:-5",
            "a:5-",
            ":1-2",
            "@s",
            "c@",
            "a:1-99999999999999999999",
            "a:+1-2",
            "",
        ] {
            assert_eq!(first(name), (name.to_owned(), None, None));
        }
        assert_eq!(Query::readings(b"c@s:1-2").len(), 4);
    }
}
