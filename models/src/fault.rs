//! Runs models, as they are or with a fault in them.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use shuttle::scheduler::{PctScheduler, RandomScheduler};
use shuttle::{Config, FailurePersistence, Runner};

/// Orders that are tried of each kind: at random, and with few changes of the thread, which finds what few orders have.
const N_ORDERS: usize = 1000;
/// Changes of the thread in those with few.
const N_CHANGES: usize = 3;
/// The same orders each time.
const SEED: u64 = 13;

/// What can be wrong with the waking of threads, and with starting them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nobody is woken.
    Deaf,
    /// One is woken where all should be.
    One,
    /// Between the look at what is waited for and the waiting the lock is free: what is told then is not heard.
    Gap,
    /// Each thread can start one other and no more, which is no fault of the program.
    FewThreads,
}

thread_local! {
    /// All threads of a model run on the thread that has started it.
    static PLANTED: Cell<Option<Fault>> = const { Cell::new(None) };
}

pub(crate) fn is_planted(fault: Fault) -> bool {
    PLANTED.get() == Some(fault)
}

fn try_orders(planted: Option<Fault>, model: fn()) {
    let mut config = Config::new();
    config.stack_size = 1 << 18;
    config.failure_persistence = FailurePersistence::None;
    PLANTED.set(planted);
    let at_random = RandomScheduler::new_from_seed(SEED, N_ORDERS);
    Runner::new(at_random, config.clone()).run(model);
    let few_changes = PctScheduler::new_from_seed(SEED, N_CHANGES, N_ORDERS);
    Runner::new(few_changes, config).run(model);
}

/// The model keeps its promises in all orders that are tried.
///
/// # Panics
/// In the first order in which it does not.
pub fn holds(planted: Option<Fault>, model: fn()) {
    try_orders(planted, model);
}

/// Whether there is an order in which all threads of the model wait for each other.
#[must_use]
pub fn deadlocks(planted: Fault, model: fn()) -> bool {
    let tried = catch_unwind(AssertUnwindSafe(|| try_orders(Some(planted), model)));
    let told = tried.err().and_then(|panic| panic.downcast::<String>().ok());
    told.is_some_and(|told| told.contains("deadlock"))
}
