//! Threads: how many, and the one place that starts and names them. `ragc-remote` alone starts its own: it has the surface of the library and no
//! more, and the feature that opens this place would bring along all that makes archives.
//!
//! | file | |
//! |---|---|
//! | `count` | cores, and how many threads make sense |
//! | `start` | one thread, some, or several that do the same; a lost one is an error where its answer would be |
//! | `map` | the same work for many things |
//! | `in_order` | tasks on several threads, put out in their order |
//! | `shared` | work of one thread that others help with which have none |
//!
//! Containers, batch systems and `ulimit -u` bound the threads of a program. One that cannot be started is done without: fewer
//! threads give the same bytes.

mod count;
mod in_order;
mod map;
#[cfg(feature = "compress")]
mod shared;
mod start;

pub use count::{capped, n_cores};
pub use start::{start_alone, start_in};

pub(crate) use in_order::in_order;
pub use map::map;
#[cfg(feature = "compress")]
pub(crate) use shared::{Helped, Helper, shared};
pub(crate) use start::{Started, n_startable, start, start_some};
