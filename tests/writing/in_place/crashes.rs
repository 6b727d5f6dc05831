//! Changes that are not completed: what is read meanwhile and afterwards, and how the old state comes back.

use std::fs;
use std::io::Write;
use std::process::Child;

use super::{JOURNAL, bench, bytes, has_journal, has_journals, listed};
use crate::bench::deadline::{EndInTime, RunInTime, until};
use crate::bench::injected::injected;
use crate::bench::installed::installed;
use crate::bench::{Bench, random_bases};
use crate::children::send;

/// Commands that add standard input in place.
const APPEND: &[&str] = &["append", "--in-place", "x.agc", "late=-"];
const SYNC: &[&str] = &["sync", "x.agc", "a.fa", "late=-"];

/// Starts a change that adds standard input in place, and comes back when it has begun.
fn begin(bench: &Bench, change: &[&str]) -> Child {
    let child = crate::bench::begin(&mut bench.command(change));
    // What comes in is looked at first: is it a tar archive?
    let mut input = child.stdin.as_ref().unwrap();
    input
        .write_all(format!(">x\n{}\n", random_bases(1, 3000)).as_bytes())
        .unwrap();
    // One that is empty is none yet: nothing was changed so far.
    let journal = bench.path(JOURNAL);
    until("the change is begun", || {
        fs::metadata(&journal).is_ok_and(|file| file.len() > 0)
    });
    child
}

fn kill(mut child: Child) {
    child.kill().unwrap();
    child.status_in_time();
}

/// Writes so many bytes behind the archive, as if a change had been half way.
fn write_behind(bench: &Bench, len: usize) {
    let archive = bench.path("x.agc");
    let mut file = fs::File::options().append(true).open(archive).unwrap();
    file.write_all(&vec![b'?'; len]).unwrap();
}

#[test]
fn who_reads_during_a_change_or_after_a_crash_sees_the_old_state() {
    [APPEND, SYNC]
        .into_iter()
        .for_each(old_state_is_read_after_a_crash_of);
}

fn old_state_is_read_after_a_crash_of(change: &[&str]) {
    let bench = bench();
    if !has_journals(&bench) {
        return;
    }
    let before = bytes(&bench);
    let child = begin(&bench, change);
    assert_eq!(listed(&bench), "a\n");
    bench.succeed(&["verify", "x.agc"]);
    kill(child);
    assert!(has_journal(&bench));
    write_behind(&bench, 5000);
    assert_eq!(listed(&bench), "a\n");
    bench.succeed(&["verify", "x.agc"]);
    std::os::unix::fs::symlink("x.agc", bench.path("link.agc")).unwrap();
    assert_eq!(bench.succeed(&["listset", "link.agc"]).0, b"a\n");
    // A copy without the journal is no archive.
    fs::copy(bench.path("x.agc"), bench.path("copy.agc")).unwrap();
    bench.fail(1, &["listset", "copy.agc"]);

    let (_, told) = bench.succeed(&["recover", "link.agc"]);
    assert!(told.contains("5000 bytes shorter"), "{told}");
    assert_eq!(bytes(&bench), before);
    assert!(!has_journal(&bench));
    let (_, told) = bench.succeed(&["recover", "x.agc"]);
    assert!(told.contains("nothing to recover"), "{told}");
}

#[test]
fn what_is_no_archive_is_told_and_not_called_complete() {
    let bench = bench();
    let archive = bytes(&bench);
    bench.write("zeros", [0; 5000]);
    bench.write("empty", "");
    bench.write("cut.agc", &archive[..archive.len() - 9]);
    for (name, why) in [
        ("b.fa", "FASTA"),
        ("empty", "an empty file"),
        ("zeros", "nothing but zeros"),
        ("cut.agc", "is the file complete?"),
    ] {
        let told = bench.fail(1, &["recover", name]);
        assert!(told.contains(why) && told.contains(name), "{name}: {told}");
    }
}

#[test]
fn the_next_writer_goes_on_from_the_old_state() {
    let bench = bench();
    if !has_journals(&bench) {
        return;
    }
    kill(begin(&bench, APPEND));
    write_behind(&bench, 77);
    let (_, told) = bench.succeed(&["append", "--in-place", "x.agc", "b.fa"]);
    assert!(told.contains("77 bytes shorter"), "{told}");
    assert_eq!(listed(&bench), "a\nb\n");
    bench.succeed(&["verify", "x.agc"]);
}

#[test]
fn a_signal_cuts_the_file_back() {
    let bench = bench();
    if !has_journals(&bench) {
        return;
    }
    let before = bytes(&bench);
    for change in [APPEND, SYNC] {
        let child = begin(&bench, change);
        send("-TERM", &child);
        assert!(!child.output_in_time().status.success());
        assert_eq!(bytes(&bench), before, "{change:?}");
        assert!(!has_journal(&bench), "{change:?}");
    }
}

