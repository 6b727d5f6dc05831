//! Whether the system gives random numbers: tables and the names of unfinished files need some.
//!
//! The standard library takes them when it makes the first table of a thread, and panics if there are none.

use std::hash::RandomState;
use std::panic;

use anyhow::bail;

/// Takes some, before anything else is done.
pub(crate) fn check() -> anyhow::Result<()> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    // Of both kinds of tables: that of the standard library, and that of the library, which takes them once.
    let taken = panic::catch_unwind(|| (RandomState::new(), ahash::RandomState::new()));
    panic::set_hook(hook);
    match taken {
        Ok(_) => Ok(()),
        Err(_) => bail!("the system gives no random numbers (getrandom fails)"),
    }
}
