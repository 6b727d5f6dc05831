//! Runs that are ended from outside leave what was there before, and nothing else.

use std::fs;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::bench::deadline::{EndInTime, RunInTime, until};
use crate::bench::golden::golden_fasta;
use crate::bench::{Bench, normal};
use crate::children::{has_nameless_file, send};

/// Starts a command whose last input is standard input, and waits until it has begun to write its output.
fn start(bench: &Bench, command: &mut Command) -> Child {
    let child = crate::bench::begin(command);
    until("the output is begun", || {
        has_unfinished_file(bench) || has_nameless_file(bench, &child)
    });
    child
}

fn has_unfinished_file(bench: &Bench) -> bool {
    !unfinished_files(bench).is_empty()
}

fn remove_unfinished_files(bench: &Bench) {
    for path in unfinished_files(bench) {
        fs::remove_file(path).unwrap();
    }
}

fn unfinished_files(bench: &Bench) -> Vec<PathBuf> {
    // The lock that kill -9 leaves is taken and removed by the next run.
    let is_unfinished = |name: &str| name.starts_with(".ragc-") && name.ends_with(".tmp");
    let mut files = bench.files();
    files.retain(|path| is_unfinished(path.file_name().unwrap().to_str().unwrap()));
    files
}

/// A folder with an archive, and the ways to write it anew.
fn bench_with_archive() -> (Bench, [Vec<&'static str>; 2]) {
    let bench = Bench::new();
    bench.write("a.fa", ">x\nACGT\n");
    bench.succeed(&["create", "-o", "x.agc", "a.fa"]);
    let create = vec!["create", "-o", "x.agc", "--sample", "b", "a.fa", "-"];
    let append = vec![
        "append",
        "--rewrite",
        "-o",
        "x.agc",
        "--sample",
        "b",
        "x.agc",
        "-",
    ];
    (bench, [create, append])
}

/// Whether commands that are started here do not hear a signal: one that was ignored when the tests were started, as under `nohup` or behind a
/// script's `&`. Where the system does not tell, they leave SIGHUP alone.
fn is_left_alone(signal: i32) -> bool {
    let Ok(status) = fs::read_to_string("/proc/self/status") else {
        return signal == 1;
    };
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .unwrap();
    u64::from_str_radix(mask.trim(), 16).unwrap() >> (signal - 1) & 1 == 1
}

#[test]
fn a_signal_removes_what_was_written_and_ends_the_run_with_that_signal() {
    let (bench, commands) = bench_with_archive();
    let (files, archive) = (bench.files(), fs::read(bench.path("x.agc")).unwrap());
    for args in &commands {
        for (name, number) in [("-HUP", 1), ("-INT", 2), ("-TERM", 15), ("-XCPU", 24)] {
            if is_left_alone(number) {
                continue;
            }
            let mut child = start(&bench, &mut bench.command(args));
            // Half of a record is there already, and more may come: waiting would close the pipe and end the run.
            let mut stdin = child.stdin.take().unwrap();
            stdin.write_all(b">y\nACGTACGT").unwrap();
            send(name, &child);
            let status = child.status_in_time();
            drop(stdin);
            assert_eq!((status.code(), status.signal()), (None, Some(number)), "{args:?}");
            assert_eq!(bench.files(), files, "{args:?} {name}");
            assert!(fs::read(bench.path("x.agc")).unwrap() == archive);
        }
    }
}

#[test]
fn the_shell_sees_the_number_of_the_signal() {
    let (bench, _) = bench_with_archive();
    let script = "\"$RAGC\" create -o y.agc --sample b a.fa - < fifo & exec 3> fifo; \
                  until ls .ragc-*.tmp 2> /dev/null || ls -l /proc/$!/fd 2> /dev/null | grep -q '/#'; do sleep 0.01; done; kill -TERM $!; wait $!; echo $?; ls -A";
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("mkfifo fifo; {script}")])
        .env("RAGC", env!("CARGO_BIN_EXE_ragc"));
    let output = command.current_dir(bench.path("")).output_in_time();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.ends_with("143\na.fa\nfifo\nx.agc\n"), "{text}");
}

