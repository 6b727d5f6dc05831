//! The text of an address, and the ways to read it.

use std::ops::Range;

use crate::address::range::{self, Counting};

/// One way to read an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AddressReading<'a> {
    pub(super) contig: &'a [u8],
    /// `None` for a contig of whichever sample has it.
    pub(super) sample: Option<&'a [u8]>,
    pub(super) range: Option<RangeText<'a>>,
    pub(super) counting: Counting,
}

/// What stands for a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RangeText<'a> {
    pub(super) text: &'a [u8],
    /// What it says, or why it is no range.
    pub(super) says: Result<Range<u64>, String>,
}

impl<'a> AddressReading<'a> {
    /// A name and nothing else.
    fn of_name(contig: &'a [u8], counting: Counting) -> Self {
        Self {
            contig,
            sample: None,
            range: None,
            counting,
        }
    }

    fn with_range(mut self, text: Option<&'a [u8]>) -> Self {
        let says = |text| range::parse(text, self.counting);
        self.range = text.map(|text| RangeText {
            text,
            says: says(text),
        });
        self
    }

    /// The range, if it says what one is.
    pub(super) fn ranges(&self) -> Option<Range<u64>> {
        self.range.as_ref().and_then(|range| range.says.clone().ok())
    }

    /// Whether what stands for a range is none.
    pub(super) fn has_wrong_range(&self) -> bool {
        self.range.as_ref().is_some_and(|range| range.says.is_err())
    }
}

/// All readings of a text, the fullest first; an address without a sample counts as `own` says.
pub(super) fn readings(text: &[u8], own: Counting) -> Vec<AddressReading<'_>> {
    let mut readings = Vec::new();
    for (head, range) in heads(text) {
        readings.extend(named(head, own).map(|reading| reading.with_range(range)));
    }
    readings
}

/// The text as a name and a range, for each colon that may stand between them, and as a name alone. A range holds no
/// colon, so there is one at most.
fn heads(text: &[u8]) -> impl Iterator<Item = (&[u8], Option<&[u8]>)> {
    let colon = text
        .iter()
        .rposition(|byte| *byte == b':')
        .filter(|colon| *colon > 0);
    let ranged = colon.map(|colon| (&text[..colon], Some(&text[colon + 1..])));
    ranged.into_iter().chain([(text, None)])
}

/// Contig and sample, cut in all possible ways, and the contig alone.
fn named(head: &[u8], own: Counting) -> impl Iterator<Item = AddressReading<'_>> {
    let places = 1..head.len().max(2) - 1;
    let cut = places.flat_map(move |place| {
        let (before, behind) = (&head[..place], head.get(place + 1..).unwrap_or_default());
        let (contig, sample, counting) = match head.get(place) {
            Some(b'@') => (before, behind, Counting::From0),
            Some(b'#') => (behind, before, Counting::From1),
            _ => return Vec::new(),
        };
        let reading = |contig, sample| AddressReading {
            contig,
            sample: Some(sample),
            range: None,
            counting,
        };
        let unbraced = (unbraced(contig), unbraced(sample));
        let mut found = vec![reading(contig, sample)];
        if unbraced != (contig, sample) {
            found.push(reading(unbraced.0, unbraced.1));
        }
        found
    });
    let inner = Some(unbraced(head)).filter(|inner| *inner != head);
    let in_one = inner.into_iter().flat_map(in_braces);
    let alone = [Some(head), inner].into_iter().flatten();
    cut.chain(in_one)
        .chain(alone.map(move |name| AddressReading::of_name(name, own)))
}

/// `{SAMPLE#CONTIG}`, as samtools ends names.
fn in_braces(name: &[u8]) -> impl Iterator<Item = AddressReading<'_>> {
    let hashes = name.iter().enumerate().filter(|(_, byte)| **byte == b'#');
    hashes.map(|(place, _)| AddressReading {
        contig: &name[place + 1..],
        sample: Some(&name[..place]),
        range: None,
        counting: Counting::From1,
    })
}

fn unbraced(name: &[u8]) -> &[u8] {
    let inner = name.strip_prefix(b"{").and_then(|name| name.strip_suffix(b"}"));
    inner.unwrap_or(name)
}

/// A name as text, for messages.
pub(super) fn lossy(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Readings as `contig@sample:from-to`, half-open from 0.
    fn of(text: &str) -> Vec<String> {
        let string = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let tell = |reading: AddressReading<'_>| {
            let sample = reading
                .sample
                .map_or(String::new(), |sample| format!("@{}", string(sample)));
            let range = match reading.range.as_ref().map(|range| &range.says) {
                None => String::new(),
                Some(Ok(range)) => format!(":{}-{}", range.start, range.end),
                Some(Err(_)) => ":?".to_owned(),
            };
            format!("{}{sample}{range}", string(reading.contig))
        };
        readings(text.as_bytes(), Counting::From0)
            .into_iter()
            .map(tell)
            .collect()
    }

    fn unique(text: &str) -> Vec<String> {
        let mut all = of(text);
        all.dedup();
        all
    }

    #[test]
    fn the_form_tells_how_positions_count() {
        assert_eq!(unique("c"), ["c"]);
        assert_eq!(unique("c:5-9"), ["c:5-10", "c:5-9"]);
        // The last two are of a sample `s:5-9`, and of a contig `c@s:5-9`.
        assert_eq!(of("c@s:5-9"), ["c@s:5-10", "c@s:5-10", "c@s:5-9", "c@s:5-9"]);
        assert!(of("s#c:5-9").contains(&"c@s:4-9".to_owned()));
        assert!(of("c@s:5-9").contains(&"c@s:5-10".to_owned()));
        assert!(of("c:x").contains(&"c:?".to_owned()));
    }

    #[test]
    fn names_are_cut_at_every_mark() {
        for (text, wanted) in [
            ("a@b@c", "a@b@c"),
            ("HG002#1#chr1", "chr1@HG002#1"),
            ("HG002#1#chr1", "1#chr1@HG002"),
            ("{c:1-2}", "c:1-2"),
            ("{c:1-2}:3-4", "c:1-2:3-5"),
            ("{x@y}@{s:1}:0-0", "x@y@s:1:0-1"),
            ("{s#t}#{c}", "c@s#t"),
            ("{s#c}:2-3", "c@s:1-3"),
        ] {
            assert!(of(text).contains(&wanted.to_owned()), "{text}: {:?}", of(text));
        }
        for text in ["@s", "c@", "#c", "s#", "@", "#", ""] {
            assert!(
                !readings(text.as_bytes(), Counting::From0)
                    .iter()
                    .any(|r| r.sample.is_some()),
                "{text}"
            );
        }
    }
}
