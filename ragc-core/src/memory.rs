//! Making what panics where there is no memory for it, and asking whether there is some.
//!
//! Decompressors and compressors of other crates take their tables when they are made, and say so by a panic when they cannot.

use std::cell::Cell;
use std::collections::TryReserveError;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The tables of any of them, about: those of deflate, which are the largest.
const TABLES_LEN: usize = 400 << 10;

thread_local! {
    static IS_ASKED_FOR: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread asks for memory that there need not be: an allocator that ends the program gives none then, and goes on.
#[must_use]
pub fn is_asked_for() -> bool {
    IS_ASKED_FOR.get()
}

/// Asks for memory: `reserve` does nothing else.
pub(crate) fn ask(
    reserve: impl FnOnce() -> std::result::Result<(), TryReserveError>,
) -> std::result::Result<(), TryReserveError> {
    IS_ASKED_FOR.set(true);
    let reserved = reserve();
    IS_ASKED_FOR.set(false);
    reserved
}

/// Makes something that takes memory, if there is some.
///
/// # Errors
/// `OutOfMemory`, if there is not enough for its tables.
pub fn make<T>(make: impl FnOnce() -> T) -> io::Result<T> {
    // To see it this way is quiet. Another thread may take what was there, which the panic tells then.
    let mut tables = Vec::<u8>::new();
    ask(|| tables.try_reserve_exact(TABLES_LEN)).map_err(|_| io::ErrorKind::OutOfMemory)?;
    drop(tables);
    catch_unwind(AssertUnwindSafe(make)).map_err(|_| io::ErrorKind::OutOfMemory.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error() {
        assert_eq!(make(|| 7).unwrap(), 7);
        let made: io::Result<()> = make(|| panic!("made for a test"));
        assert_eq!(made.unwrap_err().kind(), io::ErrorKind::OutOfMemory);
    }
}
