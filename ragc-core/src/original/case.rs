//! Which letters are lower case.
//!
//! ```text
//! contig  ACGTacgtACacg     upper 4, lower 4, upper 2, lower to the end
//! entry   05 04 02 00       first length + 1, lengths …, end; the last length is left out
//! ```
//!
//! A contig in upper case has the entry `00`, one in lower case `01 00`. What is no letter has the case of the letters
//! before it.

use crate::bytes::{Cursor, put_varint};
use crate::error::Result;
use crate::original::runs::{Runs, run_behind};
use std::ops::Range;

/// The bit by which upper and lower case of a letter differ.
const CASE_BIT: u8 = 0x20;

/// Takes the case of the letters of one record after the other.
#[derive(Debug, Default)]
pub struct CaseRecorder {
    entry: Vec<u8>,
    is_lower: bool,
    /// Where the open run begins.
    run_start: u64,
    n_lower: u64,
}

impl CaseRecorder {
    /// Takes letters that begin at this base of the record. All bytes are letters.
    pub fn push(&mut self, at: u64, letters: &[u8]) {
        let n_lower = count_lower(letters);
        self.n_lower += n_lower;
        let n_other = if self.is_lower {
            letters.len() as u64 - n_lower
        } else {
            n_lower
        };
        if n_other > 0 {
            self.turn(at, letters);
        }
    }

    /// Ends the record and gives its entry, empty for all letters in upper case, and the number of letters in lower case.
    pub fn end_record(&mut self) -> (Vec<u8>, u64) {
        let Self {
            mut entry, n_lower, ..
        } = std::mem::take(self);
        if !entry.is_empty() {
            entry.push(0);
        }
        (entry, n_lower)
    }

    fn turn(&mut self, at: u64, letters: &[u8]) {
        let mut from = 0;
        while let Some(n) = letters[from..]
            .iter()
            .position(|letter| (letter & CASE_BIT != 0) != self.is_lower)
        {
            from += n;
            let end = at + from as u64;
            let is_first = self.entry.is_empty();
            put_varint(&mut self.entry, end - self.run_start + u64::from(is_first));
            (self.run_start, self.is_lower) = (end, !self.is_lower);
        }
    }
}

/// Number of lower-case letters; without branches, so that sixteen are looked at together.
#[must_use]
pub fn count_lower(letters: &[u8]) -> u64 {
    let of_block = |block: &[u8]| block.iter().map(|letter| letter >> 5 & 1).sum::<u8>();
    letters.chunks(255).map(|block| u64::from(of_block(block))).sum()
}

/// Reads an entry; its runs are those of lower case.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct CaseRuns {
    end: u64,
    is_last: bool,
    has_only_letters: bool,
}

impl CaseRuns {
    /// There is nothing but letters in the sequence, which are then turned faster.
    pub(crate) fn expect_letters(&mut self) {
        self.has_only_letters = true;
    }
}

impl Runs for CaseRuns {
    const WHAT: &'static str = "case";

    // A call took much of the time of a run (docs/measurements.md, "Details of reading").
    #[inline(always)]
    fn next_run(&mut self, text: &mut Cursor<'_>) -> Result<Option<Range<u64>>> {
        if self.is_last {
            return Ok(None);
        }
        let is_first = self.end == 0;
        let upper = text.varint()?;
        if upper == 0 {
            return Ok(None);
        }
        let lower = text.varint()?;
        let mut run = run_behind(self.end, upper - u64::from(is_first), lower)?;
        if lower == 0 {
            self.is_last = true;
            run.end = u64::MAX;
        }
        self.end = run.end;
        Ok(Some(run))
    }

    fn go_on_behind(&mut self, end: u64) {
        self.end = end;
    }

    #[inline(always)]
    fn put(&self, letters: &mut [u8]) -> Result<()> {
        match self.has_only_letters {
            true => in_blocks(letters, |letter| letter | CASE_BIT),
            false => in_blocks(letters, |byte| byte.to_ascii_lowercase()),
        }
        Ok(())
    }

    /// No integer within an entry is zero, and no other has a byte of zero unless it is written longer than it need be; then what
    /// is taken for an entry ends within a run, which is noticed when that is read.
    fn skip_entry(text: &mut Cursor<'_>, n_searched: usize) -> Result<()> {
        text.take(n_searched as u64)?;
        text.take_past(0).map(drop)
    }
}

/// Turns all bytes, in the largest blocks that they have room for: runs have any length, and few large blocks take two thirds of the
/// time of many small ones.
#[inline]
fn in_blocks(letters: &mut [u8], turn: impl Fn(u8) -> u8 + Copy) {
    let _ = in_blocks_of::<64>(letters, turn)
        || in_blocks_of::<16>(letters, turn)
        || in_blocks_of::<4>(letters, turn)
        || in_blocks_of::<1>(letters, turn);
}

