//! Messages on standard error, all in one style: `ragc: error: …` for what fails the command, `ragc: warning: …` for what
//! may not be what was meant, `ragc: …` for what is good to know. `--quiet` leaves the errors.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

use ragc_core::internals::printable::in_one_line;

static IS_QUIET: AtomicBool = AtomicBool::new(false);

/// From here on only errors are told.
pub(crate) fn be_quiet() {
    IS_QUIET.store(true, Ordering::Relaxed);
}

/// Whether only errors are told.
pub(crate) fn is_quiet() -> bool {
    IS_QUIET.load(Ordering::Relaxed)
}

/// As that of the standard library, which panics when the message cannot be written. Whoever has closed standard error
/// does not want to read, and the command is not to end because of that.
macro_rules! eprintln {
    ($($message:tt)*) => {
        $crate::tell::line(&::std::format!($($message)*))
    };
}

/// Writes one line, whatever the names in it hold: none ends it, and none reaches the terminal as a command.
pub(crate) fn line(message: &str) {
    let _ = writeln!(std::io::stderr(), "{}", in_one_line(message));
}

/// Tells what fails the command.
macro_rules! error {
    ($($message:tt)*) => {
        eprintln!("ragc: error: {}", ::std::format_args!($($message)*))
    };
}

/// Tells what may not be what was meant.
macro_rules! warning {
    ($($message:tt)*) => {
        if !$crate::tell::is_quiet() {
            eprintln!("ragc: warning: {}", ::std::format_args!($($message)*));
        }
    };
}

/// Tells what is good to know.
macro_rules! note {
    ($($message:tt)*) => {
        if !$crate::tell::is_quiet() {
            eprintln!("ragc: {}", ::std::format_args!($($message)*));
        }
    };
}

/// Lines that are told of things of one kind: there may be as many of these as samples or contigs.
pub(crate) const MAX_LINES: usize = 20;

/// Tells of the first of many things by themselves, and of the others how many they are.
pub(crate) fn first<T>(all: impl IntoIterator<Item = T>, tell: impl Fn(T), tell_more: impl Fn(usize)) {
    let mut all = all.into_iter();
    all.by_ref().take(MAX_LINES).for_each(tell);
    match all.count() {
        0 => {}
        n_more => tell_more(n_more),
    }
}

/// Tells of streams of old archives that a new one does not have.
pub(crate) fn dropped_streams(names: &[String]) {
    first(
        names,
        |name| warning!("stream {name:?} of the archive is unknown and was left out of the new one"),
        |n_more| warning!("and {n_more} more unknown streams were left out"),
    );
}
