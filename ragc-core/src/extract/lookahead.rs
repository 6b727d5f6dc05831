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

/// What was asked for of things that come one after the other, and is not wanted yet.
#[derive(Debug, Default)]
pub(super) struct Goes {
    /// Things that are asked for.
    n_asked: usize,
    /// What was asked for together: things up to its end, and its bytes.
    goes: VecDeque<(usize, u64)>,
    /// Bytes of these.
    len: u64,
}

impl Goes {
    /// So many things have been wanted; the first of the others that are not asked for.
    pub(super) fn advance(&mut self, n_wanted: usize) -> usize {
        while let Some((end, len)) = self.goes.front().copied()
            && end <= n_wanted
        {
            self.len -= len;
            self.goes.pop_front();
        }
        self.n_asked = self.n_asked.max(n_wanted);
        self.n_asked
    }

    /// Whether there is room for more beside what is on its way.
    pub(super) fn has_room(&self, most: u64) -> bool {
        self.len < most
    }

    /// So many more are asked for, which take so many bytes; the first of those that are not.
    pub(super) fn asked(&mut self, n: usize, len: u64) -> usize {
        self.n_asked += n;
        self.len += len;
        self.goes.push_back((self.n_asked, len));
        self.n_asked
    }
}

/// How far the segments of a series are asked for.
#[derive(Debug, Default)]
pub(super) struct Lookahead {
    n_scheduled: usize,
    goes: Goes,
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
        let next = self.goes.advance(self.n_scheduled);
        if !self.goes.has_room(most) {
            return;
        }
        let mut segments = series(next).peekable();
        // All goes of the beginning come together: more of what lies side by side is in one range.
        let mut demand = store.demand();
        while self.goes.has_room(most) && segments.peek().is_some() {
            let len_before = demand.len();
            demand.next_go();
            let n_segments = store.items().demand_go(&mut demand, &mut segments, needs);
            self.goes.asked(n_segments, demand.len() - len_before);
        }
        demand.begin();
    }
}
