//! Adds the seeds of new references to what placement knows, on all threads.
//!
//! Little is compared before the round after the one that founds a reference, so the references of a round are added together:
//! their seeds are found, a task for each, and then the shards of the table are filled, each in the order of the references. So
//! the table is the same as if they were added one by one.

use super::Placer;
use super::locations::SeedEntries;
use super::state::{Indexing, PlaceState, Unindexed};
use crate::compress::ended::Ended;
use crate::compress::pool::Pool;
use crate::error::Result;
use crate::times::{Stage, within};
use std::sync::{Arc, PoisonError};

/// Bases whose seeds are added on the spot: for few, asking the workers and waiting for them takes longer than it saves.
const FEW_BASES: usize = 1 << 16;

/// Portions of the table that are filled one by one: enough for any number of threads to have their share.
const N_PORTIONS: usize = 64;

impl Placer<'_> {
    /// Has the seeds of all new references found.
    pub(super) fn start_indexing<J>(&mut self, pool: &Pool<J>) -> Result<(), Ended> {
        let new = std::mem::take(&mut self.unindexed);
        let n_bases: usize = new.iter().map(Unindexed::len).sum();
        if n_bases <= FEW_BASES {
            self.add_seeds(&new);
            return Ok(());
        }
        let tasks = new
            .into_iter()
            .map(|new| move || within(Stage::Index, || new.entries()));
        self.indexing = Some(Indexing {
            entries: pool.ask(tasks)?,
        });
        Ok(())
    }

    /// Makes the new references of this round known before it ends.
    ///
    /// # Errors
    /// `CutOff`, when the workers are gone.
    pub(super) fn index_now<J>(&mut self, pool: &Pool<J>) -> Result<(), Ended> {
        self.start_indexing(pool)?;
        self.add_found(pool)
    }

    /// As [`Self::index_now`], without other threads.
    pub(super) fn index_alone(&mut self) {
        let new = std::mem::take(&mut self.unindexed);
        self.add_seeds(&new);
    }

    fn add_seeds(&self, new: &[Unindexed]) {
        let entries: Vec<SeedEntries> = new.iter().map(Unindexed::entries).collect();
        self.state
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .index(&entries);
    }

    /// Adds the seeds that have been found, and leaves some out if there are many.
    ///
    /// # Errors
    /// As [`Self::keep_limits`] and [`Self::index_now`].
    pub(super) fn finish_indexing<J>(&mut self, pool: &Pool<J>) -> Result<(), Ended> {
        self.add_found(pool)?;
        Ok(self.keep_limits()?)
    }

    /// Divides the memory again among what has grown.
    ///
    /// # Errors
    /// `BadOption` when there is too little of it.
    pub(super) fn keep_limits(&self) -> Result<()> {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        self.thin_out(&mut state);
        let (n_bases, n_seeds) = state.n_bases_and_seeds();
        let index_bytes = self.memory.index_bytes(n_bases, n_seeds, self.n_first.0)?;
        self.indexes.limit(index_bytes);
        Ok(())
    }

    /// Leaves seeds out if there are more than the memory allows.
    pub(super) fn thin_out(&self, state: &mut PlaceState) {
        let (n_bases, _) = state.n_bases_and_seeds();
        state.thin_out(self.memory.max_seeds(n_bases, self.n_first.1));
    }

    fn add_found<J>(&mut self, pool: &Pool<J>) -> Result<(), Ended> {
        let Some(Indexing { entries }) = self.indexing.take() else {
            return Ok(());
        };
        let entries = Arc::new(entries.all()?);
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let tasks = state.take_portions(N_PORTIONS).into_iter().map(|mut portion| {
            let entries = Arc::clone(&entries);
            move || {
                within(Stage::Index, || portion.add(&entries));
                portion
            }
        });
        let filled = pool.ask(tasks)?.all()?;
        filled.into_iter().for_each(|portion| state.put_back(portion));
        Ok(())
    }
}
