//! `ragc`: all commands, for what is on this machine.

use std::process::ExitCode;

fn main() -> ExitCode {
    ragc_cli::run(None)
}
