//! What listed regions will read, on its way before it is wanted.
//!
//! Only of a source that is slow to answer: a thousand regions would wait a thousand times for it otherwise.

use crate::extract::assembly::segments_of_range;
use crate::extract::lookahead::Goes;
use crate::extract::store::{Demand, Spelling, Store};
use crate::extract::stream::Target;

/// Targets that are looked at beyond the one that begins, at most: what is decoded already takes no bytes.
const MAX_TARGETS: usize = 4096;

/// How far regions are asked for.
#[derive(Debug)]
pub(super) struct RegionsAhead {
    spelling: Spelling,
    /// Targets that have begun, and those whose names and segments are asked for.
    n_begun: usize,
    n_named: usize,
    /// Targets that are asked for.
    goes: Goes,
}

impl RegionsAhead {
    pub(super) fn new(spelling: Spelling) -> Self {
        Self {
            spelling,
            n_begun: 0,
            n_named: 0,
            goes: Goes::default(),
        }
    }

    /// The first of `left` begins: asks for others, as far as there is room.
    pub(super) fn advance(&mut self, store: &Store, left: &[Target]) {
        let most = store.lookahead();
        if most == 0 {
            return;
        }
        let window = &left[..left.len().min(MAX_TARGETS)];
        let mut next = self.goes.advance(self.n_begun);
        let mut demand = store.demand();
        while self.goes.has_room(most)
            && let Some(targets) = window.get(next - self.n_begun..)
            && !targets.is_empty()
        {
            if next >= self.n_named {
                let samples = targets.iter().filter_map(Target::sample_of_region);
                store.catalogue().fetch_batches_of(samples, false);
                self.n_named = next + targets.len();
            }
            let len_before = demand.len();
            demand.next_go();
            let n_targets = self.demand_go(&mut demand, store, targets);
            next = self.goes.asked(n_targets, demand.len() - len_before);
        }
        demand.begin();
        self.n_begun += 1;
    }

    /// Adds what the first of these need, until there is enough for one go. Tells how many these are.
    fn demand_go(&self, demand: &mut Demand<'_>, store: &Store, targets: &[Target]) -> usize {
        let mut n_targets = 0;
        for target in targets {
            if demand.is_full() {
                break;
            }
            n_targets += 1;
            // What cannot be loaded is told when it is its turn.
            if let Target::Region(id, range) = target
                && let Ok(sample) = store.catalogue().sample(id.sample)
                && id.contig < sample.n_contigs()
            {
                let segments = segments_of_range(&sample, id.contig, store.params().k, range);
                store.demand_region(demand, id.sample, &sample, segments, Some(self.spelling));
            }
        }
        n_targets
    }
}
