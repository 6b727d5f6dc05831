//! One thread makes a value, and others that want it wait for news of it. No lock is held meanwhile.
//!
//! Making that has failed, by an error or a panic, is up to the next one who wants the value.
//!
//! `models/` tries this in many orders of its threads.

use crate::lock::lock;
use crate::sync::{Arc, Condvar, Mutex, PoisonError};

/// A value in the making, shared by those who want it.
#[derive(Debug)]
pub(crate) struct Flight<V> {
    state: Mutex<FlightState<V>>,
    /// It has landed, or failed.
    has_news: Condvar,
}

#[derive(Debug)]
struct FlightState<V> {
    /// Somebody makes it. Nobody does when that has failed, until the next one begins.
    is_loading: bool,
    /// Nobody has to be woken where nobody waits: that is a call to the system.
    n_waiting: usize,
    landed: Option<V>,
}

impl<V> Default for Flight<V> {
    fn default() -> Self {
        Self {
            state: Mutex::new(FlightState {
                is_loading: true,
                n_waiting: 0,
                landed: None,
            }),
            has_news: Condvar::new(),
        }
    }
}

impl<V: Clone> Flight<V> {
    /// Waits for the value. `None` when making it has failed and it is up to the caller to try.
    pub(crate) fn wait(&self) -> Option<V> {
        let mut state = lock(&self.state);
        state.n_waiting += 1;
        let in_the_making = |state: &mut FlightState<V>| state.is_loading;
        let waited = self.has_news.wait_while(state, in_the_making);
        state = waited.unwrap_or_else(PoisonError::into_inner);
        state.n_waiting -= 1;
        state.is_loading = state.landed.is_none();
        state.landed.clone()
    }

    /// The value is there, or making it has failed: then one who waits is the next.
    pub(crate) fn end(&self, landed: Option<V>) {
        let mut state = lock(&self.state);
        state.is_loading = false;
        state.landed = landed;
        if state.n_waiting > 0 {
            drop(state);
            self.has_news.notify_all();
        }
    }
}

/// The place of one value, which is made when it is first wanted, and may be cleared.
#[derive(Debug)]
pub(crate) struct Single<V>(Mutex<SingleStage<V>>);

#[derive(Debug)]
enum SingleStage<V> {
    Empty,
    InTheMaking(Arc<Flight<V>>),
    Ready(V),
}

impl<V> Default for Single<V> {
    fn default() -> Self {
        Self(Mutex::new(SingleStage::Empty))
    }
}

impl<V: Clone> Single<V> {
    /// The value, which is made if it is not here.
    pub(crate) fn get_or_make<E>(&self, make: impl FnOnce() -> Result<V, E>) -> Result<V, E> {
        let flight = match self.find() {
            Ok(value) => return Ok(value),
            Err(Missing::New(flight)) => flight,
            Err(Missing::InTheMaking(flight)) => match flight.wait() {
                Some(value) => return Ok(value),
                None => flight,
            },
        };
        let making = Making {
            place: self,
            flight: Some(flight),
        };
        let value = make()?;
        making.land(value.clone());
        Ok(value)
    }

    #[cfg(test)]
    fn get(&self) -> Option<V> {
        match &*lock(&self.0) {
            SingleStage::Ready(value) => Some(value.clone()),
            SingleStage::Empty | SingleStage::InTheMaking(_) => None,
        }
    }

    /// Whether the value is here or in the making.
    pub(crate) fn is_known(&self) -> bool {
        !matches!(*lock(&self.0), SingleStage::Empty)
    }

    /// Removes the value. One in the making is for those who wait for it, and not kept.
    pub(crate) fn clear(&self) {
        *lock(&self.0) = SingleStage::Empty;
    }

