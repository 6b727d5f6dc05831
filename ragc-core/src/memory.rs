//! Making what panics where there is no memory for it, and asking whether there is some.
//!
//! What data may make large is asked for: in a program of others, which a library must not end, an allocation that fails and was not asked for
//! ends it all the same.
//!
//! Decompressors and compressors of other crates take their tables when they are made, and say so by a panic when they cannot.

use std::cell::Cell;
use std::collections::TryReserveError;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{Error, Result};
use crate::reserve::{RESERVE, Reserve};

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
    let reserved = match RESERVE.refill() {
        true => reserve(),
        // What there is not, whoever asks for it.
        false => Vec::<u8>::new().try_reserve_exact(usize::MAX),
    };
    IS_ASKED_FOR.set(false);
    reserved
}

/// Whether memory has run out so far that there is not much more than what is kept for messages. Who asks leaves the rest to them.
#[must_use]
pub fn is_short() -> bool {
    ask(|| Ok(())).is_err() || !Reserve::is_there_more()
}

/// Makes room for so many items more, if there is some: until there are as many, pushing them takes no memory.
///
/// # Errors
/// `NoMemory`.
#[inline]
pub fn grow<T>(items: &mut Vec<T>, n: usize) -> Result<()> {
    match items.capacity() - items.len() >= n {
        true => Ok(()),
        false => grow_by(items, n),
    }
}

/// Where there is not enough to grow as a list does, so that it need not soon grow again, there may be enough for what is needed now.
#[cold]
fn grow_by<T>(items: &mut Vec<T>, n: usize) -> Result<()> {
    ask(|| items.try_reserve(n).or_else(|_| items.try_reserve_exact(n))).map_err(|_| none_for::<T>(n))
}

/// An empty list with room for so many items.
///
/// # Errors
/// `NoMemory`.
pub fn room<T>(n: usize) -> Result<Vec<T>> {
    let mut items = Vec::new();
    ask(|| items.try_reserve_exact(n)).map_err(|_| none_for::<T>(n))?;
    Ok(items)
}

/// So many bytes, which are zero.
pub(crate) fn zeroed(n: usize) -> Result<Vec<u8>> {
    let mut bytes = room(n)?;
    bytes.resize(n, 0);
    Ok(bytes)
}

/// The same items once more.
///
/// # Errors
/// `NoMemory`.
pub fn copied<T: Copy>(items: &[T]) -> Result<Vec<T>> {
    let mut copy = room(items.len())?;
    copy.extend_from_slice(items);
    Ok(copy)
}

/// As many items as an iterator gives, which knows their number.
///
/// # Errors
/// `NoMemory`.
pub fn collected<T>(items: impl ExactSizeIterator<Item = T>) -> Result<Vec<T>> {
    let mut all = room(items.len())?;
    all.extend(items);
    Ok(all)
}

fn none_for<T>(n: usize) -> Error {
    Error::no_memory(format!("{} bytes", n.saturating_mul(size_of::<T>())))
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
    use crate::error::ErrorKind;

    #[test]
    fn what_there_is_no_memory_for_is_an_error() {
        let mut items = copied(&[1u64, 2]).unwrap();
        grow(&mut items, 1).unwrap();
        assert!(items.capacity() >= 3);
        let error = grow(&mut items, usize::MAX / 16).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::NoMemory(_)), "{error}");
        assert_eq!(items, [1, 2]);
        assert!(room::<u8>(usize::MAX / 2).is_err());
        assert_eq!(collected([3, 4].into_iter()).unwrap(), [3, 4]);
    }

    #[test]
    fn a_panic_is_an_error() {
        assert_eq!(make(|| 7).unwrap(), 7);
        let made: io::Result<()> = make(|| panic!("made for a test"));
        assert_eq!(made.unwrap_err().kind(), io::ErrorKind::OutOfMemory);
    }
}
