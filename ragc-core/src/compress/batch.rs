//! What is small is sent together, so that who waits for it is not woken for each.

use super::ended::Ended;
use crate::queue;

/// Items on their way to another thread.
#[derive(Debug)]
pub(super) struct BatchSender<T> {
    batches: queue::Sender<Vec<T>>,
    items: Vec<T>,
    /// Bytes of them.
    cost: usize,
    /// Bytes that are sent at once, about.
    full_cost: usize,
}

impl<T> BatchSender<T> {
    pub(super) fn new(batches: queue::Sender<Vec<T>>, full_cost: usize) -> Self {
        Self {
            batches,
            items: Vec::new(),
            cost: 0,
            full_cost,
        }
    }

    /// Adds an item of so many bytes, and sends all if they are many.
    ///
    /// # Errors
    /// `CutOff` when nobody takes them.
    pub(super) fn send(&mut self, item: T, cost: usize) -> Result<(), Ended> {
        self.items.push(item);
        self.grown_by(cost)
    }

    /// The last item that was added and not sent. If it becomes longer, [`Self::grown_by`] is to be called.
    pub(super) fn last_mut(&mut self) -> Option<&mut T> {
        self.items.last_mut()
    }

    /// Counts so many bytes more of what is not sent yet, and sends all if they are many.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub(super) fn grown_by(&mut self, cost: usize) -> Result<(), Ended> {
        self.cost += cost;
        match self.cost < self.full_cost {
            true => Ok(()),
            false => self.flush(),
        }
    }

    /// Sends the rest. Nothing is sent if there is none: who had the last item may be gone.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub(super) fn flush(&mut self) -> Result<(), Ended> {
        if self.items.is_empty() {
            return Ok(());
        }
        let batch = std::mem::take(&mut self.items);
        Ok(self.batches.send(batch, std::mem::take(&mut self.cost))?)
    }
}
