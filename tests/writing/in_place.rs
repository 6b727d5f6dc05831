//! Archives that are changed in place: what is read at any time, and what is left when the change is not completed.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::bench::deadline::{EndInTime, RunInTime, until};
use crate::bench::golden::golden_archive;
use crate::bench::installed::installed;
use crate::bench::{Bench, random_bases};
use crate::children::{open_files, send};

/// The number of a user who may do nothing.
const NOBODY: u32 = 65534;

/// Names a folder on a file system that shares the blocks of files that are cloned (btrfs, XFS); `scripts/clone-test` makes one.
const CLONING_FOLDER: &str = "RAGC_CLONING_FOLDER";

/// Commands that add standard input in place.
const APPEND: &[&str] = &["append", "--in-place", "x.agc", "late=-"];
const SYNC: &[&str] = &["sync", "x.agc", "a.fa", "late=-"];

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

/// Starts to add standard input in place, and comes back when the change has begun.
fn begin(bench: &Bench) -> Child {
    begin_with(bench, APPEND)
}

fn begin_with(bench: &Bench, change: &[&str]) -> Child {
    let mut command = bench.command(change);
    let child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // What comes in is looked at first: is it a tar archive?
    let mut input = child.stdin.as_ref().unwrap();
    input
        .write_all(format!(">x\n{}\n", random_bases(1, 3000)).as_bytes())
        .unwrap();
    until("the change is begun", || has_journal(bench));
    child
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

#[test]
fn what_is_new_goes_behind_the_old_end() {
    let bench = bench();
    let before = bytes(&bench);
    let inode = fs::metadata(bench.path("x.agc")).unwrap().ino();
    for args in [
        &["append", "--in-place", "x.agc", "b.fa"][..],
        &["append", "-o", "x.agc", "x.agc", "c.fa"],
    ] {
        bench.succeed(args);
        assert!(bytes(&bench).starts_with(&before), "{args:?}");
        assert!(!has_journal(&bench));
    }
    assert_eq!(listed(&bench), "a\nb\nc\n");
    bench.succeed(&["verify", "x.agc"]);
    for name in ["a", "b", "c"] {
        let (text, _) = bench.succeed(&["getset", "x.agc", name]);
        assert_eq!(text, fs::read(bench.path(&format!("{name}.fa"))).unwrap());
    }
    if has_journals(&bench) {
        assert_eq!(fs::metadata(bench.path("x.agc")).unwrap().ino(), inode);
    }
}

#[test]
fn rewriting_gives_the_archive_that_a_new_file_would_be() {
    let bench = bench();
    bench.succeed(&["append", "-o", "new.agc", "x.agc", "b.fa"]);
    bench.succeed(&["append", "--rewrite", "-o", "x.agc", "x.agc", "b.fa"]);
    assert_eq!(bytes(&bench), fs::read(bench.path("new.agc")).unwrap());
    let error = bench.fail(1, &["append", "--in-place", "x.agc", "b.fa"]);
    assert!(error.contains("is in the archive already"), "{error}");
    assert_eq!(bytes(&bench), fs::read(bench.path("new.agc")).unwrap());
}

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
    let mut child = begin_with(&bench, change);
    assert_eq!(listed(&bench), "a\n");
    bench.succeed(&["verify", "x.agc"]);
    child.kill().unwrap();
    child.status_in_time();
    assert!(has_journal(&bench));
    // As if the change had been half way.
    let mut file = fs::File::options()
        .append(true)
        .open(bench.path("x.agc"))
        .unwrap();
    file.write_all(&[b'?'; 5000]).unwrap();
    drop(file);
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
    let mut child = begin(&bench);
    child.kill().unwrap();
    child.status_in_time();
    let mut file = fs::File::options()
        .append(true)
        .open(bench.path("x.agc"))
        .unwrap();
    file.write_all(&[b'?'; 77]).unwrap();
    drop(file);
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
        let child = begin_with(&bench, change);
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
    let mut child = begin(&bench);
    child.kill().unwrap();
    child.status_in_time();
    // Another program, which knows of no journals, writes the file anew.
    bench.succeed(&["create", "-o", "other.agc", "b.fa", "c.fa"]);
    fs::rename(bench.path("other.agc"), bench.path("x.agc")).unwrap();
    assert_eq!(listed(&bench), "b\nc\n");
    let (_, told) = bench.succeed(&["recover", "x.agc"]);
    assert!(told.contains("nothing had been changed"), "{told}");
    assert_eq!(listed(&bench), "b\nc\n");
}

