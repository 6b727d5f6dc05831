//! What a scan will read, on its way before it is wanted.
//!
//! ```text
//! segments of the samples of a series   |  decoded  |  scheduled  |  asked for          |  not yet
//!                                                                  `lookahead` bytes at most
//! ```
//!
//! Only of a source that is slow to answer: each miss would wait for it otherwise, and nothing else come meanwhile.

use std::collections::VecDeque;

use crate::collection::SegmentDesc;
use crate::extract::store::{Needs, Store};

/// How far the segments of a series are asked for.
#[derive(Debug, Default)]
pub(super) struct Lookahead {
    /// Segments of the series that are asked for, and that are scheduled.
    n_asked: usize,
    n_scheduled: usize,
    /// What was asked for together and is not scheduled yet: segments up to its end, and its bytes.
    goes: VecDeque<(usize, u64)>,
    /// Bytes of these.
    len: u64,
}

impl Lookahead {
    /// So many more segments are scheduled: asks for others, as far as there is room. `series` gives its segments from the one of a number on.
    pub(super) fn advance<'a, S: Iterator<Item = &'a SegmentDesc>>(
        &mut self,
        n_segments: usize,
        store: &Store,
        needs: &Needs,
        series: impl Fn(usize) -> S,
    ) {
        let most = store.lookahead();
        if most == 0 {
            return;
        }
        self.n_scheduled += n_segments;
        while let Some((end, len)) = self.goes.front().copied()
            && end <= self.n_scheduled
        {
            self.len -= len;
            self.goes.pop_front();
        }
        if self.len >= most {
            return;
        }
        self.n_asked = self.n_asked.max(self.n_scheduled);
        let mut segments = series(self.n_asked).peekable();
        while self.len < most && segments.peek().is_some() {
            let (n_segments, len) = store.items().begin_segments(&mut segments, needs);
            self.n_asked += n_segments;
            self.len += len;
            self.goes.push_back((self.n_asked, len));
        }
    }
}
