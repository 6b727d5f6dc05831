//! Changes that fail, and systems that give no room or no right to write: what was there stays.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::process::Command;

use super::{bench, bytes, has_journal};
use crate::bench::deadline::RunInTime;
use crate::bench::random_bases;

/// The number of a user who may do nothing.
const NOBODY: u32 = 65534;

#[test]
fn a_change_that_fails_leaves_what_was_there() {
    let bench = bench();
    let before = bytes(&bench);
    bench.write("bad.fa", ">x\nACGT\n>y\nAC#T\n");
    bench.write("empty.fa", "");
    for args in [
        &["append", "--in-place", "x.agc", "bad.fa"][..],
        &["append", "--in-place", "x.agc", "b.fa", "empty.fa"],
        &["append", "--in-place", "x.agc", "b.fa", "missing.fa"],
        &["append", "-o", "x.agc", "x.agc", "a.fa"],
    ] {
        bench.fail(1, args);
        assert_eq!(bytes(&bench), before, "{args:?}");
        assert!(!has_journal(&bench), "{args:?}");
    }
}

#[test]
fn a_file_that_cannot_grow_stays_as_it_was() {
    let bench = bench();
    bench.write("long.fa", format!(">x\n{}\n", random_bases(7, 100_000)));
    let (before, files) = (bytes(&bench), bench.files());
    assert!(before.len() < 4096);
    for args in [
        &["append", "-d", "--in-place", "x.agc", "long.fa"][..],
        &["sync", "-d", "x.agc", "a.fa", "long.fa"],
    ] {
        // As a full disk: the file system takes no more.
        let output = bench.run_on_small_disk(8, args);
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}: {message}");
        assert!(
            message.contains(": cannot write") && message.lines().count() == 1,
            "{message}"
        );
        assert!(bytes(&bench) == before, "{args:?}");
        assert_eq!(bench.files(), files, "{args:?}");
    }
    bench.succeed(&["append", "--in-place", "x.agc", "long.fa"]);
    bench.succeed(&["verify", "x.agc"]);
}

/// A folder in which nothing can be made, for a user who may not do everything.
#[test]
fn in_a_folder_that_cannot_be_written_nothing_changes() {
    let bench = bench();
    // Where another user can start it.
    fs::copy(env!("CARGO_BIN_EXE_ragc"), bench.path("ragc")).unwrap();
    let (before, files) = (bytes(&bench), bench.files());
    let is_root = fs::metadata(bench.path("x.agc")).unwrap().uid() == 0;
    let set = |mode| fs::set_permissions(bench.path("."), fs::Permissions::from_mode(mode)).unwrap();
    set(0o555);
    for args in [
        &["append", "-d", "--in-place", "x.agc", "b.fa"][..],
        &["append", "-d", "--rewrite", "-o", "x.agc", "x.agc", "b.fa"],
        &["remove", "-d", "x.agc", "a"],
        &["rename", "-d", "--in-place", "x.agc", "a=b"],
        &["sync", "-d", "x.agc", "b.fa"],
        &["create", "-d", "-o", "new.agc", "b.fa"],
    ] {
        let mut command = Command::new(bench.path("ragc"));
        command.args(args).current_dir(bench.path("."));
        if is_root {
            command.uid(NOBODY).gid(NOBODY);
        }
        let output = command.output_in_time();
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}: {message}");
        assert!(
            message.contains("Permission denied") && message.lines().count() == 1,
            "{args:?}: {message}"
        );
    }
    set(0o755);
    assert!(bytes(&bench) == before);
    assert_eq!(bench.files(), files);
}