/// Turns all bytes if there is a block of them. The last block begins within the one before, and what is turned twice stays as it
/// is; it is read before that is written, because what was written in two pieces cannot be read as one right away.
#[inline]
fn in_blocks_of<const N: usize>(letters: &mut [u8], turn: impl Fn(u8) -> u8 + Copy) -> bool {
    let Some(last) = letters.last_chunk::<N>().map(|last| turned(last, turn)) else {
        return false;
    };
    let (blocks, _) = letters.as_chunks_mut::<N>();
    blocks.iter_mut().for_each(|block| *block = turned(block, turn));
    letters.last_chunk_mut::<N>().is_some_and(|place| {
        *place = last;
        true
    })
}

/// `map` of arrays goes byte by byte where the crate is compiled in several units, as programs that link it do.
#[inline]
fn turned<const N: usize>(block: &[u8; N], turn: impl Fn(u8) -> u8) -> [u8; N] {
    let mut turned = *block;
    turned.iter_mut().for_each(|byte| *byte = turn(*byte));
    turned
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::original::{ContigTexts, Overlay};
    use proptest::prelude::*;
    use std::sync::Arc;

    fn entry_of(letters: &str, recorder: &mut CaseRecorder) -> Vec<u8> {
        recorder.push(0, letters.as_bytes());
        recorder.end_record().0
    }

    #[test]
    fn entries_read_and_write_the_same_bytes() {
        let mut recorder = CaseRecorder::default();
        for (letters, entry) in [
            ("ACGT", &[][..]),
            ("", &[]),
            ("acgt", &[1, 0]),
            ("ACGTacgtACacg", &[5, 4, 2, 0]),
            ("aC", &[1, 1, 0]),
        ] {
            assert_eq!(entry_of(letters, &mut recorder), entry, "{letters}");
        }
        for cut in [&[5][..], &[5, 4], &[5, 4, 2], &[1]] {
            assert!(ContigTexts::parse::<CaseRuns>(cut.to_vec(), 9).is_err());
        }
    }

    #[test]
    fn an_integer_longer_than_need_be_does_not_move_the_entries_behind_it() {
        // 5 in two bytes, of which the second looks like the end of the entry.
        let text = ContigTexts::parse::<CaseRuns>(vec![0x85, 0, 4, 0, 3, 0], 3).unwrap();
        let text = Arc::new(text);
        let mut letters = [b'A'; 9];
        let mut first = Overlay::<CaseRuns>::new(text.clone(), 0);
        assert!(first.apply(0, &mut letters).is_err());
        for (contig, expected) in [(1, b"AAAaaaaaa"), (2, b"AAaaaaaaa")] {
            let mut letters = [b'A'; 9];
            let mut overlay = Overlay::<CaseRuns>::new(text.clone(), contig);
            overlay.apply(0, &mut letters).unwrap();
            assert_eq!(&letters, expected);
        }
    }

    #[test]
    fn damage_behind_the_last_letter_is_found_when_the_entry_is_finished() {
        // The second run begins past all positions.
        let mut entry = vec![5, 4];
        entry.extend([0xFF; 9]);
        entry.extend([1, 1, 0]);
        let text = Arc::new(ContigTexts::parse::<CaseRuns>(entry, 1).unwrap());
        let mut overlay = Overlay::<CaseRuns>::new(text, 0);
        let mut letters = [b'A'; 8];
        overlay.apply(0, &mut letters[..6]).unwrap();
        assert_eq!(&letters, b"AAAAaaAA");
        assert!(overlay.finish().is_err());
    }

    #[test]
    fn the_front_of_a_text_is_enough_for_the_front_of_a_contig() {
        let letters = "AAAaaaaa".repeat(2000);
        let entry = entry_of(&letters, &mut CaseRecorder::default());
        let text = [&[0][..], &entry, &entry].concat();
        let mut texts = ContigTexts::begin(3);
        let mut reached = Vec::new();
        for piece in text.chunks(1000) {
            let more = |all: &mut Vec<u8>| {
                all.extend_from_slice(piece);
                Ok(())
            };
            texts.extend::<CaseRuns>(piece.len() < 1000, more).unwrap();
            let reaches = |contig, base| Overlay::<CaseRuns, _>::new(&texts, contig).reaches(base);
            reached.push(
                [(0, 9), (1, 9), (1, 15_000), (2, 3999), (2, u64::MAX)].map(|(c, b)| reaches(c, b).unwrap()),
            );
        }
        let n_pieces = |place: usize| reached.iter().filter(|reached| !reached[place]).count();
        assert_eq!([0, 1, 2, 3, 4].map(n_pieces), [0, 0, 3, 5, 8]);
    }

    #[test]
    fn long_stretches_are_counted() {
        assert_eq!(count_lower(&[b'a'; 1000]), 1000);
        assert_eq!(count_lower(&[b'A'; 1000]), 0);
        assert_eq!(count_lower(b"aNnC"), 2);
    }

    proptest! {
        #[test]
        fn windows_of_a_long_contig_come_back_in_any_order(
            lens in proptest::collection::vec(1usize..40, 700..900),
            windows in proptest::collection::vec((0usize..20_000, 1usize..300), 1..40),
        ) {
            let mut letters = Vec::new();
            for (i, len) in lens.iter().enumerate() {
                letters.resize(letters.len() + len, if i % 2 == 0 { b'A' } else { b'a' });
            }
            let mut recorder = CaseRecorder::default();
            recorder.push(0, &letters);
            let entry = recorder.end_record().0;
            // Beside another contig, which must not be taken for it.
            let text = [&[2, 1, 0][..], &entry].concat();
            let text = Arc::new(ContigTexts::parse::<CaseRuns>(text, 2).unwrap());
            for (start, len) in windows {
                let start = start.min(letters.len());
                let end = letters.len().min(start + len);
                let mut window = letters[start..end].to_ascii_uppercase();
                Overlay::<CaseRuns>::new(text.clone(), 1).apply(start as u64, &mut window).unwrap();
                prop_assert_eq!(&window, &letters[start..end]);
            }
        }

        #[test]
        fn windows_come_back_out_of_the_beginning_of_a_text(
            contigs in proptest::collection::vec("[ACGT]{0,300}([acgt]{1,300}[ACGT]{1,9}){0,400}", 1..5),
            cut in 1usize..900,
            contig in 0usize..5,
            window in (0usize..9000, 1usize..300),
        ) {
            let contig = contig % contigs.len();
            let mut recorder = CaseRecorder::default();
            let mut text = Vec::new();
            for letters in &contigs {
                let entry = entry_of(letters, &mut recorder);
                text.extend_from_slice(if entry.is_empty() { &[0] } else { &entry });
            }
            let letters = contigs[contig].as_bytes();
            let start = window.0.min(letters.len());
            let end = letters.len().min(start + window.1);
            let mut texts = ContigTexts::begin(contigs.len());
            let n_pieces = text.len().div_ceil(cut);
            for (i, piece) in text.chunks(cut).enumerate() {
                let more = |all: &mut Vec<u8>| {
                    all.extend_from_slice(piece);
                    Ok(())
                };
                texts.extend::<CaseRuns>(i + 1 == n_pieces, more).unwrap();
                if Overlay::<CaseRuns, _>::new(&texts, contig).reaches(end as u64).unwrap() {
                    break;
                }
            }
            let mut read = letters[start..end].to_ascii_uppercase();
            Overlay::<CaseRuns, _>::new(&texts, contig).apply(start as u64, &mut read).unwrap();
            prop_assert_eq!(&read, &letters[start..end]);
        }

        #[test]
        fn case_comes_back(
            contigs in proptest::collection::vec("[ACGTXacgtx]{0,9}[acgt]{0,300}[ACGT]{0,300}[acgt]{0,3}", 1..5),
            cut in 1usize..300,
            from in 0usize..20,
            expects_letters: bool,
        ) {
            let mut recorder = CaseRecorder::default();
            let mut text = Vec::new();
            for contig in &contigs {
                for (i, piece) in contig.as_bytes().chunks(cut).enumerate() {
                    recorder.push((i * cut) as u64, piece);
                }
                let (entry, n_lower) = recorder.end_record();
                prop_assert_eq!(n_lower as usize, contig.bytes().filter(u8::is_ascii_lowercase).count());
                text.extend_from_slice(if entry.is_empty() { &[0] } else { &entry });
            }
            let text = Arc::new(ContigTexts::parse::<CaseRuns>(text, contigs.len()).unwrap());
            for (i, contig) in contigs.iter().enumerate() {
                let from = from.min(contig.len());
                let mut letters = contig.to_ascii_uppercase().into_bytes();
                let mut overlay = Overlay::<CaseRuns>::new(text.clone(), i);
                if expects_letters {
                    overlay.runs_mut().expect_letters();
                }
                for start in (from..contig.len()).step_by(cut) {
                    let end = contig.len().min(start + cut);
                    overlay.apply(start as u64, &mut letters[start..end]).unwrap();
                }
                prop_assert_eq!(&letters[from..], &contig.as_bytes()[from..]);
            }
        }
    }
}