#[test]
fn earlier_states_are_read_and_gone_back_to() {
    let bench = bench();
    let mut states = vec![bytes(&bench)];
    for file in ["b.fa", "c.fa"] {
        bench.succeed(&["append", "--in-place", "x.agc", file]);
        states.push(bytes(&bench));
    }
    for (state, names) in [("1", "a\n"), ("2", "a\nb\n"), ("3", "a\nb\nc\n")] {
        let (found, _) = bench.succeed(&["listset", "--at", state, "x.agc"]);
        assert_eq!(found, names.as_bytes(), "state {state}");
    }
    let (text, _) = bench.succeed(&["getset", "--at", "2", "x.agc", "b"]);
    assert_eq!(text, fs::read(bench.path("b.fa")).unwrap());
    bench.fail(1, &["getset", "--at", "1", "x.agc", "b"]);
    for state in ["0", "4"] {
        let told = bench.fail(1, &["listset", "--at", state, "x.agc"]);
        let expected = format!("ragc: error: x.agc: there is no state {state}: there are 3\n");
        assert_eq!(told, expected);
    }
    for state in states[..2].iter().rev() {
        bench.succeed(&["undo", "x.agc"]);
        assert!(bytes(&bench) == *state);
        bench.succeed(&["verify", "x.agc"]);
    }
    let told = bench.fail(1, &["undo", "x.agc"]);
    assert!(
        told.contains("x.agc: there is no change to take back: "),
        "{told}"
    );
    assert!(bytes(&bench) == states[0]);
    let told = bench.fail(1, &["listset", "--at", "2", "x.agc"]);
    assert!(
        told.ends_with("there is no state 2: there is only state 1\n"),
        "{told}"
    );
    bench.succeed(&["append", "--in-place", "x.agc", "b.fa"]);
    bench.succeed(&["append", "--rewrite", "-o", "x.agc", "x.agc", "c.fa"]);
    bench.fail(1, &["undo", "x.agc"]);
    bench.fail(1, &["listset", "--at", "2", "x.agc"]);
}

#[test]
fn an_earlier_state_that_is_damaged_is_not_gone_back_to() {
    let bench = bench();
    let len = bytes(&bench).len();
    bench.succeed(&["append", "--in-place", "x.agc", "b.fa"]);
    let mut damaged = bytes(&bench);
    damaged[len - 20] ^= 1;
    bench.write("x.agc", &damaged);
    bench.fail(1, &["undo", "x.agc"]);
    bench.fail(1, &["listset", "--at", "1", "x.agc"]);
    assert!(bytes(&bench) == damaged);
    assert_eq!(listed(&bench), "a\nb\n");
}

#[test]
fn archives_of_agc_are_changed_in_place() {
    let folder = golden_archive("");
    let bench = bench();
    let mut n_changed = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let archive = fs::read(entry.unwrap().path()).unwrap();
        bench.write("x.agc", &archive);
        let before = bench.run(&["getcol", "x.agc"]);
        let appended = bench.run(&[
            "append",
            "--in-place",
            "x.agc",
            "in-place-b=b.fa",
            "in-place-c=c.fa",
        ]);
        if !appended.status.success() {
            // Another version, or damaged.
            assert!(bytes(&bench) == archive);
            continue;
        }
        n_changed += 1;
        assert!(bytes(&bench).starts_with(&archive));
        bench.succeed(&["verify", "x.agc"]);
        let after = bench.succeed(&["getcol", "x.agc"]).0;
        assert!(before.status.success() && after.starts_with(&before.stdout));
        assert!(after.ends_with(&fs::read(bench.path("c.fa")).unwrap()));
        bench.succeed(&["undo", "x.agc"]);
        assert!(bytes(&bench) == archive);
    }
    assert!(n_changed > 3, "{n_changed}");
}