#[test]
fn a_journal_of_another_file_is_none() {
    let bench = bench();
    if !has_journals(&bench) {
        return;
    }
    kill(begin(&bench, APPEND));
    // Another program, which knows of no journals, writes the file anew.
    bench.succeed(&["create", "-o", "other.agc", "b.fa", "c.fa"]);
    fs::rename(bench.path("other.agc"), bench.path("x.agc")).unwrap();
    assert_eq!(listed(&bench), "b\nc\n");
    let (_, told) = bench.succeed(&["recover", "x.agc"]);
    assert!(told.contains("nothing had been changed"), "{told}");
    assert_eq!(listed(&bench), "b\nc\n");
}

/// The archive may have been moved, and be moved back.
#[test]
fn a_journal_whose_archive_is_gone_is_told_and_kept() {
    let bench = bench();
    if !has_journals(&bench) {
        return;
    }
    let before = bytes(&bench);
    kill(begin(&bench, APPEND));
    write_behind(&bench, 10);
    fs::rename(bench.path("x.agc"), bench.path("moved.agc")).unwrap();
    for args in [
        &["create", "-o", "x.agc", "a.fa"][..],
        &["create", "--force", "-o", "x.agc", "a.fa"],
        &["sync", "x.agc", "a.fa"],
        &["recover", "x.agc"],
        &["undo", "x.agc"],
    ] {
        let output = bench.bare_command(args).output_in_time();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}: {told}");
        assert_eq!(
            told,
            "ragc: error: x.agc: x.agc.ragc-journal is left of a change that was not completed, and the archive is not there: \
             move it back if it was moved, or remove this journal\n",
            "{args:?}"
        );
        assert!(has_journal(&bench) && !bench.path("x.agc").exists(), "{args:?}");
    }
    fs::rename(bench.path("moved.agc"), bench.path("x.agc")).unwrap();
    bench.succeed(&["recover", "x.agc"]);
    assert_eq!(bytes(&bench), before);
    kill(begin(&bench, APPEND));
    fs::remove_file(bench.path("x.agc")).unwrap();
    fs::remove_file(bench.path(JOURNAL)).unwrap();
    bench.succeed(&["create", "-o", "x.agc", "a.fa"]);
}

/// An archive that was appended to in place, and its bytes before and after that; and one with an index in front, of which undo writes to two places.
fn appended_to() -> impl Iterator<Item = (Bench, Vec<u8>, Vec<u8>)> {
    [&[][..], &["--streamable"]].into_iter().map(|kind| {
        let bench = bench();
        bench.succeed(&[&["create", "-o", "x.agc", "a.fa"], kind].concat());
        let old = bytes(&bench);
        bench.succeed(&["append", "--in-place", "x.agc", "b.fa"]);
        let new = bytes(&bench);
        (bench, old, new)
    })
}

/// What readers find is told, whichever call fails.
#[test]
fn an_undo_that_fails_tells_which_of_the_two_is_there() {
    if installed("undo that fails", &["strace"], "-V").is_none() {
        return;
    }
    for (bench, old, new) in appended_to() {
        let mut n_taken_back = 0;
        for call in ["ftruncate", "write", "pwrite64", "fsync", "unlink"] {
            for count in 1..5 {
                bench.write("x.agc", &new);
                let fail = format!("error=EIO:when={count}");
                let output = injected(&bench, call, &fail, &["undo", "x.agc"]).output_in_time();
                let told = String::from_utf8(output.stderr).unwrap();
                let listed = listed(&bench);
                let is_done = output.status.success() || told.contains("the last change is taken back");
                assert_eq!(
                    listed,
                    if is_done { "a\n" } else { "a\nb\n" },
                    "{call} {fail}: {told}"
                );
                assert!(told.lines().count() <= 1, "{call} {fail}: {told}");
                n_taken_back += u32::from(is_done && !output.status.success());
                bench.succeed(&["recover", "x.agc"]);
                let expected = if is_done { &old } else { &new };
                assert!(
                    !has_journal(&bench) && bytes(&bench) == *expected,
                    "{call} {fail}"
                );
            }
        }
        assert!(n_taken_back > 0);
    }
}

#[test]
fn an_undo_that_is_killed_can_be_completed() {
    if installed("undo that is killed", &["strace"], "-V").is_none() {
        return;
    }
    for (bench, old, new) in appended_to() {
        for call in ["ftruncate", "write", "fsync", "unlink"] {
            for count in 1..4 {
                bench.write("x.agc", &new);
                // The call is done, then the program dies.
                let kill = format!("signal=KILL:when={count}");
                let output = injected(&bench, call, &kill, &["undo", "x.agc"]).output_in_time();
                let listed = listed(&bench);
                assert!(["a\n", "a\nb\n"].contains(&&*listed), "{call} {kill}: {listed}");
                bench.succeed(&["recover", "x.agc"]);
                assert!(!has_journal(&bench), "{call} {kill}");
                let left = bytes(&bench);
                assert!(left == old || left == new, "{call} {kill}");
                assert!(left == old || !output.status.success(), "{call} {kill}");
            }
        }
    }
}