    fn find(&self) -> Result<V, Missing<V>> {
        let mut stage = lock(&self.0);
        match &*stage {
            SingleStage::Ready(value) => Ok(value.clone()),
            SingleStage::InTheMaking(flight) => Err(Missing::InTheMaking(Arc::clone(flight))),
            SingleStage::Empty => {
                let flight = Arc::new(Flight::default());
                *stage = SingleStage::InTheMaking(Arc::clone(&flight));
                Err(Missing::New(flight))
            }
        }
    }

    /// Keeps the value, if the place still waits for this flight.
    fn keep(&self, flight: &Arc<Flight<V>>, value: V) {
        let mut stage = lock(&self.0);
        if stage.is(flight) {
            *stage = SingleStage::Ready(value);
        }
    }

    /// Leaves a flight that has failed to those who still want it. The last one takes it away.
    fn give_up(&self, flight: Arc<Flight<V>>) {
        let mut stage = lock(&self.0);
        // One is that of the place, and others come only out of it, under the lock that is held here.
        if stage.is(&flight) && Arc::strong_count(&flight) == 2 {
            *stage = SingleStage::Empty;
        }
    }
}

impl<V> SingleStage<V> {
    fn is(&self, flight: &Arc<Flight<V>>) -> bool {
        matches!(self, Self::InTheMaking(mine) if Arc::ptr_eq(mine, flight))
    }
}

/// A value that is not here.
enum Missing<V> {
    /// Nobody makes it yet: that is up to who has asked.
    New(Arc<Flight<V>>),
    InTheMaking(Arc<Flight<V>>),
}

/// The making of a value. Dropped without one, it is up to the next who wants it.
struct Making<'a, V: Clone> {
    place: &'a Single<V>,
    /// Gone when it has landed.
    flight: Option<Arc<Flight<V>>>,
}

impl<V: Clone> Making<'_, V> {
    fn land(mut self, value: V) {
        if let Some(flight) = self.flight.take() {
            flight.end(Some(value.clone()));
            self.place.keep(&flight, value);
        }
    }
}

impl<V: Clone> Drop for Making<'_, V> {
    fn drop(&mut self) {
        if let Some(flight) = self.flight.take() {
            flight.end(None);
            self.place.give_up(flight);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deadline::in_time;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn a_value_is_made_once_and_again_when_it_was_cleared() {
        let place = Single::default();
        assert!(!place.is_known());
        assert_eq!(place.get_or_make(|| Ok::<_, ()>(1)), Ok(1));
        assert_eq!(place.get_or_make(|| Err(())), Ok(1));
        assert_eq!((place.get(), place.is_known()), (Some(1), true));
        place.clear();
        assert_eq!(place.get(), None);
        assert_eq!(place.get_or_make(|| Ok::<_, ()>(2)), Ok(2));
    }

    #[test]
    fn an_error_and_a_panic_are_not_kept() {
        let place = Single::default();
        assert_eq!(place.get_or_make(|| Err::<u8, _>(7)), Err(7));
        assert!(!place.is_known());
        let panics = || place.get_or_make(|| -> Result<u8, ()> { panic!("made for a test") });
        assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
        assert!(!place.is_known());
        assert_eq!(place.get_or_make(|| Ok::<_, ()>(3)), Ok(3));
    }

    #[test]
    fn what_is_cleared_in_the_making_is_not_kept() {
        let place = Single::default();
        let made = place.get_or_make(|| {
            place.clear();
            Ok::<_, ()>(5)
        });
        assert_eq!((made, place.get()), (Ok(5), None));
    }

    #[test]
    fn threads_share_one_making() {
        in_time("all threads have it", || {
            let place = Single::default();
            let n_made = AtomicUsize::new(0);
            std::thread::scope(|scope| {
                for _ in 0..8 {
                    scope.spawn(|| {
                        let make = || {
                            n_made.fetch_add(1, Ordering::Relaxed);
                            Ok::<_, ()>(9)
                        };
                        assert_eq!(place.get_or_make(make), Ok(9));
                    });
                }
            });
            assert_eq!(n_made.into_inner(), 1);
        });
    }
}
