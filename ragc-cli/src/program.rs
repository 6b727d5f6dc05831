//! The course of the program.

use std::process::ExitCode;

use crate::exit;
use crate::last_resort;
use crate::out;
use crate::randomness;
use crate::remote::{self, Servers};
use crate::usage;

/// Does what the command line asks for, and gives the exit status. Without `servers`, a program that has some takes the place of this one when something
/// is named that is on one of them.
pub fn run(servers: Option<&'static dyn Servers>) -> ExitCode {
    last_resort::prepare();
    out::outlive_file_limit();
    if let Err(refused) = remote::begin(servers) {
        return exit::code_of(Err(refused.into()));
    }
    match usage::parse() {
        Ok(cli) => exit::code_of(randomness::check().and_then(|()| cli.run())),
        Err(code) => code,
    }
}
