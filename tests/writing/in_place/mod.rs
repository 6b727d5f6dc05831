//! Archives that are changed in place: what is read at any time, and what is left when the change is not completed.

mod behind;
mod crashes;
mod failures;
mod names;
mod readers;
mod states;

use std::fs;
use std::process::{Command, Stdio};

use crate::bench::Bench;
use crate::bench::deadline::RunInTime;

/// A folder with an archive of one sample, and further files.
fn bench() -> Bench {
    filled(Bench::new())
}

fn filled(bench: Bench) -> Bench {
    for (name, sequence) in [
        ("a", "ACGTACGTTGCA"),
        ("b", "ACGGACGTTGCA"),
        ("c", "ACGGTCGTTGCA"),
    ] {
        bench.write(&format!("{name}.fa"), format!(">x\n{sequence}\n"));
    }
    bench.succeed(&["create", "-o", "x.agc", "a.fa"]);
    bench
}

fn listed(bench: &Bench) -> String {
    String::from_utf8(bench.succeed(&["listset", "x.agc"]).0).unwrap()
}

fn bytes(bench: &Bench) -> Vec<u8> {
    fs::read(bench.path("x.agc")).unwrap()
}

/// The journal of `x.agc`.
const JOURNAL: &str = "x.agc.ragc-journal";

fn has_journal(bench: &Bench) -> bool {
    bench.path(JOURNAL).exists()
}

/// Asks `cp` for a copy that shares blocks, or for none.
const SHARING: &str = if cfg!(target_os = "macos") {
    "-c"
} else {
    "--reflink=always"
};

/// Whether files are changed themselves here, and not as copies that share blocks with them.
fn has_journals(bench: &Bench) -> bool {
    let copy = bench.path("copy.agc");
    let mut shared = Command::new("cp");
    shared.arg(SHARING).arg(bench.path("x.agc")).arg(&copy);
    let can_share = shared.stderr(Stdio::null()).status_in_time().success();
    let _ = fs::remove_file(copy);
    !can_share
}