/// As `nohup` does, which has to work.
#[test]
#[cfg(target_os = "linux")]
fn a_signal_that_is_ignored_stays_ignored() {
    let (bench, [create, _]) = bench_with_archive();
    let mut command = Command::new("sh");
    command
        .args([
            "-c",
            "trap '' HUP; exec \"$0\" \"$@\"",
            env!("CARGO_BIN_EXE_ragc"),
        ])
        .args(&create)
        .arg("--force")
        .current_dir(bench.path(""));
    let mut child = start(&bench, &mut command);
    send("-HUP", &child);
    child.stdin.take().unwrap().write_all(b">y\nGGCC\n").unwrap();
    assert!(child.status_in_time().success());
    assert_eq!(bench.sample("x.agc", "b"), ">y\nGGCC\n");
}

#[test]
fn after_kill_9_the_old_archive_is_there_and_the_next_run_works() {
    let (bench, commands) = bench_with_archive();
    let archive = fs::read(bench.path("x.agc")).unwrap();
    for args in &commands {
        let mut child = start(&bench, &mut bench.command(args));
        let _stdin = child.stdin.take();
        send("-KILL", &child);
        assert_eq!(child.status_in_time().signal(), Some(9));
        assert!(fs::read(bench.path("x.agc")).unwrap() == archive, "{args:?}");
        remove_unfinished_files(&bench);
    }
    assert!(bench.path(".ragc-x.agc.lock").exists());
    bench.write("b.fa", ">y\nGGCC\n");
    bench.succeed(&["append", "--no-wait", "-o", "x.agc", "x.agc", "b.fa"]);
    assert!(!bench.path(".ragc-x.agc.lock").exists());
    assert_eq!(bench.sample("x.agc", "b"), ">y\nGGCC\n");
}

/// At moments of all stages, whatever these are on this machine; `scripts/kill-test` does so often.
#[test]
fn killed_at_any_moment_the_archive_is_the_old_one_or_the_new_one() {
    let bench = Bench::new();
    let text = fs::read_to_string(golden_fasta("a.fa")).unwrap();
    bench.write("a.fa", &text);
    for name in ["b", "c", "d", "e"] {
        let text = fs::read_to_string(golden_fasta(&format!("{name}.fa"))).unwrap();
        bench.write(&format!("new/{name}.fa"), text);
    }
    let files = ["new/b.fa", "new/c.fa", "new/d.fa", "new/e.fa"];
    bench.succeed(&["create", "-s", "500", "-o", "x.agc", "a.fa"]);
    let append = [&["append", "-o", "x.agc", "x.agc"], &files[..]].concat();
    let rename = vec!["rename", "--in-place", "x.agc", "a=renamed"];
    let old = fs::read(bench.path("x.agc")).unwrap();
    for args in [append, rename] {
        bench.write("x.agc", &old);
        bench.succeed(&args);
        let new = fs::read(bench.path("x.agc")).unwrap();
        for (step, signal) in (0..8).zip(["-KILL", "-TERM"].into_iter().cycle()) {
            bench.write("x.agc", &old);
            let mut child = bench.command(&args).stderr(Stdio::null()).spawn().unwrap();
            thread::sleep(Duration::from_millis(step * step));
            send(signal, &child);
            child.status_in_time();
            if signal == "-KILL" {
                bench.succeed(&["recover", "x.agc"]);
            }
            let left = fs::read(bench.path("x.agc")).unwrap();
            assert!(left == old || left == new, "{args:?} {signal} {step}");
            assert!(signal == "-KILL" || !has_unfinished_file(&bench), "{step}");
            bench.write("x.agc", &old);
            bench.succeed(&args);
            assert!(
                fs::read(bench.path("x.agc")).unwrap() == new,
                "the next run works"
            );
            remove_unfinished_files(&bench);
        }
    }
}

