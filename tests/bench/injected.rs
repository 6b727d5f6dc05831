//! Commands whose system calls fail, or kill them.

use std::process::Command;

use super::Bench;

/// A command of which these system calls end as `what` says to strace: `error=EIO:when=2+`. Its calls are noted in `calls`.
pub(crate) fn injected(bench: &Bench, call: &str, what: &str, args: &[&str]) -> Command {
    let mut command = Command::new("strace");
    let (trace, inject) = (format!("trace={call}"), format!("inject={call}:{what}"));
    command.args(["-f", "-qq", "-o", "calls", "-e", &trace, "-e", &inject]);
    command.arg(env!("CARGO_BIN_EXE_ragc")).args(args);
    command.current_dir(bench.path(""));
    command
}