#[test]
fn where_files_are_cloned_other_readers_see_the_old_state_too() {
    let Some(folder) = std::env::var_os(CLONING_FOLDER) else {
        eprintln!("{CLONING_FOLDER} names no folder: changes of clones are not tested");
        return;
    };
    let bench = filled(Bench::within(folder.as_ref()));
    assert!(
        !has_journals(&bench),
        "{CLONING_FOLDER}: files are not cloned there"
    );
    bench.succeed(&["append", "--in-place", "x.agc", "b.fa"]);
    let (before, files) = (bytes(&bench), bench.files());
    let inode = || fs::metadata(bench.path("x.agc")).unwrap().ino();
    for signal in ["-KILL", "-TERM"] {
        let mut command = bench.command(&["append", "--in-place", "x.agc", "late=-"]);
        let mut child = command
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // It holds the clone, which has no name, when it has opened a file of the folder to write it.
        let mut input = child.stdin.take().unwrap();
        input.write_all(b">x\nACGT\n").unwrap();
        until("the clone is there", || {
            let mut files = open_files(&child).into_iter();
            files.any(|file| file.to_string_lossy().ends_with("(deleted)"))
        });
        assert!(bytes(&bench) == before && !has_journal(&bench));
        send(signal, &child);
        child.status_in_time();
        drop(input);
        assert!(bytes(&bench) == before, "nothing is to be recovered");
    }
    let lock = bench.path(".ragc-x.agc.lock");
    assert!(
        bench
            .files()
            .iter()
            .all(|file| files.contains(file) || *file == lock)
    );
    let old = inode();
    bench.succeed(&["rename", "--in-place", "x.agc", "b=new"]);
    assert!(bytes(&bench).starts_with(&before) && inode() != old);
    assert_eq!(listed(&bench), "a\nnew\n");
    bench.succeed(&["verify", "x.agc"]);
    bench.succeed(&["undo", "x.agc"]);
    assert!(bytes(&bench) == before);
}

/// A journal is beside one of the names, so who reads by another would see half of a change.
#[test]
fn a_file_with_several_names_is_written_anew() {
    let bench = bench();
    if !has_journals(&bench) {
        return;
    }
    let before = bytes(&bench);
    fs::hard_link(bench.path("x.agc"), bench.path("y.agc")).unwrap();
    for args in [
        &["append", "--in-place", "x.agc", "b.fa"][..],
        &["rename", "--in-place", "x.agc", "a=b"],
    ] {
        let told = bench.fail(1, args);
        assert!(told.contains("hard links"), "{told}");
        assert!(bytes(&bench) == before);
    }
    bench.succeed(&["append", "-o", "x.agc", "x.agc", "b.fa"]);
    assert_eq!(listed(&bench), "a\nb\n");
    assert!(fs::read(bench.path("y.agc")).unwrap() == before);
    bench.succeed(&["append", "--in-place", "x.agc", "c.fa"]);
    assert_eq!(listed(&bench), "a\nb\nc\n");
    fs::remove_file(bench.path("y.agc")).unwrap();
    fs::hard_link(bench.path("x.agc"), bench.path("y.agc")).unwrap();
    let before = bytes(&bench);
    bench.write("d.fa", ">x\nACGGTCGTTGCC\n");
    bench.succeed(&["sync", "x.agc", "d.fa"]);
    assert_eq!(listed(&bench), "a\nb\nc\nd\n");
    assert!(fs::read(bench.path("y.agc")).unwrap() == before);
}

#[test]
fn names_are_changed_behind_the_old_end() {
    let bench = bench();
    bench.succeed(&["append", "--in-place", "x.agc", "b.fa"]);
    let (before, files) = (bytes(&bench), bench.files());
    bench.succeed(&["rename", "--in-place", "x.agc", "b=new"]);
    bench.succeed(&["rename", "--in-place", "--contigs-of", "new", "x.agc", "x=y"]);
    assert!(bytes(&bench).starts_with(&before));
    assert_eq!(bench.files(), files);
    assert_eq!(listed(&bench), "a\nnew\n");
    assert_eq!(
        bench.succeed(&["getset", "x.agc", "new"]).0,
        b">y\nACGGACGTTGCA\n"
    );
    assert_eq!(bench.succeed(&["getset", "x.agc", "a"]).0, b">x\nACGTACGTTGCA\n");
    bench.succeed(&["verify", "x.agc"]);
    for (state, names) in [("2", "a\nb\n"), ("3", "a\nnew\n")] {
        assert_eq!(
            bench.succeed(&["listset", "--at", state, "x.agc"]).0,
            names.as_bytes()
        );
    }
    bench.succeed(&["append", "--in-place", "x.agc", "b.fa", "c.fa"]);
    assert_eq!(listed(&bench), "a\nb\nc\nnew\n");
    bench.succeed(&["verify", "x.agc"]);
    for _ in 0..3 {
        bench.succeed(&["undo", "x.agc"]);
    }
    assert!(bytes(&bench) == before);
    for names in ["b=a", "nobody=c", "b=", "b=two\nlines"] {
        bench.fail(1, &["rename", "--in-place", "x.agc", names]);
        assert!(bytes(&bench) == before, "{names}");
        assert_eq!(bench.files(), files);
    }
    for option in [&["--verify"][..], &["-o", "y.agc"], &["--force"]] {
        bench.fail(
            2,
            &[&["rename", "--in-place"][..], option, &["x.agc", "b=c"]].concat(),
        );
    }
}

