//! Runs of residues in contig coordinates, and the text of a sample as the entries of its contigs.

use crate::bytes::Cursor;
use crate::error::{Error, ErrorKind, Result};
use crate::memory;
use crate::original::bookmarks::Bookmarks;
use std::ops::Range;

/// Reads the runs of one contig, one after the other. The state is that between two runs; the text is elsewhere.
pub(crate) trait Runs: Copy + Default {
    /// What the text is called in errors.
    const WHAT: &'static str;

    /// The next run in bases of the contig, counted from 0; `None` behind the last. Runs ascend and do not meet.
    ///
    /// # Errors
    /// `Truncated` or `Corrupt` when the text is damaged.
    fn next_run(&mut self, text: &mut Cursor<'_>) -> Result<Option<Range<u64>>>;

    /// Goes on behind a run that ends there, which is not the last one.
    fn go_on_behind(&mut self, end: u64);

    /// Changes the upper-case letters of the run that came last, or of a stretch of it.
    ///
    /// # Errors
    /// `Corrupt` when there is something else than the run tells.
    fn put(&self, letters: &mut [u8]) -> Result<()>;

    /// Goes behind the entry of a contig. In its first `n_searched` bytes its end is not.
    ///
    /// # Errors
    /// `Truncated` or `Corrupt` when it has no end.
    fn skip_entry(text: &mut Cursor<'_>, n_searched: usize) -> Result<()> {
        let _ = n_searched;
        let mut runs = Self::default();
        while runs.next_run(text)?.is_some() {}
        Ok(())
    }
}

/// The run of `len` that begins `gap` behind `end`.
#[inline]
pub(super) fn run_behind(end: u64, gap: u64, len: u64) -> Result<Range<u64>> {
    let start = end.checked_add(gap);
    let ends = start.and_then(|start| Some(start..start.checked_add(len)?));
    ends.ok_or_else(|| Error::corrupt("a run ends past all positions"))
}

/// The text of a sample, or its beginning, with the places where its contigs begin.
#[derive(Debug)]
pub(crate) struct ContigTexts {
    text: Vec<u8>,
    /// Contigs behind the last have no runs.
    starts: Vec<usize>,
    /// Of the sample.
    n_contigs: usize,
    /// Where the last entry ends that is here to its end.
    complete_len: usize,
    /// Whether more of the text follows.
    is_start: bool,
    bookmarks: Bookmarks,
}

impl ContigTexts {
    /// Finds the contigs of a text, `n_contigs` at most. What is wrong within an entry may show only when its runs are read.
    ///
    /// # Errors
    /// `Truncated` or `Corrupt` when the text is damaged.
    pub(crate) fn parse<R: Runs>(text: Vec<u8>, n_contigs: usize) -> Result<Self> {
        let mut texts = Self::begin(n_contigs);
        texts.extend::<R>(true, |all| {
            *all = text;
            Ok(())
        })?;
        Ok(texts)
    }

    /// Nothing yet of the text of a sample of so many contigs.
    pub(crate) fn begin(n_contigs: usize) -> Self {
        Self {
            text: Vec::new(),
            starts: Vec::new(),
            n_contigs,
            complete_len: 0,
            is_start: true,
            bookmarks: Bookmarks::default(),
        }
    }

    /// Takes what is appended to the text, the last of it or not.
    ///
    /// # Errors
    /// As [`Self::parse`]; those of `append`.
    pub(crate) fn extend<R: Runs>(
        &mut self,
        is_last: bool,
        append: impl FnOnce(&mut Vec<u8>) -> Result<()>,
    ) -> Result<()> {
        let mut n_searched = self.text.len() - self.complete_len;
        append(&mut self.text)?;
        self.is_start = !is_last;
        while self.complete_len < self.text.len() {
            self.start_entry::<R>()?;
            let mut cursor = Cursor::new(&self.text[self.complete_len..], R::WHAT);
            match R::skip_entry(&mut cursor, std::mem::take(&mut n_searched)) {
                Err(error) if self.is_start && is_truncated(&error) => break,
                skipped => skipped?,
            }
            self.complete_len = self.text.len() - cursor.left();
        }
        Ok(())
    }

    /// Notes that an entry begins, unless it was noted when not all of it was here.
    fn start_entry<R: Runs>(&mut self) -> Result<()> {
        if self.starts.last() == Some(&self.complete_len) {
            return Ok(());
        }
        let n_contigs = self.n_contigs;
        if self.starts.len() == n_contigs {
            return Err(Error::corrupt(format!(
                "{}: entries for more than the {n_contigs} contigs",
                R::WHAT
            )));
        }
        memory::grow(&mut self.starts, 1)?;
        self.starts.push(self.complete_len);
        Ok(())
    }

    /// Whether all is here that the text tells of a contig.
    pub(super) fn has_all_of(&self, contig: usize) -> bool {
        !self.is_start
            || self
                .entry(contig)
                .is_some_and(|entry| entry.end <= self.complete_len)
    }

    /// Whether the text tells of a contig.
    pub(crate) fn has(&self, contig: usize) -> bool {
        contig < self.starts.len()
    }

    /// The entry of a contig, empty if it has none.
    pub(crate) fn of(&self, contig: usize) -> &[u8] {
        &self.text[self.entry(contig).unwrap_or_default()]
    }

    /// Where in the text the entry of a contig lies, if it has one.
    pub(super) fn entry(&self, contig: usize) -> Option<Range<usize>> {
        let end = self.starts.get(contig + 1).copied();
        Some(*self.starts.get(contig)?..end.unwrap_or(self.text.len()))
    }

    /// Starts to read a stretch of the text.
    pub(super) fn cursor(&self, range: &Range<usize>, what: &'static str) -> Cursor<'_> {
        Cursor::new(self.text.get(range.clone()).unwrap_or_default(), what)
    }

    /// Where in the texts runs can be read from.
    pub(super) fn bookmarks(&self) -> &Bookmarks {
        &self.bookmarks
    }

    /// Bytes in memory, at most.
    pub(crate) fn mem_len(&self) -> usize {
        self.text.len() + self.starts.len() * size_of::<usize>() + Bookmarks::max_mem_len(self.text.len())
    }
}

/// Whether something ends before it should, as what is not here to its end does.
pub(super) fn is_truncated(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Truncated { .. })
}
