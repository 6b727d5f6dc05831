//! The program as a user meets it: exit statuses, messages, files.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::deadline::{EndInTime, RunInTime, in_time};
use crate::golden::golden_archive;

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ragc"));
    let is_archive = |arg: &str| Path::new(arg).components().count() == 1 && golden_archive(arg).is_file();
    command.args(args.iter().map(|arg| {
        if is_archive(arg) {
            golden_archive(arg)
        } else {
            PathBuf::from(arg)
        }
    }));
    command
}

fn run(args: &[&str]) -> Output {
    command(args).output_in_time()
}

/// Runs a command that must fail with this status, without output, and gives its message.
fn failure(args: &[&str], status: i32) -> String {
    let output = run(args);
    assert_eq!(output.status.code(), Some(status), "{args:?}");
    assert!(output.stdout.is_empty(), "{args:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn failures_exit_with_1_and_one_line_that_names_the_culprit() {
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("broken.agc");
    fs::write(&broken, &fs::read(golden_archive("tiny.agc")).unwrap()[..1200]).unwrap();
    let broken = broken.to_str().unwrap();
    let cases: [(&[&str], &str); 10] = [
        (&["listset", "nowhere.agc"], "nowhere.agc"),
        (&["listset", broken], "broken.agc"),
        (&["getset", "tiny.agc", "r", "nosuch"], "nosuch"),
        (&["listctg", "tiny.agc", "nosuch"], "nosuch"),
        (&["getctg", "tiny.agc", "nosuch@r"], "nosuch"),
        (&["getctg", "tiny.agc", "chr1@nosuch"], "nosuch"),
        (&["getctg", "tiny.agc", "nosuch:1-5"], "nosuch"),
        (&["getctg", "tiny.agc", "chr1"], "4 samples"),
        (
            &["getset", "-o", "/nowhere/x.fa", "tiny.agc", "r"],
            "/nowhere/x.fa",
        ),
        (&["info", "/"], "/"),
    ];
    for (args, culprit) in cases {
        let message = failure(args, 1);
        assert!(
            message.contains(culprit) && message.starts_with("ragc: error: "),
            "{message}"
        );
        assert_eq!(message.lines().count(), 1, "{message}");
    }
}

#[test]
fn wrong_usage_exits_with_2() {
    let cases: [&[&str]; 7] = [
        &["nosuch"],
        &["getset", "tiny.agc"],
        &["getctg", "tiny.agc"],
        &["listset"],
        &["getset", "--nosuch", "tiny.agc", "r"],
        &["getset", "-g", "10", "tiny.agc", "r"],
        &["getset", "-t", "0", "tiny.agc", "r"],
    ];
    for args in cases {
        assert!(!failure(args, 2).is_empty());
    }
    assert!(run(&["--help"]).status.success());
}

#[test]
fn flags_of_agc_are_accepted() {
    let plain = run(&["getset", "tiny.agc", "r", "s"]).stdout;
    assert!(!plain.is_empty());
    let flagged = run(&[
        "getset", "-g", "0", "-l", "80", "-p", "-s", "-t", "2", "-v", "0", "tiny.agc", "r", "s",
    ]);
    assert_eq!(flagged.stdout, plain);
    let flagged = run(&["getcol", "-f", "-t", "2", "-v", "2", "-r", "tiny.agc"]);
    assert!(flagged.status.success());
    assert!(String::from_utf8(flagged.stderr).unwrap().contains("6 contigs"));
    let long = [
        "getset",
        "--gzip-level",
        "0",
        "--line-length",
        "80",
        "--no-prefetch",
        "--streaming",
        "--threads",
        "1",
    ];
    let flagged = run(&[&long[..], &["--verbosity", "0", "tiny.agc", "r", "s"]].concat());
    assert_eq!(flagged.stdout, plain);
}

#[test]
fn gzip_unpacks_to_the_plain_text() {
    let plain = run(&["getset", "tiny.agc", "s"]).stdout;
    for level in ["1", "9"] {
        let packed = run(&["getset", "-g", level, "tiny.agc", "s"]).stdout;
        let mut text = Vec::new();
        flate2::read::MultiGzDecoder::new(&packed[..])
            .read_to_end(&mut text)
            .unwrap();
        assert_eq!(text, plain);
    }
}

#[test]
fn a_file_appears_when_it_is_complete_and_stays_when_not() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.fa");
    let path = out.to_str().unwrap();
    fs::write(&out, "before").unwrap();
    failure(&["getset", "-o", path, "tiny.agc", "nosuch"], 1);
    let mut damaged = fs::read(golden_archive("v3_two.agc")).unwrap();
    damaged[10_000..10_100].fill(0x55);
    let broken = folder.path().join("broken.agc");
    fs::write(&broken, damaged).unwrap();
    let message = failure(
        &[
            "getcol",
            "-o",
            folder.path().join("col").to_str().unwrap(),
            broken.to_str().unwrap(),
        ],
        1,
    );
    assert!(
        message.contains("contig") && message.contains("sample") && message.contains("broken.agc"),
        "{message}"
    );
    failure(&["getset", "-o", path, broken.to_str().unwrap(), "ref", "a"], 1);
    assert_eq!(fs::read(&out).unwrap(), b"before");
    assert!(run(&["getset", "-o", path, "tiny.agc", "r"]).status.success());
    assert_eq!(fs::read(&out).unwrap(), run(&["getset", "tiny.agc", "r"]).stdout);
    let left: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left.len(), 3, "no temporary file stays: {left:?}");
}

