//! A channel whose capacity is counted in bytes.
//!
//! A segment can have forty bases or forty million, so a channel bounded in items bounds nothing. An item that is
//! larger than the whole capacity passes when the channel is empty; otherwise it would wait for ever.
//!
//! `models/` tries this in many orders of its threads.

use crate::lock::lock;
use crate::sync::{Arc, Condvar, Mutex, PoisonError, channel};

/// A channel that holds items of at most `capacity` bytes together.
#[must_use]
pub fn bounded<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    let budget = Arc::new(Budget {
        capacity,
        state: Mutex::new(Level {
            held: 0,
            n_waiting: 0,
            is_closed: false,
        }),
        changed: Condvar::new(),
    });
    let (sender, receiver) = channel::unbounded();
    (
        Sender {
            items: sender,
            budget: Arc::clone(&budget),
        },
        Receiver {
            items: receiver,
            budget,
        },
    )
}

/// The other end of a channel is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disconnected;

#[derive(Debug)]
struct Budget {
    capacity: usize,
    state: Mutex<Level>,
    changed: Condvar,
}

#[derive(Debug)]
struct Level {
    held: usize,
    /// Senders that wait for room. Without any nobody is woken: that would be a system call for each item.
    n_waiting: usize,
    is_closed: bool,
}

impl Budget {
    fn acquire(&self, cost: usize) -> Result<(), Disconnected> {
        let is_full =
            |state: &mut Level| !state.is_closed && state.held > 0 && state.held + cost > self.capacity;
        let mut state = lock(&self.state);
        state.n_waiting += 1;
        let mut state = self
            .changed
            .wait_while(state, is_full)
            .unwrap_or_else(PoisonError::into_inner);
        state.n_waiting -= 1;
        if state.is_closed {
            return Err(Disconnected);
        }
        state.held += cost;
        Ok(())
    }

    fn release(&self, cost: usize) {
        let mut state = lock(&self.state);
        state.held -= cost;
        let is_awaited = state.n_waiting > 0;
        drop(state);
        if is_awaited {
            self.changed.notify_all();
        }
    }

    fn close(&self) {
        let mut state = lock(&self.state);
        state.is_closed = true;
        let is_awaited = state.n_waiting > 0;
        drop(state);
        if is_awaited {
            self.changed.notify_all();
        }
    }
}

/// The sending end; may be cloned.
#[derive(Debug)]
pub struct Sender<T> {
    items: channel::Sender<Held<T>>,
    budget: Arc<Budget>,
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        Self {
            items: self.items.clone(),
            budget: Arc::clone(&self.budget),
        }
    }
}

impl<T> Sender<T> {
    /// Waits until there is room for `cost` bytes, then sends.
    ///
    /// # Errors
    /// [`Disconnected`] when the receiver is gone.
    pub fn send(&self, item: T, cost: usize) -> Result<(), Disconnected> {
        self.budget.acquire(cost)?;
        self.items.send(Held { item, cost }).map_err(|_| Disconnected)
    }
}

/// An item on its way, with the bytes that it counts for.
#[derive(Debug)]
pub struct Held<T> {
    item: T,
    cost: usize,
}

/// The receiving end.
#[derive(Debug)]
pub struct Receiver<T> {
    items: channel::Receiver<Held<T>>,
    budget: Arc<Budget>,
}

impl<T> Receiver<T> {
    /// The next item, or [`Disconnected`] when the channel is empty and all senders are gone.
    ///
    /// # Errors
    /// [`Disconnected`].
    pub fn recv(&self) -> Result<T, Disconnected> {
        match self.items.recv() {
            Ok(held) => Ok(self.unpack(held)),
            Err(channel::RecvError) => Err(Disconnected),
        }
    }

    /// The channel itself, to wait on several at once; what it gives goes through [`Receiver::unpack`].
    #[must_use]
    pub fn items(&self) -> &channel::Receiver<Held<T>> {
        &self.items
    }

    /// Takes an item out of its wrapping and gives its bytes free.
    pub fn unpack(&self, held: Held<T>) -> T {
        self.budget.release(held.cost);
        held.item
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.budget.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deadline::in_time;
    use std::thread;

    #[test]
    fn items_arrive_in_order_and_the_end_is_seen() {
        in_time("all items and the end", || {
            let (sender, receiver) = bounded(10);
            thread::scope(|scope| {
                scope.spawn(move || {
                    for i in 0..1000usize {
                        // Every seventh item is larger than the whole capacity.
                        sender.send(i, if i % 7 == 0 { 50 } else { i % 10 }).unwrap();
                    }
                });
                for i in 0..1000 {
                    assert_eq!(receiver.recv(), Ok(i));
                }
                assert_eq!(receiver.recv(), Err(Disconnected));
            });
        });
    }
}
