//! What the caller gets: memory of `malloc`, which `free` frees, and the caller's own.
#![allow(unsafe_code)]

use std::ffi::{c_char, c_void};
use std::marker::PhantomData;
use std::ptr::{self, NonNull};
use std::sync::Once;

use ragc_core::Error;
use ragc_core::internals::allocator::{OrReserve, keep_reserve};
use ragc_core::internals::memory::{grow, room};

use crate::failure::{Failure, Result};

#[global_allocator]
static ALLOCATOR: OrReserve = OrReserve::new();

/// To be called before anything is done.
pub(crate) fn begin() {
    static ONCE: Once = Once::new();
    ONCE.call_once(keep_reserve);
}

/// Memory of the caller that is filled from its beginning.
pub(crate) struct Room<'a> {
    next: *mut u8,
    left: usize,
    _memory: PhantomData<&'a mut [u8]>,
}

// SAFETY: whoever has the room has its memory for himself, as of a slice that can be changed, whatever thread it is.
unsafe impl Send for Room<'_> {}

impl Room<'_> {
    /// # Safety
    /// `start` leads to `len` bytes that are there, and nobody else's, for as long as the room is. It may be NULL if `len` is 0.
    pub(crate) unsafe fn new(start: *mut u8, len: usize) -> Self {
        Self {
            next: start,
            left: len,
            _memory: PhantomData,
        }
    }

    pub(crate) fn left(&self) -> usize {
        self.left
    }

    /// Writes these bytes.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<()> {
        if bytes.len() > self.left {
            let (need, have) = (bytes.len(), self.left);
            return Err(Failure::argument(format!(
                "the buffer is too short: {need} bytes more, and room for {have}"
            )));
        }
        // SAFETY: there are so many bytes, and they are nobody else's; `next` stays within them or at their end.
        unsafe {
            ptr::copy_nonoverlapping(bytes.as_ptr(), self.next, bytes.len());
            self.next = self.next.add(bytes.len());
        }
        self.left -= bytes.len();
        Ok(())
    }
}

/// A text of `malloc` with a NUL at its end; dropped, it is freed.
pub(crate) struct MallocText {
    start: NonNull<u8>,
    len: usize,
}

// SAFETY: it is owned as a `Box` is, and memory of `malloc` may be used and freed by any thread.
unsafe impl Send for MallocText {}

impl MallocText {
    /// Room for a text of so many bytes, which are zero until they are written.
    pub(crate) fn with_len(len: usize) -> Result<Self> {
        let no_memory = || no_memory(len);
        // SAFETY: `calloc` may be asked for any number of bytes, but for none; one more than `len` is never that.
        let start = unsafe { libc::calloc(len.checked_add(1).ok_or_else(no_memory)?, 1) };
        let start = NonNull::new(start.cast::<u8>()).ok_or_else(no_memory)?;
        Ok(Self { start, len })
    }

    pub(crate) fn of(text: &[u8]) -> Result<Self> {
        let mut made = Self::with_len(text.len())?;
        made.room().push(text)?;
        Ok(made)
    }

    /// All of it, to be written before it is given away.
    pub(crate) fn room(&mut self) -> Room<'_> {
        // SAFETY: there are so many bytes, and as long as the room is, nobody else reaches the text.
        unsafe { Room::new(self.start.as_ptr(), self.len) }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Gives it to the caller.
    pub(crate) fn give(self) -> *mut c_char {
        let start = self.start.as_ptr().cast();
        std::mem::forget(self);
        start
    }
}

impl Drop for MallocText {
    fn drop(&mut self) {
        // SAFETY: it is of `malloc`, and was not given away.
        unsafe { libc::free(self.start.as_ptr().cast()) };
    }
}

/// A list of texts with a NULL behind them.
pub(crate) fn give_list(texts: Vec<MallocText>) -> Result<*mut *mut c_char> {
    let n = texts.len();
    let list = allocate::<*mut c_char>(n + 1)?;
    for (place, text) in texts.into_iter().enumerate() {
        // SAFETY: the list has one place more than there are texts.
        unsafe { list.add(place).write(text.give()) };
    }
    // SAFETY: this is that place.
    unsafe { list.add(n).write(ptr::null_mut()) };
    Ok(list)
}

/// A copy of plain values.
pub(crate) fn give_array<T: Copy>(values: &[T]) -> Result<*mut T> {
    let start = allocate(values.len())?;
    // SAFETY: there is room for so many.
    unsafe { ptr::copy_nonoverlapping(values.as_ptr(), start, values.len()) };
    Ok(start)
}

/// Memory of `malloc` for so many values, aligned for whatever is no vector of the processor.
fn allocate<T>(n: usize) -> Result<*mut T> {
    let len = n.saturating_mul(size_of::<T>());
    // SAFETY: `malloc` may be asked for any number of bytes.
    let start = unsafe { libc::malloc(len.max(1)) }.cast::<T>();
    match start.is_null() {
        true => Err(no_memory(len)),
        false => Ok(start),
    }
}

/// The values of an iterator, until an error comes, in memory that there may not be.
pub(crate) fn collect<T>(values: impl ExactSizeIterator<Item = Result<T>>) -> Result<Vec<T>> {
    let mut all = room(values.len())?;
    for value in values {
        all.push(value?);
    }
    Ok(all)
}

/// The same bytes with a NUL behind them.
pub(crate) fn with_nul(mut bytes: Vec<u8>) -> Result<Vec<u8>> {
    grow(&mut bytes, 1)?;
    bytes.push(0);
    Ok(bytes)
}

fn no_memory(len: usize) -> Failure {
    Error::no_memory(format!("{len} bytes for the caller")).into()
}

/// Frees what was given.
///
/// # Safety
/// `given` is NULL, or of `malloc` and not freed yet.
pub(crate) unsafe fn free(given: *mut c_void) {
    // SAFETY: the caller promises it.
    unsafe { libc::free(given) };
}

/// Frees a list and what is in it.
///
/// # Safety
/// `list` is NULL, or one that [`give_list`] gave, and neither it nor a text in it is freed yet.
pub(crate) unsafe fn free_list(list: *mut *mut c_char) {
    if list.is_null() {
        return;
    }
    let mut place = list;
    // SAFETY: each place is read up to the NULL behind the last, and what is there was given.
    unsafe {
        while !(*place).is_null() {
            libc::free((*place).cast());
            place = place.add(1);
        }
        libc::free(list.cast());
    }
}
