//! Puts runs over letters that come piece by piece.

use crate::error::Result;
use crate::original::bookmarks::{Bookmark, Bookmarks, RUNS_PER_BOOKMARK};
use crate::original::runs::{ContigTexts, Runs, is_truncated};
use std::ops::{Deref, Range};
use std::sync::Arc;

/// The runs of a contig, on the way along its letters.
#[derive(Debug)]
pub(crate) struct Overlay<R, T = Arc<ContigTexts>> {
    texts: T,
    contig: usize,
    /// Where in the text the runs are that come next.
    rest: Range<usize>,
    runs: R,
    /// The run that comes next or is being put; empty behind the last.
    run: Range<u64>,
    is_done: bool,
}

impl<R: Runs, T: Deref<Target = ContigTexts>> Overlay<R, T> {
    /// Starts at the front of a contig.
    pub(crate) fn new(texts: T, contig: usize) -> Self {
        let entry = texts.entry(contig);
        Self {
            is_done: entry.is_none(),
            rest: entry.unwrap_or_default(),
            texts,
            contig,
            runs: R::default(),
            run: 0..0,
        }
    }

    /// What reads and puts the runs.
    pub(crate) fn runs_mut(&mut self) -> &mut R {
        &mut self.runs
    }

    /// Changes the letters of a stretch that begins at this base. Stretches ascend; there may be gaps between them.
    ///
    /// # Errors
    /// `Corrupt` when letters and runs do not go together.
    pub(crate) fn apply(&mut self, start: u64, letters: &mut [u8]) -> Result<()> {
        if self.run.is_empty() && start > 0 && Bookmarks::are_worth_it(self.rest.len()) {
            self.skip_to(start)?;
        }
        let Self {
            texts,
            rest,
            runs,
            run,
            is_done,
            ..
        } = self;
        let end = start + letters.len() as u64;
        let mut text = texts.cursor(rest, R::WHAT);
        while !*is_done {
            let covered = run.start.max(start)..run.end.min(end);
            let (this, ends_here) = (*runs, run.end <= end);
            // Read before this one is put: a core does both at once, and loses what it did ahead where a run ends otherwise than it guessed.
            let next = ends_here.then(|| runs.next_run(&mut text));
            if !covered.is_empty() {
                let place = |pos: u64| (pos - start) as usize;
                this.put(&mut letters[place(covered.start)..place(covered.end)])?;
            }
            match next.transpose()? {
                Some(Some(next)) => *run = next,
                Some(None) => *is_done = true,
                None => break,
            }
        }
        rest.start = rest.end - text.left();
        Ok(())
    }

    /// Whether the texts, which may be the beginning only, have all that is put over letters up to this base.
    ///
    /// # Errors
    /// `Corrupt` when the runs up to there are damaged.
    pub(crate) fn reaches(mut self, base: u64) -> Result<bool> {
        if self.texts.has_all_of(self.contig) {
            return Ok(true);
        }
        if !self.texts.has(self.contig) {
            return Ok(false);
        }
        match self.read_past(base) {
            Err(error) if is_truncated(&error) => Ok(false),
            read => read.map(|()| true),
        }
    }

    /// Reads up to the first run that does not end in front of a base.
    fn read_past(&mut self, base: u64) -> Result<()> {
        if Bookmarks::are_worth_it(self.rest.len()) {
            self.skip_to(base)?;
        }
        let mut text = self.texts.cursor(&self.rest, R::WHAT);
        while self.runs.next_run(&mut text)?.is_some_and(|run| run.end <= base) {}
        Ok(())
    }

    fn go_on_at(&mut self, mark: Bookmark) {
        self.runs.go_on_behind(mark.end);
        (self.rest.start, self.run) = (mark.at, mark.end..mark.end);
    }

    /// The mark behind the next runs, if all of these end in front of a base.
    fn next_bookmark(&self, base: u64) -> Result<Option<Bookmark>> {
        let mut text = self.texts.cursor(&self.rest, R::WHAT);
        let mut runs = self.runs;
        let mut end = 0;
        for _ in 0..RUNS_PER_BOOKMARK {
            match runs.next_run(&mut text)? {
                Some(run) if run.end <= base => end = run.end,
                _ => return Ok(None),
            }
        }
        let at = self.rest.end - text.left();
        Ok(Some(Bookmark { end, at }))
    }

    /// Goes from the front of the contig behind most runs that end in front of a base.
    fn skip_to(&mut self, start: u64) -> Result<()> {
        let known = self.texts.bookmarks().before(self.contig, start);
        if let Some((_, mark)) = known {
            self.go_on_at(mark);
        }
        let mut found = Vec::new();
        let read = self.find_bookmarks(start, &mut found);
        if !found.is_empty() {
            let n_known = known.map_or(0, |(n, _)| n);
            self.texts.bookmarks().add(self.contig, n_known, &found);
        }
        read
    }

    fn find_bookmarks(&mut self, start: u64, found: &mut Vec<Bookmark>) -> Result<()> {
        while let Some(mark) = self.next_bookmark(start)? {
            found.push(mark);
            self.go_on_at(mark);
        }
        Ok(())
    }

    /// Reads the runs that are left, whether they belong to letters or not.
    ///
    /// # Errors
    /// `Truncated` or `Corrupt` when they are damaged.
    pub(crate) fn finish(&mut self) -> Result<()> {
        let mut text = self.texts.cursor(&self.rest, R::WHAT);
        while !self.is_done {
            self.is_done = self.runs.next_run(&mut text)?.is_none();
        }
        Ok(())
    }
}
