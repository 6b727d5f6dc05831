//! The program that has clients of servers takes the place of the one that has none.
//!
//! It is the same process, with the same arguments, environment, open files and signals, so whoever waits for it notices nothing.

use std::env;
use std::io::{self, ErrorKind};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::stdout;

/// The program that has them.
const OTHER: &str = "ragc-net";
/// Both have to be of one version: arguments mean the same then.
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Tells the other program the version of the one that it takes the place of.
const CALLER: &str = "RAGC_CALLER";

/// Where the other program is: beside this one, else in a folder of the `PATH`.
pub(super) fn other_program() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = own_folder().into_iter().chain(env::split_paths(&path));
    folders
        .filter(|folder| !folder.as_os_str().is_empty())
        .map(|folder| folder.join(OTHER))
        .find(|program| program.is_file())
}

/// Has the other program take the place of this one. Comes back only if that cannot be.
pub(super) fn hand_over() -> io::Error {
    let Some(program) = other_program() else {
        return missing();
    };
    if env::var_os(CALLER).is_some() {
        let why = format!(
            "URLs need the program {OTHER}, and {} is ragc itself",
            program.display()
        );
        return io::Error::other(why);
    }
    let mut args = env::args_os();
    let mut command = Command::new(&program);
    if let Some(name) = args.next() {
        command.arg0(name);
    }
    stdout::hand_over();
    let error = command.args(args).env(CALLER, VERSION).exec();
    let why = format!(
        "URLs need {}, which cannot be started: {error}",
        program.display()
    );
    io::Error::new(error.kind(), why)
}

fn missing() -> io::Error {
    let folder = own_folder().map_or_else(String::new, |folder| format!(" in {}", folder.display()));
    io::Error::new(
        ErrorKind::NotFound,
        format!(
            "URLs need the program {OTHER} {VERSION}, which is neither beside this one{folder} nor on the PATH"
        ),
    )
}

/// Refuses to go on for a program of another version.
pub(super) fn check_caller() -> io::Result<()> {
    match env::var_os(CALLER) {
        Some(version) if version != VERSION => Err(io::Error::other(format!(
            "URLs need the program {OTHER} {}, and {} is {OTHER} {VERSION}",
            version.display(),
            own_path().unwrap_or_else(|_| OTHER.into()).display(),
        ))),
        _ => Ok(()),
    }
}

/// Where this program is, whatever links lead there.
fn own_folder() -> Option<PathBuf> {
    own_path().ok()?.parent().map(Path::to_path_buf)
}

fn own_path() -> io::Result<PathBuf> {
    env::current_exe()?.canonicalize()
}
