//! Residues that are no nucleotide code: `-`, `*`, `_`, digits, other letters.
//!
//! ```text
//! contig  ACG--TTXXX      runs  2 '-' behind 3 bases, 3 'X' behind 2 more
//! entry   02 03 2D  03 02 58  00
//!         length, gap, byte …  end
//! ```
//!
//! The sequence has `N` there. A letter is told in upper case: whether it is lower case is told with that of all others.

use crate::bytes::{Cursor, put_varint};
use crate::error::{Error, Result};
use crate::original::runs::{Runs, run_behind};
use std::ops::Range;

/// Takes the odd residues of one record after the other.
#[derive(Debug, Default)]
pub struct OddRecorder {
    entry: Vec<u8>,
    /// End of the runs that are in the entry.
    written: u64,
    open: Range<u64>,
    byte: u8,
}

impl OddRecorder {
    /// Takes a residue at this base of the record; positions ascend.
    pub fn push(&mut self, at: u64, byte: u8) {
        let byte = byte.to_ascii_uppercase();
        if self.open.end != at || self.byte != byte || self.open.is_empty() {
            self.close_run();
            (self.open, self.byte) = (at..at, byte);
        }
        self.open.end += 1;
    }

    /// Ends the record and gives its entry; empty if there were none.
    pub fn end_record(&mut self) -> Vec<u8> {
        self.close_run();
        let mut entry = std::mem::take(self).entry;
        if !entry.is_empty() {
            entry.push(0);
        }
        entry
    }

    fn close_run(&mut self) {
        let Range { start, end } = std::mem::take(&mut self.open);
        if start < end {
            put_varint(&mut self.entry, end - start);
            put_varint(&mut self.entry, start - self.written);
            self.entry.push(self.byte);
            self.written = end;
        }
    }
}

/// Reads an entry.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct OddRuns {
    end: u64,
    byte: u8,
}

impl Runs for OddRuns {
    const WHAT: &'static str = "odd residues";

    fn next_run(&mut self, text: &mut Cursor<'_>) -> Result<Option<Range<u64>>> {
        let len = text.varint()?;
        if len == 0 {
            return Ok(None);
        }
        let run = run_behind(self.end, text.varint()?, len)?;
        self.end = run.end;
        self.byte = text.byte()?;
        Ok(Some(run))
    }

    fn go_on_behind(&mut self, end: u64) {
        self.end = end;
    }

    fn put(&self, letters: &mut [u8]) -> Result<()> {
        if letters.iter().any(|letter| *letter != b'N') {
            return Err(Error::corrupt(format!(
                "residue {:?} belongs where the sequence has a nucleotide",
                char::from(self.byte)
            )));
        }
        letters.fill(self.byte);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::original::{ContigTexts, Overlay};
    use proptest::prelude::*;
    use std::sync::Arc;

    fn entry_of(residues: &[u8], recorder: &mut OddRecorder) -> Vec<u8> {
        for (at, byte) in residues.iter().enumerate() {
            if !b"ACGTN".contains(byte) {
                recorder.push(at as u64, *byte);
            }
        }
        recorder.end_record()
    }

    #[test]
    fn entries_read_and_write_the_same_bytes() {
        let mut recorder = OddRecorder::default();
        assert!(entry_of(b"ACGTN", &mut recorder).is_empty());
        let entry = entry_of(b"ACG--TTxXX", &mut recorder);
        assert_eq!(entry, [2, 3, b'-', 3, 2, b'X', 0]);
        assert_eq!(
            entry_of(b"*-A-", &mut recorder),
            [1, 0, b'*', 1, 0, b'-', 1, 1, b'-', 0]
        );
        for end in 1..entry.len() {
            assert!(ContigTexts::parse::<OddRuns>(entry[..end].to_vec(), 9).is_err());
        }
        let mut too_far = Vec::new();
        put_varint(&mut too_far, u64::MAX);
        too_far.extend_from_slice(&[1, b'-', 0]);
        assert!(ContigTexts::parse::<OddRuns>(too_far, 9).is_err());
    }

    #[test]
    fn nothing_is_put_over_a_nucleotide() {
        let text = Arc::new(ContigTexts::parse::<OddRuns>(vec![2, 1, b'-', 0], 1).unwrap());
        let mut letters = *b"ANNA";
        Overlay::<OddRuns>::new(text.clone(), 0)
            .apply(0, &mut letters)
            .unwrap();
        assert_eq!(&letters, b"A--A");
        assert!(
            Overlay::<OddRuns>::new(text, 0)
                .apply(0, &mut b"ANGA".to_vec())
                .is_err()
        );
    }

    proptest! {
        #[test]
        fn residues_come_back(
            contigs in proptest::collection::vec("[ACGT]{0,9}[-*]{0,20}[NX-]{0,4}[ACGT]{0,3}_{0,3}", 1..5),
            cut in 1usize..30,
            from in 0usize..20,
        ) {
            let mut recorder = OddRecorder::default();
            let mut text = Vec::new();
            for contig in &contigs {
                let entry = entry_of(contig.as_bytes(), &mut recorder);
                text.extend_from_slice(if entry.is_empty() { &[0] } else { &entry });
            }
            let text = Arc::new(ContigTexts::parse::<OddRuns>(text, contigs.len()).unwrap());
            for (i, contig) in contigs.iter().enumerate() {
                let from = from.min(contig.len());
                let is_odd = |byte: &u8| !b"ACGTN".contains(byte);
                let mut letters: Vec<u8> = contig.bytes().map(|b| if is_odd(&b) { b'N' } else { b }).collect();
                let mut overlay = Overlay::<OddRuns>::new(text.clone(), i);
                for start in (from..contig.len()).step_by(cut) {
                    let end = contig.len().min(start + cut);
                    overlay.apply(start as u64, &mut letters[start..end]).unwrap();
                }
                prop_assert_eq!(&letters[from..], &contig.as_bytes()[from..]);
            }
        }
    }
}
