//! Programs of others that tests compare with, or talk to, where they are installed.

use std::io::{self, Write};
use std::process::{Command, Stdio};

use super::deadline::EndInTime;

/// The first of these programs that can be run, asked for its version; `None`, and a line that says so, where none is installed.
pub(crate) fn installed<'a>(test: &str, programs: &[&'a str], version: &str) -> Option<&'a str> {
    let is_there = |program: &&&str| {
        let mut command = Command::new(program);
        command.arg(version).stdout(Stdio::null()).stderr(Stdio::null());
        command
            .spawn()
            .is_ok_and(|mut child| child.status_in_time().success())
    };
    let found = programs.iter().find(is_there).copied();
    if found.is_none() {
        // Past the test harness, which keeps what passing tests print.
        let message = format!("{test}: left out, because {} is not installed\n", programs[0]);
        io::stderr().write_all(message.as_bytes()).unwrap();
    }
    found
}
