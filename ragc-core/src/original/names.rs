//! Header lines that the collection cannot hold, see [`crate::collection::is_storable`].
//!
//! ```text
//! contig   >chr1   >café one         >chr2   >bébé two
//! stored   chr1    caf%C3%A9 one     chr2    b%C3%A9b%C3%A9 two      what other programs read
//! text             1 · length · café one     1 · length · bébé two
//! ```
//!
//! An entry has the number of contigs between it and the one before, the length of the true name, and the name.

use crate::bytes::{Cursor, put_varint};
use crate::error::{Error, Result};
use crate::memory;

const WHAT: &str = "names";

/// The text of a sample: for each of its contigs the true name, if another one is stored. Empty without any.
pub(crate) fn names_text<'a>(names: impl Iterator<Item = Option<&'a [u8]>>) -> Vec<u8> {
    let mut text = Vec::new();
    let mut n_between = 0;
    for name in names {
        let Some(name) = name else {
            n_between += 1;
            continue;
        };
        put_varint(&mut text, n_between);
        put_varint(&mut text, name.len() as u64);
        text.extend_from_slice(name);
        n_between = 0;
    }
    text
}

/// The entries of a text about `n_contigs` contigs: each contig, and its true name.
///
/// # Errors
/// `Truncated` or `Corrupt` when the text is damaged, or a name is none that a header line can have.
pub(crate) fn read_names(text: &[u8], n_contigs: usize) -> Result<Vec<(usize, &[u8])>> {
    let mut cursor = Cursor::new(text, WHAT);
    let mut names = Vec::new();
    let mut next = 0u64;
    while cursor.left() > 0 {
        let contig = cursor.varint()?.saturating_add(next);
        if contig >= n_contigs as u64 {
            let why = format!("{WHAT}: one of contig {contig}, and there are {n_contigs}");
            return Err(Error::corrupt(why));
        }
        let len = cursor.varint()?;
        let name = cursor.take(len)?;
        if memchr::memchr3(0, b'\n', b'\r', name).is_some() {
            return Err(Error::corrupt(format!("{WHAT}: one that is more than a line")));
        }
        memory::grow(&mut names, 1)?;
        names.push((contig as usize, name));
        next = contig + 1;
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &[u8] = b"\x01\x05caf\xC3\xA9\x00\x01\xFF";

    #[test]
    fn texts_read_and_write_the_same_bytes() {
        let names = [None, Some("café".as_bytes()), Some(b"\xFF"), None];
        assert_eq!(names_text(names.into_iter()), TEXT);
        let entries = [(1, "café".as_bytes()), (2, b"\xFF")];
        assert_eq!(read_names(TEXT, 3).unwrap(), entries);
        assert_eq!(names_text([None, None].into_iter()), b"");
    }

    #[test]
    fn damaged_texts_are_errors() {
        for end in (1..TEXT.len()).filter(|end| *end != 7) {
            assert!(read_names(&TEXT[..end], 3).is_err(), "{end}");
        }
        assert!(read_names(TEXT, 2).is_err());
        assert!(
            read_names(
                b"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01\x00\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01\x00",
                3
            )
            .is_err()
        );
        for name in [b"\n", b"\r", b"\0"] {
            assert!(read_names(&[&[0, 1], &name[..]].concat(), 3).is_err());
        }
    }

    proptest! {
        #[test]
        fn names_come_back(names in proptest::collection::vec(proptest::option::of("[a-zé ]{0,9}"), 0..20)) {
            let text = names_text(names.iter().map(|name| name.as_deref().map(str::as_bytes)));
            let entries = names.iter().enumerate();
            let entries: Vec<_> = entries.filter_map(|(i, name)| Some((i, name.as_deref()?.as_bytes()))).collect();
            prop_assert_eq!(read_names(&text, names.len()).unwrap(), entries);
        }
    }
}
