//! Archives that are changed in place: what is read at any time, and what is left when the change is not completed.

mod behind;
mod crashes;
mod failures;
mod names;
mod readers;
mod states;

use std::fs;
use std::io::Write;
use std::process::Stdio;

use crate::bench::Bench;
use crate::bench::deadline::EndInTime;

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

fn has_journal(bench: &Bench) -> bool {
    bench.path("x.agc.ragc-journal").exists()
}

/// Whether files are changed themselves here, and not as copies that share blocks with them.
fn has_journals(bench: &Bench) -> bool {
    let mut child = bench
        .command(&["append", "--in-place", "x.agc", "late=-"])
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut seen = false;
    // Without a journal it ends as soon as its input does.
    for _ in 0..2000 {
        seen = has_journal(bench);
        if seen {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    let _ = input.write_all(b"no FASTA");
    drop(input);
    assert!(!child.status_in_time().success());
    seen
}
