//! An archive has one writer at a time, and is replaced by what was asked to replace it only.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command};

use crate::bench::Bench;
use crate::bench::deadline::{EndInTime, RunInTime, in_time, until};
use crate::bench::injected::injected;
use crate::bench::installed::installed;
use crate::children::has_nameless_file;

/// A folder with two archives, and more genomes.
fn bench_with_archives() -> Bench {
    let bench = Bench::new();
    for (name, sequence) in [("a", "ACGTACGTTG"), ("b", "ACGGACGTTG"), ("c", "ACGGTCGTTG")] {
        bench.write(&format!("{name}.fa"), format!(">x\n{sequence}\n"));
    }
    succeed(&bench, &["create", "-o", "x.agc", "a.fa"]);
    succeed(&bench, &["create", "-o", "other.agc", "b.fa"]);
    bench
}

/// A command that is not forced to anything. Archives tell nothing of it, by which they would differ.
fn command(bench: &Bench, args: &[&str]) -> Command {
    let mut command = bench.bare_command(args);
    if matches!(args.first(), Some(&("create" | "append"))) {
        command.arg("-d");
    }
    command
}

fn succeed(bench: &Bench, args: &[&str]) {
    let output = command(bench, args).output_in_time();
    assert!(output.status.success(), "{args:?}: {output:?}");
}

/// Runs a command that must fail; gives its message.
fn fail(bench: &Bench, args: &[&str]) -> String {
    let output = command(bench, args).output_in_time();
    assert_eq!(output.status.code(), Some(1), "{args:?}: {output:?}");
    String::from_utf8(output.stderr).unwrap()
}

fn spawn(bench: &Bench, args: &[&str]) -> Child {
    crate::bench::begin(&mut command(bench, args))
}

/// Starts to add standard input to an archive, and comes back when it has begun to write.
fn begin(bench: &Bench, args: &[&str]) -> Child {
    let child = spawn(bench, args);
    let is_unfinished = |file: &PathBuf| {
        file.extension()
            .is_some_and(|ending| ending == "tmp" || ending == "ragc-journal")
    };
    until("the output is begun", || {
        bench.files().iter().any(is_unfinished) || has_nameless_file(bench, &child)
    });
    child
}

const ADD_D: [&str; 6] = ["append", "-o", "x.agc", "--sample", "d", "x.agc"];

/// Gives a child its sample; tells its exit status and what it has said.
fn end(mut child: Child) -> (Option<i32>, String) {
    child
        .stdin
        .take()
        .unwrap()
        .write_all(b">x\nACGGACGTTC\n")
        .unwrap();
    let output = child.output_in_time();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

fn samples(bench: &Bench, archive: &str) -> String {
    let listed = command(bench, &["listset", archive]).output_in_time();
    String::from_utf8(listed.stdout).unwrap()
}

#[test]
fn who_comes_second_waits_and_adds_to_what_the_first_has_written() {
    let bench = bench_with_archives();
    let files = bench.files();
    let first = begin(&bench, &[&ADD_D[..], &["-"]].concat());
    let mut second = spawn(&bench, &["append", "-o", "x.agc", "x.agc", "b.fa"]);
    let mut said = BufReader::new(second.stderr.take().unwrap());
    let first_line = move || {
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        (said, line)
    };
    let (mut said, mut line) = in_time("that it waits is told", first_line);
    assert_eq!(
        line,
        "ragc: x.agc: another command is writing this archive; waiting until it is done\n"
    );
    assert_eq!(end(first), (Some(0), String::new()));
    assert!(second.status_in_time().success());
    line.clear();
    said.read_to_string(&mut line).unwrap();
    assert_eq!(line, "");
    assert_eq!(samples(&bench, "x.agc"), "a\nb\nd\n");
    assert_eq!(bench.files(), files);
}

#[test]
fn who_does_not_want_to_wait_fails_at_once() {
    let bench = bench_with_archives();
    // By whatever name: a link is what it points to.
    std::os::unix::fs::symlink("x.agc", bench.path("link.agc")).unwrap();
    let files = bench.files();
    let first = begin(&bench, &[&ADD_D[..], &["-"]].concat());
    for (command, archive) in [("append", "x.agc"), ("append", "./x.agc"), ("append", "link.agc")] {
        let message = fail(&bench, &[command, "--no-wait", "-o", archive, "x.agc", "b.fa"]);
        assert_eq!(
            message,
            format!("ragc: error: {archive}: another command is writing this archive\n")
        );
    }
    fail(&bench, &["create", "--no-wait", "--force", "-o", "x.agc", "b.fa"]);
    fail(&bench, &["remove", "--no-wait", "x.agc", "a"]);
    fail(&bench, &["replace", "--no-wait", "x.agc", "a=b.fa"]);
    // Other archives and readers do not wait.
    succeed(&bench, &["append", "--no-wait", "-o", "y.agc", "x.agc", "b.fa"]);
    assert_eq!(samples(&bench, "x.agc"), "a\n");
    assert_eq!(end(first), (Some(0), String::new()));
    assert_eq!(samples(&bench, "x.agc"), "a\nd\n");
    fs::remove_file(bench.path("y.agc")).unwrap();
    assert_eq!(bench.files(), files);
}

#[test]
fn what_another_program_has_written_meanwhile_stays() {
    let bench = bench_with_archives();
    let other = fs::read(bench.path("other.agc")).unwrap();
    let first = begin(&bench, &[&ADD_D[..], &["-"]].concat());
    fs::rename(bench.path("other.agc"), bench.path("x.agc")).unwrap();
    assert_eq!(
        end(first),
        (
            Some(1),
            "ragc: error: x.agc: another program has written this file meanwhile, which stays as it is: nothing was written\n".to_owned()
        )
    );
    assert!(fs::read(bench.path("x.agc")).unwrap() == other);
    let create = ["create", "-o", "new.agc", "--sample", "d", "-"];
    let first = begin(&bench, &create);
    fs::write(bench.path("new.agc"), &other).unwrap();
    assert_eq!(end(first).0, Some(1));
    assert!(fs::read(bench.path("new.agc")).unwrap() == other);
}

/// A file system that fails: the lock was tried again and again, as if somebody else had just removed it.
#[test]
fn a_file_that_cannot_be_looked_at_is_an_error() {
    if installed("looks at files that fail", &["strace"], "-V").is_none() {
        return;
    }
    let bench = bench_with_archives();
    for count in 1..30 {
        let fail = format!("error=EIO:when={count}+");
        let args = ["append", "-o", "new.agc", "x.agc", "c.fa"];
        let output = injected(&bench, "statx", &fail, &args).output_in_time();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.lines().count() <= 1, "{fail}: {told}");
        assert_eq!(output.status.success(), told.is_empty(), "{fail}: {told}");
        let _ = fs::remove_file(bench.path("new.agc"));
    }
}

