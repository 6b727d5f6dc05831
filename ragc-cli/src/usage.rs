//! The command line, and what is said of one that is wrong.

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use crate::cli::Cli;

/// Reads the command line. Help is printed here, and wrong usage told, with status 2.
pub(crate) fn parse() -> Result<Cli, ExitCode> {
    Cli::try_parse().map_err(|error| match error.kind() {
        // `ragc` and `ragc create` alone, as with AGC: on standard error, where nobody takes it for data.
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            ExitCode::SUCCESS
        }
        _ => error.exit(),
    })
}
