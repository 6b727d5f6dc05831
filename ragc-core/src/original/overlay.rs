//! Puts runs over letters that come piece by piece.

use crate::error::Result;
use crate::original::bookmarks::{Bookmark, Bookmarks, RUNS_PER_BOOKMARK};
use crate::original::runs::{ContigTexts, Runs};
use std::ops::Range;
use std::sync::Arc;

/// The runs of a contig, on the way along its letters.
#[derive(Debug)]
pub(crate) struct Overlay<R> {
    texts: Arc<ContigTexts>,
    contig: usize,
    /// Where in the text the runs are that come next.
    rest: Range<usize>,
    runs: R,
    /// The run that comes next or is being put; empty behind the last.
    run: Range<u64>,
    is_done: bool,
}

impl<R: Runs> Overlay<R> {
    /// Starts at the front of a contig.
    pub(crate) fn new(texts: Arc<ContigTexts>, contig: usize) -> Self {
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
        while let Some(mark) = self.next_bookmark(start)? {
            found.push(mark);
            self.go_on_at(mark);
        }
        if !found.is_empty() {
            let n_known = known.map_or(0, |(n, _)| n);
            self.texts.bookmarks().add(self.contig, n_known, &found);
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
