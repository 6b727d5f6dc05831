//! What threads have to do when they end, noted in memory of the program.
//!
//! For each value that a thread keeps the standard library tells the library for C to drop it then, which ends the process with words of its own
//! where it has no memory to note that, while another thread may be telling in ours that there is none. Of two functions of this name that of the
//! program is taken. The first thread drops nothing at its end, as where the library for C has no such function: the process ends with it.
#![expect(unsafe_code, reason = "a function that the library for C has, too")]

use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::ptr;
use std::sync::OnceLock;

type ToDo = unsafe extern "C" fn(*mut c_void);

/// What is to be done at the end, and what was noted before.
struct Noted {
    to_do: ToDo,
    on: *mut c_void,
    before: *mut Noted,
}

thread_local! {
    /// What was noted last. Nothing is to be done for this itself.
    static LAST: Cell<*mut Noted> = const { Cell::new(ptr::null_mut()) };
}

/// # Safety
/// This thread can call `to_do` with `on` when it ends.
// SAFETY: it does what the one of this name in the library for C does for threads, but for libraries that are unloaded before: there are none here.
#[unsafe(no_mangle)]
unsafe extern "C" fn __cxa_thread_atexit_impl(to_do: ToDo, on: *mut c_void, _library: *mut c_void) -> c_int {
    let before = LAST.get();
    LAST.set(Box::into_raw(Box::new(Noted { to_do, on, before })));
    // SAFETY: the key was made, and is never deleted. Anything but null makes that the thread calls `do_all`.
    unsafe { libc::pthread_setspecific(key(), ptr::dangling()) }
}

/// That of the system's list of what threads call when they end.
fn key() -> libc::pthread_key_t {
    static KEY: OnceLock<libc::pthread_key_t> = OnceLock::new();
    *KEY.get_or_init(|| {
        let mut key = 0;
        // SAFETY: there is a place for the key. It is the first one, or one of the first: the system has a thousand.
        unsafe { libc::pthread_key_create(&mut key, Some(do_all)) };
        key
    })
}

/// The last comes first. What is noted meanwhile is done as well.
unsafe extern "C" fn do_all(_value: *mut c_void) {
    while !LAST.get().is_null() {
        // SAFETY: it was made as such, and nobody has it from here on.
        let noted = unsafe { Box::from_raw(LAST.get()) };
        LAST.set(noted.before);
        // SAFETY: whoever noted it has promised that.
        unsafe { (noted.to_do)(noted.on) };
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::sync::mpsc::{Sender, channel};
    use std::thread;

    struct Tells(&'static str, Sender<&'static str>);

    impl Drop for Tells {
        fn drop(&mut self) {
            // A value that is used for the first time when others are dropped is dropped, too.
            if self.0 == "second" {
                THIRD.set(Some(Tells("third", self.1.clone())));
            }
            self.1.send(self.0).unwrap();
        }
    }

    thread_local! {
        static FIRST: RefCell<Option<Tells>> = const { RefCell::new(None) };
        static SECOND: RefCell<Option<Tells>> = const { RefCell::new(None) };
        static THIRD: RefCell<Option<Tells>> = const { RefCell::new(None) };
    }

    #[test]
    fn what_threads_keep_is_dropped_when_they_end() {
        let (tell, told) = channel();
        for _ in 0..2 {
            let tell = tell.clone();
            let thread = thread::spawn(move || {
                FIRST.set(Some(Tells("first", tell.clone())));
                SECOND.set(Some(Tells("second", tell)));
            });
            thread.join().unwrap();
        }
        drop(tell);
        let all: Vec<_> = told.iter().collect();
        assert_eq!(all, ["second", "third", "first"].repeat(2));
    }
}
