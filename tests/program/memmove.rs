//! The copies of static programs do what those of every C library do.
#![cfg(target_arch = "x86_64")]

use std::path::Path;
use std::process::Command;

use crate::deadline::RunInTime;

#[test]
fn stretches_of_all_lengths_and_distances_are_moved() {
    let folder = tempfile::tempdir().unwrap();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = folder.path().join("memmove");
    // Under other names, since this program has a C library of its own.
    let built = Command::new("cc")
        .args(["-O2", "-fno-builtin", "-Dmemmove=moved", "-Dmemcpy=copied", "-o"])
        .arg(&program)
        .args([here.join("memmove.c"), here.join("../tests/memmove/main.c")])
        .output_in_time();
    assert!(
        built.status.success(),
        "{}",
        String::from_utf8_lossy(&built.stderr)
    );
    let ran = Command::new(program).output_in_time();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stdout));
}