#[test]
fn archives_of_other_versions_are_not_renamed_in_place() {
    let folder = golden_archive("");
    let bench = bench();
    let mut n_refused = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let archive = fs::read(entry.unwrap().path()).unwrap();
        bench.write("x.agc", &archive);
        let Some(sample) = listed_first(&bench) else {
            continue;
        };
        let other = format!("{sample}=renamed");
        let anew = bench.run(&["rename", "--force", "-o", "y.agc", "x.agc", &other]);
        let in_place = bench.run(&["rename", "--in-place", "x.agc", &other]);
        if !in_place.status.success() {
            assert!(bytes(&bench) == archive);
            let told = String::from_utf8(in_place.stderr).unwrap();
            n_refused += usize::from(told.contains("only those of version 3"));
            continue;
        }
        assert!(anew.status.success() && bytes(&bench).starts_with(&archive));
        bench.succeed(&["verify", "x.agc"]);
        let content = |name| bench.succeed(&["getcol", name]).0;
        assert!(content("x.agc") == content("y.agc"));
        assert_eq!(
            bench.succeed(&["listset", "x.agc"]),
            bench.succeed(&["listset", "y.agc"])
        );
    }
    assert!(n_refused > 1, "{n_refused}");
}

/// The first sample of an archive that can be listed.
fn listed_first(bench: &Bench) -> Option<String> {
    let output = bench.run(&["listset", "x.agc"]);
    let text = String::from_utf8(output.stdout).ok()?;
    text.lines().next().map(str::to_owned)
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

#[test]
fn ten_readers_beside_a_writer_see_one_state_or_the_other() {
    let bench = bench();
    let text = fs::read(bench.path("a.fa")).unwrap();
    let is_done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = || {
            let mut n_seen = Vec::new();
            // Once more when all is written.
            loop {
                let was_done = is_done.load(Ordering::SeqCst);
                assert_eq!(bench.succeed(&["getset", "x.agc", "a"]).0, text);
                n_seen.push(listed(&bench).lines().count());
                if was_done {
                    return n_seen;
                }
            }
        };
        let readers: Vec<_> = (0..10).map(|_| scope.spawn(reader)).collect();
        for n in 0..6 {
            bench.write(&format!("s{n}.fa"), format!(">x\n{}\n", random_bases(n, 3000)));
            bench.succeed(&["append", "--in-place", "x.agc", &format!("s{n}.fa")]);
        }
        bench.succeed(&["append", "--rewrite", "-o", "x.agc", "x.agc", "b.fa"]);
        is_done.store(true, Ordering::SeqCst);
        for reader in readers {
            let n_seen = reader.join().unwrap();
            assert!(n_seen.is_sorted() && n_seen.last() == Some(&8), "{n_seen:?}");
        }
    });
}

