//! `ragc-net`: all commands, for what is on servers as well.

mod clients;
mod uploaded;

use std::process::ExitCode;

fn main() -> ExitCode {
    ragc_cli::run(Some(&clients::Clients))
}
