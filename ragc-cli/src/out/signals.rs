//! A thread that waits for the signals that end the program, to remove unfinished files first.

use std::fs;
use std::io;
use std::process;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use ragc_core::internals::threads::start_alone;
use ragc_core::internals::unfinished;
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXCPU, SIGXFSZ};
use signal_hook::iterator::Signals;
use signal_hook::{flag, low_level};

use crate::out::going_on;
use crate::remote::give_up;

/// Signals after which the program ends. The last is that of a limit of processor time (`ulimit -S -t`), as batch systems set it.
const ENDING: [i32; 5] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXCPU];

/// Starts the thread the first time; tells whether it runs. The error says what cannot be had, which is no file.
pub(super) fn watch() -> io::Result<()> {
    static WATCHED: OnceLock<io::Result<()>> = OnceLock::new();
    // An error has one owner.
    let again = |error: &io::Error| io::Error::new(error.kind(), error.to_string());
    WATCHED.get_or_init(start).as_ref().copied().map_err(again)
}

fn saying(what: &'static str) -> impl Fn(io::Error) -> io::Error {
    move |error| io::Error::new(error.kind(), format!("{what}: {error}"))
}

/// A file that grows beyond the limit of the shell (`ulimit -f`) is an error of the write from now on, and not the end: standard
/// output may be such a file, too.
pub(crate) fn outlive_file_limit() {
    // Without it the program ends as it would have, by the signal.
    let _ = flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)));
}

fn start() -> io::Result<()> {
    let ignored = ignored();
    let mut signals = Signals::new(ENDING.into_iter().filter(|signal| !ignored.contains(signal)))
        .map_err(saying("cannot wait for signals"))?;
    start_alone("signals", move || {
        if let Some(signal) = signals.forever().next() {
            going_on::cut_back();
            unfinished::remove_all();
            give_up();
            // The shell is to see which signal it was.
            let _ = low_level::emulate_default_handler(signal);
            process::exit(128 + signal);
        }
    })
    .map_err(saying("cannot start a thread"))?;
    Ok(())
}

/// Signals that whoever started the program asked it not to hear: `nohup`, or a script's `&`.
///
/// Linux tells them in a file. Elsewhere only a call that is not safe would: there the signal of `nohup` is left alone.
fn ignored() -> Vec<i32> {
    let mask = fs::read_to_string("/proc/self/status")
        .ok()
        .as_deref()
        .and_then(ignored_mask);
    match mask {
        Some(mask) => ENDING
            .into_iter()
            .filter(|signal| mask >> (signal - 1) & 1 == 1)
            .collect(),
        None => vec![SIGHUP],
    }
}

/// The bits of the line `SigIgn:`; signal 1 is the lowest.
fn ignored_mask(status: &str) -> Option<u64> {
    let digits = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
    u64::from_str_radix(digits.trim(), 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mask_is_found_among_the_lines() {
        let status = "Name:\tragc\nSigBlk:\t0000000000000007\nSigIgn:\t0000000000001001\nSigCgt:\t0\n";
        assert_eq!(ignored_mask(status), Some(0x1001));
        assert_eq!(ignored_mask("Name:\tragc\n"), None);
        assert_eq!(ignored_mask("SigIgn:\tnone\n"), None);
    }
}
