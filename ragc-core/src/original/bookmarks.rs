//! Places in the texts of contigs from which runs can be read on, so that whoever wants a window far down a contig need not read
//! all runs in front of it again.
//!
//! They are found on the way, and are known to all who read the same texts from then on.

use std::sync::Mutex;

use ahash::AHashMap;

use crate::lock::lock;

/// Runs from one mark to the next.
pub(super) const RUNS_PER_BOOKMARK: usize = 64;

/// Shorter texts are read from their front: that takes no longer than to look for a mark.
const MIN_TEXT_LEN: usize = 512;

/// Bytes of the text of a run, at least.
const MIN_RUN_LEN: usize = 2;

/// What reading goes on from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bookmark {
    /// Where the last run in front of it ends, in bases of the contig.
    pub(super) end: u64,
    /// Where in the text the next run begins.
    pub(super) at: usize,
}

/// Bookmarks of contigs, by contig: one behind every [`RUNS_PER_BOOKMARK`] runs, as far as somebody has read.
#[derive(Debug, Default)]
pub(super) struct Bookmarks(Mutex<AHashMap<usize, Vec<Bookmark>>>);

impl Bookmarks {
    /// Whether a text is long enough for marks.
    pub(super) fn are_worth_it(text_len: usize) -> bool {
        text_len >= MIN_TEXT_LEN
    }

    /// The last mark of a contig in front of a base, and how many there are up to that.
    pub(super) fn before(&self, contig: usize, base: u64) -> Option<(usize, Bookmark)> {
        let contigs = lock(&self.0);
        let marks = contigs.get(&contig)?;
        let n = marks.partition_point(|mark| mark.end <= base);
        Some((n, *marks.get(n.checked_sub(1)?)?))
    }

    /// Takes marks that were found behind the first `n_before` of a contig.
    pub(super) fn add(&self, contig: usize, n_before: usize, found: &[Bookmark]) {
        let mut contigs = lock(&self.0);
        let marks = contigs.entry(contig).or_default();
        // Another thread may have found some of them meanwhile.
        let n_known = marks.len().saturating_sub(n_before);
        marks.extend_from_slice(found.get(n_known..).unwrap_or_default());
    }

    /// Bytes that the marks of texts take, at most.
    pub(super) fn max_mem_len(text_len: usize) -> usize {
        text_len / MIN_RUN_LEN / RUNS_PER_BOOKMARK * size_of::<Bookmark>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_that_two_have_found_are_there_once() {
        let mark = |i: usize| Bookmark {
            end: 10 * i as u64,
            at: i,
        };
        let found: Vec<Bookmark> = (1..6).map(mark).collect();
        let marks = Bookmarks::default();
        assert_eq!(marks.before(3, 99), None);
        marks.add(3, 0, &found[..3]);
        marks.add(3, 0, &found[..2]);
        marks.add(3, 2, &found[2..]);
        for (base, expected) in [
            (9, None),
            (10, Some((1, mark(1)))),
            (49, Some((4, mark(4)))),
            (999, Some((5, mark(5)))),
        ] {
            assert_eq!(marks.before(3, base), expected);
        }
        assert_eq!(marks.before(4, 99), None);
    }
}