#[test]
fn the_archive_being_read_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.agc");
    fs::copy(golden_archive("tiny.agc"), &copy).unwrap();
    let path = copy.to_str().unwrap();
    let link = folder.path().join("link.fa");
    std::os::unix::fs::symlink(&copy, &link).unwrap();
    for output in [path, link.to_str().unwrap()] {
        assert!(failure(&["getset", "-o", output, path, "r"], 1).contains("being read"));
        failure(&["listset", "-o", output, path], 1);
    }
    assert_eq!(
        fs::read(&copy).unwrap(),
        fs::read(golden_archive("tiny.agc")).unwrap()
    );
}

#[test]
fn getcol_writes_a_file_per_sample() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("new");
    let path = out.to_str().unwrap();
    assert!(run(&["getcol", "-o", path, "tiny.agc"]).status.success());
    for sample in ["r", "s", "t", "u"] {
        let file = fs::read(out.join(format!("{sample}.fa"))).unwrap();
        assert_eq!(file, run(&["getset", "tiny.agc", sample]).stdout);
    }
    assert!(
        run(&["getcol", "-g", "3", "-r", "-o", path, "tiny.agc"])
            .status
            .success()
    );
    assert!(out.join("s.fa.gz").is_file() && !out.join("r.fa.gz").exists());
}

#[test]
fn getcol_refuses_names_that_leave_the_directory() {
    let folder = tempfile::tempdir().unwrap();
    let message = failure(
        &["getcol", "-o", folder.path().to_str().unwrap(), "v3_concat.agc"],
        1,
    );
    assert!(message.contains("virus/"), "{message}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let mut child = command(&["getcol", "v3_concat.agc"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let read = move || stdout.read_exact(&mut [0; 10]);
    in_time("the output begins", read).unwrap();
    let output = child.output_in_time();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty());
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_a_failure() {
    for args in [
        &["getset", "tiny.agc", "r"][..],
        &["listset", "tiny.agc"],
        &["getcol", "-g", "1", "tiny.agc"],
    ] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let output = command(args).stdout(full).stderr_in_time();
        assert_eq!(output.status.code(), Some(1), "{args:?}");
    }
}

