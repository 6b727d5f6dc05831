//! Messages on standard error.

/// As that of the standard library, which panics when the message cannot be written. Whoever has closed standard error
/// does not want to read, and the command is not to end because of that.
macro_rules! eprintln {
    ($($message:tt)*) => {{
        use ::std::io::Write as _;
        let _ = ::std::writeln!(::std::io::stderr(), $($message)*);
    }};
}
