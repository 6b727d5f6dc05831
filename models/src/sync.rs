//! What `ragc-core/src/sync.rs` has, of the model checker, with faults that can be planted, and counted locks.

pub(crate) use self::condvar::Condvar;
pub(crate) use self::mutex::{Mutex, MutexGuard, n_held};
pub(crate) use shuttle::sync::{Arc, PoisonError, atomic};

/// As much of the channels as is used by what is tried.
pub(crate) mod channel {
    pub(crate) use shuttle::sync::mpsc::{Receiver, RecvError, Sender, channel as unbounded};
}

mod mutex {
    use shuttle::sync::{self, LockResult, PoisonError};
    use std::cell::Cell;
    use std::ops::{Deref, DerefMut};

    shuttle::thread_local! {
        static N_HELD: Cell<usize> = const { Cell::new(0) };
    }

    /// Locks that this thread of a model holds.
    pub(crate) fn n_held() -> usize {
        N_HELD.with(Cell::get)
    }

    fn count(change: isize) {
        N_HELD.with(|n| n.set(n.get().wrapping_add_signed(change)));
    }

    /// A lock that knows who holds it.
    #[derive(Debug, Default)]
    pub(crate) struct Mutex<T>(sync::Mutex<T>);

    impl<T> Mutex<T> {
        pub(crate) fn new(value: T) -> Self {
            Self(sync::Mutex::new(value))
        }

        pub(crate) fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
            self.counted(self.0.lock())
        }

        pub(crate) fn into_inner(self) -> LockResult<T> {
            self.0.into_inner()
        }

        pub(super) fn counted<'a>(
            &'a self,
            locked: LockResult<sync::MutexGuard<'a, T>>,
        ) -> LockResult<MutexGuard<'a, T>> {
            count(1);
            let held = |guard| MutexGuard {
                mutex: self,
                guard: Some(guard),
            };
            match locked {
                Ok(guard) => Ok(held(guard)),
                Err(poisoned) => Err(PoisonError::new(held(poisoned.into_inner()))),
            }
        }
    }

    #[derive(Debug)]
    pub(crate) struct MutexGuard<'a, T> {
        mutex: &'a Mutex<T>,
        /// Gone while a condition is waited for.
        guard: Option<sync::MutexGuard<'a, T>>,
    }

    impl<'a, T> MutexGuard<'a, T> {
        /// The lock and its guard; it does not count as held any more.
        pub(super) fn into_parts(mut self) -> (&'a Mutex<T>, sync::MutexGuard<'a, T>) {
            let guard = self.guard.take().expect("it is there until it is taken");
            (self.mutex, guard)
        }
    }

    impl<T> Drop for MutexGuard<'_, T> {
        fn drop(&mut self) {
            count(-1);
        }
    }

    impl<T> Deref for MutexGuard<'_, T> {
        type Target = T;

        fn deref(&self) -> &T {
            self.guard.as_ref().expect("it is there until it is taken")
        }
    }

    impl<T> DerefMut for MutexGuard<'_, T> {
        fn deref_mut(&mut self) -> &mut T {
            self.guard.as_mut().expect("it is there until it is taken")
        }
    }
}

mod condvar {
    use super::MutexGuard;
    use crate::fault::{Fault, is_planted};
    use shuttle::sync::{self, LockResult};

    #[derive(Debug)]
    pub(crate) struct Condvar(sync::Condvar);

    impl Condvar {
        pub(crate) fn new() -> Self {
            Self(sync::Condvar::new())
        }

        pub(crate) fn wait_while<'a, T>(
            &self,
            mut guard: MutexGuard<'a, T>,
            mut condition: impl FnMut(&mut T) -> bool,
        ) -> LockResult<MutexGuard<'a, T>> {
            while condition(&mut guard) {
                let (mutex, mut guard_of_mutex) = guard.into_parts();
                if is_planted(Fault::Gap) {
                    drop(guard_of_mutex);
                    (_, guard_of_mutex) = crate::lock::lock(mutex).into_parts();
                }
                guard = mutex.counted(self.0.wait(guard_of_mutex))?;
            }
            Ok(guard)
        }

        pub(crate) fn notify_all(&self) {
            if is_planted(Fault::One) {
                self.0.notify_one();
            } else if !is_planted(Fault::Deaf) {
                self.0.notify_all();
            }
        }
    }
}

pub(crate) mod thread {
    use crate::fault::{Fault, is_planted};
    use std::cell::Cell;
    use std::io;

    pub(crate) use shuttle::thread::{JoinHandle, Scope, ScopedJoinHandle, current, scope, spawn};
    pub(crate) use std::thread::Result;

    shuttle::thread_local! {
        static N_STARTED: Cell<usize> = const { Cell::new(0) };
    }

    /// Starts threads. Their names are nothing to the models.
    pub(crate) struct Builder;

    impl Builder {
        pub(crate) fn new() -> Self {
            Self
        }

        pub(crate) fn name(self, _name: String) -> Self {
            self
        }

        pub(crate) fn spawn<T: Send + 'static>(
            self,
            work: impl FnOnce() -> T + Send + 'static,
        ) -> io::Result<JoinHandle<T>> {
            Ok(spawn(work))
        }

        pub(crate) fn spawn_scoped<'scope, T: Send + 'scope>(
            self,
            scope: &'scope Scope<'scope, '_>,
            work: impl FnOnce() -> T + Send + 'scope,
        ) -> io::Result<ScopedJoinHandle<'scope, T>> {
            let n_started = N_STARTED.with(|n| n.replace(n.get() + 1));
            match n_started > 0 && is_planted(Fault::FewThreads) {
                true => Err(io::ErrorKind::WouldBlock.into()),
                false => Ok(scope.spawn(work)),
            }
        }
    }
}
