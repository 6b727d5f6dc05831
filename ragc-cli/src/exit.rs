//! From the result of a command to the exit status.

use std::io;
use std::process::ExitCode;

use crate::last_resort::be_the_one_to_tell;

/// The command line asks for something that cannot be done whatever the files are.
#[derive(Debug)]
pub(crate) struct UsageError(pub(crate) String);

impl std::error::Error for UsageError {}

impl std::fmt::Display for UsageError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The command did what it could, and left out what it was told to leave out.
#[derive(Debug)]
pub(crate) struct Incomplete(pub(crate) String);

impl std::error::Error for Incomplete {}

impl std::fmt::Display for Incomplete {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What was to be looked at cannot be read, or is something else.
#[derive(Debug)]
pub(crate) struct Unreadable(pub(crate) String);

impl std::error::Error for Unreadable {}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// 0 for a command that is done, 1 for one that failed, 2 for wrong usage, 3 for one that is done except for what it was
/// told to leave out, and for a verification without anything to verify; the reason is told in one line on standard error.
///
/// Whoever closes the pipe has seen enough (`ragc getset … | head`): that is not a failure.
pub(crate) fn code_of(result: anyhow::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let message = message(&error);
            // Another thread may be telling that memory has ended, which then ends this one as well.
            be_the_one_to_tell();
            error!("{message}");
            if error.is::<UsageError>() {
                ExitCode::from(2)
            } else if error.is::<Incomplete>() || error.is::<Unreadable>() {
                ExitCode::from(3)
            } else {
                ExitCode::FAILURE
            }
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io_errors = error.chain().filter_map(|cause| {
        let of_library = cause.downcast_ref::<ragc_core::Error>();
        of_library.map_or_else(|| cause.downcast_ref(), ragc_core::Error::io_error)
    });
    io_errors
        .into_iter()
        .any(|cause: &io::Error| cause.kind() == io::ErrorKind::BrokenPipe)
}

/// The chain of causes in one line.
fn message(error: &anyhow::Error) -> String {
    format!("{error:#}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_pipe_below_a_library_error_is_found() {
        let error = ragc_core::Error::io("cannot write", io::ErrorKind::BrokenPipe.into());
        assert!(is_broken_pipe(&anyhow::Error::new(error)));
        let error = ragc_core::Error::io("cannot write", io::ErrorKind::StorageFull.into());
        let error = anyhow::Error::new(error).context("out.fa");
        assert!(!is_broken_pipe(&error));
        assert_eq!(message(&error), "out.fa: cannot write: no storage space");
    }
}