/// The disk is full when the file has reached the limit of the shell.
#[test]
fn a_disk_that_fills_up_fails_the_run() {
    let bench = Bench::new();
    let text = fs::read_to_string(golden_fasta("a.fa")).unwrap();
    bench.write("a.fa", &text);
    bench.write("b.fa", text.replace('A', "T"));
    bench.succeed(&["create", "-o", "x.agc", "a.fa"]);
    let archive = fs::read(bench.path("x.agc")).unwrap();
    let files = bench.files();
    for args in [
        &["create", "--force", "-o", "x.agc", "-s", "500", "a.fa", "b.fa"][..],
        &["append", "-o", "x.agc", "x.agc", "b.fa"],
        &["getset", "-o", "x.fa", "x.agc", "a"],
        &["getcol", "-o", ".", "x.agc"],
    ] {
        let output = bench.run_on_small_disk(8, args);
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}: {message}");
        assert!(
            message.lines().count() == 1 && message.contains("cannot write"),
            "{message}"
        );
        assert_eq!(bench.files(), files, "{args:?}");
        assert!(fs::read(bench.path("x.agc")).unwrap() == archive);
    }
    assert_eq!(bench.sample("x.agc", "a"), normal(&text));
    // Standard output in a file, and files of other commands.
    for args in [
        &["create", "-s", "500", "a.fa", "b.fa"][..],
        &["append", "x.agc", "b.fa"],
        &["getset", "x.agc", "a"],
        &["getset", "--bgzf", "x.agc", "a"],
        &["getcol", "x.agc"],
        &["completions", "bash"],
        &["man", "pages"],
    ] {
        let output = Command::new("sh")
            .args([
                "-c",
                "ulimit -f 1; exec \"$0\" \"$@\" > output",
                env!("CARGO_BIN_EXE_ragc"),
            ])
            .args(args)
            .current_dir(bench.path(""))
            .output_in_time();
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}: {message}");
        assert_eq!(message.lines().count(), 1, "{message}");
    }
    assert_eq!(fs::read_dir(bench.path("pages")).unwrap().count(), 0);
}

#[test]
fn output_that_cannot_be_written_is_an_error() {
    let bench = Bench::new();
    bench.write("a.fa", ">x\nACGT\n");
    let full: &[&str] = if cfg!(target_os = "linux") {
        &["/dev/full"]
    } else {
        &[]
    };
    for target in [&["nowhere/x.agc", "."], full].concat() {
        let message = bench.fail(1, &["create", "-o", target, "a.fa"]);
        assert!(
            message.contains(target) || message.contains("cannot write"),
            "{message}"
        );
    }
    if cfg!(target_os = "linux") {
        for args in [&["--help"][..], &["help"], &["create", "--help"], &["--version"]] {
            let full = fs::File::options().write(true).open("/dev/full").unwrap();
            let output = bench.command(args).stdout(full).stderr_in_time();
            let message = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(1), "{args:?}: {message}");
            assert!(message.starts_with("ragc: error: standard output: "), "{message}");
        }
    }
}

/// A message that nobody can read is no reason to fail.
#[test]
fn standard_error_may_be_closed_or_full() {
    let bench = Bench::new();
    bench.write("a.fa", ">x\nACGT\n");
    let mut child = bench
        .command(&["create", "-v", "2", "-o", "x.agc", "a.fa"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stderr.take());
    assert!(child.status_in_time().success());
    if cfg!(target_os = "linux") {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let status = bench
            .command(&["create", "-v", "2", "-o", "x.agc", "a.fa"])
            .stderr(full)
            .status_in_time();
        assert!(status.success());
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let status = bench
            .command(&["getset", "x.agc", "nosuch"])
            .stderr(full)
            .status_in_time();
        assert_eq!(status.code(), Some(1));
    }
    assert_eq!(bench.sample("x.agc", "a"), ">x\nACGT\n");
}

#[test]
fn outputs_that_are_no_files_are_written_to_and_not_replaced() {
    let bench = Bench::new();
    bench.write("a.fa", ">x\nACGT\n");
    bench.succeed(&["create", "-o", "x.agc", "a.fa"]);
    let script = |script: &str| {
        let mut command = Command::new("sh");
        command
            .args(["-ec", script])
            .env("RAGC", env!("CARGO_BIN_EXE_ragc"))
            .current_dir(bench.path(""));
        let output = command.output_in_time();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let text = ">x\nACGT\n";
    assert_eq!(script("\"$RAGC\" getset -o /dev/stdout x.agc a | cat"), text);
    assert_eq!(script("\"$RAGC\" getset -o /dev/null x.agc a"), "");
    assert_eq!(
        script("mkfifo f; cat f & \"$RAGC\" getset -o f x.agc a; wait"),
        text
    );
    // A file that the shell has opened keeps what was written to it before.
    for name in ["/dev/stdout", "/dev/fd/1", "/dev/fd/3"] {
        let text = script(&format!(
            "{{ echo before; \"$RAGC\" getset -o {name} x.agc a; }} > out 3>> out; echo after >> out; cat out"
        ));
        assert_eq!(text, format!("before\n>x\nACGT\nafter\n"), "{name}");
    }
    let text = script("\"$RAGC\" create -o /dev/stdout a.fa > y.agc; \"$RAGC\" listset y.agc");
    assert_eq!(text, "a\n");
}