/// What could not be looked at once was taken for what is not there, and replaced; and a file that a folder has, for one that is gone.
#[test]
fn what_cannot_be_looked_at_once_is_not_replaced() {
    if installed("looks at files that fail", &["strace"], "-V").is_none() {
        return;
    }
    let bench = bench_with_archives();
    let folder = bench.path("folder");
    fs::create_dir(&folder).unwrap();
    for name in ["a.fa", "b.fa"] {
        fs::copy(bench.path(name), folder.join(name)).unwrap();
    }
    succeed(
        &bench,
        &["create", "-o", "both.agc", "folder/a.fa", "folder/b.fa"],
    );
    for (args, stays) in [
        (&["create", "-o", "x.agc", "b.fa"][..], "x.agc"),
        (&["getset", "-o", "other.agc", "x.agc", "a"], "other.agc"),
        (&["getset", "-o", "x.agc", "x.agc", "a"], "x.agc"),
        (&["create", "-o", "b.fa", "a.fa", "b.fa"], "b.fa"),
        (&["sync", "--delete", "both.agc", "folder"], "both.agc"),
    ] {
        let before = fs::read(bench.path(stays)).unwrap();
        for (call, count) in ["statx", "openat", "pread64"]
            .into_iter()
            .flat_map(|call| (1..16).map(move |count| (call, count)))
        {
            let fail = format!("error=EIO:when={count}");
            let output = injected(&bench, call, &fail, args).output_in_time();
            let is_same = fs::read(bench.path(stays)).unwrap() == before;
            assert!(is_same, "{args:?} {call} {fail}: {output:?}");
        }
    }
}

/// An index that could not be looked at once was left beside another text, and what was done to an archive was told as of an archive that has no states.
#[test]
fn what_cannot_be_looked_at_once_is_not_told_as_missing() {
    if installed("looks at files that fail", &["strace"], "-V").is_none() {
        return;
    }
    let bench = bench_with_archives();
    succeed(&bench, &["append", "--in-place", "x.agc", "b.fa"]);
    let log = bench.succeed(&["log", "x.agc"]).0;
    let log = String::from_utf8(log).unwrap();
    for count in 1..60 {
        let fail = format!("error=EIO:when={count}");
        let logged = injected(&bench, "statx", &fail, &["log", "x.agc"]).output_in_time();
        let text = String::from_utf8(logged.stdout).unwrap();
        assert_eq!(text, if logged.status.success() { &*log } else { "" }, "{fail}");
        bench.write("text.fa", ">x\nACGTAC\n");
        bench.write("text.fa.fai", "x\t6\t3\t6\t7\n");
        // By the other of its names it would be removed all the same.
        let fail = format!("{fail}+");
        let getset = ["getset", "-o", "text.fa", "x.agc", "b"];
        let output = injected(&bench, "statx", &fail, &getset).output_in_time();
        let is_new = fs::read(bench.path("text.fa")).unwrap() != b">x\nACGTAC\n";
        assert!(is_new || !output.status.success(), "{fail}");
        assert!(
            !is_new || !bench.path("text.fa.fai").exists(),
            "{fail}: {output:?}"
        );
    }
}