#[test]
fn who_has_opened_an_archive_before_goes_on_reading_it() {
    let bench = bench();
    let opened = ragc_core::Archive::open(bench.path("x.agc")).unwrap();
    let text = || {
        let mut text = Vec::new();
        opened.write_sample("a", &mut text, 80).unwrap();
        (text, opened.samples().unwrap().len())
    };
    let before = text();
    for args in [
        &["append", "--in-place", "x.agc", "b.fa"][..],
        &["undo", "x.agc"],
        &["append", "--rewrite", "-o", "x.agc", "x.agc", "c.fa"],
        &["remove", "x.agc", "a"],
    ] {
        bench.succeed(args);
        assert_eq!(text(), before, "{args:?}");
    }
    assert_eq!(listed(&bench), "c\n");
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

#[test]
fn where_nothing_is_to_be_changed_nothing_is_written() {
    let bench = bench();
    bench.write("described.fa", ">x of a sample\nACGGTCGTTGCA\n");
    bench.succeed(&["append", "--in-place", "x.agc", "described.fa"]);
    bench.write("none.txt", "");
    let identity = || {
        let file = fs::metadata(bench.path("x.agc")).unwrap();
        (file.ino(), file.mtime(), file.mtime_nsec())
    };
    let (before, told_before, files) = (bytes(&bench), identity(), bench.files());
    for args in [
        &["rename", "--in-place", "x.agc", "a=a"][..],
        &["rename", "--in-place", "x.agc", "a=a", "described=described"],
        &[
            "rename",
            "--in-place",
            "--contigs-of",
            "described",
            "x.agc",
            "x=x",
        ],
        &["rename", "x.agc", "a=a"],
        &["rename", "-o", "x.agc", "x.agc", "a=a"],
        &["remove", "x.agc", "--samples-from", "none.txt"],
    ] {
        let (_, told) = bench.succeed(args);
        assert!(told.contains("nothing was written"), "{args:?}: {told}");
        assert!(bytes(&bench) == before && identity() == told_before, "{args:?}");
        assert_eq!(bench.files(), files);
    }
    for args in [
        &["rename", "--in-place", "x.agc", "a=a", "a=a"][..],
        &["append", "--in-place", "x.agc", "-i", "none.txt"],
        &["subset", "x.agc", "--samples-from", "none.txt"],
        &["replace", "x.agc", "-i", "none.txt"],
        &["sync", "x.agc", "-i", "none.txt"],
    ] {
        bench.fail(1, args);
        assert!(bytes(&bench) == before && identity() == told_before, "{args:?}");
    }
    // A new archive is made in any case.
    bench.succeed(&["rename", "-o", "y.agc", "x.agc", "a=a"]);
    assert_eq!(bench.succeed(&["listset", "y.agc"]).0, b"a\ndescribed\n");
    bench.succeed(&[
        "rename",
        "--in-place",
        "--contigs-of",
        "described",
        "x.agc",
        "x of a sample=x",
    ]);
    assert!(bytes(&bench).len() > before.len());
}

/// With an index in front, undo writes to two places of the file.
#[test]
fn an_undo_that_is_killed_can_be_completed() {
    if installed("undo that is killed", &["strace"], "-V").is_none() {
        return;
    }
    for kind in [&[][..], &["--streamable"]] {
        let bench = bench();
        bench.succeed(&[&["create", "-o", "x.agc", "a.fa"], kind].concat());
        let old = bytes(&bench);
        bench.succeed(&["append", "--in-place", "x.agc", "b.fa"]);
        let new = bytes(&bench);
        for call in ["ftruncate", "write", "fsync", "unlink"] {
            for count in 1..4 {
                bench.write("x.agc", &new);
                // The call is done, then the program dies.
                let kill = format!("inject={call}:signal=KILL:when={count}");
                let mut command = Command::new("strace");
                command.args(["-f", "-qq", "-e", &format!("trace={call}"), "-e", &kill]);
                command.args([env!("CARGO_BIN_EXE_ragc"), "undo", "x.agc"]);
                command.current_dir(bench.path("."));
                let output = command.output_in_time();
                let listed = listed(&bench);
                assert!(["a\n", "a\nb\n"].contains(&&*listed), "{kill}: {listed}");
                bench.succeed(&["recover", "x.agc"]);
                assert!(!has_journal(&bench), "{kill}");
                let left = bytes(&bench);
                assert!(left == old || left == new, "{kill} {kind:?}");
                assert!(left == old || !output.status.success(), "{kill} {kind:?}");
            }
        }
    }
}

#[test]
fn info_tells_what_was_replaced_and_repack_gives_it_back() {
    let bench = bench();
    let info = || {
        let json = bench.succeed(&["info", "--json", "x.agc"]).0;
        let info: serde_json::Value = serde_json::from_slice(&json).unwrap();
        let tell = |field: &str| info["archive"][field].as_u64().unwrap();
        (tell("n_bytes"), tell("n_replaced_bytes"))
    };
    assert_eq!(info().1, 0);
    let mut replaced = vec![0];
    for file in ["b.fa", "c.fa"] {
        bench.succeed(&["append", "--in-place", "-d", "x.agc", file]);
        replaced.push(info().1);
    }
    bench.succeed(&["rename", "--in-place", "-d", "x.agc", "a=e"]);
    let (n_bytes, most) = info();
    replaced.push(most);
    // Footers and small streams at least.
    assert!(
        replaced.windows(2).all(|pair| pair[0] + 200 < pair[1]),
        "{replaced:?}"
    );
    let text = String::from_utf8(bench.succeed(&["info", "x.agc"]).0).unwrap();
    assert!(text.contains(&format!("Replaced in it   : {most}\n")), "{text}");
    bench.succeed(&["repack", "-d", "x.agc"]);
    let (len, none) = info();
    assert_eq!(none, 0);
    // What leads to the state before goes with it.
    let rest = n_bytes - most;
    assert!(len <= rest && rest < len + 100, "{len} {rest}");
}
