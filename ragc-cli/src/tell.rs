//! Messages on standard error.

use std::io::Write;

use ragc_core::printable::in_one_line;

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