#[test]
fn an_archive_is_replaced_by_force_only() {
    let bench = bench_with_archives();
    let (archive, other) = (
        fs::read(bench.path("x.agc")).unwrap(),
        fs::read(bench.path("other.agc")).unwrap(),
    );
    for args in [
        &["create", "-o", "x.agc", "b.fa"][..],
        &["append", "-o", "x.agc", "other.agc", "c.fa"],
    ] {
        let message = fail(&bench, args);
        assert_eq!(
            message,
            "ragc: error: x.agc: there is an archive of this name: --force replaces it\n"
        );
        assert!(fs::read(bench.path("x.agc")).unwrap() == archive);
        succeed(&bench, &[args, &["--force"]].concat());
        assert!(samples(&bench, "x.agc").starts_with("b\n"));
        fs::write(bench.path("x.agc"), &archive).unwrap();
    }
    // Even a damaged one: some of it may be had.
    let mut damaged = archive.clone();
    damaged[10] ^= 1;
    // So is one whose download ended too early, or with something behind it.
    let cut = archive[..archive.len() - 20].to_vec();
    let longer = [archive.as_slice(), b"x"].concat();
    for damaged in [damaged, cut, longer] {
        fs::write(bench.path("damaged.agc"), &damaged).unwrap();
        for args in [
            &["create", "-o", "damaged.agc", "b.fa"][..],
            &["append", "-o", "damaged.agc", "other.agc", "c.fa"],
        ] {
            let message = fail(&bench, args);
            assert!(message.contains("--force replaces it"), "{message}");
        }
        assert!(fs::read(bench.path("damaged.agc")).unwrap() == damaged);
    }
    // What is no archive is replaced without a question.
    for text in ["", "some text of 23 letters"] {
        bench.write("y.agc", text);
        succeed(&bench, &["create", "-o", "y.agc", "a.fa"]);
        assert!(fs::read(bench.path("y.agc")).unwrap() == archive);
    }
    // And no sequence or list takes the place of an archive.
    for args in [
        &["getset", "-o", "other.agc", "x.agc", "a"][..],
        &["getctg", "-o", "other.agc", "x.agc", "x"],
        &["faidx", "-o", "other.agc", "x.agc", "x"],
        &["faidx", "--fai", "-o", "other.agc", "x.agc", "a"],
        &["listset", "-o", "other.agc", "x.agc"],
    ] {
        let message = fail(&bench, args);
        assert_eq!(
            message,
            "ragc: error: other.agc: this is an archive; write to another file\n"
        );
    }
    assert!(fs::read(bench.path("other.agc")).unwrap() == other);
    // Nor does an index.
    for ending in ["fai", "gzi"] {
        let name = format!("a.fa.{ending}");
        fs::copy(bench.path("other.agc"), bench.path(&name)).unwrap();
        let message = fail(&bench, &["getset", "-o", "a.fa", "x.agc", "a"]);
        assert_eq!(
            message,
            format!("ragc: error: {name}: this is an archive; write to another file\n")
        );
        assert!(fs::read(bench.path(&name)).unwrap() == other);
        fs::remove_file(bench.path(&name)).unwrap();
    }
}

#[test]
fn what_has_the_name_of_the_lock_and_is_no_file_is_told_and_not_waited_for() {
    let bench = bench_with_archives();
    let lock = bench.path(".ragc-x.agc.lock");
    let append = ["append", "-o", "x.agc", "x.agc", "b.fa"];
    let archive = fs::read(bench.path("x.agc")).unwrap();
    bench.write("precious", "some text");
    for target in ["precious", "nowhere"] {
        std::os::unix::fs::symlink(target, &lock).unwrap();
        let files = bench.files();
        assert_eq!(
            spawn(&bench, &append).status_in_time().code(),
            Some(1),
            "a link to {target}"
        );
        // Nor is anything made where it leads.
        assert_eq!(bench.files(), files);
        assert!(fail(&bench, &append).contains(".ragc-x.agc.lock"));
        fs::remove_file(&lock).unwrap();
    }
    assert!(Command::new("mkfifo").arg(&lock).status_in_time().success());
    assert_eq!(spawn(&bench, &append).status_in_time().code(), Some(1), "a pipe");
    fs::remove_file(&lock).unwrap();
    fs::create_dir(&lock).unwrap();
    assert_eq!(
        spawn(&bench, &append).status_in_time().code(),
        Some(1),
        "a folder"
    );
    assert!(fs::read(bench.path("x.agc")).unwrap() == archive);
    fs::remove_dir(&lock).unwrap();
    succeed(&bench, &append);
}
