//! Programs that are running: what they have opened, and signals to them.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command};

use crate::bench::Bench;
use crate::bench::deadline::RunInTime;

/// Sends a program a signal, which `kill` knows by this name.
pub(crate) fn send(signal: &str, child: &Child) {
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args([signal, &id])
            .status_in_time()
            .success()
    );
}

/// What a program has opened, as far as the system tells. Linux does.
pub(crate) fn open_files(child: &Child) -> Vec<PathBuf> {
    let entries = fs::read_dir(format!("/proc/{}/fd", child.id()));
    let entries = entries.into_iter().flatten().flatten();
    entries
        .filter_map(|entry| fs::read_link(entry.path()).ok())
        .collect()
}

/// Whether a program has opened a file in the folder that has no name. Linux shows it by its number. Others, in other folders, are copies of
/// inputs, or those of other tests, which a child has until it is the program.
pub(crate) fn has_nameless_file(bench: &Bench, child: &Child) -> bool {
    let nameless = format!("{}/#", bench.path("").canonicalize().unwrap().display());
    let is_nameless = |file: &PathBuf| file.to_string_lossy().starts_with(&nameless);
    open_files(child).iter().any(is_nameless)
}
