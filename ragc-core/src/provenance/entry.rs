//! A command that an archive was made by, and its bytes.

use crate::bytes::{Cursor, put_varint};
use crate::error::Result;
use crate::provenance::text::{put_text, read_text};
use crate::provenance::{Counts, Provenance};

/// What a command has done to an archive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HistoryEntry {
    /// When: seconds since 1970.
    pub time: u64,
    /// Version of the program.
    pub version: String,
    /// The command and its arguments.
    pub command: Vec<Vec<u8>>,
    /// What was added.
    pub added: Counts,
    /// What was taken out; what was replaced is in both.
    pub removed: Counts,
    /// Bytes of the archive before, if it was changed in place; else 0.
    pub len_before: u64,
}

impl HistoryEntry {
    /// What a run does.
    pub(crate) fn of(run: &Provenance, added: Counts) -> Self {
        Self {
            time: run.time,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            command: run.command.clone(),
            added,
            removed: run.removed,
            len_before: 0,
        }
    }

    pub(super) fn read(payload: &[u8]) -> Result<Self> {
        let mut cursor = Cursor::new(payload, "history");
        let time = cursor.varint()?;
        let len_before = cursor.varint()?;
        let version = String::from_utf8_lossy(&read_text(&mut cursor)?).into_owned();
        let added = read_counts(&mut cursor)?;
        let removed = read_counts(&mut cursor)?;
        let n_words = cursor.varint()?;
        let mut command = Vec::new();
        // Each takes bytes, so a wrong number runs out of them.
        for _ in 0..n_words {
            command.push(read_text(&mut cursor)?);
        }
        cursor.finish()?;
        Ok(Self {
            time,
            version,
            command,
            added,
            removed,
            len_before,
        })
    }

    #[cfg_attr(not(feature = "compress"), allow(dead_code))]
    pub(super) fn payload(&self) -> Vec<u8> {
        let mut payload = Vec::new();
        put_varint(&mut payload, self.time);
        put_varint(&mut payload, self.len_before);
        put_text(&mut payload, self.version.as_bytes());
        for counts in [self.added, self.removed] {
            let Counts {
                n_samples,
                n_contigs,
                n_bases,
            } = counts;
            [n_samples, n_contigs, n_bases]
                .iter()
                .for_each(|n| put_varint(&mut payload, *n));
        }
        put_varint(&mut payload, self.command.len() as u64);
        self.command.iter().for_each(|word| put_text(&mut payload, word));
        payload
    }
}

fn read_counts(cursor: &mut Cursor<'_>) -> Result<Counts> {
    Ok(Counts {
        n_samples: cursor.varint()?,
        n_contigs: cursor.varint()?,
        n_bases: cursor.varint()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LITERAL: &[u8] = b"\x80\x01\x00\x050.1.0\x02\x03\x90\x4E\x01\x01\x05\x02\x06create\x02-o";

    #[test]
    fn an_entry_has_these_bytes_and_comes_back() {
        let counts = |n_samples, n_contigs, n_bases| Counts {
            n_samples,
            n_contigs,
            n_bases,
        };
        let entry = HistoryEntry {
            time: 128,
            version: "0.1.0".to_owned(),
            command: vec![b"create".to_vec(), b"-o".to_vec()],
            added: counts(2, 3, 10_000),
            removed: counts(1, 1, 5),
            len_before: 0,
        };
        assert_eq!(entry.payload(), LITERAL);
        assert_eq!(HistoryEntry::read(LITERAL).unwrap(), entry);
        for end in 0..LITERAL.len() {
            assert!(HistoryEntry::read(&LITERAL[..end]).is_err(), "{end}");
        }
        assert!(HistoryEntry::read(&[LITERAL, b"\0"].concat()).is_err());
    }
}
