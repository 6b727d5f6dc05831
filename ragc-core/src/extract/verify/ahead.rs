//! What is verified next, on its way before it is wanted.
//!
//! Only of a source that is slow to answer: every group would wait for it otherwise.

use std::sync::Mutex;

use crate::extract::lookahead::Goes;
use crate::extract::store::{Demand, Store};
use crate::lock::lock;

/// Things that several threads come to in their order, and what each of them will read.
pub(super) struct StepsAhead<'a, F> {
    store: &'a Store,
    n_things: usize,
    add: F,
    goes: Mutex<Goes>,
}

impl<'a, F: Fn(&mut Demand<'_>, usize)> StepsAhead<'a, F> {
    /// So many things; `add` adds what one of them will read.
    pub(super) fn new(store: &'a Store, n_things: usize, add: F) -> Self {
        Self {
            store,
            n_things,
            add,
            goes: Mutex::default(),
        }
    }

    /// A thread comes to the thing of this number: asks for those behind it, as far as there is room.
    pub(super) fn come_to(&self, number: usize) {
        let most = self.store.lookahead();
        if most == 0 {
            return;
        }
        let mut goes = lock(&self.goes);
        let mut next = goes.advance(number);
        let mut demand = self.store.demand();
        while goes.has_room(most) && next < self.n_things {
            let (start, len_before) = (next, demand.len());
            demand.next_go();
            while next < self.n_things && !demand.is_full() {
                (self.add)(&mut demand, next);
                next += 1;
            }
            next = goes.asked(next - start, demand.len() - len_before);
        }
        demand.begin();
    }
}
