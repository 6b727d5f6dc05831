//! Archives that come through pipes: the same answers as from a file, and one line for what is no archive.

use std::fs::{self, File};
use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::thread;

use crate::bench::deadline::{EndInTime, RunInTime, in_time};
use crate::bench::{Bench, piped};

/// Commands that read `x.agc`, each with what stands behind the archive.
const COMMANDS: [(&[&str], &[&str]); 15] = [
    (&["listset"], &[]),
    (&["listset", "--tsv"], &[]),
    (&["listref"], &[]),
    (&["listctg"], &["b"]),
    (&["info"], &[]),
    (&["log"], &[]),
    (&["getset"], &["b", "a"]),
    (&["getset", "--exact"], &["a"]),
    (&["getctg"], &["d@b:3-9"]),
    (&["getcol"], &[]),
    (&["getcol", "-f"], &[]),
    (&["faidx"], &["a#c:3-9"]),
    (&["digest"], &[]),
    (&["verify"], &[]),
    (&["listctg", "--json"], &[]),
];

/// `x.agc`, and the same with its index in front, `s.agc`.
fn bench() -> Bench {
    let bench = Bench::new();
    let lines = |n: usize, step: usize| -> String {
        let letter = |i: usize| b"ACGTTGCAGGATCCA"[(i * step + i / 7 + i / 31) % 15] as char;
        (0..n).map(letter).collect()
    };
    bench.write("a.fa", format!(">c one\n{}\n>d\nggacgt\n", lines(70_000, 3)));
    bench.write("b.fa", format!(">c\n{}\n>d\nACGTNNNNACGT\n", lines(69_000, 3)));
    bench.write("c.fa", format!(">e\n{}\n", lines(9_000, 4)));
    let files = ["a.fa", "b.fa", "c.fa"];
    for options in [
        &["create", "-o", "x.agc"][..],
        &["create", "--streamable", "-o", "s.agc"],
    ] {
        // With what log tells.
        let mut command = bench.bare_command(&[options, &files[..]].concat());
        assert!(command.output_in_time().status.success());
    }
    bench
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// What a command printed, without the name of the archive, with which verify begins.
fn answer(output: &Output, name: &str) -> String {
    assert!(output.status.success(), "{}", stderr(output));
    let answer = String::from_utf8(output.stdout.clone()).unwrap();
    let without = answer.strip_prefix(&format!("{name}: "));
    without.unwrap_or(&answer).to_owned()
}

#[test]
fn answers_are_those_of_the_file() {
    let bench = bench();
    for archive in ["x.agc", "s.agc"] {
        let bytes = fs::read(bench.path(archive)).unwrap();
        for (before, behind) in COMMANDS {
            let args = |name| [before, &[name][..], behind].concat();
            let of_file = answer(&bench.run(&args(archive)), archive);
            assert!(!of_file.is_empty());
            for name in ["-", "/dev/stdin"] {
                let of_pipe = bench.piped(&args(name), &bytes);
                assert_eq!(answer(&of_pipe, name), of_file, "{before:?}");
                let redirected = bench
                    .command(&args(name))
                    .stdin(File::open(bench.path(archive)).unwrap())
                    .stdout(Stdio::piped())
                    .stderr(Stdio::piped())
                    .spawn()
                    .unwrap()
                    .output_in_time();
                assert_eq!(answer(&redirected, name), of_file, "{before:?}");
            }
        }
    }
}

#[test]
fn what_memory_has_no_room_for_goes_into_a_file_that_nobody_sees() {
    let bench = bench();
    for archive in ["x.agc", "s.agc"] {
        let bytes = fs::read(bench.path(archive)).unwrap();
        let of_file = bench.succeed(&["getcol", archive]).0;
        let before = bench.files();
        for memory in ["0", "1", "2K", "1G"] {
            let args = ["getcol", "--memory", memory, "-"];
            let output = bench.piped(&args, &bytes);
            assert!(output.status.success() && output.stdout == of_file, "{memory}");
        }
        assert_eq!(bench.files(), before);
        let mut command = bench.command(&["listset", "--memory", "1", "-"]);
        command.env("TMPDIR", bench.path("there is no such folder"));
        let output = piped(&mut command, &bytes);
        assert_eq!(output.status.code(), Some(1));
        let message = stderr(&output);
        let folder = bench.path("there is no such folder");
        let told = format!("cannot write a temporary file in {}", folder.display());
        assert!(message.contains(&told), "{message}");
        assert_eq!(message.lines().count(), 1, "{message}");
    }
}

#[test]
fn named_pipes_are_read_as_well() {
    let bench = bench();
    let pipe = bench.path("pipe.agc");
    assert!(Command::new("mkfifo").arg(&pipe).status_in_time().success());
    let of_file = bench.succeed(&["getset", "x.agc", "b"]).0;
    let bytes = fs::read(bench.path("x.agc")).unwrap();
    let writer = thread::spawn(move || fs::write(pipe, bytes));
    assert_eq!(bench.succeed(&["getset", "pipe.agc", "b"]).0, of_file);
    in_time("the writer ends", move || writer.join().unwrap().unwrap());
}

#[test]
fn what_is_no_archive_is_told_in_a_line() {
    let bench = bench();
    let [whole, streamable] = ["x.agc", "s.agc"].map(|name| fs::read(bench.path(name)).unwrap());
    let cases: [(Vec<u8>, &str); 8] = [
        (
            Vec::new(),
            "standard input: this is an empty file, not an archive",
        ),
        (b">c\nACGT\n".to_vec(), "this is FASTA text, not an archive"),
        (b"no archive".to_vec(), "this is text, not an archive"),
        (whole[..whole.len() / 2].to_vec(), "is the file complete?"),
        (whole[..1].to_vec(), "damaged archive"),
        (streamable[..10].to_vec(), "damaged archive"),
        (streamable[..200].to_vec(), "is the file complete?"),
        (
            streamable[..streamable.len() - 1].to_vec(),
            "is the file complete?",
        ),
    ];
    for (bytes, told) in cases {
        for (before, behind) in COMMANDS {
            let output = bench.piped(&[before, &["-"][..], behind].concat(), &bytes);
            let message = stderr(&output);
            assert!(
                message.starts_with("ragc: error: standard input: ") || before == ["verify"],
                "{before:?}: {message}"
            );
            assert!(
                message.contains(told) || message.contains("it ends behind"),
                "{before:?}: {message}"
            );
            assert!(matches!(output.status.code(), Some(1 | 3)), "{before:?}");
            assert_eq!(message.lines().count(), 1, "{before:?}: {message}");
        }
    }
}

#[test]
fn nobody_waits_for_the_end_of_what_begins_otherwise() {
    let bench = bench();
    let mut child = bench
        .command(&["listset", "-"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    pipe.write_all(format!(">c\n{}\n", "ACGT".repeat(1000)).as_bytes())
        .unwrap();
    let output = child.output_in_time();
    assert_eq!(output.status.code(), Some(1));
    let message = stderr(&output);
    assert_eq!(
        message,
        "ragc: error: standard input: this is FASTA text, not an archive\n"
    );
    drop(pipe);
}

#[test]
fn standard_input_is_for_one() {
    let bench = bench();
    let bytes = fs::read(bench.path("x.agc")).unwrap();
    for args in [
        &["getset", "--samples-from", "-", "-"][..],
        &["listset", "--samples-from", "-", "/dev/stdin"],
        &["getctg", "--samples-from", "-", "-", "c"],
        &["faidx", "-r", "-", "-"],
        &["digest", "--samples-from", "-", "-"],
        &["getset", "--samples-from", "/dev/stdin", "-"],
        &["faidx", "-r", "/dev/fd/0", "-"],
        &["faidx", "--bed", "/proc/self/fd/0", "/dev/stdin"],
    ] {
        let output = bench.piped(args, &bytes);
        let message = stderr(&output);
        assert!(
            message.contains("standard input is asked for twice"),
            "{args:?}: {message}"
        );
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty());
    }
    let output = bench.piped(&["verify", "-", "-"], &bytes);
    assert!(!output.status.success());
    assert!(stderr(&output).contains("standard input is asked for twice"));
}

#[test]
fn earlier_states_are_in_a_pipe_as_well() {
    let bench = bench();
    for archive in ["x.agc", "s.agc"] {
        let before = bench.succeed(&["getcol", archive]).0;
        bench.write("late.fa", ">late\nACGTACGTACGGT\n");
        bench.succeed(&["append", "--in-place", archive, "late.fa"]);
        let bytes = fs::read(bench.path(archive)).unwrap();
        let now = bench.succeed(&["getcol", archive]).0;
        for (state, expected) in [("1", &before), ("2", &now)] {
            let output = bench.piped(&["getcol", "--at", state, "-"], &bytes);
            assert!(
                output.status.success() && output.stdout == *expected,
                "{archive} {state}"
            );
        }
        let output = bench.piped(&["getcol", "--at", "3", "-"], &bytes);
        let message = stderr(&output);
        assert!(message.contains("no state 3: there are 2"), "{message}");
    }
}

#[test]
fn a_terminal_is_told() {
    let bench = bench();
    let command = format!("{} listset -", env!("CARGO_BIN_EXE_ragc"));
    let mut script = Command::new("script");
    script.args(["-qec", &command, "/dev/null"]);
    let Ok(child) = script.stdin(Stdio::null()).stdout(Stdio::piped()).spawn() else {
        eprintln!("there is no script here, which makes terminals: not tried");
        return;
    };
    let output = child.output_in_time();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(
        told.contains("standard input: this is a terminal, not an archive"),
        "{told}"
    );
    assert_eq!(told.lines().count(), 1, "{told}");
    drop(bench);
}
