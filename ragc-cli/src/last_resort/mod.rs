//! What is left to do when memory runs out where nothing can be done about it.

mod abort;
#[cfg(all(target_os = "linux", target_env = "gnu", not(target_feature = "crt-static")))]
mod thread_ends;

use std::any::Any;
use std::cell::Cell;
use std::panic;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use ragc_core::internals::unfinished;

pub(crate) use abort::{RemovedOnAbort, end_without_memory};

/// What the standard library says when a thread that it has started gets no memory for its second stack; it aborts then.
const NO_STACK: &str = "alternative stack";

/// What the crate that makes gzip files says when it gets no memory for its tables; it panics then.
const NO_TABLES: &str = "MemError";

/// Name of the threads that wait for servers. Whoever waits for one that is lost is told so, in one line, and what has panicked is of others.
const CLIENT_THREAD: &str = "remote";

/// Makes an abort a failure as any other. The standard library aborts when an allocation fails, after a line that says so; sizes that
/// come from data are asked for in other ways.
pub(crate) fn prepare() {
    abort::prepare();
    let tell = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let says = |what| text(info.payload()).is_some_and(|text| text.contains(what));
        if says(NO_STACK) {
            end("cannot start a thread: not enough memory for its stack");
        }
        if says(NO_TABLES) {
            end("not enough memory to compress");
        }
        if thread::current().name() != Some(CLIENT_THREAD) {
            tell(info);
        }
    }));
}

thread_local! {
    static TELLS: Cell<bool> = const { Cell::new(false) };
}

/// Returns to the first thread that calls it, which tells why the process ends, also when it calls again; others wait for the end.
pub(crate) fn be_the_one_to_tell() {
    static HAS_BEGUN: AtomicBool = AtomicBool::new(false);
    if TELLS.get() || !HAS_BEGUN.swap(true, Ordering::Relaxed) {
        TELLS.set(true);
        return;
    }
    loop {
        thread::sleep(Duration::from_secs(1));
    }
}

/// Ends the process, which runs no destructors: the file of a lock would stay.
fn end(why: &str) -> ! {
    be_the_one_to_tell();
    error!("{why}");
    abort::fall_silent();
    unfinished::remove_all();
    process::exit(1)
}

fn text(payload: &dyn Any) -> Option<&str> {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied())
}