#[test]
fn a_closed_output_is_a_failure_of_what_prints_and_nothing_else_is() {
    let folder = tempfile::tempdir().unwrap();
    let fasta = folder.path().join("a.fa");
    fs::write(&fasta, ">c\nACGTACGTACGT\n").unwrap();
    let (fasta, archive) = (fasta.to_str().unwrap(), folder.path().join("x.agc"));
    let archive = archive.to_str().unwrap();
    let run = |redirection: &str, args: &[&str]| {
        let script = format!("exec \"$0\" \"$@\" {redirection}");
        let program = command(args);
        let mut shell = Command::new("sh");
        shell
            .args(["-c", &script])
            .arg(program.get_program())
            .args(program.get_args());
        if let Some(folder) = program.get_current_dir() {
            shell.current_dir(folder);
        }
        let output = shell.stdin(Stdio::null()).output_in_time();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let printing = [
        &["getset", "tiny.agc", "r"][..],
        &["getset", "-o", "/dev/stdout", "tiny.agc", "r"],
        &["getcol", "-g", "1", "tiny.agc"],
        &["getctg", "tiny.agc", "tiny@s"],
        &["faidx", "tiny.agc", "s#tiny"],
        &["listset", "tiny.agc"],
        &["listctg", "tiny.agc", "r"],
        &["info", "--json", "tiny.agc"],
        &["digest", "tiny.agc"],
        &["verify", "--json", "tiny.agc"],
        &["create", "-q", fasta],
        &["completions", "bash"],
        &["--version"],
        &["--help"],
        &["info", "--help"],
    ];
    for args in printing {
        let (status, told) = run(">&-", args);
        let why = "cannot write: Bad file descriptor (os error 9)\n";
        assert!(told.ends_with(why), "{args:?}: {told}");
        assert_eq!((status, told.lines().count()), (Some(1), 1), "{args:?}: {told}");
        for null in [">/dev/null", "1<>/dev/null"] {
            assert_eq!(run(null, args).0, Some(0), "{args:?} {null}");
        }
    }
    assert_eq!(run(">&-", &["create", "-q", "-o", archive, fasta]).0, Some(0));
}

#[test]
fn a_range_that_is_none_is_refused() {
    let message = failure(&["getctg", "tiny.agc", "tiny@s:4-2"], 1);
    assert!(
        message.ends_with("\"tiny@s:4-2\": the range ends before it begins\n"),
        "{message}"
    );
    for range in ["abc-def", "-5", "2-", "2", "0x1-0x2", "1.5-2"] {
        let message = failure(&["getctg", "tiny.agc", &format!("tiny@s:{range}")], 1);
        assert!(message.contains("region \"tiny@s:"), "{message}");
    }
}

/// Programs that call agc take any word on standard error for a failure.
#[test]
fn a_range_beyond_the_contig_is_cut_and_told_when_asked() {
    let last = u64::MAX;
    let output = run(&["getctg", "tiny.agc", &format!("tiny@s:{last}-{last}")]);
    assert!(output.status.success() && output.stderr.is_empty());
    assert_eq!(output.stdout.iter().filter(|byte| **byte == b'\n').count(), 1);
    // Headers tell what was asked for, as agc's do; the last positions that a number can tell are the end of the contig.
    for (to, shown) in [(last, 4), (last - 1, 4), (last - 2, last - 2)] {
        let output = run(&["getctg", "tiny.agc", &format!("tiny@s:2-{to}")]);
        assert_eq!(output.stdout, format!(">tiny:2-{shown}\nGTN\n").as_bytes());
    }
    let queries = ["tiny@s:3-9", "tiny@s:9-12", "tiny:1-2"];
    let output = run(&[&["getctg", "tiny.agc"], &queries[..]].concat());
    assert_eq!(output.stdout, b">tiny:3-9\nTN\n>tiny:9-12\n>tiny:1-2\nCG\n");
    assert!(output.status.success() && output.stderr.is_empty());
    let output = run(&[&["getctg", "-v", "1", "tiny.agc"], &queries[..]].concat());
    let told =
        |range| format!("ragc: tiny@s:{range}: the contig has 5 bases; what lies behind them is left out\n");
    let stderr = String::from_utf8(output.stderr).unwrap();
    let (times, rest): (Vec<&str>, Vec<&str>) = stderr
        .split_inclusive('\n')
        .partition(|line| line.contains(" Mb/s"));
    assert_eq!(times.len(), 1, "{stderr}");
    assert_eq!(
        rest.concat(),
        "ragc: 3 contigs, 4 bases\n".to_owned() + &told("3-9") + &told("9-12")
    );
    let output = run(&["faidx", "tiny.agc", "s#tiny:4-9", "s#tiny:10-12"]);
    assert_eq!(output.stdout, b">s#tiny:4-9\nTN\n>s#tiny:10-12\n");
    assert!(output.status.success() && output.stderr.is_empty());
    let output = run(&["faidx", "-v", "1", "tiny.agc", "s#tiny:4-9", "s#tiny:10-12"]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    let told = "ragc: truncated sequence: s#tiny:4-9\nragc: zero length sequence: s#tiny:10-12\n";
    assert!(stderr.starts_with(told), "{stderr}");
    assert_eq!(
        stderr.lines().count(),
        4,
        "and what was written, in two lines: {stderr}"
    );
}

#[test]
fn streaming_changes_nothing_in_long_ranges_and_keeps_gzip() {
    let region = "chr1@a:100-19000";
    let plain = run(&["getctg", "v3_s500.agc", region]).stdout;
    assert!(plain.len() > 19_000);
    assert_eq!(run(&["getctg", "-s", "v3_s500.agc", region]).stdout, plain);
    let packed = run(&["getctg", "-s", "-g", "5", "v3_s500.agc", region]).stdout;
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(&packed[..])
        .read_to_end(&mut text)
        .unwrap();
    assert_eq!(text, plain);
}

#[test]
fn stats_add_up_by_stage_and_by_thread() {
    let folder = tempfile::tempdir().unwrap();
    let genome = folder.path().join("g.fa");
    fs::write(&genome, format!(">c\n{}\n", "ACGTTGCAACGGATTC".repeat(500))).unwrap();
    let output = folder.path().join("g.agc");
    let (genome, output) = (genome.to_str().unwrap(), output.to_str().unwrap());
    let output = run(&["create", "--stats", "-t", "3", "-o", output, genome]);
    assert!(output.status.success());
    let text = String::from_utf8(output.stderr).unwrap();
    let n_of = |name: &str| -> Option<u64> {
        let line = text.lines().find(|line| line.starts_with(name))?;
        line[name.len()..].split_whitespace().next()?.parse().ok()
    };
    assert_eq!(n_of("read and cut"), Some(1), "{text}");
    assert_eq!(n_of("find splitters"), Some(1), "{text}");
    let threads = ["readers", "placement", "workers", "writer", "all"].map(n_of);
    assert_eq!(threads, [Some(3), Some(1), Some(3), Some(1), Some(8)], "{text}");
}

/// `-` is standard output wherever a file or a folder may be named, and never the name of one.
#[test]
fn a_dash_is_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ragc"));
        if matches!(args.first(), Some(&("create" | "append"))) {
            // Archives would tell how they were made.
            command.args(&args[..1]).arg("-d").args(&args[1..]);
        } else {
            command.args(args);
        }
        command.current_dir(folder.path()).output_in_time()
    };
    for (name, text) in [("a.fa", ">x\nACGT\n"), ("b.fa", ">y\nACGTT\n")] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let created = run(&["create", "a.fa"]);
    fs::write(folder.path().join("x.agc"), &created.stdout).unwrap();
    for args in [
        &["create", "a.fa"][..],
        &["append", "x.agc", "b.fa"],
        &["getset", "x.agc", "a"],
        &["getset", "--bgzf", "x.agc", "a"],
        &["getctg", "x.agc", "x"],
        &["getcol", "x.agc"],
        &["faidx", "x.agc", "x"],
        &["faidx", "--fai", "x.agc", "a"],
        &["listset", "x.agc"],
        &["listref", "x.agc"],
        &["listctg", "x.agc", "a"],
        &["info", "x.agc"],
        &["info", "--json", "x.agc"],
    ] {
        let expected = run(args);
        let found = run(&[&args[..1], &["-o", "-"], &args[1..]].concat());
        assert!(
            expected.status.success() && !expected.stdout.is_empty(),
            "{args:?}"
        );
        assert_eq!(found, expected, "{args:?}");
    }
    for args in [
        &["getcol", "--salvage", "-", "x.agc"][..],
        &["create", "--verify", "-o", "-", "a.fa"],
        &["getset", "--index", "-o", "-", "x.agc", "a"],
    ] {
        assert_eq!(run(args).status.code(), Some(2), "{args:?}");
    }
    assert!(run(&["getset", "-o", "./-", "x.agc", "a"]).status.success());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4);
}
